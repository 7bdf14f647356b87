"""What other people write never becomes a link of the bot's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt

from domain.chat import Choice, Reply, with_numbers
from domain.links import without_links

LINKED = (
    '<a href="https://evil.example">登录领奖</a>',
    "[登录领奖](https://evil.example)",
    "![图](https://evil.example/x.png)",
    "[登录领奖][1]\n\n[1]: https://evil.example",
    "<https://evil.example>",
    "<IMG SRC=x>",
)


@pytest.mark.parametrize("text", LINKED)
def test_no_tag_and_no_named_link_is_left(text: str) -> None:
    said = with_numbers(Reply(f"《{text}》\n{text}", (Choice(text, "1"),)))
    shown = html.fragment_fromstring(MarkdownIt("commonmark", {"html": True}).render(said), create_parent=True)
    assert shown.xpath("//a | //img") == []
    assert "evil.example" in said or "SRC" in said


@given(st.text("[]()<>a/! 案:\\"))
def test_whatever_it_is_no_tag_opens(text: str) -> None:
    rendered = MarkdownIt("commonmark", {"html": True}).render(without_links(text))
    assert "<a " not in rendered
    assert "<img" not in rendered


@pytest.mark.parametrize("text", ["字数 < 3500", "[1] 见附件", "https://bot.example.edu.cn/r/B1-7K2QM9XD-4", "3<5]"])
def test_ordinary_words_stay(text: str) -> None:
    assert without_links(text) == text
