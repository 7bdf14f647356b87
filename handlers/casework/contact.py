"""Name and telephone number for the summary table: asked once, shown whole only to who may see them."""

from __future__ import annotations

from datetime import datetime

from domain.contact import mask_phone
from domain.policy import Act, may
from handlers.contract import Context
from store import contacts
from store.schema.campaign import Asked, Case, Person

ASK_BOTH = "汇总表要写联系人和电话：请回复“姓名 电话”，例如“{name} 13800000000”。只问这一次，以后发“我的电话”可以改。"
ASK_PHONE = "汇总表要写您（{name}）的联系电话：请回复“我的电话 13800000000”这样一句。只问这一次，以后也可以改。"
ASK_NAME = "汇总表要写联系人：请回复“我叫{name}”这样一句，写您的姓名。只问这一次，以后也可以改。"
LINE = "联系人：{name}　{phone}"
NO_NAME = "没有留姓名"
NO_PHONE = "没有留电话"
_SAMPLE = "张三"


def ask_contact(person: Person, now: datetime) -> str:
    """The question for what the summary table needs of this person and nobody knows; "" when it is all known, when it
    was asked before, or while another question about them is open. Remembered as asked."""
    if person.contact_asked_at is not None or person.asked is not None or (person.name and person.phone):
        return ""
    person.contact_asked_at = now
    person.asked = Asked.CONTACT
    if person.name:
        return ASK_PHONE.format(name=person.name)
    return (ASK_NAME if person.phone else ASK_BOTH).format(name=_SAMPLE)


def contact_line(ctx: Context, case: Case) -> str:
    """Who answers for the case, with as much of the number as the actor may see."""
    contact = contacts.of_case(ctx.session, case.id)
    whole = may(ctx.actor, Act.SEE_PHONE, target_unit=case.unit_id, target_person=case.owner_id).allowed
    phone = contact.phone or NO_PHONE
    return LINE.format(
        name=contact.name or NO_NAME, phone=phone if whole or contact.phone is None else mask_phone(phone)
    )
