"""The AI bot's answers, opened and judged as documents 101031, 101032 and 101033 demand."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import Any

from simulator.cards import card_faults
from simulator.crypto import SealError, decode_key, same, sign, unseal
from simulator.media import is_image

Json = dict[str, Any]

CONTENT_BYTES = 20480
_FEEDBACK_BYTES = 256
_IMAGES = 10
_IMAGE_BYTES = 10 * 1024 * 1024


class ReplyError(Exception):
    """An answer the platform would not accept; the text says what is wrong."""


def open_reply(body: bytes, nonce: str, token: str, aes_key: str) -> Json | None:
    """Decrypt and verify the HTTP answer to a callback; None for an empty one (no reply). Raises ReplyError."""
    if not body:
        return None
    try:
        envelope = json.loads(body)
    except ValueError as error:
        raise ReplyError("回复不是 JSON") from error
    if not isinstance(envelope, dict) or not isinstance(envelope.get("encrypt"), str):
        raise ReplyError("回复缺少 encrypt")
    stamp = envelope.get("timestamp")
    if not isinstance(stamp, int) or isinstance(stamp, bool):
        raise ReplyError("回复的 timestamp 不是整数")
    if envelope.get("nonce") != nonce:
        raise ReplyError("回复的 nonce 与请求不同")
    signature = envelope.get("msgsignature")
    if not isinstance(signature, str) or not same(sign(token, str(stamp), nonce, envelope["encrypt"]), signature):
        raise ReplyError("回复的 msgsignature 不正确")
    try:
        reply = json.loads(unseal(decode_key(aes_key), envelope["encrypt"], ""))
    except SealError as error:
        raise ReplyError(f"回复无法解密：{error}") from error
    except ValueError as error:
        raise ReplyError("回复解密后不是 JSON") from error
    if not isinstance(reply, dict):
        raise ReplyError("回复解密后不是 JSON 对象")
    return reply


def check_reply(reply: Json, event: str, *, group: bool) -> None:
    """Judge the first answer to a message (`event` empty) or an event. Raises ReplyError."""
    kind = reply.get("msgtype")
    if event == "template_card_event":
        if reply.get("response_type") != "update_template_card":
            raise ReplyError("卡片点击只能回复 update_template_card")
        _check_card(reply)
        return
    allowed = {"": ("stream", "template_card", "stream_with_template_card"), "enter_chat": ("text", "template_card")}
    if not isinstance(kind, str) or kind not in allowed.get(event, ()):
        raise ReplyError(f"{event or '消息'}不能回复 {kind!r}")
    if kind == "text":
        content = _object(reply, "text").get("content")
        if not isinstance(content, str) or not content:
            raise ReplyError("text.content 为空")
    if kind in ("stream", "stream_with_template_card"):
        check_stream(reply, first=True)
    if "template_card" in reply:
        if group:
            raise ReplyError("群聊中回复模板卡片未见于官方文档")
        _check_card(reply)


def check_refresh(reply: Json | None, stream_id: str) -> None:
    """Judge the answer to a stream refresh. Raises ReplyError."""
    if reply is None:
        raise ReplyError("流式刷新没有得到回复")
    if reply.get("msgtype") not in ("stream", "stream_with_template_card"):
        raise ReplyError(f"流式刷新只能回复 stream，得到 {reply.get('msgtype')!r}")
    check_stream(reply, first=False)
    if reply["stream"]["id"] != stream_id:
        raise ReplyError("流式刷新回复了另一个 stream.id")
    if "template_card" in reply:
        _check_card(reply)


def check_stream(reply: Json, *, first: bool) -> None:
    """Judge the `stream` part. Raises ReplyError."""
    stream = _object(reply, "stream")
    if not isinstance(stream.get("id"), str) or not stream["id"]:
        raise ReplyError("stream.id 缺失")
    finish = stream.get("finish", False)
    if not isinstance(finish, bool):
        raise ReplyError("stream.finish 不是布尔值")
    content = stream.get("content", "")
    if not isinstance(content, str):
        raise ReplyError("stream.content 不是字符串")
    if len(content.encode()) > CONTENT_BYTES:
        raise ReplyError(f"stream.content 超过 {CONTENT_BYTES} 字节")
    feedback = stream.get("feedback")
    if first and feedback is not None:
        _check_feedback(feedback)
    items = stream.get("msg_item", [])
    if items and not finish:
        raise ReplyError("msg_item 只能与 finish=true 一起发送")
    if not isinstance(items, list) or len(items) > _IMAGES:
        raise ReplyError(f"msg_item 最多 {_IMAGES} 项")
    for item in items:
        _check_image(item)


def check_response_url(message: Any, *, group: bool) -> Json:
    """Judge a body posted to a response_url (document 101138). Raises ReplyError."""
    if not isinstance(message, dict):
        raise ReplyError("主动回复不是 JSON 对象")
    kind = message.get("msgtype")
    if kind == "markdown":
        content = _object(message, "markdown").get("content")
        if not isinstance(content, str) or not content:
            raise ReplyError("markdown.content 为空")
        if len(content.encode()) > CONTENT_BYTES:
            raise ReplyError(f"markdown.content 超过 {CONTENT_BYTES} 字节")
        if (feedback := message["markdown"].get("feedback")) is not None:
            _check_feedback(feedback)
    elif kind == "template_card":
        if group:
            raise ReplyError("群聊不支持主动回复模板卡片")
        _check_card(message)
    else:
        raise ReplyError(f"主动回复不支持 {kind!r}")
    return message


def _object(holder: Json, name: str) -> Json:
    part = holder.get(name)
    if not isinstance(part, dict):
        raise ReplyError(f"{name} 缺失")
    return part


def _check_card(reply: Json) -> None:
    if faults := card_faults(reply.get("template_card"), for_bot=True):
        raise ReplyError("模板卡片：" + "；".join(faults))


def _check_feedback(feedback: Any) -> None:
    number = feedback.get("id") if isinstance(feedback, dict) else None
    if not isinstance(number, str) or not 0 < len(number.encode()) <= _FEEDBACK_BYTES:
        raise ReplyError("feedback.id 须为 1 至 256 字节")


def _check_image(item: Any) -> None:
    image = item.get("image") if isinstance(item, dict) else None
    if not isinstance(image, dict) or item.get("msgtype") != "image":
        raise ReplyError("msg_item 只支持 image")
    try:
        data = base64.b64decode(image.get("base64", ""), validate=True)
    except (binascii.Error, TypeError, ValueError) as error:
        raise ReplyError("msg_item 的 base64 不正确") from error
    if not data or len(data) > _IMAGE_BYTES or not is_image(data):
        raise ReplyError("msg_item 图片须为不超过 10 MB 的 JPG/PNG")
    if hashlib.md5(data, usedforsecurity=False).hexdigest() != image.get("md5"):
        raise ReplyError("msg_item 的 md5 与图片不符")
