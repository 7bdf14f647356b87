"""我的电话, 我叫…: somebody tells or mends the name and number that the summary table shows for their cases."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.chat import Incoming, Reply
from domain.contact import Contact, normalise_name, normalise_phone
from domain.policy import Act, may
from handlers.contract import EVERYBODY, Context, Handler, Mode
from handlers.said import spoken
from store import contacts, people
from store.schema.campaign import Asked

NOTED = "记下了：{what}。汇总表里您的案例就写这个联系人和电话。"
STILL = "还差{what}，请也告诉我。"
HOW = "您现在登记的姓名：{name}，电话：{phone}。要改请发“我的电话 13800000000”或“我叫张三”这样一句。"
BAD_PHONE = "这个电话不对，没有记。请写 11 位手机号，或带区号的座机，例如“我的电话 0718-8234567”。"
BAD_NAME = "这个姓名不对，没有记。请写 2–20 个字，不带数字和符号，例如“我叫张三”。"
NOTHING = "没有"
_NUMBER = r"[+(]?\d[\d\s()\-—–转]{5,24}"
_PHONE = r"(?:联系)?(?:电话|手机)(?:号码?)?"
_MINE = r"(?:请|把|将|帮我)*(?:我的|本人的?|(?:我?要|我?想)?(?:修?改|更正|换)(?:一下)?(?:我的)?)"
_SETS = r"(?:改成|改为|换成|是|为)?\s*[:：]?\s*"
_TELLS_PHONE = re.compile(rf"{_MINE}{_PHONE}{_SETS}(?P<phone>|.*\d.*)")
_PHONE_IS = re.compile(rf"{_PHONE}{_SETS}(?P<phone>{_NUMBER})")
_TELLS_NAME = re.compile(r"(?:我叫|我的(?:姓名|名字)(?:是|叫|改成|改为|[:\s]))\s*(?P<name>.*)")
_MENDS_NAME = re.compile(rf"{_MINE}(?:姓名|名字){_SETS}(?P<name>.*)")
_NO_NAME_IN = re.compile(r"电话|手机|号|我的|改")
_BOTH = re.compile(
    rf"(?:我叫|我是|姓名)?\s*:?\s*(?P<name>[^\d\s,、:]{{1,20}}?)\s*[,、:]?\s*(?:{_PHONE})?\s*:?\s*(?P<phone>{_NUMBER})"
)
_QUESTION = re.compile(r"[?]|吗|呢|么|怎|多少|几|哪|谁|要不要|是不是|能不能|为啥")
_NO_NAME = re.compile(r".*[的了错对]")


@dataclass(frozen=True, slots=True)
class _Told:
    """What somebody said about themselves, as they said it; "" is what they did not say."""

    name: str = ""
    phone: str = ""


def matches(message: Incoming, ctx: Context) -> bool:
    """我的电话 138…, 我叫张三, 张三 138…; a bare number when it was asked for. Questions about telephones are none."""
    return _told(spoken(message), ctx) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:
    """Note it if all of it is sound, and say what is still missing."""
    decision = may(ctx.actor, Act.SEE_OWN_CASES)
    told = _told(spoken(message), ctx)
    if not decision.allowed or told is None:
        return [Reply(decision.reason or BAD_PHONE)]
    person = people.get(ctx.session, ctx.actor.person_id)
    if told == _Told():
        return [Reply(HOW.format(name=person.name or NOTHING, phone=person.phone or NOTHING))]
    contact = Contact(normalise_name(told.name), normalise_phone(told.phone))
    if told.phone and contact.phone is None:
        return [Reply(BAD_PHONE)]
    if told.name and contact.name is None:
        return [Reply(BAD_NAME)]
    ctx.write(lambda session: _note(session, ctx, contact))
    text = NOTED.format(what="，".join(each for each in (contact.name, contact.phone) if each))
    missing = [("姓名", contact.name or person.name), ("电话", contact.phone or person.phone)]
    lacking = "和".join(name for name, known in missing if not known)
    return [Reply(text + (STILL.format(what=lacking) if lacking else ""))]


def _note(session: Session, ctx: Context, contact: Contact) -> None:
    person = people.get(session, ctx.actor.person_id)
    contacts.tell(session, person, contact, ctx.now)
    if person.asked == Asked.CONTACT and person.name and person.phone:
        people.ask(person, None)


def _told(said: str, ctx: Context) -> _Told | None:
    if not said or _QUESTION.search(said):
        return None
    for pattern in (_TELLS_PHONE, _PHONE_IS):
        found = pattern.fullmatch(said)
        if found is not None:
            return _Told(phone=found["phone"])
    both = _BOTH.fullmatch(said)
    if both is not None and not _NO_NAME_IN.search(both["name"]) and (_sound(both) or _asked(ctx)):
        return _Told(both["name"], both["phone"])
    if re.fullmatch(_NUMBER, said) and _asked(ctx):
        return _Told(phone=said)
    name = _TELLS_NAME.fullmatch(said) or _MENDS_NAME.fullmatch(said)
    return None if name is None or _NO_NAME.fullmatch(name["name"]) else _Told(name["name"])


def _sound(both: re.Match[str]) -> bool:
    return normalise_name(both["name"]) is not None and normalise_phone(both["phone"]) is not None


def _asked(ctx: Context) -> bool:
    return people.get(ctx.session, ctx.actor.person_id).asked == Asked.CONTACT


HANDLER = Handler(
    name="tell_contact",
    usage="发“我的电话”加号码、“我叫”加姓名，汇总表的联系人就按它写",
    roles=EVERYBODY,
    mode=Mode.INLINE,
    matches=matches,
    run=run,
)
