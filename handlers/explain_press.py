"""A press that cannot be carried out is explained: a card of somebody else, one that is too old, one used before."""

from __future__ import annotations

from domain.card import is_press, number_pressed
from domain.chat import Incoming, Reply
from handlers.contract import EVERYBODY, Context, Handler, Mode
from store import cards
from store.offers import GOOD_FOR

NOT_YOURS = "这张卡片不是发给您的，按了没有作用。您要做什么，请直接打字告诉我，例如“我的案例”。"
TOO_OLD = "这张卡片已经过期，按了没有作用。请直接打字告诉我要做什么，例如“我的案例”。"
USED = "这张卡片您已经选过“{label}”，不能再选别的。要做别的，请直接打字告诉我。"


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - a press that counts has become words by now
    """Presses of cards that did not count."""
    return is_press(message)


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """Why nothing was done. A second press of the same button has its answer already: the card says so."""
    card = cards.find(ctx.session, message.task_id)
    if card is not None and card.lane != message.lane:
        return [Reply(NOT_YOURS)]
    if card is not None and card.pressed is not None and ctx.now - card.made_at <= GOOD_FOR:
        if number_pressed(message) in {0, card.pressed}:
            return []
        return [Reply(USED.format(label=cards.choices_of(card)[card.pressed - 1].label))]
    return [Reply(TOO_OLD)]


HANDLER = Handler("explain_press", "", EVERYBODY, Mode.WORKER, matches, run, public=True)
