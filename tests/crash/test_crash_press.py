"""A button pressed on a card: whoever dies on the way, the press counts once and is answered once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from crash_run import press, recover_and_check, stage
from installation import TEACHER, Backend
from ledger_checker import Sent
from supervised import supervised

from simulator.chats import Shown
from simulator.platform import Platform

# The places a press passes, and which pass is its own: the question before it has passed some of them.
_ON_THE_WAY = (
    "before_commit_of_callback:2",
    "after_commit_before_nudge:2",
    "after_nudge_before_answer:2",
    "after_answer:2",
    "before_handling:1",
    "before_commit_of_handling:1",
    "after_handling_before_nudge:1",
)
_BY_BOT = tuple(("bot", place) for place in (*_ON_THE_WAY, "before_reply:1", "after_reply_before_mark:1"))
# Pushed are the card of the question, then text and card of the answer to the press.
_PUSHED = tuple(
    f"{point}:{nth}" for point in ("before_send", "after_send_before_mark", "after_mark") for nth in (1, 2, 3)
)
_BY_APP = tuple(("app", place) for place in (*_ON_THE_WAY, *_PUSHED))


@pytest.mark.long
@pytest.mark.timeout(400)
@pytest.mark.parametrize(("channel", "place"), [*_BY_BOT, *_BY_APP])
@pytest.mark.parametrize(
    "kind",
    [pytest.param(kind, marks=pytest.mark.xdist_group(f"crash {kind}")) for kind in ("sqlite", "postgresql+redis")],
)
def test_a_press_counts_once_and_is_answered_once(
    make_backend: Callable[[str], AbstractContextManager[Backend]], kind: str, channel: str, place: str
) -> None:
    with (
        make_backend(kind) as backend,
        stage() as sim,
        supervised(sim, backend, fail_points=place, worker=False) as service,
    ):
        platform = sim.platform
        sent = [Sent(platform.say(TEACHER, "什么时候截止", channel=channel))]
        card = platform.wait_for(lambda: service.died() or card_in(platform, channel), 60)
        if card is True:  # died while the card of the question was being pushed
            assert recover_and_check(platform, service, sent) == []
            card = card_in(platform, channel)
        pressed = press(platform, card, "2")
        sent.append(Sent(pressed))
        if not service.deaths:
            platform.wait_for(service.died, 60)
        assert recover_and_check(platform, service, sent) == []
        platform.redeliver(pressed)
        sent.append(Sent(press(platform, card, "2"), answered=False))
        assert recover_and_check(platform, service, sent) == []
        assert service.deaths == 1
        shown = platform.chats.get(card.number)
        assert "已选：材料怎么报送" in str(shown.card)


def card_in(platform: Platform, channel: str) -> Shown | None:
    """The first card this teacher was shown there."""
    cards = [shown for shown in platform.chat(TEACHER, channel) if shown.card]
    return cards[0] if cards else None
