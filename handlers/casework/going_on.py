"""What happens to a person's cases when their unit becomes known: they get it, and what waited for it goes on."""

from __future__ import annotations

from domain.chat import Reply
from handlers.casework.settling import settle
from handlers.contract import Context
from store import cases
from store.moves import OPEN
from store.schema.campaign import Case, CaseState, Person

OTHERS_WAIT = "另外还有 {count} 个案例等您选类别，请发“我的案例”查看。"


def go_on(ctx: Context, person: Person, unit_id: str, *, seen_too: bool) -> Reply | None:
    """Give the person's open cases their unit and bring those that waited as far as they can go. With `seen_too` also
    what a coordinator of another unit has seen already: the person had told the wrong one."""
    replies = []
    undecided = 0
    for case in cases.of_owner(ctx.session, person.id):
        if CaseState(case.state) not in OPEN or case.unit_id == unit_id:
            continue
        if not seen_too and case.submitted_at is not None:
            continue
        waited = case.unit_id is None
        cases.set_unit(ctx.session, case, unit_id, person.school, actor_id=person.id, now=ctx.now)
        if case.category is None:
            undecided += 1
        elif waited and _waited(case):
            replies.append(settle(ctx, person, case))
    texts = [reply.text for reply in replies]
    if undecided:
        texts.append(OTHERS_WAIT.format(count=undecided))
    return Reply("\n\n".join(texts)) if texts else None


def _waited(case: Case) -> bool:
    return case.state == CaseState.RECEIVED or bool(case.marks)
