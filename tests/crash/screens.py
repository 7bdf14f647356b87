"""What counts as exactly one answer on people's screens. Every fault is one sentence.

- Each message and each press is answered by one text, and no text stands there unasked.
- A card repeats a text: it stands behind a text of its own in the same chat that says its title and its labels. Of two
  cards for one text the second has none.
- A file is announced by a text, and comes once for each time it was announced, in the person's chat with the app.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.refreshing import STREAM_ELSEWHERE
from simulator.chats import APP, BOT, Shown, thread_of

_ANNOUNCED = re.compile(r"^📎 (.+)（[\d.]+ [KMG]?B）", re.MULTILINE)
_CUT = "…"
_OFFERS = "〔1〕"


def by_service(shown: Shown) -> bool:
    """Whether the service has said it."""
    return shown.author in {BOT, APP}


def is_text(shown: Shown) -> bool:
    """What a person reads as an answer: no card, no file; not a stream that only points to the answer that came another
    way, nor one that the platform gave up unfinished."""
    plain = shown.card is None and shown.attachment is None
    return by_service(shown) and plain and shown.text != STREAM_ELSEWHERE and not shown.expired


def screen_faults(screens: Sequence[Shown], asked: Mapping[str, int]) -> list[str]:
    """What is wrong with these screens, when in each thread so many messages and presses were acknowledged."""
    texts = [shown for shown in screens if is_text(shown)]
    cards = [shown for shown in screens if by_service(shown) and shown.card is not None]
    files = [shown for shown in screens if by_service(shown) and shown.attachment is not None]
    return [
        *_text_faults(texts, asked),
        *_card_faults(texts, cards),
        *_missing_cards(texts, cards),
        *_file_faults(texts, files),
    ]


def _text_faults(texts: Sequence[Shown], asked: Mapping[str, int]) -> Iterator[str]:
    answers = Counter(shown.thread for shown in texts)
    for thread in sorted({*asked, *answers}):
        if asked.get(thread, 0) != answers[thread]:
            yield f"{thread}: {asked.get(thread, 0)} messages, {answers[thread]} answers"
    yield from (f"an empty answer in {shown.thread}" for shown in texts if not shown.text)


def _card_faults(texts: Sequence[Shown], cards: Sequence[Shown]) -> Iterator[str]:
    taken: set[int] = set()
    ids = Counter(_card(shown).get("task_id") for shown in cards)
    yield from (f"card {task_id} was shown {count} times" for task_id, count in ids.items() if count > 1)
    for card in cards:
        twins = (text.number for text in texts if text.number not in taken and _repeats(card, text))
        twin = next(twins, None)
        if twin is None:
            yield f"{card.thread}: a card without a text of its own: {_title(card)}"
        else:
            taken.add(twin)


def _missing_cards(texts: Sequence[Shown], cards: Sequence[Shown]) -> Iterator[str]:
    """A stream that offers choices brings its card with it; `feedback_id` tells it from an answer sent another way."""
    brought = Counter(shown.msgid for shown in cards if shown.author == BOT)
    for text in texts:
        if text.author == BOT and text.feedback_id and _OFFERS in text.text and not brought[text.msgid]:
            yield f"{text.thread}: the stream of {text.msgid} came without its card"


def _file_faults(texts: Sequence[Shown], files: Sequence[Shown]) -> Iterator[str]:
    announced = Counter((thread_of(text.userid, APP), name) for text in texts for name in _ANNOUNCED.findall(text.text))
    came = Counter((file.thread, str((file.attachment or {}).get("name"))) for file in files)
    for thread, name in sorted({*announced, *came}):
        told, number = announced[thread, name], came[thread, name]
        if told != number:
            yield f"{thread}: {name} was announced {told} times and came {number} times"


def _repeats(card: Shown, text: Shown) -> bool:
    """Whether the text is one this card can repeat: before it in the same chat, for a stream of the same message, with
    its title and its labels (of a pressed card the chosen one is left)."""
    same_answer = card.author != BOT or card.msgid == text.msgid
    before = text.thread == card.thread and text.number < card.number
    said = [_title(card), *_labels(_card(card))]
    return before and same_answer and all(piece.removesuffix(_CUT) in text.text for piece in said)


def _card(shown: Shown) -> dict[str, Any]:
    return shown.card or {}


def _title(shown: Shown) -> str:
    return str(_card(shown).get("main_title", {}).get("title", ""))


def _labels(card: dict[str, Any]) -> list[str]:
    if "button_selection" in card:
        return [str(option["text"]) for option in card["button_selection"]["option_list"]]
    buttons = [button for button in card.get("button_list", []) if button["key"] != "0"]
    return [f"〔{button['key']}〕{button['text']}" for button in buttons]
