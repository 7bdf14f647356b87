"""Every address of the application, asked for by everybody with the keys of another unit: refused or not found, with
not one word, number or name of that unit in what comes back, and nothing of it changed."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

import pytest
from acting_world import DIRECT, World, fields, open_world
from flask.testing import FlaskClient
from foreign_unit import LEADS, LEFT_OUT, MARKERS, NEIGHBOUR, OPEN, UNIT, Foreign, settle
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from domain.roles import Role
from store import people
from store.schema.campaign import Audit, Case, CaseState
from store.schema.mail import Outbox

# What a refusal may be: the login, no right, nothing there, no such way to ask, a form that is not whole.
REFUSED = frozenset({301, 302, 308, 400, 401, 403, 404, 405})
ATTACKERS = ("nobody", "newcomer", "teacher", "coordinator", "school-head", "left", "es-colleague")
_PART = re.compile(r"<[^>]+>")
_CHANGING = re.compile(r'value="[\w-]{20,40}"|"X-CSRF-Token":"[\w-]+"|\d{4}-\d\d-\d\dT[\d:]{8}Z')


@dataclass
class Attack:
    """One browser, and everything that came back to it."""

    client: FlaskClient
    form: dict[str, str]
    faults: list[str] = field(default_factory=list)

    def ask(self, method: str, path: str, data: dict[str, str] | None = None) -> TestResponse:
        """Ask, and look through all that comes back."""
        answer = self.client.open(path, method=method, data=data, buffered=True)
        for marker in MARKERS:
            if marker in words_in(answer):
                self.faults.append(f"{method} {path}: {answer.status_code} says {marker}")
        if answer.status_code >= 500:
            self.faults.append(f"{method} {path}: {answer.status_code}")
        return answer

    def refused(self, method: str, path: str, data: dict[str, str] | None = None) -> None:
        """The same for what is none of this person's business."""
        answer = self.ask(method, path, data)
        silent = method == "OPTIONS" and answer.status_code in {200, 204} and not answer.data
        if answer.status_code not in REFUSED and not silent:
            self.faults.append(f"{method} {path}: {answer.status_code}")


