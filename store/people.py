"""Who somebody is: people, the ids their channels know them by, and where they belong."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.chat import Channel
from domain.roles import Actor, Role
from store import audit
from store.handing_over import hand_over
from store.schema.campaign import Asked, Identity, Person

# The AI bot shows some members under long opaque ids that begin like this; a userid such as "wolf" is not one.
_OPAQUE_PREFIX = "wo"
_OPAQUE_LENGTH = 28
_MOST_NAMED = 50
_IS_IDENTITY = Identity.channel == bindparam("channel"), Identity.external_id == bindparam("external")
_BY_IDENTITY = select(Person).join(Identity, Identity.person_id == Person.id).where(*_IS_IDENTITY)
# Built once, and columns instead of an object.
_ACTOR = (
    select(Person.id, Person.role, Person.unit_id, Person.name, Person.app_userid, Person.left_at)
    .join(Identity, Identity.person_id == Person.id)
    .where(*_IS_IDENTITY)
)


def actor_for(session: Session, channel: Channel, external_id: str) -> Actor:
    """The person this id stands for. An unknown id becomes a new person with a teacher's rights and no unit.

    Ids are compared without case. A plain AI-bot id that an app member has is that member; an opaque id is a person of
    its own until it is bound. Of several processes that meet a new id at once all get the same person.
    """
    return as_actor(_find_or_introduce(session, channel, external_id.lower()))


def known_actor(session: Session, channel: Channel, external_id: str) -> Actor | None:
    """The person this id stands for, None if there is something to note about them first: see `actor_for`."""
    row = session.connection().execute(_ACTOR, {"channel": channel, "external": external_id.lower()}).first()
    if row is None or (channel is Channel.APP and row.app_userid is None):
        return None
    return Actor(row.id, Role(row.role), row.unit_id, row.name, left=row.left_at is not None)


def get(session: Session, person_id: int) -> Person:
    """The person. Raises sqlalchemy.exc.NoResultFound."""
    return session.get_one(Person, person_id)


def of_ids(session: Session, person_ids: Collection[int]) -> list[Person]:
    """These people, as far as there are such, in no particular order."""
    return list(session.scalars(select(Person).where(Person.id.in_(person_ids))))


def lock(session: Session, person_id: int) -> Person:
    """The person, locked until the transaction ends: what one person does over two channels happens in turn."""
    return session.scalars(
        select(Person).where(Person.id == person_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def by_userid(session: Session, userid: str) -> Person | None:
    """The member of the app with this id, compared without case."""
    return session.scalar(select(Person).where(Person.app_userid == userid.lower()))


def by_lane(session: Session, lane: str) -> Person | None:
    """The person whose messages wait in this lane, if the service knows them."""
    known = select(Person).join(Identity, Identity.person_id == Person.id).where(Identity.external_id == lane)
    return by_userid(session, lane) or session.scalar(known.limit(1))


def has_left(session: Session, lane: str) -> bool:
    """Whether the person whose messages have this lane was taken off the roster."""
    left = select(Person.left_at).join(Identity, Identity.person_id == Person.id)
    return session.scalar(left.where(Identity.external_id == lane, Person.left_at.is_not(None)).limit(1)) is not None


def named(session: Session, words: str) -> list[Person]:
    """The members of the app with this userid, or else with this very name, blanks aside; nobody who has left by their
    name. In the order they came."""
    by_id = _known(session, Channel.APP, words.strip().lower())
    if by_id is not None:
        return [by_id]
    name = "".join(words.split())
    alike = func.replace(Person.name, " ", "") == name
    query = select(Person).where(alike, Person.app_userid.is_not(None), Person.left_at.is_(None))
    return list(session.scalars(query.order_by(Person.id).limit(_MOST_NAMED))) if name else []


def nameless(session: Session, *, before: datetime, most: int) -> list[str]:
    """Userids of some members of the app whose name nobody knows, and whom the directory was not asked for since."""
    asked = or_(Person.looked_up_at.is_(None), Person.looked_up_at < before)
    query = select(Person.app_userid).where(Person.name.is_(None), Person.app_userid.is_not(None), asked)
    return [userid for userid in session.scalars(query.order_by(Person.id).limit(most)) if userid]


def looked_up(session: Session, userid: str, name: str | None, now: datetime) -> None:
    """The directory was asked for this member, and told the name, if it told any."""
    person = by_userid(session, userid)
    if person is None:
        return
    person.looked_up_at = now
    if person.name is None and name is not None:
        person.name = name
        audit.write(session, at=now, actor_id=None, act="person.looked_up", detail={"person": person.id})


def schools_of(session: Session, unit_id: str, most: int) -> list[str]:
    """The schools that the roster names in this unit, those with most people first: what many are asked for can be
    offered. Nothing is taken from what somebody only told."""
    there = Person.unit_id == unit_id, Person.on_roster.is_(True), Person.school.is_not(None)
    query = select(Person.school).where(*there).group_by(Person.school).order_by(func.count().desc(), Person.school)
    return [school for school in session.scalars(query.limit(most)) if school]


def is_stray(session: Session, person: Person) -> bool:
    """Whether only the AI bot knows this person, under an id of its own."""
    if person.app_userid is not None:
        return False
    ids = session.scalars(select(Identity.external_id).where(Identity.person_id == person.id))
    return all(is_opaque(external) for external in ids)


def admins(session: Session, *, lock: bool = False) -> list[Person]:
    """Whoever looks after the campaign, in the order they came; with `lock` nobody else can change that meanwhile."""
    query = select(Person).where(Person.role == Role.ADMIN, Person.left_at.is_(None))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return list(session.scalars(query.order_by(Person.id)))


def as_actor(person: Person) -> Actor:
    """The person in the domain's words."""
    left = person.left_at is not None
    return Actor(person_id=person.id, role=Role(person.role), unit_id=person.unit_id, name=person.name, left=left)


