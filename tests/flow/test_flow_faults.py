"""What goes wrong around the service: forged requests, repeats, a dead queue, a dead database, a failing platform."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from installation import OUTSIDER, TEACHER, Backend, Installation, install, web_only
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from word_files import case_document

from bot.fetching import fetch_one
from bot.nudge import Waiting
from bot.services import Services
from bot.ticking import find_waiting
from bot.wecom.callback import APP_TEXT_BYTES
from simulator.bot_replies import open_reply
from simulator.crypto import decode_key, seal, sign
from simulator.server import SimulatorServer
from store import fetches
from store.database import Database
from store.outbox import put
from store.schema.campaign import Material
from store.schema.mail import Fetch, FetchState, Inbox, InboxState, Outbox, OutboxState


def rows(services: Services) -> int:
    """How many messages the inbox holds."""
    with services.database.read() as session:
        return session.scalar(select(func.count()).select_from(Inbox)) or 0


def forged(
    service: Installation,
    *,
    timestamp: str | None = None,
    token: str | None = None,
    sender: str = TEACHER,
    msgid: str = "F1",
    text: str = "你好",
) -> tuple[bytes, dict]:
    """A bot callback sealed with the right key, signed as asked."""
    settings = service.platform.settings
    plain = json.dumps({"msgid": msgid, "msgtype": "text", "from": {"userid": sender}, "text": {"content": text}})
    sealed = seal(decode_key(settings.bot_aes_key), plain, "")
    moment = timestamp or str(int(time.time()))
    params = {
        "msg_signature": sign(token or settings.bot_token, moment, "n", sealed),
        "timestamp": moment,
        "nonce": "n",
    }
    return json.dumps({"encrypt": sealed}).encode(), params


@pytest.mark.parametrize("case", ["signature", "stale", "garbage", "large", "entity"])
def test_what_is_not_genuine_gets_4xx_and_leaves_no_row(service: Installation, case: str) -> None:
    body, params = forged(service)
    channel = "bot"
    if case == "signature":
        body, params = forged(service, token="another-token")
    elif case == "stale":
        body, params = forged(service, timestamp=str(int(time.time()) - 601))
    elif case == "garbage":
        body = b"\xff\xfe not json"
    elif case == "large":
        body = b"{" + b" " * (2 << 20)
    else:
        channel, body = "app", b'<!DOCTYPE x [<!ENTITY a "b">]><xml><Encrypt>&a;</Encrypt></xml>'
    answer = service.platform.post_raw(channel, body, params)

    assert answer.status is not None
    assert 400 <= answer.status < 500
    assert rows(service.services) == 0
    assert len(answer.body or b"") < 20  # nothing of the request is reflected


def test_a_genuine_raw_request_is_taken(service: Installation) -> None:
    """The counterpart of the refusals: the same bytes with the right signature are stored."""
    body, params = forged(service)
    assert service.platform.post_raw("bot", body, params).status == 200
    assert rows(service.services) == 1


@pytest.mark.parametrize("msgid", ["F1", "m" * 5000], ids=["short", "long"])
def test_the_same_message_id_of_two_people_is_two_messages(service: Installation, msgid: str) -> None:
    """Whoever it comes from first: nobody reads another one's answer, and each of them is stored once."""
    keys = (service.platform.settings.bot_token, service.platform.settings.bot_aes_key)
    heard: list[dict] = []
    for sender, text in ((TEACHER, "我的案例"), (OUTSIDER, "字数要求是多少"), (OUTSIDER, "撤回"), (TEACHER, "撤回")):
        body, params = forged(service, sender=sender, msgid=msgid, text=text)
        answer = service.platform.post_raw("bot", body, params)
        heard.append(open_reply(answer.body, "n", *keys)["stream"])
    assert [each["id"] for each in heard] == [heard[place]["id"] for place in (0, 1, 1, 0)]
    assert "3500" in heard[1]["content"]
    assert heard[2]["content"] == heard[1]["content"] != heard[3]["content"] == heard[0]["content"]
    assert rows(service.services) == 2


@pytest.mark.parametrize("channel", ["bot", "app"])
@pytest.mark.parametrize("raw_plus", [False, True])
def test_the_address_check_is_answered_exactly(service: Installation, channel: str, *, raw_plus: bool) -> None:
    service.platform.pace.raw_plus_in_echostr = raw_plus
    assert service.platform.verify_url(channel).status == 200


def test_the_same_message_three_times_at_once_on_two_processes_acts_once(
    sim: SimulatorServer, backend: Backend
) -> None:
    with install(sim, backend) as one:
        first_url = sim.platform.core.callback_urls["bot"]
        with install(sim, backend):
            second_url = sim.platform.core.callback_urls["bot"]
            record = sim.platform.send_file(TEACHER, "案例.docx", case_document(words=3600))
            barrier = threading.Barrier(3)

            def again(url: str) -> int | None:
                barrier.wait()
                return sim.platform.core.outbound.raw("POST", url, record.params, record.body, {}).status

            with ThreadPoolExecutor(3) as pool:
                statuses = list(pool.map(again, [first_url, second_url, second_url]))
            assert statuses == [200, 200, 200]
            sim.platform.wait_for(one.settled, 30)
        with one.services.database.read() as session:
            assert session.scalar(select(func.count()).select_from(Inbox)) == 1
            assert session.scalar(select(func.count()).select_from(Material)) == 1
            assert session.scalar(select(func.count()).select_from(Outbox)) == 1


