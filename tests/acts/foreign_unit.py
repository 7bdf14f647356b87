"""What a unit has that no other may see, full of words that stand nowhere else, and every address that could lead to
it. An address of the application that is not named here fails the test: a new page cannot be forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from acting_world import World, send

from bot.console.case_acts import CASE_ACTS
from bot.packing import pack_one
from domain.chat import OutgoingFile
from domain.contact import Contact
from domain.receipt import ALPHABET
from domain.roles import Role
from store import contacts, handouts, reports, uploads
from store.schema.campaign import CaseState

UNIT, NEIGHBOUR = "enshi", "lichuan"
# Parts of them may be asked for; whole they stand in no request.
MARKERS = (
    "朱雀玄武之案例", "白虎青龙之案例", "麒麟凤凰之案例", "孔夫子甲乙", "孟夫子丙丁", "13911112222", "13933334444",
    "鲲鹏展翅.docx", "因为龟兔赛跑",
)  # fmt: skip


@dataclass(frozen=True)
class Foreign:
    """The keys of what belongs to that unit."""

    receipts: tuple[str, ...]
    answers: tuple[int, ...]
    file: str
    ticket: str
    upload: str
    report: str

    @property
    def forged(self) -> tuple[str, ...]:
        """Numbers that are almost those of its cases."""
        first = self.receipts[0]
        following = ALPHABET[(ALPHABET.index(first[-1]) + 1) % len(ALPHABET)]
        return (f"{first[:-1]}{following}", first.lower(), first.replace("-", ""), f" {first}", f"{first}%00", "'--")


def settle(world: World) -> Foreign:
    """People and cases of the unit: one that waits, one that was returned, one that is reported, with its package."""
    world.enrol("es-head", Role.COORDINATOR, UNIT, MARKERS[4], MARKERS[6])
    world.enrol("es-teacher", Role.TEACHER, UNIT, MARKERS[3], MARKERS[5])
    services, now = world.services, world.services.clock.now()
    going = world.case("es-teacher", CaseState.RECOMMENDED, MARKERS[0], name=MARKERS[7])
    with services.database.begin() as session:
        contact = Contact(MARKERS[3], MARKERS[5])
        contacts.set_for_case(session, world.row(going).id, contact, actor_id=None, now=now)
    head = world.client("es-head")
    answered = [int(send(head, "/console/summary/report").headers["Location"].rsplit("/", 1)[1])]
    returned = world.case("es-teacher", CaseState.SUBMITTED, MARKERS[1], findings=("字数太少",))
    sent = send(head, f"/console/cases/{returned}/return", said=MARKERS[8])
    answered.append(int(sent.headers["Location"].rsplit("/", 1)[1].partition("?")[0]))
    waiting = world.case("es-teacher", CaseState.SUBMITTED, MARKERS[2])
    with services.database.begin() as session:
        report = reports.in_force(session, UNIT)
        assert report is not None
    pack_one(services, report.id)
    return Foreign((waiting, going, returned), tuple(answered), *_by_link(world, report.id))


def _by_link(world: World, report_id: int) -> tuple[str, str, str, str]:
    services = world.services
    assert services.links is not None
    assert services.desk is not None
    person, now = world.enrol("es-teacher", Role.TEACHER, UNIT, MARKERS[3], MARKERS[5]), services.clock.real()
    ticket = services.desk.tickets.make(person, now, services.randomness)
    with services.database.begin() as session:
        report = reports.get(session, report_id)
        assert report.package_sha256 is not None
        file = OutgoingFile(MARKERS[7], report.package_sha256, report.package_size or 0)
        row = handouts.add(session, "es-head", file, now)
        handouts.open_link(row, now)
        begun = uploads.begin(
            session,
            upload_id="u" * 32,
            ticket=ticket.nonce,
            person_id=person,
            name=MARKERS[7],
            file_print="",
            size=10,
            now=now,
            expires_at=ticket.until,
        )
        link = services.links.address(row.id).rsplit("/", 1)[1]
        return link, ticket.token, begun.id, report.number


def _resigned(token: str) -> str:
    return f"{token[:-1]}{'A' if token[-1] != 'A' else 'B'}"


Paths = Callable[[Foreign], Iterable[str]]


def _only(*paths: str) -> Paths:
    return lambda _: paths


# Below each rule: addresses that lead to what is that unit's, or to nothing. Rules without a right to be asked for (an
# address that is a secret itself) get secrets that are almost right.
LEADS: Mapping[str, Paths] = {
    "/r/<number>": lambda of: of.forged[:1],
    "/f/<token>": lambda of: (_resigned(of.file), of.file.partition("-")[0], f"1-{of.file.partition('-')[2]}"),
    "/static/<path:name>": _only("../templates/receipt.html", "..%2fweb.py", "pages.css.gz", "/etc/passwd"),
    "/WW_verify_<code>.txt": _only("AbC123"),
    "/upload/<token>": lambda of: (_resigned(of.ticket), f"1{of.ticket}"),
    "/upload/<token>/state": lambda of: (_resigned(of.ticket),),
    "/upload/<token>/files": lambda of: (_resigned(of.ticket),),
    "/upload/<token>/files/<upload_id>": lambda of: (f"{_resigned(of.ticket)}\0{of.upload}",),
    "/console/board/<unit_id>": _only(UNIT, UNIT.upper(), "nowhere", "%2e%2e"),
    "/console/cases/<receipt>": lambda of: (*of.receipts, *of.forged, f"{of.receipts[1]}?version=1"),
    "/console/cases/<receipt>/files/<which>": lambda of: (
        *(f"{receipt}\0main-1" for receipt in (*of.receipts, *of.forged)),
        f"{of.receipts[0]}\0supporting-1",
    ),
    "/console/cases/<receipt>/copies/<which>": lambda of: (
        *(f"{receipt}\0annotate-1" for receipt in (*of.receipts, *of.forged)),
        f"{of.receipts[0]}\0reformat-1",
    ),
    "/console/cases/<receipt>/<name>": lambda of: (
        *(f"{of.receipts[0]}\0{act.name}" for act in CASE_ACTS),
        *(f"{receipt}\0return" for receipt in (*of.receipts[1:], *of.forged)),
        f"{of.receipts[0]}\0delete",
    ),
    "/console/answers/<int(max=2147483647):number>": lambda of: (
        *(str(number + off) for number in of.answers for off in (0, -1, 1)),
        f"{of.answers[0]}?of={of.receipts[0]}",
        "99999999999999999999",
    ),
    "/console/summary/<unit_id>": _only(UNIT, UNIT.upper(), "nowhere", "%2e%2e"),
    "/console/summary/<unit_id>/reopen": _only(UNIT),
    "/console/summary/routes/<route_id>": _only("nowhere"),
    "/console/exports/<unit_id>/summary.docx": _only(UNIT, "nowhere"),
    "/console/exports/<unit_id>/materials.zip": _only(UNIT, "nowhere"),
}
# Rules without a part to fill in: what they show is the visitor's own, whatever is asked for behind the question mark.
OPEN: Mapping[str, tuple[str, ...]] = {
    "/wecom/app": ("",),
    "/wecom/aibot": ("",),
    "/console/login": ("", "?to=/console/summary/enshi"),
    "/console/login/done": ("", "?code=x&state=y"),
    "/console": ("",),
    "/console/": ("", f"?unit={UNIT}"),
    "/console/board": ("", f"?unit={UNIT}&unit_id={UNIT}"),
    "/console/cases": ("", f"?unit={UNIT}", "?q=%E6%9C%B1%E9%9B%80", "?school=x&step=recommended", "?late=1&page=2"),
    "/console/mine": ("", f"?unit={UNIT}&person_id=1"),
    "/console/summary": ("", f"?unit={UNIT}&unit_id={UNIT}"),
    "/console/summary/report": ("", f"?unit={UNIT}"),
    "/console/summary/stamped": ("", f"?unit={UNIT}"),
    "/console/exports": ("", f"?unit={UNIT}"),
    "/console/exports/progress.xlsx": ("", f"?unit={UNIT}&all=1"),
    "/console/upload": (f"?person_id=1&unit={UNIT}",),
    "/healthz": ("",),
    "/readyz": ("",),
    "/metrics": ("",),
}
# It ends the session that the attack needs; the login's own tests look at it.
LEFT_OUT = frozenset({"/console/logout"})
