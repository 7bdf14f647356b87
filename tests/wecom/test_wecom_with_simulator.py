"""The client against the stand-in platform, which is written from the protocol and shares no code with it."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator

import pytest

from bot.wecom.api import WeComApi
from bot.wecom.app_media import fetch_app_media
from bot.wecom.download import MediaError, MediaFault
from bot.wecom.envelope import decode_key
from bot.wecom.errors import ApiError, ErrorKind
from bot.wecom.media import fetch_aibot_media
from bot.wecom.outbound import UrlPolicy
from bot.wecom.tokens import MemoryTokenStore
from simulator.server import SimulatorServer
from simulator.settings import Person, PlatformSettings

PEOPLE = (
    Person("teacher-1", "教师一", "利川市"),
    Person("outsider", "教师二", "利川市", in_app_scope=False),
    Person("unlicensed", "教师三", "利川市", licensed=False),
)
NAMES = ["案例　汇总.docx", "案例😀.docx", "plain.docx", "案" * 83 + "x.docx"]  # the last one has 255 bytes
CONTENT = b"PK\x03\x04" + bytes(range(256)) * 4000


@pytest.fixture
def sim() -> Iterator[SimulatorServer]:
    with SimulatorServer(PlatformSettings(people=PEOPLE)) as running:
        yield running


@pytest.fixture
def client(sim: SimulatorServer) -> WeComApi:
    return WeComApi(sim.settings.corp_id, sim.settings.app_secret, sim.api_base, MemoryTokenStore())


def _body(sim: SimulatorServer, userids: str) -> str:
    return f'{{"touser":"{userids}","msgtype":"text","agentid":{sim.settings.agent_id},"text":{{"content":"您好"}}}}'


def test_a_message_reaches_whom_it_can(sim: SimulatorServer, client: WeComApi) -> None:
    result = client.send_message(_body(sim, "teacher-1|outsider|unlicensed"))
    assert result.invalid_users == ("outsider",)
    assert result.unlicensed == ("unlicensed",)
    assert result.msgid
    client.recall(result.msgid)
    with pytest.raises(ApiError) as failure:
        client.send_message(_body(sim, "nobody"))
    assert (failure.value.errcode, failure.value.kind) == (81013, ErrorKind.USER)


def test_a_member_is_read(client: WeComApi) -> None:
    member = client.get_user("Teacher-1")
    assert (member.userid, member.name, member.active) == ("teacher-1", "教师一", True)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_comes_back_with_its_name(client: WeComApi, name: str) -> None:
    media_id = client.upload_media("file", name, io.BytesIO(CONTENT))
    sink = io.BytesIO()
    assert fetch_app_media(media_id, client, sink).name == name
    assert sink.getvalue() == CONTENT


@pytest.mark.parametrize("style", ["both", "star", "plain"])
@pytest.mark.parametrize("name", NAMES)
def test_a_file_sent_to_the_bot_is_fetched_and_decrypted(sim: SimulatorServer, name: str, style: str) -> None:
    sim.platform.pace.disposition = style
    stored = sim.platform.media.keep(name, "file", CONTENT, from_member=True)
    sink = io.BytesIO()
    fetched = fetch_aibot_media(
        f"{sim.url}/media/{stored.key}",
        decode_key(sim.settings.bot_aes_key),
        sink,
        deadline=time.monotonic() + 10,
        policy=UrlPolicy(allow_loopback=True),
    )
    assert (fetched.name, sink.getvalue()) == (name, CONTENT)


def test_an_expired_file_is_told(sim: SimulatorServer, client: WeComApi) -> None:
    stored = sim.platform.media.keep("a", "file", CONTENT, from_member=True)
    sim.platform.media.expire_all()
    with pytest.raises(MediaError) as failure:
        fetch_aibot_media(
            f"{sim.url}/media/{stored.key}",
            decode_key(sim.settings.bot_aes_key),
            io.BytesIO(),
            deadline=time.monotonic() + 10,
            policy=UrlPolicy(allow_loopback=True),
        )
    assert failure.value.fault is MediaFault.EXPIRED
    with pytest.raises(MediaError) as failure:
        fetch_app_media(stored.key, client, io.BytesIO())
    assert failure.value.fault is MediaFault.EXPIRED
