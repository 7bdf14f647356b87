"""What the tests of files that go out share: asking for the template, what came, and fetching a link over HTTP."""

from __future__ import annotations

import re

import requests
from installation import Installation

from documents.case_template import case_template
from simulator.platform import Shown

PUBLIC = "https://bot.example.edu.cn"
NAME = "案例参考模板.docx"
HIDDEN = "hidden-1"
_ADDRESS = re.compile(rf"{PUBLIC}(/f/[\w-]+)")


def shown(service: Installation, userid: str, channel: str) -> list[Shown]:
    """What the bot showed this person, in order."""
    return [each for each in service.platform.chat(userid, channel) if each.author not in {"person", "platform"}]


def files(service: Installation, userid: str) -> list[bytes]:
    """Bytes of the files this person got through the app, in order, all under the template's name."""
    got = [each for each in shown(service, userid, "app") if each.kind == "file"]
    assert {each.attachment["name"] for each in got} <= {NAME}
    return [service.platform.media.get(each.attachment["id"]).data for each in got]


def ask(service: Installation, userid: str, channel: str = "bot") -> None:
    """Ask for the template and wait until everything has an end."""
    service.platform.say(userid, "模板发我", channel=channel)
    service.wait(lambda: service.settled() and service.outgoing_ended() and shown(service, userid, channel))


def link(service: Installation, userid: str, channel: str = "bot") -> str:
    """The path of the one link this person was given."""
    said = "\n".join(each.text for each in shown(service, userid, channel))
    found = _ADDRESS.findall(said)
    assert len(found) == 1, said
    return str(found[0])


def fetch(service: Installation, path: str, method: str = "GET", **headers: str) -> requests.Response:
    """What the running web server answers."""
    base = service.platform.core.callback_urls["app"].removesuffix("/wecom/app")
    with requests.Session() as session:
        session.trust_env = False
        return session.request(method, base + path, headers=headers, timeout=10)


def template(service: Installation) -> bytes:
    """The bytes that should arrive."""
    return case_template(service.services.notice)
