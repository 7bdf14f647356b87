"""A running stand-in platform with a clock the test can move, and an echoing callback server beside it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from echo_product import EchoProduct

from simulator.server import SimulatorServer
from simulator.settings import Person, PlatformSettings

PEOPLE = (
    Person("teacher-1", "甲县 教师一", department="county-a"),
    Person("teacher-2", "乙县 教师二", department="county-b", bot_userid="woAAAABBBB0001"),
    Person("outsider-1", "丙县 教师三", department="county-c", in_app_scope=False),
    Person("unlicensed-1", "甲县 教师四", department="county-a", licensed=False),
)


class Clock:
    """Real time plus what a test adds."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@dataclass(frozen=True)
class Client:
    """The product's side of the API, with nothing of the product in it."""

    sim: SimulatorServer
    clock: Clock

    def token(self) -> str:
        settings = self.sim.settings
        return self.get("gettoken", corpid=settings.corp_id, corpsecret=settings.app_secret)["access_token"]

    def get(self, name: str, **params: Any) -> dict[str, Any]:
        answer = requests.get(self.sim.api_base + name, params=params, timeout=10)
        assert answer.status_code == 200
        return answer.json()

    def post(self, name: str, body: Any, token: str | None = None) -> dict[str, Any]:
        params = {"access_token": self.token() if token is None else token}
        answer = requests.post(self.sim.api_base + name, params=params, json=body, timeout=10)
        assert answer.status_code == 200
        return answer.json()

    def send(self, touser: str = "teacher-1", msgtype: str = "text", **more: Any) -> dict[str, Any]:
        body = {"touser": touser, "msgtype": msgtype, "agentid": self.sim.settings.agent_id, **more}
        if msgtype == "text":
            body.setdefault("text", {"content": "您好"})
        return self.post("message/send", body)

    def upload(self, name: str, data: bytes, kind: str = "file") -> dict[str, Any]:
        params = {"access_token": self.token(), "type": kind}
        files = {"media": (name, data)}
        return requests.post(self.sim.api_base + "media/upload", params=params, files=files, timeout=10).json()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sim(clock: Clock) -> Iterator[SimulatorServer]:
    with SimulatorServer(PlatformSettings(people=PEOPLE), clock=clock) as server:
        server.platform.pace.refresh_every = 0.02
        server.platform.pace.retry_pause = 0.02
        yield server


@pytest.fixture
def client(sim: SimulatorServer, clock: Clock) -> Client:
    return Client(sim, clock)


@pytest.fixture
def product(sim: SimulatorServer) -> Iterator[EchoProduct]:
    with EchoProduct(sim.settings) as echo:
        sim.platform.set_callback("bot", f"{echo.url}/bot")
        sim.platform.set_callback("app", f"{echo.url}/app")
        yield echo
