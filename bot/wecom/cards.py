"""Template cards as both channels take them (protocol 2.7 and 4.4): buttons, or a list to choose from, and what a card
looks like once it was pressed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain.card import LIST_QUESTION, MOST_BUTTONS, NO_NUMBER

HINT = "点按钮，或回复编号"
CHOOSE = "选好了"
CHOSEN = "已选：{label}"
_BUTTON_SIGNS = 10
_OPTION_SIGNS = 16
_TITLE_SIGNS = 26
_BRIEF_SIGNS = 112
_PRESSED_STYLE = 3


def choice_card(task_id: str, title: str, labels: Sequence[str], brief: str = "") -> dict[str, Any]:
    """A card that offers these labels: up to six buttons, or else a list of up to ten. Buttons and options are known by
    their number from 1; a longer label, title or brief is shortened, the text twin has it whole."""
    card: dict[str, Any] = {
        "card_type": "button_interaction",
        "main_title": {"title": _cut(title, _TITLE_SIGNS), "desc": HINT},
        "task_id": task_id,
    }
    if brief:
        card["sub_title_text"] = _cut(brief, _BRIEF_SIGNS)
    numbered = [(str(number), label) for number, label in enumerate(labels, start=1)]
    if len(labels) <= MOST_BUTTONS:
        card["button_list"] = [_button(key, label, 1 if key == "1" else 2) for key, label in numbered]
        return card
    options = [{"id": key, "text": _cut(label, _OPTION_SIGNS)} for key, label in numbered]
    card["button_selection"] = {"question_key": LIST_QUESTION, "title": "请选择", "option_list": options}
    card["button_list"] = [_button(LIST_QUESTION, CHOOSE, 1)]
    return card


def pressed_card(task_id: str, title: str, label: str) -> dict[str, Any]:
    """The card after the press: it says what was chosen, and its one button does nothing."""
    chosen = CHOSEN.format(label=label)
    return {
        "card_type": "button_interaction",
        "main_title": {"title": _cut(title, _TITLE_SIGNS)},
        "sub_title_text": chosen,
        "task_id": task_id,
        "button_list": [_button(NO_NUMBER, chosen, _PRESSED_STYLE)],
    }


def _button(key: str, label: str, style: int) -> dict[str, Any]:
    return {"type": 0, "text": _cut(label, _BUTTON_SIGNS), "style": style, "key": key}


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
