"""The hard limits of template cards: documents 90236 (app) and 101032 (AI bot).

"建议不超过 n 字" are display hints and are not enforced; list sizes, byte limits, required parts and id alphabets are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

Json = dict[str, Any]

CARD_TYPES = ("text_notice", "news_notice", "button_interaction", "vote_interaction", "multiple_interaction")
CALLING_BACK = CARD_TYPES[2:]
_TASK_ID = re.compile(r"[0-9A-Za-z_\-@]{1,128}")
_LINK_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_LISTS = {"horizontal_content_list": 6, "jump_list": 3, "vertical_content_list": 4, "button_list": 6, "select_list": 3}
_KEY_BYTES = 1024
_ID_BYTES = 128
_QUESTION_BYTES = 200
_URL_BYTES = 2048
_CHECK_OPTIONS = 20
_SELECT_OPTIONS = 10
_MENU_ITEMS = 3
_STYLES = range(1, 5)
_RATIO = (1.3, 2.25)
_URL_TYPE = 1
_MINI_TYPE = 2
_REPLY_TYPE = 3


def card_faults(card: Any, *, for_bot: bool) -> list[str]:
    """Everything for which the platform would refuse the card; empty for a good one."""
    if not isinstance(card, dict):
        return ["template_card is not an object"]
    kind = card.get("card_type")
    if kind not in CARD_TYPES:
        return [f"card_type {kind!r} invalid"]
    faults = [*_lists(card), *_head(card), *_task(card), *_menu(card), *_jumps(card, for_bot=for_bot)]
    faults += [fault for check in _BY_TYPE[kind] for fault in check(card)]
    return faults


def is_link(value: Any) -> bool:
    """A usable http(s) address of at most 2048 bytes."""
    return isinstance(value, str) and len(value.encode()) <= _URL_BYTES and _LINK_URL.fullmatch(value) is not None


def _part(card: Json, name: str) -> Json:
    part = card.get(name)
    return part if isinstance(part, dict) else {}


def _items(holder: Json, name: str) -> list[Json]:
    items = holder.get(name)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _lists(card: Json) -> Iterator[str]:
    for name, limit in _LISTS.items():
        items = card.get(name, [])
        if not isinstance(items, list) or any(not isinstance(item, dict) for item in items):
            yield f"{name} is not a list of objects"
        elif len(items) > limit:
            yield f"{name} has {len(items)} items, at most {limit}"
    for item in _items(card, "horizontal_content_list"):
        if not item.get("keyname"):
            yield "horizontal_content_list.keyname missing"
        if item.get("type") == _URL_TYPE and not is_link(item.get("url")):
            yield "horizontal_content_list.url invalid"
    for item in _items(card, "vertical_content_list"):
        if not item.get("title"):
            yield "vertical_content_list.title missing"


def _head(card: Json) -> Iterator[str]:
    title = _part(card, "main_title").get("title")
    if title is not None and not isinstance(title, str):
        yield "main_title.title is not a string"
    if not title and not (card["card_type"] == "text_notice" and card.get("sub_title_text")):
        yield "main_title.title missing"


def _task(card: Json) -> Iterator[str]:
    task_id = card.get("task_id")
    needed = card["card_type"] in CALLING_BACK or "action_menu" in card
    if task_id is None and needed:
        yield "task_id missing"
    if task_id is not None and (not isinstance(task_id, str) or not _TASK_ID.fullmatch(task_id)):
        yield f"task_id {task_id!r} invalid"


def _menu(card: Json) -> Iterator[str]:
    if "action_menu" not in card:
        return
    actions = _items(_part(card, "action_menu"), "action_list")
    if not 1 <= len(actions) <= _MENU_ITEMS:
        yield "action_menu.action_list must have 1 to 3 items"
    for action in actions:
        yield from _text_and_key(action, "action_menu")


def _jumps(card: Json, *, for_bot: bool) -> Iterator[str]:
    for jump in _items(card, "jump_list"):
        if not jump.get("title"):
            yield "jump_list.title missing"
        kind = jump.get("type", 0)
        if kind == _URL_TYPE and not is_link(jump.get("url")):
            yield "jump_list.url invalid"
        elif kind == _REPLY_TYPE and for_bot:
            question = jump.get("question")
            if not isinstance(question, str) or not 0 < len(question.encode()) <= _QUESTION_BYTES:
                yield "jump_list.question must have 1 to 200 bytes"
        elif kind not in (0, _URL_TYPE, _MINI_TYPE):
            yield f"jump_list.type {kind!r} invalid"


def _action(card: Json) -> Iterator[str]:
    action = _part(card, "card_action")
    if action.get("type") not in (_URL_TYPE, _MINI_TYPE):
        yield "card_action with type 1 or 2 is required"
    elif action["type"] == _URL_TYPE and not is_link(action.get("url")):
        yield "card_action.url invalid"
    elif action["type"] == _MINI_TYPE and not action.get("appid"):
        yield "card_action.appid missing"


def _picture(card: Json) -> Iterator[str]:
    image, area = _part(card, "card_image"), _part(card, "image_text_area")
    if not image and not area:
        yield "card_image or image_text_area is required"
    if image and not is_link(image.get("url")):
        yield "card_image.url invalid"
    ratio = image.get("aspect_ratio", _RATIO[0])
    if not isinstance(ratio, int | float) or not _RATIO[0] <= ratio <= _RATIO[1]:
        yield "card_image.aspect_ratio out of range"


def _text_and_key(item: Json, where: str) -> Iterator[str]:
    text, key = item.get("text"), item.get("key")
    if not isinstance(text, str) or not text:
        yield f"{where}.text missing"
    if not isinstance(key, str) or not 0 < len(key.encode()) <= _KEY_BYTES:
        yield f"{where}.key must have 1 to 1024 bytes"


def _buttons(card: Json) -> Iterator[str]:
    buttons = _items(card, "button_list")
    if not buttons:
        yield "button_list is required"
    for button in buttons:
        if button.get("style", 1) not in _STYLES:
            yield "button_list.style invalid"
        if button.get("type", 0) == _URL_TYPE:
            if not is_link(button.get("url")):
                yield "button_list.url invalid"
        else:
            yield from _text_and_key(button, "button_list")
    if "button_selection" in card:
        yield from _question(_part(card, "button_selection"), "button_selection", _SELECT_OPTIONS)


def _question(part: Json, where: str, most: int) -> Iterator[str]:
    key = part.get("question_key")
    if not isinstance(key, str) or not 0 < len(key.encode()) <= _KEY_BYTES:
        yield f"{where}.question_key invalid"
    options = _items(part, "option_list")
    if not 1 <= len(options) <= most:
        yield f"{where}.option_list must have 1 to {most} items"
    ids = [str(option.get("id", "")) for option in options]
    if any(not 0 < len(option.encode()) <= _ID_BYTES for option in ids) or len(set(ids)) != len(ids):
        yield f"{where}.option_list.id must be unique and have 1 to 128 bytes"
    if any(not option.get("text") for option in options):
        yield f"{where}.option_list.text missing"


def _vote(card: Json) -> Iterator[str]:
    yield from _question(_part(card, "checkbox"), "checkbox", _CHECK_OPTIONS)
    yield from _text_and_key(_part(card, "submit_button"), "submit_button")


def _selects(card: Json) -> Iterator[str]:
    selects = _items(card, "select_list")
    if not selects:
        yield "select_list is required"
    for select in selects:
        yield from _question(select, "select_list", _SELECT_OPTIONS)
    yield from _text_and_key(_part(card, "submit_button"), "submit_button")


_BY_TYPE: dict[str, tuple[Callable[[Json], Iterator[str]], ...]] = {
    "text_notice": (_action,),
    "news_notice": (_action, _picture),
    "button_interaction": (_buttons,),
    "vote_interaction": (_vote,),
    "multiple_interaction": (_selects,),
}
