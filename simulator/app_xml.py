"""The XML of the self-built app's callbacks and passive replies (documents 90239, 90240, 90241, 90968)."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree as ET

from simulator.crypto import SealError, decode_key, same, sign, unseal

Fields = dict[str, Any]

TEXT_BYTES = 2048
_NEWS_TITLE = 128
_NEWS_DESCRIPTION = 512
PASSIVE_EVENTS = (
    "subscribe", "enter_agent", "LOCATION", "click", "view", "view_miniprogram", "scancode_waitmsg",
    "template_card_menu_event", "template_card_event",
)  # fmt: skip
UPDATES = ("update_button", "update_template_card")
MESSAGES = ("text", "image", "voice", "video", "news")


class PassiveError(Exception):
    """A passive reply the platform would not accept; the text says what is wrong."""


def write(fields: Fields, tag: str = "xml") -> str:
    """XML as WeCom writes it: strings in CDATA, numbers bare, dicts nested, lists repeated."""
    return f"<{tag}>{''.join(_element(name, value) for name, value in fields.items())}</{tag}>"


def _element(name: str, value: Any) -> str:
    if isinstance(value, dict):
        return write(value, name)
    if isinstance(value, list):
        return "".join(_element(name, item) for item in value)
    if isinstance(value, str):
        return f"<{name}><![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]></{name}>"
    return f"<{name}>{value}</{name}>"


def read(text: str) -> Fields:
    """XML without DTD to nested dicts of strings; repeated elements become lists. Raises PassiveError."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise PassiveError("XML 含有 DTD")
    try:
        root = ET.fromstring(text)  # noqa: S314 - no DTD gets here, so no entity can grow
    except (ET.ParseError, ValueError) as error:
        raise PassiveError("回复不是 XML") from error
    fields = _fields(root)
    return fields if isinstance(fields, dict) else {}


def _fields(element: ET.Element) -> Any:
    if not len(element):
        return element.text or ""
    fields: Fields = {}
    for child in element:
        value = _fields(child)
        if child.tag in fields:
            before = fields[child.tag]
            fields[child.tag] = [*before, value] if isinstance(before, list) else [before, value]
        else:
            fields[child.tag] = value
    return fields


def open_passive(body: bytes, token: str, aes_key: str, corp_id: str) -> Fields | None:
    """Decrypt and verify the HTTP answer to an app callback; None for empty or `success`. Raises PassiveError."""
    if body.strip() in {b"", b"success"}:
        return None
    try:
        envelope = read(body.decode())
    except UnicodeDecodeError as error:
        raise PassiveError("回复不是 UTF-8") from error
    values = [envelope.get(name) for name in ("Encrypt", "MsgSignature", "TimeStamp", "Nonce")]
    if any(not isinstance(value, str) or not value for value in values):
        raise PassiveError("被动回复须含 Encrypt、MsgSignature、TimeStamp、Nonce")
    sealed, signature, stamp, nonce = (str(value) for value in values)
    if not stamp.isdecimal():
        raise PassiveError("被动回复的 TimeStamp 不是整数")
    if not same(sign(token, stamp, nonce, sealed), signature):
        raise PassiveError("被动回复的签名不正确")
    try:
        return read(unseal(decode_key(aes_key), sealed, corp_id))
    except SealError as error:
        raise PassiveError(f"被动回复无法解密：{error}") from error


def check_passive(reply: Fields, userid: str, corp_id: str, event: str) -> None:
    """Judge a decrypted passive reply to a message (`event` empty) or an event. Raises PassiveError."""
    if str(reply.get("ToUserName", "")).lower() != userid.lower():
        raise PassiveError("被动回复的 ToUserName 不是发送者")
    if reply.get("FromUserName") != corp_id:
        raise PassiveError("被动回复的 FromUserName 不是企业 ID")
    if not str(reply.get("CreateTime", "")).isdecimal():
        raise PassiveError("被动回复的 CreateTime 不是整数")
    if event and event not in PASSIVE_EVENTS:
        raise PassiveError(f"事件 {event} 不能被动回复")
    kind = reply.get("MsgType")
    allowed = UPDATES if event == "template_card_event" else MESSAGES
    if kind not in allowed:
        raise PassiveError(f"此处不能被动回复 {kind!r}")
    if kind == "text" and not reply.get("Content"):
        raise PassiveError("被动回复的 Content 为空")
    if kind == "news":
        _check_news(reply)


def articles(reply: Fields) -> list[Fields]:
    """The items of a passive news reply."""
    holder = reply.get("Articles")
    items = holder.get("item", []) if isinstance(holder, dict) else []
    return items if isinstance(items, list) else [items]


def _check_news(reply: Fields) -> None:
    items = articles(reply)
    if str(reply.get("ArticleCount")) != str(len(items)) or not items:
        raise PassiveError("ArticleCount 与图文条数不符")
    for item in items:
        if len(str(item.get("Title", "")).encode()) > _NEWS_TITLE:
            raise PassiveError(f"图文标题超过 {_NEWS_TITLE} 字节")
        if len(str(item.get("Description", "")).encode()) > _NEWS_DESCRIPTION:
            raise PassiveError(f"图文描述超过 {_NEWS_DESCRIPTION} 字节")


def snake(value: Any) -> Any:
    """CamelCase names of a passive TemplateCard to the names of the JSON API, lists of one included."""
    if isinstance(value, list):
        return [snake(item) for item in value]
    if not isinstance(value, dict):
        return int(value) if isinstance(value, str) and value.isdecimal() and len(value) < len("100") else value
    fields: Fields = {}
    for name, inner in value.items():
        key = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
        changed = snake(inner)
        fields[key] = [changed] if key in _LISTS and not isinstance(changed, list) else changed
    return fields


_LISTS = ("button_list", "horizontal_content_list", "jump_list", "vertical_content_list", "select_list", "option_list")