def coordinators(session: Session, unit_id: str) -> list[Person]:
    """Who looks after this unit now, in the order they came."""
    query = select(Person).where(Person.unit_id == unit_id, Person.role == Role.COORDINATOR, Person.left_at.is_(None))
    return list(session.scalars(query.order_by(Person.id)))


def ask(person: Person, question: Asked | None) -> None:
    """Remember which question about themselves is open, or that none is."""
    person.asked = question


def set_unit_and_school(session: Session, person: Person, unit_id: str, school: str | None, now: datetime) -> None:
    """Note where the person says they belong. This gives no rights beyond a teacher's."""
    person.unit_id = unit_id
    person.self_declared = True
    if school is not None:
        person.school = school
    detail = {"unit": unit_id, "school": school}
    audit.write(session, at=now, actor_id=person.id, act="person.told_unit", detail=detail)


def show_licence(session: Session, person: Person, now: datetime) -> bool:
    """Record that the licence clause is being shown. True the first time, then it has to be in the reply."""
    if person.licence_shown_at is not None:
        return False
    person.licence_shown_at = now
    audit.write(session, at=now, actor_id=person.id, act="person.licence_shown")
    return True


def fix_admins(session: Session, userids: Sequence[str], now: datetime) -> None:
    """Whom the installation's settings name is an admin, and can be dismissed there only."""
    wanted = {userid.lower() for userid in userids}
    for userid in sorted(wanted):
        appoint(session, userid, Role.ADMIN, unit_id=None, by=None, now=now).admin_by_settings = True
    for person in session.scalars(select(Person).where(Person.admin_by_settings.is_(True))):
        person.admin_by_settings = person.app_userid in wanted


def appoint(session: Session, userid: str, role: Role, *, unit_id: str | None, by: int | None, now: datetime) -> Person:
    """Give a member of the app a role, making the person if need be. `by` None means the installation's settings.

    Whether the one who appoints may do so is decided by the caller through domain.policy. `unit_id` None leaves the
    unit as it is, and raises ValueError for a coordinator: what a person told about themselves gives no rights.
    Appointing somebody to what they are already writes nothing.
    """
    if role is Role.COORDINATOR and unit_id is None:
        raise ValueError("a coordinator is appointed for a unit")
    person = _find_or_introduce(session, Channel.APP, userid.lower())
    before = person.role, person.unit_id
    person.role = role
    person.left_at = None
    if unit_id is not None:
        person.unit_id = unit_id
        person.self_declared = False
    session.flush()
    if before != (person.role, person.unit_id):
        detail = {"person": person.id, "role": role.value, "unit": person.unit_id}
        audit.write(session, at=now, actor_id=by, act="person.appointed", detail=detail)
        hand_over(session, (before[1], person.unit_id), by=by, now=now)
    return person


def dismiss(session: Session, person: Person, *, by: int | None, now: datetime) -> None:
    """Somebody is a teacher again, of the unit they are in. That another admin is left the caller has made sure."""
    detail = {"person": person.id, "role": person.role, "unit": person.unit_id}
    person.role = Role.TEACHER
    session.flush()
    audit.write(session, at=now, actor_id=by, act="person.dismissed", detail=detail)
    hand_over(session, (person.unit_id,), by=by, now=now)


def _known(session: Session, channel: Channel, external: str) -> Person | None:
    return session.scalar(_BY_IDENTITY, {"channel": channel, "external": external})


def _find_or_introduce(session: Session, channel: Channel, external: str) -> Person:
    person = _known(session, channel, external)
    if person is None:
        try:
            with session.begin_nested():
                person = _introduce(session, channel, external)
        except IntegrityError:  # another process introduced the same id a moment ago
            person = _known(session, channel, external)
            if person is None:
                raise
    if channel is Channel.APP and person.app_userid is None:
        person.app_userid = external
    return person


def _introduce(session: Session, channel: Channel, external: str) -> Person:
    person = Person(role=Role.TEACHER)
    session.add(person)
    session.flush()
    # A plain id is the member's on both channels: claiming both rows at once lets the unique index decide when the
    # same person writes to both for the first time in the same moment.
    channels = (channel,) if is_opaque(external) else tuple(Channel)
    session.add_all(Identity(channel=each, external_id=external, person_id=person.id) for each in channels)
    session.flush()
    return person


def is_opaque(external: str) -> bool:
    """Whether this is an id the AI bot made up for a member, which the app does not know."""
    return external.startswith(_OPAQUE_PREFIX) and len(external) >= _OPAQUE_LENGTH
