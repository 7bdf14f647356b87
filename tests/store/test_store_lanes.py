"""Rows under load: leases, order within a lane, repair after a dead process; on both engines, without a platform."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from store import fetches, inbox, outbox, streams
from store.database import Database
from store.schema.mail import Inbox, InboxState, Outbox, OutboxState

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def arrive(database: Database, key: str, lane: str = "zhang", state: InboxState = InboxState.READY) -> int:
    with database.begin() as session:
        number = inbox.accept(session, inbox.Arrival("aibot", key, lane, "{}", NOW, NOW), state)
    assert number is not None
    return number


def test_the_same_message_from_many_threads_becomes_one_row(database: Database) -> None:
    def accept(_: int) -> bool:
        with database.begin() as session:
            arrival = inbox.Arrival("app", "k", "li", "{}", NOW, NOW)
            return inbox.accept(session, arrival, InboxState.READY) is not None

    with ThreadPoolExecutor(8) as pool:
        new = list(pool.map(accept, range(16)))
    assert sum(new) == 1


def test_a_lane_is_worked_on_by_one_and_in_order(database: Database) -> None:
    ids = [arrive(database, f"k{number}") for number in range(6)]
    handled: list[int] = []
    at_once: list[int] = []
    working = set[str]()

    def work(owner: str) -> None:
        while len(handled) < len(ids):
            with database.begin() as session:
                row = inbox.claim(session, "zhang", owner, NOW)
            if row is None:
                continue
            working.add(owner)
            at_once.append(len(working))
            handled.append(row.id)
            working.discard(owner)
            with database.begin() as session:
                mine = inbox.still_mine(session, row.id, owner)
                assert mine is not None
                inbox.finish(mine, handler="test")
                inbox.release_lane(session, "zhang", owner)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, ["a", "b", "c", "d"]))
    assert handled == ids
    assert set(at_once) == {1}


def test_a_message_waits_for_the_files_of_an_earlier_one(database: Database) -> None:
    first = arrive(database, "file", state=InboxState.FETCHING)
    arrive(database, "text")
    with database.begin() as session:
        assert inbox.due_lanes(session, NOW) == []
        assert inbox.claim(session, "zhang", "me", NOW) is None
        assert inbox.make_ready(session, first, NOW)
        assert inbox.due_lanes(session, NOW) == ["zhang"]
        row = inbox.claim(session, "zhang", "me", NOW)
        assert row is not None
        assert row.id == first


def test_a_dead_workers_message_is_taken_over_and_the_dead_hand_cannot_finish_it(database: Database) -> None:
    number = arrive(database, "k")
    later = NOW + inbox.LEASE + timedelta(seconds=1)
    with database.begin() as session:
        assert inbox.claim(session, "zhang", "dead", NOW) is not None
    with database.begin() as session:
        assert inbox.claim(session, "zhang", "alive", NOW) is None
        assert inbox.return_leases(session, later) == 1
    with database.begin() as session:
        row = inbox.claim(session, "zhang", "alive", later)
        assert row is not None
        assert row.attempts == 2
        assert inbox.still_mine(session, number, "dead") is None


def test_a_lease_lost_by_a_process_that_lives_is_no_death(database: Database) -> None:
    """However often leases run out while the work goes on: the message is not given up for that."""
    number = arrive(database, "k")
    moment = NOW
    for turn in range(2 * inbox.MAX_ATTEMPTS):
        with database.begin() as session:
            row = inbox.claim(session, "zhang", f"slow {turn}", moment)
            assert row is not None
            assert row.attempts <= 2
        moment += inbox.LEASE + timedelta(seconds=1)
        with database.begin() as session:
            assert inbox.return_leases(session, moment) == 1
            taken = inbox.claim(session, "zhang", f"next {turn}", moment)
            assert taken is not None
        with database.begin() as session:
            assert inbox.still_mine(session, number, f"slow {turn}") is None
            inbox.count_no_death(session, number)
        moment += inbox.LEASE + timedelta(seconds=1)
        with database.begin() as session:
            assert inbox.return_leases(session, moment) == 1
            inbox.count_no_death(session, number)


def test_what_stands_behind_an_answer_may_go_early_once(database: Database) -> None:
    """It waits only in case its nudge gets lost; a second try keeps its time."""
    number = queue(database, "in:1:2", wait=timedelta(seconds=20))
    with database.begin() as session:
        assert outbox.claim(session, number, "me", NOW) is None
        assert outbox.claim(session, number, "me", NOW, early=True) is not None
        assert outbox.try_later(session, number, "busy", NOW + timedelta(seconds=5))
    with database.begin() as session:
        assert outbox.claim(session, number, "me", NOW, early=True) is None
        assert outbox.claim(session, number, "me", NOW + timedelta(seconds=5)) is not None


def test_renewing_and_finishing_never_wait_for_each_other_in_a_ring(database: Database) -> None:
    """A lease is renewed just while its message is being finished: one waits for the other, neither is broken off."""
    number = arrive(database, "k")
    with database.begin() as session:
        row = inbox.claim(session, "zhang", "me", NOW)
        assert row is not None
    started = threading.Event()

    def renew() -> bool:
        started.set()
        with database.begin() as session:
            return inbox.renew(session, row, "me", NOW + inbox.LEASE)

    with ThreadPoolExecutor(1) as pool:
        with database.begin() as session:
            mine = inbox.still_mine(session, number, "me")
            assert mine is not None
            renewal = pool.submit(renew)
            started.wait()
            time.sleep(0.3)  # the renewal has got as far as it can
            inbox.finish(mine, handler="test")
            inbox.release_lane(session, "zhang", "me")
        assert renewal.result() is False  # it came too late, which hurts nobody


def test_after_the_last_attempt_a_message_is_dead_and_the_lane_free(database: Database) -> None:
    number = arrive(database, "k")
    moment = NOW
    for attempt in range(inbox.MAX_ATTEMPTS):
        with database.begin() as session:
            row = inbox.claim(session, "zhang", "me", moment)
            assert row is not None
            given_up = inbox.put_back(row, "broken", moment)
            inbox.release_lane(session, "zhang", "me")
        assert given_up is (attempt == inbox.MAX_ATTEMPTS - 1)
        moment += timedelta(minutes=2)
    following = arrive(database, "k2")
    with database.begin() as session:
        assert session.get_one(Inbox, number).state == InboxState.DEAD
        row = inbox.claim(session, "zhang", "me", moment)
        assert row is not None
        assert row.id == following


def test_files_are_fetched_once_and_lost_leases_come_back(database: Database) -> None:
    number = arrive(database, "k", state=InboxState.FETCHING)
    with database.begin() as session:
        wanted = fetches.Wanted("file", "http://127.0.0.1/x", None, None, NOW + timedelta(minutes=5))
        fetches.plan(session, number, (wanted,), NOW)
    with database.begin() as session:
        (fetch_id,) = fetches.due(session, NOW)
        assert fetches.claim(session, fetch_id, "a", NOW) is not None
        assert fetches.claim(session, fetch_id, "b", NOW) is None
    later = NOW + fetches.LEASE + timedelta(seconds=1)
    with database.begin() as session:
        assert fetches.return_leases(session, later) == 1
        assert fetches.claim(session, fetch_id, "b", later) is not None
        assert not fetches.store(session, fetch_id, "a", fetches.Stored("n", 1, "0" * 64))
        assert fetches.store(session, fetch_id, "b", fetches.Stored("n", 1, "0" * 64))
        assert fetches.all_settled(session, number)
        assert fetches.of_message(session, number)[0].url is None


def queue(database: Database, key: str, **more: object) -> int:
    with database.begin() as session:
        assert outbox.put(session, key=key, lane="zhang", text="回执", now=NOW, **more)  # type: ignore[arg-type]
        session.flush()
        return session.query(Outbox).filter_by(key=key).one().id


def test_the_same_cause_queues_one_message(database: Database) -> None:
    queue(database, "in:1:1")
    with database.begin() as session:
        assert not outbox.put(session, key="in:1:1", lane="zhang", text="again", now=NOW)


@pytest.mark.parametrize(
    ("route", "with_body", "minutes", "expected"),
    [
        (outbox.Route.APP, True, 5, OutboxState.QUEUED),
        (outbox.Route.APP, True, 5 * 60, OutboxState.UNKNOWN),
        (outbox.Route.RESPONSE_URL, False, 5, OutboxState.QUEUED),
        (None, False, 5, OutboxState.QUEUED),
    ],
    ids=["push-inside-the-window", "push-after-the-window", "one-time-address", "before-any-way-was-chosen"],
)
def test_a_send_whose_process_died_is_repeated_only_where_that_is_harmless(
    database: Database, route: outbox.Route | None, *, with_body: bool, minutes: int, expected: OutboxState
) -> None:
    number = queue(database, "in:1:1")
    with database.begin() as session:
        row = outbox.claim(session, number, "dead", NOW)
        assert row is not None
        row.route = route
        if with_body:
            outbox.fix_body(row, "{}", NOW)
    with database.begin() as session:
        assert outbox.return_leases(session, NOW + timedelta(minutes=minutes)) == 1
    with database.read() as session:
        assert session.get_one(Outbox, number).state == expected


def test_parts_of_one_answer_go_out_in_order(database: Database) -> None:
    inbox_id = arrive(database, "k")
    first, second = (queue(database, f"in:1:{number}", inbox_id=inbox_id) for number in (1, 2))
    with database.begin() as session:
        assert outbox.claim(session, second, "me", NOW) is None
        assert outbox.claim(session, first, "me", NOW) is not None
        assert outbox.mark_accepted(session, first, "m", NOW)
        assert outbox.claim(session, second, "me", NOW) is not None


def test_a_stream_takes_no_content_after_it_has_closed(database: Database) -> None:
    number = arrive(database, "k")
    with database.begin() as session:
        streams.open_stream(session, number, "S", "…", response_url="https://x.example/1", received_at=NOW)
    late = NOW + streams.OPEN_FOR
    with database.begin() as session:
        assert streams.grow(session, number, "50 %", NOW)
        assert not streams.grow(session, number, "60 %", late)
        assert not streams.finish(session, number, "done", late)
        assert streams.take_response_url(session, number, late) == "https://x.example/1"
        assert streams.take_response_url(session, number, late) is None
        assert streams.taken_response_url(session, number, late) == "https://x.example/1"
        assert streams.taken_response_url(session, number, NOW + streams.RESPONSE_URL_FOR) is None
        streams.forget_response_url(session, number)
        assert streams.taken_response_url(session, number, late) is None


UNTIL = NOW + timedelta(minutes=6)


def finished_answer(database: Database) -> tuple[int, int]:
    """A message whose answer waits in its stream, and the id of the outgoing row."""
    inbox_id = arrive(database, "k")
    return inbox_id, queue(database, f"in:{inbox_id}:1", inbox_id=inbox_id, route=outbox.Route.STREAM)


def state_of(database: Database, number: int) -> str:
    with database.read() as session:
        return session.get_one(Outbox, number).state


def test_what_the_platform_comes_for_goes_no_other_way_and_ends_when_it_has_left(database: Database) -> None:
    inbox_id, number = finished_answer(database)
    with database.begin() as session:
        assert outbox.hand_to_stream(session, inbox_id, UNTIL)
    with database.begin() as session:
        assert outbox.claim(session, number, "me", NOW) is None
        assert outbox.hand_to_stream(session, inbox_id, UNTIL)  # it asks again: the first answer was lost
        outbox.mark_collected(session, inbox_id, NOW)
    assert state_of(database, number) == OutboxState.ACCEPTED
    with database.begin() as session:
        assert outbox.hand_to_stream(session, inbox_id, UNTIL)


def test_what_nobody_could_ask_for_again_goes_another_way(database: Database) -> None:
    inbox_id, number = finished_answer(database)
    with database.begin() as session:
        assert outbox.hand_to_stream(session, inbox_id, UNTIL)
    with database.begin() as session:
        outbox.mark_asked_again(session, UNTIL)  # too late: it asks no more
        assert outbox.return_leases(session, UNTIL) == 1
    assert state_of(database, number) == OutboxState.QUEUED


def test_what_is_not_asked_for_again_has_arrived(database: Database) -> None:
    inbox_id, number = finished_answer(database)
    with database.begin() as session:
        assert outbox.hand_to_stream(session, inbox_id, UNTIL)
        outbox.mark_asked_again(session, NOW)
    assert state_of(database, number) == OutboxState.ACCEPTED


def test_a_send_under_way_is_not_taken_for_a_collected_one(database: Database) -> None:
    inbox_id, number = finished_answer(database)
    with database.begin() as session:
        row = outbox.claim(session, number, "me", NOW)
        assert row is not None
        outbox.begin_reply(row, NOW)
    with database.begin() as session:
        assert not outbox.hand_to_stream(session, inbox_id, UNTIL)
        outbox.mark_collected(session, inbox_id, NOW)
        outbox.mark_asked_again(session, NOW)
    assert state_of(database, number) == OutboxState.SENDING


def test_a_part_that_still_waits_is_not_lost_with_the_first_that_was_pushed(database: Database) -> None:
    """The stream then shows only where to look: what has not been pushed must still come."""
    inbox_id, number = finished_answer(database)
    with database.begin() as session:
        row = outbox.claim(session, number, "me", NOW)
        assert row is not None
        row.route = outbox.Route.APP
        outbox.split(session, row, ["first", "second"], NOW)
        assert outbox.mark_accepted(session, number, "m", NOW)
    with database.begin() as session:
        (second,) = outbox.waiting_parts(session, inbox_id, "zhang")
        assert outbox.claim(session, second, "me", NOW) is not None
        assert outbox.hold(session, second, "unreachable")
    with database.begin() as session:
        assert not outbox.hand_to_stream(session, inbox_id, UNTIL)
        outbox.mark_collected(session, inbox_id, NOW)
        assert outbox.show_held(session, "zhang", NOW) == ["second"]
