"""message/send, message/recall and message/update_template_card: documents 90236, 94867 and 94888."""

from __future__ import annotations

import json
import secrets
import threading
from dataclasses import dataclass
from typing import Any

from simulator.api_errors import ApiError
from simulator.cards import CALLING_BACK, card_faults
from simulator.chats import APP, thread_of
from simulator.core import Core
from simulator.outgoing import Outgoing, check_content
from simulator.settings import ROOT_DEPARTMENT, Person

Json = dict[str, Any]

_USERS = 1000
_PARTIES = 100
_DUPLICATE_DEFAULT = 1800
_DUPLICATE_MOST = 14400
_MINUTE = 60.0
_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class _Recipients:
    people: tuple[Person, ...]
    invalid: tuple[str, ...]
    invalid_parties: tuple[str, ...]
    invalid_tags: tuple[str, ...]
    unlicensed: tuple[str, ...]


@dataclass(slots=True)
class _Card:
    task_id: str
    made_at: float
    used: bool = False


class Sending:
    """The app's way to people's chats. Thread-safe; calls of one moment are taken one after the other."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._lock = threading.RLock()
        self._seen: dict[bytes, tuple[float, Json]] = {}
        self._times: dict[str, list[float]] = {}
        self._sent: dict[str, float] = {}
        self._task_ids: set[str] = set()
        self._codes: dict[str, _Card] = {}

    def send(self, raw: bytes) -> Json:
        """message/send: checks, duplicate check, delivery. Raises ApiError."""
        body = parse(raw)
        with self._lock:
            check_agent(self._core, body)
            recipients = self._recipients(body)
            outgoing = check_content(self._core, body)
            interval = _interval(body)
            if interval and (before := self._duplicate(raw, interval)):
                return before
            self._check_task(outgoing)
            answer = self._accept(body, outgoing, recipients)
            if interval:
                self._seen[raw] = (self._core.clock(), answer)
            return answer

    def new_code(self, task_id: str) -> str:
        """A response_code for a card: 72 hours, one use."""
        code = secrets.token_urlsafe(32)
        with self._lock:
            self._codes[code] = _Card(task_id, self._core.clock())
        return code

    def recall(self, raw: bytes) -> Json:
        """message/recall within 24 hours. Raises ApiError 40058."""
        msgid = parse(raw).get("msgid")
        with self._lock:
            sent_at = self._sent.get(str(msgid))
            if sent_at is None or self._core.clock() - sent_at > self._core.pace.recall_life:
                raise ApiError(40058, "msgid")
            del self._sent[str(msgid)]
        for shown in self._core.chats.find(lambda s: s.msgid == msgid and s.author == APP):
            self._core.chats.change(shown.number, recalled=True)
        self._core.ledger.add("recall", channel=APP, msgid=msgid)
        return {}

    def update_card(self, raw: bytes) -> Json:
        """message/update_template_card with a response_code. Raises ApiError."""
        core, body = self._core, parse(raw)
        check_agent(core, body)
        users = [str(user) for user in _list(body, "userids")]
        with self._lock:
            card = self._codes.get(str(body.get("response_code")))
            if card is None or card.used or core.clock() - card.made_at > core.pace.response_code_life:
                raise ApiError(40058, "response_code")
            new = self._replacement(body, card)
            card.used = True
        everybody = bool(body.get("atall"))
        invalid = [user.lower() for user in users if core.settings.person(user) is None]
        wanted = {user.lower() for user in users}
        for shown in core.chats.find(lambda s: s.author == APP and (s.card or {}).get("task_id") == card.task_id):
            if everybody or shown.userid.lower() in wanted:
                core.chats.change(shown.number, card={**(shown.card or {}), **new})
        core.ledger.add("card_updated", channel=APP, task_id=card.task_id, userids=users)
        return {"invaliduser": invalid}

    def _replacement(self, body: Json, card: _Card) -> Json:
        button = body.get("button")
        if isinstance(button, dict) and button.get("replace_name"):
            return {"replaced": str(button["replace_name"])}
        new = body.get("template_card")
        if not isinstance(new, dict):
            raise ApiError(40058, "button or template_card missing")
        new = {**new, "task_id": new.get("task_id", card.task_id)}
        if faults := card_faults(new, for_bot=False):
            raise ApiError(40058, "template_card: " + "; ".join(faults))
        return {**new, "task_id": card.task_id, "replaced": str(new.get("replace_text", ""))}

    def _recipients(self, body: Json) -> _Recipients:
        core = self._core
        users, parties, tags = (_names(body, name) for name in ("touser", "toparty", "totag"))
        if not (users or parties or tags):
            given = any(name in body for name in ("touser", "toparty", "totag"))
            raise ApiError(82001 if given else 81012)
        for names, most, code in ((users, _USERS, 40032), (parties, _PARTIES, 82002), (tags, _PARTIES, 82003)):
            if len(names) > most:
                raise ApiError(code)
        in_scope = tuple(person for person in core.settings.people if person.in_app_scope)
        if users == ["@all"]:
            return _split(in_scope, (), (), ())
        by_id = {person.userid.lower(): person for person in in_scope}
        found = {user.lower(): by_id[user.lower()] for user in users if user.lower() in by_id}
        known = {str(ROOT_DEPARTMENT)} | {str(n) for p in in_scope for n in core.settings.department_ids(p)}
        for person in in_scope:
            ids = {str(n) for n in core.settings.department_ids(person)} | {str(ROOT_DEPARTMENT)}
            if ids & set(parties):
                found[person.userid.lower()] = person
        invalid = tuple(dict.fromkeys(user.lower() for user in users if user.lower() not in by_id))
        bad_parties = tuple(party for party in parties if party not in known)
        if not found:
            core.ledger.add("invalid", channel=APP, userids=list(invalid), errcode=81013)
            raise ApiError(81013)
        return _split(tuple(found.values()), invalid, bad_parties, tuple(tags))

    def _duplicate(self, raw: bytes, interval: float) -> Json | None:
        before = self._seen.get(raw)
        if before is None or self._core.clock() - before[0] > interval:
            return None
        self._core.ledger.add("duplicate", channel=APP, msgid=before[1].get("msgid"))
        return before[1]

    def _check_task(self, outgoing: Outgoing) -> None:
        task_id = (outgoing.card or {}).get("task_id")
        if task_id is not None:
            if task_id in self._task_ids:
                raise ApiError(40058, "task_id used before")
            self._task_ids.add(task_id)

    def _accept(self, body: Json, outgoing: Outgoing, to: _Recipients) -> Json:
        core, msgid = self._core, secrets.token_urlsafe(32)
        self._sent[msgid] = core.clock()
        ids = [person.userid for person in to.people]
        core.ledger.add("accepted", channel=APP, msgid=msgid, msgtype=body["msgtype"], userids=ids, body=body)
        for kind, names in (("invalid", to.invalid), ("unlicensed", to.unlicensed)):
            for name in names:
                core.ledger.add(kind, name, APP, msgid=msgid)
        if outgoing.cut:
            core.ledger.add("truncated", channel=APP, msgid=msgid, parts=list(outgoing.cut))
        for person in to.people:
            self._deliver(person, outgoing, msgid)
        answer = {
            "invaliduser": "|".join(to.invalid),
            "invalidparty": "|".join(to.invalid_parties),
            "invalidtag": "|".join(to.invalid_tags),
            "unlicenseduser": "|".join(to.unlicensed),
            "msgid": msgid,
        }
        card = outgoing.card or {}
        if card.get("card_type") in CALLING_BACK or "action_menu" in card:
            answer["response_code"] = self.new_code(card["task_id"])
        return answer

    def _deliver(self, person: Person, outgoing: Outgoing, msgid: str) -> None:
        core, now = self._core, self._core.clock()
        times = [at for at in self._times.get(person.userid, []) if now - at < _HOUR]
        self._times[person.userid] = times
        minute = sum(now - at < _MINUTE for at in times)
        if minute >= core.pace.sends_per_minute or len(times) >= core.pace.sends_per_hour:
            core.ledger.add("dropped", person.userid, APP, msgid=msgid)
            return
        times.append(now)
        shown = core.chats.show(
            thread_of(person.userid, APP), APP, outgoing.kind, outgoing.text, userid=person.userid, msgid=msgid,
            card=outgoing.card, attachment=outgoing.attachment, details=outgoing.details,
        )  # fmt: skip
        core.ledger.add("delivered", person.userid, APP, msgid=msgid, shown=shown.number, msgtype=outgoing.kind)


def _split(people: tuple[Person, ...], invalid: tuple[str, ...], *rest: tuple[str, ...]) -> _Recipients:
    unlicensed = tuple(person.userid.lower() for person in people if not person.licensed)
    return _Recipients(tuple(person for person in people if person.licensed), invalid, rest[0], rest[1], unlicensed)


def parse(raw: bytes) -> Json:
    """A JSON object from a request body. Raises ApiError 40035."""
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise ApiError(40035, "body is not JSON") from error
    if not isinstance(body, dict):
        raise ApiError(40035, "body is not an object")
    return body


def check_agent(core: Core, body: Json) -> None:
    """Raise ApiError 40056 for a missing agentid and 301002 for that of another app."""
    agent = body.get("agentid")
    if isinstance(agent, str) and agent.isdecimal():
        agent = int(agent)
    if not isinstance(agent, int) or isinstance(agent, bool):
        raise ApiError(40056)
    if agent != core.settings.agent_id:
        raise ApiError(301002)


def _names(body: Json, name: str) -> list[str]:
    value = body.get(name, "")
    if not isinstance(value, str):
        raise ApiError(40058, f"{name} is not a string")
    return [part for part in value.split("|") if part]


def _list(body: Json, name: str) -> list[Any]:
    value = body.get(name, [])
    if not isinstance(value, list):
        raise ApiError(40058, f"{name} is not a list")
    return value


def _interval(body: Json) -> float:
    if body.get("enable_duplicate_check", 0) not in (0, 1):
        raise ApiError(40058, "enable_duplicate_check")
    value = body.get("duplicate_check_interval", _DUPLICATE_DEFAULT)
    if not isinstance(value, int) or not 0 < value <= _DUPLICATE_MOST:
        raise ApiError(40058, "duplicate_check_interval")
    return float(value) if body.get("enable_duplicate_check") else 0.0
