"""The JSON of a push of the app (protocol 4.1), as text: every try of one message sends these very bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from bot.wecom.api import UPLOAD_BYTES
from store import outbox

_PICTURES = frozenset({".png", ".jpg", ".jpeg"})
_DUPLICATE_INTERVAL_S = int(outbox.DUPLICATE_WINDOW.total_seconds())


def text_push(userid: str, agent_id: int | None, text: str) -> str:
    """A text of at most 2048 bytes for one person."""
    return _push(userid, agent_id, "text", {"content": text})


def media_kind(name: str, size: int) -> str:
    """As what these bytes go out: a picture that the platform takes as one is shown in the chat, all else is a file."""
    is_picture = PurePath(name).suffix.lower() in _PICTURES and size <= UPLOAD_BYTES["image"]
    return "image" if is_picture else "file"


def file_push(userid: str, agent_id: int | None, media_id: str, kind: str) -> str:
    """A file or picture that was uploaded before as this kind."""
    return _push(userid, agent_id, kind, {"media_id": media_id})


def card_push(userid: str, agent_id: int | None, card: Mapping[str, Any]) -> str:
    """A card with buttons."""
    return _push(userid, agent_id, "template_card", card)


def _push(userid: str, agent_id: int | None, kind: str, content: Mapping[str, Any]) -> str:
    return json.dumps(
        {
            "touser": userid,
            "msgtype": kind,
            "agentid": agent_id,
            kind: content,
            "enable_duplicate_check": 1,
            "duplicate_check_interval": _DUPLICATE_INTERVAL_S,
        },
        ensure_ascii=False,
    )
