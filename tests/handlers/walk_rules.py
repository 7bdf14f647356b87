"""What must hold after everything anybody says, computed anew from the rows by rules that know nothing of the product's
own: where cases may go, what is never lost, whose words reach whom, and what the counts are."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from random_walk import MARKERS, Step, Walk
from sqlalchemy import select

from store import quotas, reach
from store.schema.campaign import Audit, Case, Material, Person

# The way of a case as the design draws it, written down once more by hand.
WAYS = {
    "received": {"received", "needs_fix", "submitted", "withdrawn"},
    "needs_fix": {"received", "needs_fix", "submitted", "withdrawn"},
    "submitted": {"received", "needs_fix", "submitted", "returned", "recommended", "not_selected", "withdrawn"},
    "returned": {"received", "needs_fix", "submitted", "withdrawn"},
    "recommended": {"submitted", "reported", "withdrawn"},
    "reported": {"recommended", "awarded", "not_awarded"},
    "not_selected": {"submitted"},
    "withdrawn": {"received"},
    "awarded": {"awarded", "not_awarded"},
    "not_awarded": {"awarded", "not_awarded"},
}
COUNTED = {"recommended", "reported", "awarded", "not_awarded"}
ADMIN_ACTS = {"case.clear", "case.marks"}
STAFF_ACTS = {"case.recommend", "case.unrecommend", "case.return", "case.reclassify", "case.report", "case.pass_over"}
OWNER_ACTS = {"case.withdraw", "case.revive", "case.submit_anyway"}
_LINE = re.compile(r"^(A1|A2|B1|B2|C)　需(\d+)　已推荐(\d+)　(?:还差(\d+)|✅)", re.MULTILINE)


class Rules:
    """Keeps what was seen before, so that a loss shows."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.materials: dict[int, tuple[str, str]] = {}
        self.audited = 0
        self.states: dict[int, str] = {}
        self.ways: set[tuple[str, str]] = set()

    def hold(self, step: Step) -> None:
        """Everything, after one step. Raises AssertionError with what was said."""
        where = f"seed {self.walk.seed}: {step.line}\n{step.heard.text}"
        self._nothing_of_others(step, where)
        with self.walk.stage.database.read() as session:
            cases = {case.id: case for case in session.scalars(select(Case))}
            people = {person.id: person for person in session.scalars(select(Person))}
            audit = list(session.scalars(select(Audit).where(Audit.id > self.audited).order_by(Audit.id)))
            materials = list(session.scalars(select(Material)))
            standings = quotas.standings(session, self.walk.stage.notice)
        self._ways(cases, people, audit, where)
        self._nothing_lost(materials, where)
        self._counts(cases, standings, step, where)

    def _nothing_of_others(self, step: Step, where: str) -> None:
        told = {step.who.userid: self.walk.texts_of(step.heard), **step.heard.told}
        said = step.line.get("says", "") + step.line.get("file", "") + step.line.get("name", "")
        units = {who.userid: who for who in self.walk.people}
        with self.walk.stage.database.read() as session:
            receipts = dict(session.execute(select(Case.receipt, Case.unit_id)).all())
            owned = session.execute(select(Case.receipt, Case.owner_id)).all()
            owners = {receipt: reach.lane_of(session, owner_id) for receipt, owner_id in owned}
        for userid, text in told.items():
            who = units[userid]
            if who.role == "admin":
                continue
            if who.unit is not None:
                for unit, marker in MARKERS.items():
                    assert unit == who.unit or marker in said or marker not in text, (
                        f"{marker} reached {userid}: {where}"
                    )
            for receipt in set(receipts) & set(re.findall(r"[A-Z]\d?-[0-9A-Z]{8}-[0-9A-Z]", text)):
                own = owners[receipt] == userid or (who.role == "coordinator" and receipts[receipt] == who.unit)
                echoed = receipt in said and "没有找到" not in text
                assert own or echoed, f"{receipt} reached {userid}: {where}"

    def _ways(self, cases: dict[int, Case], people: dict[int, Person], audit: list[Audit], where: str) -> None:
        for row in audit:
            self.audited = row.id
            if row.case_id is None:
                continue
            if "from" in row.detail and "to" in row.detail and "marks" in row.detail:
                before, after = row.detail["from"], row.detail["to"]
                assert before == self.states.get(row.case_id, "received"), where
                assert after in WAYS[before], f"{before} -> {after}: {where}"
                self.states[row.case_id] = after
                self.ways.add((before, after))
            actor, case = people.get(row.actor_id or 0), cases[row.case_id]
            if row.act in STAFF_ACTS:
                assert actor is not None, where
                assert (actor.role, actor.unit_id) == ("coordinator", case.unit_id), f"{row.act}: {where}"
            if row.act in ADMIN_ACTS:
                assert actor is not None, where
                assert actor.role == "admin", f"{row.act}: {where}"
            if row.act in OWNER_ACTS:
                assert row.actor_id == case.owner_id or (actor is not None and actor.role == "coordinator"), where
        for case in cases.values():
            assert case.state == self.states.get(case.id, "received"), where
            assert case.unit_id == people[case.owner_id].unit_id or case.unit_id is None, where
            assert case.category is not None or case.state in {"received", "withdrawn"}, where
            assert case.state not in COUNTED | {"submitted", "returned", "not_selected"} or case.unit_id, where
            assert (case.award is not None) is (case.state == "awarded"), where

    def _nothing_lost(self, materials: list[Material], where: str) -> None:
        now = {each.id: (each.sha256, each.kind) for each in materials}
        for number, (sha256, kind) in self.materials.items():
            assert now[number][0] == sha256, where
            assert kind != "main" or now[number][1] == "main", f"a version is no version any more: {where}"
        for number in now.keys() - self.materials.keys():
            assert self.walk.stage.blobs.verify(now[number][0]), where
        self.materials = now
        versions = defaultdict(list)
        for each in materials:
            versions[each.case_id, each.kind].append(each.version)
        for numbers in versions.values():
            assert sorted(numbers) == list(range(1, len(numbers) + 1)), where

    def _counts(self, cases: dict[int, Case], standings: tuple, step: Step, where: str) -> None:
        alive = Counter((case.unit_id, case.category, case.state) for case in cases.values())
        for standing in standings:
            for each in standing.categories:
                here = {state: alive[standing.unit.id, each.category, state] for state in WAYS}
                assert each.recommended == sum(here[state] for state in COUNTED), where
                assert (each.submitted, each.needs_fix, each.returned, each.received) == (
                    here["submitted"], here["needs_fix"], here["returned"], here["received"],
                ), where  # fmt: skip
                assert each.missing == max(0, (each.minimum or 0) - each.recommended), where
        if step.heard.handler == "show_progress" and step.who.role == "coordinator":
            for code, _, counted, missing in _LINE.findall(step.heard.text):
                mine = sum(alive[step.who.unit, code, state] for state in COUNTED)
                minimum = next(quota.minimum for quota in self.walk.stage.notice.quotas if quota.category == code)
                assert int(counted) == mine, where
                assert int(missing or 0) == max(0, (minimum or 0) - mine), where
        found = re.match(r"(待推荐|已推荐|已退回)的案例 (\d+) 个", step.heard.text)
        if step.heard.handler == "list_cases" and step.who.role == "coordinator" and found:
            state = {"待推荐": "submitted", "已推荐": "recommended", "已退回": "returned"}[found[1]]
            assert int(found[2]) == sum(
                n for (unit, _, s), n in alive.items() if unit == step.who.unit and s == state
            ), where
