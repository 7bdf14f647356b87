"""What a stand-in platform is set up with: a corp, its app, its bot and its people."""

from __future__ import annotations

import base64
import json
import os
import secrets
import tomllib
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

_TOKEN_BYTES = 12
_SECRET_BYTES = 32
ROOT_DEPARTMENT = 1


class SettingsError(Exception):
    """A settings or people file that cannot be used; the text says why."""


def _token() -> str:
    return secrets.token_hex(_TOKEN_BYTES)


def _secret() -> str:
    return secrets.token_urlsafe(_SECRET_BYTES)


def _aes_key() -> str:
    # Standard alphabet, as the real one: 43 characters, the last "=" left out.
    while True:
        key = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        if key.isalnum():
            return key


@dataclass(frozen=True, slots=True)
class Person:
    """One member of the corp.

    `in_app_scope` False: outside the app's 可见范围, so that pushes name them in `invaliduser`. `bot_userid`: the
    opaque id (`wo…`) under which the AI bot sees this person, empty for the plain one. `licensed` False: pushes name
    them in `unlicenseduser`. `activated` False: invited, but never signed in (document 90196).
    """

    userid: str
    name: str
    department: str = ""
    in_app_scope: bool = True
    bot_userid: str = ""
    licensed: bool = True
    activated: bool = True
    note: str = ""

    @property
    def bot_sender(self) -> str:
        """The id in `from.userid` of the AI bot's callbacks."""
        return self.bot_userid or self.userid


@dataclass(frozen=True, slots=True)
class Group:
    """A group chat the AI bot is in. `chatid` is case-sensitive."""

    chatid: str
    name: str


@dataclass(frozen=True, slots=True)
class PlatformSettings:
    """Credentials are made up at random unless given; an empty callback URL means: that channel is not set up.

    `app_home_url`: the app's 应用主页, which the 工作台 opens; empty: it has none. `app_domain`: its 可信域名."""

    corp_id: str = "ww5a1e0c7b3d2f4a68"
    agent_id: int = 1000002
    app_secret: str = field(default_factory=_secret, repr=False)
    app_token: str = field(default_factory=_token, repr=False)
    app_aes_key: str = field(default_factory=_aes_key, repr=False)
    bot_token: str = field(default_factory=_token, repr=False)
    bot_aes_key: str = field(default_factory=_aes_key, repr=False)
    bot_id: str = "aibCASEKEEPER0001"
    bot_name: str = "案例管家"
    app_callback_url: str = ""
    bot_callback_url: str = ""
    app_home_url: str = ""
    app_domain: str = ""
    people: tuple[Person, ...] = ()
    groups: tuple[Group, ...] = (Group("wrGROUP0001", "案例征集交流群"),)

    def departments(self) -> tuple[str, ...]:
        """Department names in order; the id of the first is 2 (1 is the root)."""
        return tuple(dict.fromkeys(person.department for person in self.people if person.department))

    def department_ids(self, person: Person) -> list[int]:
        """The ids user/get shows for `person`."""
        if not person.department:
            return [ROOT_DEPARTMENT]
        return [ROOT_DEPARTMENT + 1 + self.departments().index(person.department)]

    def person(self, userid: str) -> Person | None:
        """The member with this plain userid; case does not matter in WeCom."""
        wanted = userid.lower()
        return next((person for person in self.people if person.userid.lower() == wanted), None)


def load_people(path: Path) -> tuple[Person, ...]:
    """Read `[[people]]` from a TOML roster; keys the platform does not need are ignored. Raises SettingsError."""
    try:
        rows = tomllib.loads(path.read_text("utf-8")).get("people", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from error
    return _people([{**row, "department": row.get("unit") or row.get("department", "")} for row in rows], path)


def _people(rows: list[dict[str, Any]], path: Path) -> tuple[Person, ...]:
    known = {item.name for item in fields(Person)}
    people: list[Person] = []
    for row in rows:
        note = row.get("note") or row.get("school", "")
        values = {key: value for key, value in row.items() if key in known} | {"note": note}
        try:
            people.append(Person(**values))
        except TypeError as error:
            raise SettingsError(f"{path}: {error}") from error
    ids = [person.userid.lower() for person in people]
    if doubles := sorted({userid for userid in ids if ids.count(userid) > 1}):
        raise SettingsError(f"{path}: userid given twice: {', '.join(doubles)}")
    return tuple(people)


def load_settings(path: Path) -> PlatformSettings:
    """Read PlatformSettings from a JSON object with the same field names. Raises SettingsError."""
    try:
        values = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path}: {error}") from error
    if not isinstance(values, dict):
        raise SettingsError(f"{path}: an object is expected")
    known = {item.name for item in fields(PlatformSettings)}
    if unknown := sorted(set(values) - known):
        raise SettingsError(f"{path}: unknown settings {', '.join(unknown)}; known: {', '.join(sorted(known))}")
    values["people"] = _people(values.get("people", []), path)
    if "groups" in values:
        values["groups"] = tuple(Group(**group) for group in values["groups"])
    return PlatformSettings(**values)


def save_settings(settings: PlatformSettings, path: Path) -> None:
    """Write settings as JSON, readable by the owner only, for `load_settings`."""
    text = json.dumps(asdict(settings), ensure_ascii=False, indent=2)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text + "\n")


def with_people(settings: PlatformSettings, people: tuple[Person, ...]) -> PlatformSettings:
    """The same settings with another roster."""
    return replace(settings, people=people)