def test_with_the_queue_away_everything_is_stored_and_answered_later(sim: SimulatorServer, backend: Backend) -> None:
    """The web process cannot nudge; a worker that starts later finds the rows."""
    away = Backend(backend.database_url, "redis://127.0.0.1:1/0" if backend.redis_url else "", backend.data_dir)
    with web_only(sim, away) as web:
        record = web.platform.send_file(TEACHER, "案例.docx", case_document(words=3600))
        assert record.statuses == [200]
        assert web.platform.say(TEACHER, "字数要求").statuses == [200]
        assert "3500" in web.last(TEACHER)
        assert not web.settled()
    with install(sim, away) as running:
        running.wait(running.settled, 30)
        with running.services.database.read() as session:
            assert session.scalar(select(func.count()).select_from(Material)) == 1


def test_with_the_database_away_there_is_no_200(service: Installation) -> None:
    """5xx makes the platform try again: after the database is back, nothing is lost and nothing done twice."""
    broken = Database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    working = service.services.database
    object.__setattr__(service.services, "database", broken)
    record = service.platform.say(TEACHER, "字数要求是多少", channel="app")
    object.__setattr__(service.services, "database", working)

    assert record.statuses == [503, 503, 503]
    again = service.platform.redeliver(record)
    assert again.statuses[-1] == 200
    assert rows(service.services) == 1


