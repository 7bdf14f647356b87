"""What whoever runs the service sees: logs without people's words and without secrets, metrics, readiness."""

from __future__ import annotations

import io
import json
import logging
import shutil
from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests
from installation import TEACHER, Backend, Installation, install, web_only
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session
from word_files import case_document

from answers import Engine
from bot.logs import set_up_logs
from simulator.server import SimulatorServer
from store.database import Database
from store.schema.mail import Inbox
from validators.sandbox import Sandbox

WORDS = "请告诉王小明我的电话是13812345678"
OTHER = "es-teacher-1"
FILE = "王小明的智慧课堂.docx"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[io.StringIO]:
    """Everything that is logged, ours and the libraries', at the level of production."""
    caplog.set_level(logging.INFO)
    stream = io.StringIO()
    set_up_logs(readable=False, to=stream)
    yield stream
    set_up_logs(readable=False)


def failing(error: Exception) -> object:
    def step(*_args: object, **_kwargs: object) -> object:
        raise error

    return step


def secrets_of(service: Installation) -> list[str]:
    platform = service.platform.settings
    return [
        platform.app_secret,
        platform.app_token,
        platform.app_aes_key,
        platform.bot_token,
        platform.bot_aes_key,
        "msg_signature",
        "access_token=",
        "response_url=",
    ]


def test_logs_of_errors_hold_no_secrets_and_nothing_personal(
    service: Installation, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Every way to fail, with exceptions that quote what the person wrote, as libraries' exceptions do."""
    with monkeypatch.context() as broken:
        broken.setattr(Engine, "answer", failing(ValueError(f"cannot read {WORDS!r} of {TEACHER}")))
        service.platform.say(TEACHER, WORDS)
        service.platform.say(TEACHER, WORDS, channel="app")
    with monkeypatch.context() as broken:
        failure = OperationalError(f"INSERT {WORDS}", {"text": WORDS}, Exception("the disk is full"))
        broken.setattr(Session, "commit", failing(failure))
        service.platform.say(TEACHER, WORDS)
    with monkeypatch.context() as broken:
        doubled = Exception(f"DETAIL: Key (lane)=({TEACHER}) already exists")
        broken.setattr(Session, "commit", failing(IntegrityError(f"INSERT {WORDS}", {"text": WORDS}, doubled)))
        service.platform.say(TEACHER, WORDS, channel="app")
    service.platform.knobs.set("media_url", "status", 500, times=1)
    with monkeypatch.context() as broken:
        broken.setattr(Sandbox, "read", failing(RuntimeError(f"{FILE} of {OTHER} is odd")))
        service.platform.send_file(OTHER, FILE, case_document(words=300))
        service.wait(lambda: '"event": "handling failed"' in lines.getvalue(), timeout=30)
    service.platform.post_raw("bot", WORDS.encode(), {"msg_signature": "0" * 40, "timestamp": "1", "nonce": TEACHER})

    logged = lines.getvalue()
    events = [json.loads(line) for line in logged.splitlines()]
    told = {event["event"] for event in events}
    assert {"nothing could be stored", "handling failed", "callback refused"} <= told
    assert any("inline handling failed" in event for event in told)
    assert "the disk is full" in logged  # what helps is said
    assert "answer_question.py" in logged
    everything = logged + caplog.text
    for private in (WORDS, "13812345678", "王小明", "智慧课堂", TEACHER, OTHER, *secrets_of(service)):
        assert private not in everything


def metrics(at: str) -> dict[str, float]:
    text = requests.get(f"{at}/metrics", timeout=10).text
    rows = (line.rsplit(" ", 1) for line in text.splitlines() if line and not line.startswith("#"))
    return {name: float(value) for name, value in rows}


def address(service: Installation) -> str:
    return service.platform.core.callback_urls["bot"].removesuffix("/wecom/aibot")


def test_metrics_show_what_waits_also_for_other_processes(sim: SimulatorServer, backend: Backend) -> None:
    with web_only(sim, backend) as web:
        here = address(web)
        assert metrics(here)["bot_inbox_oldest_seconds"] == 0
        web.platform.send_file(TEACHER, "案例.docx", case_document(words=3600))
        with web.services.database.begin() as session:
            session.execute(update(Inbox).values(received_at=web.services.clock.real() - timedelta(seconds=90)))
        waiting = metrics(here)
        assert 90 <= waiting["bot_inbox_oldest_seconds"] < 150
        assert waiting["bot_lanes_waiting"] == 1
        assert waiting['bot_fetches{state="waiting"}'] == 1
        assert waiting['bot_inbox{state="fetching"}'] == 1
        assert waiting['bot_outbox{state="queued"}'] == 0
        with install(sim, backend) as working:
            working.wait(working.settled, 30)
        done = metrics(here)
        assert done["bot_inbox_oldest_seconds"] == done["bot_lanes_waiting"] == 0
        assert done['bot_inbox{state="done"}'] == 1
        assert sum(count for name, count in done.items() if name.startswith("bot_outbox{")) == 1


def test_what_is_away_is_named(service: Installation) -> None:
    ready = f"{address(service)}/readyz"
    assert requests.get(ready, timeout=10).text == "ready\n"
    shutil.rmtree(service.backend.data_dir / "blobs")
    no_files = requests.get(ready, timeout=10)
    assert (no_files.status_code, no_files.text) == (503, "blob storage away\n")

    database = service.services.database
    object.__setattr__(service.services, "database", Database("postgresql+psycopg://nobody@127.0.0.1:1/none"))
    neither = requests.get(ready, timeout=10)
    object.__setattr__(service.services, "database", database)
    assert (neither.status_code, neither.text) == (503, "database away\nblob storage away\n")
    assert requests.get(ready.replace("readyz", "healthz"), timeout=10).status_code == 200
