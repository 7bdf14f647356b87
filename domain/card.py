"""Which of a reply's choices make a card, and which choice a press means. Keys are numbers: what a number stands for is
looked up in the row of the card, so that no key can ask for anything the card did not offer."""

from __future__ import annotations

import re

from domain.chat import Incoming, MessageKind, Reply

MOST_BUTTONS = 6
MOST_OPTIONS = 10
LIST_QUESTION = "choice"
NO_NUMBER = "0"
RECEIVED = "收到"
_TITLE_ENDS = "。：:，,；; "
_RECEIPT_TASK = re.compile(r"receipt-(\d{1,9})-[0-9a-f]{1,64}")


def makes_card(reply: Reply) -> bool:
    """Whether the choices fit into one card; the text twin always has them."""
    return 0 < len(reply.choices) <= MOST_OPTIONS


def card_title(reply: Reply) -> str:
    """What the card is about: the first line of the text that is said."""
    return next((line for line in reply.text.splitlines() if line.strip()), "").strip().rstrip(_TITLE_ENDS)


def is_press(message: Incoming) -> bool:
    """Whether a button of one of our cards was pressed; a press in the app's menu belongs to no card."""
    return message.kind is MessageKind.BUTTON and bool(message.task_id)


def number_pressed(message: Incoming) -> int:
    """The number of the pressed button or chosen option, 0 for anything else."""
    chosen = next((each.options for each in message.selected if each.question == LIST_QUESTION), ())
    key = chosen[0] if message.button == LIST_QUESTION and len(chosen) == 1 else message.button
    return int(key) if key.isascii() and key.isdecimal() and len(key) <= len(str(MOST_OPTIONS)) else 0


def receipt_task(broadcast: int, salt: str) -> str:
    """The id of the card with which many people answer a broadcast; `salt` (hex) makes it unlike all others."""
    return f"receipt-{broadcast}-{salt}"


def broadcast_of(task_id: str) -> int | None:
    """The broadcast that a card asks to answer; None for any other card. Whoever presses it speaks for themselves."""
    found = _RECEIPT_TASK.fullmatch(task_id)
    return None if found is None else int(found[1])
