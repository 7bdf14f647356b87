"""The token's life against a real server: one renewal for all, and never a storm of gettoken calls."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.wecom.api import WeComApi
from bot.wecom.errors import ApiError, ErrorKind
from bot.wecom.tokens import MemoryTokenStore, Pause, Token, credential_id, real_now

SECRET = "s3cret-of-the-app"
BODY = '{"touser":"zhangsan","msgtype":"text","agentid":1,"text":{"content":"您好"}}'


def test_the_token_is_fetched_once_and_kept(client, corp, clock) -> None:
    for _ in range(3):
        client.send_message(BODY)
    assert corp.calls == {"gettoken": 1, "message/send": 3}
    clock.ahead = timedelta(seconds=6899)
    client.send_message(BODY)
    assert corp.calls["gettoken"] == 1
    clock.ahead = timedelta(seconds=6901)
    client.send_message(BODY)
    assert corp.calls["gettoken"] == 2


def test_an_early_renewal_that_fails_leaves_the_old_token(client, corp, clock) -> None:
    client.send_message(BODY)
    corp.gettoken_answer = {"errcode": -1, "errmsg": "busy"}
    clock.ahead = timedelta(seconds=7000)
    for _ in range(3):
        client.send_message(BODY)
    assert corp.calls["gettoken"] == 2
    corp.gettoken_answer = None
    clock.ahead = timedelta(seconds=7010)
    client.send_message(BODY)
    assert corp.calls["gettoken"] == 3


def test_a_short_lived_token_is_not_fetched_for_every_call(client, corp) -> None:
    corp.expires_in = 100
    for _ in range(5):
        client.send_message(BODY)
    assert corp.calls["gettoken"] == 1


def test_eight_threads_with_a_revoked_token_renew_it_once(client, corp) -> None:
    client.send_message(BODY)
    corp.valid = set()
    barrier = threading.Barrier(8)

    def send(_: int) -> str:
        barrier.wait()
        return client.send_message(BODY).msgid

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(send, range(8))) == ["MSG1"] * 8
    assert corp.calls["gettoken"] == 2


def test_two_processes_share_the_renewed_token(server, client, corp, tokens) -> None:
    other = WeComApi("ww1", SECRET, f"{server.url}/cgi-bin/", tokens)
    client.send_message(BODY)
    corp.valid = set()
    other.send_message(BODY)
    client.send_message(BODY)
    assert corp.calls["gettoken"] == 2


@pytest.mark.parametrize("errcode", [40014, 42001, 40001])
def test_a_refused_token_is_renewed_once_and_the_call_repeated_once(client, corp, errcode: int) -> None:
    corp.answers["message/send"] = {"errcode": errcode, "errmsg": "no"}
    with pytest.raises(ApiError) as failure:
        client.send_message(BODY)
    assert failure.value.errcode == errcode
    assert failure.value.kind is ErrorKind.TOKEN
    assert corp.calls == {"gettoken": 2, "message/send": 2}


def test_a_token_refused_although_it_is_wecoms_own_does_not_start_a_storm(client, corp, clock) -> None:
    corp.always_same = True
    for _ in range(5):
        with pytest.raises(ApiError):
            client.send_message(BODY)
    assert corp.calls["gettoken"] == 2
    clock.ahead = timedelta(seconds=61)
    corp.always_same = False
    assert client.send_message(BODY).msgid == "MSG1"


@pytest.mark.parametrize(
    ("errcode", "pause_s", "kind"),
    [
        (40001, 600, ErrorKind.CONFIG),
        (40013, 600, ErrorKind.CONFIG),
        (40091, 600, ErrorKind.CONFIG),
        (60020, 60, ErrorKind.CONFIG),
        (45009, 3600, ErrorKind.RETRY),
        (-1, 5, ErrorKind.RETRY),
    ],
)
def test_a_wrong_secret_is_asked_once_in_a_while(client, corp, clock, *, errcode: int, pause_s: int, kind) -> None:
    corp.gettoken_answer = {"errcode": errcode, "errmsg": "invalid credential"}
    for ahead in (0, 0, 0, pause_s - 2):
        clock.ahead = timedelta(seconds=ahead)
        with pytest.raises(ApiError) as failure:
            client.send_message(BODY)
        assert (failure.value.errcode, failure.value.kind) == (errcode, kind)
    assert corp.calls == {"gettoken": 1}
    clock.ahead = timedelta(seconds=pause_s + 1)
    corp.gettoken_answer = None
    assert client.send_message(BODY).msgid == "MSG1"


def test_many_threads_with_a_wrong_secret_ask_once(client, corp) -> None:
    corp.gettoken_answer = {"errcode": 40001, "errmsg": "invalid credential"}

    def send(_: int) -> int | None:
        with pytest.raises(ApiError) as failure:
            client.send_message(BODY)
        return failure.value.errcode

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(send, range(24))) == {40001}
    assert corp.calls == {"gettoken": 1}


def test_credentials_have_different_ids_that_reveal_nothing() -> None:
    ids = {credential_id("ww1", "a"), credential_id("ww1", "b"), credential_id("ww2", "a")}
    assert len(ids) == 3
    assert all(len(value) == 16 and "ww" not in value for value in ids)


def test_the_store_swaps_only_the_token_that_failed() -> None:
    store, later = MemoryTokenStore(), real_now() + timedelta(hours=1)
    first, second, third = (Token(value, later, later) for value in ("a", "b", "c"))
    store.pause(Pause(later, 40001, "no"))
    assert store.replace(None, first) == first
    assert store.paused() is None
    assert store.replace("a", second) == second
    assert store.replace("a", third) == second
    assert store.replace(None, third) == second
    assert store.get() == second
    assert store.acquire_refresh("x", 30)
    assert not store.acquire_refresh("y", 30)
    store.release_refresh("y")
    assert not store.acquire_refresh("y", 30)
    store.release_refresh("x")
    assert store.acquire_refresh("y", 0)
    assert store.acquire_refresh("x", 30)


def test_a_refused_secret_is_told_as_one_event_with_its_code(client, corp) -> None:
    """Whoever runs the service reads lines of JSON; the next try must stand in it."""
    corp.gettoken_answer = {"errcode": 40001, "errmsg": "invalid credential"}
    with capture_logs() as told, pytest.raises(ApiError):
        client.send_message(BODY)
    assert told == [
        {"event": "access token not renewed", "errcode": 40001, "next_try_s": 600.0, "log_level": "warning"}
    ]