@pytest.fixture(scope="module")
def world(postgres_url_factory, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two counties and a school; the second county has what the others are after."""
    made = open_world(postgres_url_factory(), tmp_path_factory.mktemp("cross"))
    made.enrol("teacher", Role.TEACHER, NEIGHBOUR, "张老师", "13800000001")
    made.enrol("coordinator", Role.COORDINATOR, NEIGHBOUR, "王协调", "13800000002")
    made.enrol("school-head", Role.COORDINATOR, DIRECT, "刘校长", "13800000003")
    made.enrol("admin", Role.ADMIN, None, "州管理员")
    made.enrol("newcomer", Role.TEACHER, None, "新来的")
    made.case("teacher", CaseState.SUBMITTED)
    made.case("teacher", CaseState.RECOMMENDED)
    yield made
    made.services.close()


@pytest.fixture(scope="module")
def seen_before(world: World) -> dict[str, dict[str, str]]:
    """What the neighbours' own pages said while the other county had nothing."""
    return {who: own_pages(world, who) for who in ("coordinator", "school-head", "teacher")}


@pytest.fixture(scope="module")
def foreign(world: World, seen_before: dict[str, dict[str, str]]) -> Foreign:
    made = settle(world)
    world.enrol("es-colleague", Role.TEACHER, UNIT, "同县老师")
    world.enrol("left", Role.COORDINATOR, UNIT, "从前的协调员")
    with world.services.database.begin() as session:
        person = people.by_userid(session, "left")
        assert person is not None
        person.left_at = world.services.clock.now()
    return made


def words_in(answer: TestResponse) -> str:
    """Everything a person could read in it: the headers, and the body with all that is packed in it."""
    head = "\n".join(f"{name}: {value}" for name, value in answer.headers)
    return f"{unquote(head)}\n{unpacked(answer.data)}"


def unpacked(data: bytes) -> str:
    if data[:2] != b"PK":
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return "\n".join(name + unpacked(package.read(name)) for name in package.namelist())


def rules(world: World) -> dict[str, set[str]]:
    """Every rule of the application with its methods."""
    found: dict[str, set[str]] = {}
    for rule in world.app().url_map.iter_rules():
        found.setdefault(rule.rule, set()).update(rule.methods or ())
    return found


def filled(rule: str, lead: str) -> str:
    """The address of this rule with these parts; what stands behind a question mark stays at the end."""
    parts = iter(lead.split("\0"))
    return _PART.sub(lambda _: next(parts), rule)


def own_pages(world: World, who: str) -> dict[str, str]:
    """What a person's own pages say, without what changes with each request."""
    client = world.client(who)
    paths = [path for path in OPEN if path.startswith("/console") and "log" not in path and path != "/console/upload"]
    shown = {path: client.get(path, buffered=True) for path in paths}
    return {path: _CHANGING.sub("", unpacked(answer.data)) for path, answer in shown.items()}


def begin(world: World, who: str) -> Attack:
    """A browser of this person in a web process of its own, and a form that would do what it says."""
    app = world.app()
    client = app.test_client() if who == "nobody" else world.client(who, app)
    form = fields(client.get("/console/")) | {"once": f"attack-by-{who}".ljust(24, "x"), "sign": "ABCD"}
    return Attack(client, form | {"said": "外来的话要够长", "picked": "B1", "wanted": "yes"})


def test_every_address_is_known_here(world: World) -> None:
    named = set(LEADS) | set(OPEN) | LEFT_OUT
    found = set(rules(world))
    assert found - named == set(), "name in foreign_unit.py what these addresses could give away"
    assert named - found == set()
    assert {rule for rule in found if _PART.search(rule)} - set(LEADS) == {rule for rule in OPEN if _PART.search(rule)}


@pytest.mark.parametrize("who", ATTACKERS)
def test_what_belongs_to_another_unit_is_refused(world: World, foreign: Foreign, who: str) -> None:
    attack, before = begin(world, who), everything_of(world, foreign)
    for rule, methods in rules(world).items():
        for number, lead in enumerate(LEADS[rule](foreign) if rule in LEADS else ()):
            path = filled(rule, lead)
            attack.refused("GET", path)
            if "POST" in methods and rule.startswith("/console"):
                attack.refused("POST", path, attack.form | {"once": f"{number:024d}"})
            if number == 0:
                for method in ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"):
                    attack.refused(method, path)
                attack.refused("POST", path, {"said": "没有令牌"})
                attack.refused("GET", f"{path}/")
                attack.refused("GET", path.replace("/console/", "/console//", 1).replace("/upload/", "//upload/", 1))
    assert attack.faults == []
    assert everything_of(world, foreign) == before


@pytest.mark.parametrize("who", ATTACKERS)
def test_what_everybody_may_open_says_nothing_of_another_unit(world: World, foreign: Foreign, who: str) -> None:
    attack, before = begin(world, who), everything_of(world, foreign)
    for path, queries in OPEN.items():
        for query in queries:
            attack.ask("GET", path + query)
            attack.ask("HEAD", path + query)
            attack.ask("POST", path + query, attack.form | {"unit": UNIT, "unit_id": UNIT, "once": "o" * 24})
    assert attack.faults == []
    assert everything_of(world, foreign) == before


def test_the_neighbours_pages_are_what_they_were_to_the_last_number(
    world: World,
    seen_before: dict[str, dict[str, str]],
    foreign: Foreign,
) -> None:
    for who, pages in seen_before.items():
        assert own_pages(world, who) == pages


def test_nobody_reaches_anothers_upload_with_a_ticket_of_their_own(world: World, foreign: Foreign) -> None:
    client, desk = world.client("coordinator"), world.services.desk
    assert desk is not None
    with world.services.database.read() as session:
        person = people.by_userid(session, "coordinator")
        assert person is not None
    mine = desk.tickets.make(person.id, world.services.clock.real(), world.services.randomness).token
    head = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    for method, data in (("HEAD", b""), ("PATCH", b"mine now!!"), ("DELETE", b""), ("GET", b"")):
        path = f"/upload/{mine}/files/{foreign.upload}"
        answered = client.open(path, method=method, headers=head, data=data, buffered=True)
        assert answered.status_code in {404, 405}, method
        own = client.open(f"/upload/{foreign.ticket}/files/{foreign.upload}", method="HEAD", headers=head)
        assert (own.status_code, own.headers["Upload-Offset"]) == (200, "0"), f"{method} went through"


def test_the_bureau_finds_what_the_others_were_after(world: World, foreign: Foreign) -> None:
    """The addresses are right and the words can be found: else the attack would prove nothing."""
    attack = begin(world, "admin")
    for path in (f"/console/summary/{UNIT}", f"/console/exports/{UNIT}/materials.zip"):
        assert attack.ask("GET", path).status_code == 200
    found = {fault.rsplit(" ", 1)[1] for fault in attack.faults}
    assert found >= {MARKERS[0], MARKERS[3], MARKERS[7]}
    assert found.isdisjoint({MARKERS[5], MARKERS[6]}), "whole numbers are for the unit alone"
    own = begin(world, "es-head")
    for number in foreign.answers:
        own.ask("GET", f"/console/answers/{number}")
    assert own.ask("GET", f"/console/cases/{foreign.receipts[0]}/return").status_code == 200
    assert own.ask("GET", f"/f/{foreign.file}").status_code == 200
    assert {fault.rsplit(" ", 1)[1] for fault in own.faults} >= {MARKERS[1], MARKERS[2], MARKERS[5], MARKERS[8]}


def everything_of(world: World, foreign: Foreign) -> tuple[object, ...]:
    """What must not change: the unit's cases, what was done to them, what its people were told, its report."""
    with world.services.database.read() as session:
        cases = [
            (case.receipt, case.state, case.title, case.category, case.school, case.revision)
            for case in session.scalars(select(Case).where(Case.unit_id == UNIT).order_by(Case.id))
        ]
        done = session.scalar(select(func.count()).select_from(Audit).where(Audit.case_id.in_(_ids(UNIT))))
        units = [row.detail for row in session.scalars(select(Audit).where(Audit.act.like("unit.%")))]
        told = session.scalar(select(func.count()).select_from(Outbox).where(Outbox.lane.like("es-%")))
    return cases, done, [each for each in units if each.get("unit") == UNIT], told, foreign.report


def _ids(unit_id: str):
    return select(Case.id).where(Case.unit_id == unit_id)