def test_the_answer_is_sent_only_after_the_commit(service: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the commit fails there is no 200: this fails when acknowledging and committing change places."""

    def failing_commit(_session: Session) -> None:
        raise OperationalError("commit", {}, Exception("disk full"))

    monkeypatch.setattr(Session, "commit", failing_commit)
    asked = service.platform.say(TEACHER, "字数要求是多少")
    sent = service.platform.send_file(TEACHER, "案例.docx", case_document(words=3600))
    monkeypatch.undo()

    assert set(asked.statuses) == set(sent.statuses) == {503}
    assert rows(service.services) == 0


def push(service: Installation, userid: str, key: str = "test:1", text: str = "") -> None:
    """Queue a message of our own and let the jobs send it."""
    with service.services.database.begin() as session:
        put(session, key=key, lane=userid, text=text or f"回执测试 {key}", now=service.services.clock.real())
        session.flush()
        ids = tuple(session.scalars(select(Outbox.id).where(Outbox.key == key)))
    service.services.nudge(Waiting(sends=ids))


def ended(service: Installation, key: str = "test:1") -> Outbox | None:
    """The row of this message once it is neither queued nor being sent."""
    with service.services.database.read() as session:
        row = session.scalars(select(Outbox).where(Outbox.key == key)).one()
        return None if row.state in (OutboxState.QUEUED, OutboxState.SENDING) else row


@pytest.mark.parametrize("fault", [("errcode", -1), ("status", 502), ("reset", 0), ("drop", 0)])
def test_a_send_that_fails_for_now_arrives_exactly_once(service: Installation, fault: tuple[str, float]) -> None:
    service.platform.knobs.set("message/send", fault[0], fault[1])
    push(service, TEACHER)

    row = service.wait(lambda: ended(service), timeout=30)
    assert row.state == OutboxState.ACCEPTED  # type: ignore[attr-defined]
    assert len(service.platform.ledger.entries("delivered", userid=TEACHER)) == 1


def test_the_same_words_said_twice_reach_the_person_twice(service: Installation) -> None:
    """The platform drops a message that is like one of the last four hours: ours are never alike."""
    for _ in range(4):
        service.platform.say(TEACHER, "撤回", channel="app")
    service.wait(lambda: service.settled() and service.outgoing_ended())
    said = [each.text for each in service.platform.chat(TEACHER, "app") if each.author == "app" and not each.card]
    assert [text.split("\n")[0] for text in said] == ["您没有可以撤回的案例。"] * 4
    assert service.platform.ledger.entries("duplicate") == []


def test_a_long_text_said_twice_is_whole_both_times(service: Installation) -> None:
    """What marks a part as said again has its room in it: the part need not be cut once more."""
    text = "".join(chr(0x4E00 + number) for number in range(1600))
    for number in range(2):
        push(service, TEACHER, key=f"test:{number}", text=text)
        service.wait(lambda: service.settled() and service.outgoing_ended())
    said = [each.text for each in service.platform.chat(TEACHER, "app") if each.author == "app"]
    assert max(len(each.encode()) for each in said) <= APP_TEXT_BYTES
    assert [each[:5] for each in said] == ["（1/3）", "（2/3）", "（3/3）"] * 2
    assert "".join(each[5:].split("\n（")[0] for each in said) == text * 2
    assert service.platform.ledger.entries("duplicate") == []


def test_a_send_longer_than_its_lease_is_not_begun_again(sim: SimulatorServer, backend: Backend) -> None:
    sim.platform.knobs.set("message/send", "delay", 3)
    with install(sim, backend, bot_lease_seconds=1) as service:
        push(service, TEACHER)
        row = service.wait(lambda: ended(service), timeout=30)
        assert row.state == OutboxState.ACCEPTED  # type: ignore[attr-defined]
        assert row.attempts == 1  # type: ignore[attr-defined]


def test_a_process_takes_nothing_back_from_itself(sim: SimulatorServer, backend: Backend) -> None:
    """On a machine that hardly breathes its own renewals come late; only what nobody holds any more is given back."""
    with web_only(sim, backend) as web:
        web.platform.send_file(TEACHER, "案例.docx", case_document(words=3600))
        services, long_ago = web.services, web.services.clock.real() - timedelta(minutes=2)
        with services.database.begin() as session:
            (number,) = session.scalars(select(Fetch.id))
            session.get_one(Fetch, number).next_try_at = long_ago
            assert fetches.claim(session, number, "me", long_ago) is not None
        with services.leases.renewing(lambda session, now: fetches.renew(session, number, "me", now + fetches.LEASE)):
            assert find_waiting(services).fetches == ()
        with services.database.begin() as session:
            assert fetches.renew(session, number, "me", long_ago)
        assert find_waiting(services).fetches == (number,)


def test_a_send_that_fails_for_ever_ends_with_its_reason(service: Installation) -> None:
    service.platform.knobs.set("message/send", "errcode", 40008, times=99)
    push(service, TEACHER)

    row = service.wait(lambda: ended(service))
    assert row.state == OutboxState.REFUSED  # type: ignore[attr-defined]
    assert "40008" in row.reason  # type: ignore[attr-defined]


def test_one_of_many_who_cannot_be_reached_does_not_stop_the_others(service: Installation) -> None:
    for number, userid in enumerate([TEACHER, OUTSIDER, "es-teacher-1"]):
        push(service, userid, key=f"test:{number}")

    service.wait(lambda: all(ended(service, f"test:{number}") for number in range(3)))
    states = [ended(service, f"test:{number}").state for number in range(3)]  # type: ignore[union-attr]
    assert states == [OutboxState.ACCEPTED, OutboxState.HELD, OutboxState.ACCEPTED]


def test_a_revoked_token_is_renewed_once(service: Installation) -> None:
    push(service, TEACHER, key="test:0")
    service.wait(lambda: ended(service, "test:0"))
    service.platform.revoke_token()
    for number in range(1, 6):
        push(service, TEACHER, key=f"test:{number}")
    service.wait(lambda: all(ended(service, f"test:{number}") for number in range(1, 6)))

    tokens = [entry for entry in service.platform.ledger.entries("api") if entry.data["call"] == "gettoken"]
    assert len(tokens) == 2
    assert {ended(service, f"test:{number}").state for number in range(6)} == {OutboxState.ACCEPTED}  # type: ignore[union-attr]


def test_a_download_broken_off_by_a_stop_may_begin_anew_at_once(sim: SimulatorServer, backend: Backend) -> None:
    """Even when the platform keeps the bytes for one more second only: stopping is nobody's failed try."""
    with web_only(sim, backend) as web:
        web.platform.send_file(TEACHER, "案例.docx", case_document(3600))
        with web.services.database.begin() as session:
            row = session.scalars(select(Fetch)).one()
            row.expires_at = web.services.clock.real() + timedelta(seconds=1)
        web.services.stopping.set()
        fetch_one(web.services, row.id)
        left = find_waiting(web.services)
        web.services.stopping.clear()
        with web.services.database.begin() as session:
            stopped = session.get_one(Fetch, row.id)
            stopped.expires_at += timedelta(minutes=4)

        assert left.fetches == (row.id,)
        assert (stopped.state, stopped.attempts) == (FetchState.WAITING, 0)
        fetch_one(web.services, row.id)
        with web.services.database.read() as session:
            assert session.get_one(Fetch, row.id).state == FetchState.STORED


def test_stopping_loses_and_repeats_nothing(sim: SimulatorServer, backend: Backend) -> None:
    """A clean stop in the middle of the work; the next start finishes it."""
    with install(sim, backend) as first:
        for number in range(3):
            first.platform.send_file(TEACHER, f"案例{number}.docx", case_document(3600, title=f"案例之{number}"))
    with install(sim, backend) as second:
        second.wait(second.settled, 40)
        with second.services.database.read() as session:
            assert session.scalar(select(func.count()).select_from(Material)) == 3
            assert session.scalar(select(func.count()).select_from(Inbox).where(Inbox.state == InboxState.DONE)) == 3
