"""The JSON of a push of the app (protocol 4.1), as text: every try of one message sends these very bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from store import outbox

_DUPLICATE_INTERVAL_S = int(outbox.DUPLICATE_WINDOW.total_seconds())


def text_push(userid: str, agent_id: int | None, text: str) -> str:
    """A text of at most 2048 bytes for one person."""
    return _push(userid, agent_id, "text", {"content": text})


def file_push(userid: str, agent_id: int | None, media_id: str) -> str:
    """A file that was uploaded before."""
    return _push(userid, agent_id, "file", {"media_id": media_id})


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
