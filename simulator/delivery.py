"""What both channels do alike: hand the same bytes over until they are accepted or the tries are used up."""

from __future__ import annotations

from dataclasses import replace

from simulator.core import Core
from simulator.records import HTTP_OK, CallbackRecord


def exchange(core: Core, record: CallbackRecord, call: str, content_type: str, tries: int) -> None:
    """POST a sealed record to its channel's address, writing each try into ledger and record; 200 ends it."""
    for turn in range(1, tries + 1):
        url = core.callback_urls[record.channel]
        attempt = core.outbound.post(
            call, url, record.params, record.body, content_type=content_type, limit=core.pace.post_limit
        )
        record.tries.append(attempt)
        core.ledger.add(
            "try",
            record.userid,
            record.channel,
            msgid=record.msgid,
            turn=turn,
            status=attempt.status,
            error=attempt.error,
            seconds=round(attempt.seconds, 3),
        )
        if attempt.status == HTTP_OK or (turn < tries and core.stopping.wait(core.pace.retry_pause)):
            break
    core.ledger.add(
        "callback",
        record.userid,
        record.channel,
        msgid=record.msgid,
        msgtype=record.msgtype,
        event=record.event,
        statuses=record.statuses,
        acknowledged=record.acknowledged,
        bytes=len(record.body),
    )


def same_again(record: CallbackRecord) -> CallbackRecord:
    """A record of the same bytes and msgid with nothing tried yet."""
    return replace(record, tries=[], reply=None, violations=[], note="", answer=0)
