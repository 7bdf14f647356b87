"""Cards keep to what the platform shows: whatever is written into them is cut, and empty parts are left out."""

from __future__ import annotations

import pytest

from bot.wecom.cards import choice_card


@pytest.mark.parametrize("options", [2, 9])
def test_a_long_brief_is_cut_where_the_platform_would(options: int) -> None:
    card = choice_card("t1", "标题" * 40, [f"很长的选项名称之{n}" * 3 for n in range(options)], "说明" * 100)
    assert len(card["sub_title_text"]) == 112
    assert card["sub_title_text"].endswith("…")
    assert len(card["main_title"]["title"]) == 26


def test_a_card_without_brief_has_no_place_for_one() -> None:
    assert "sub_title_text" not in choice_card("t1", "标题", ["推荐"])
