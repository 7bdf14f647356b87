"""A broadcast kept as a draft and shown as it would go: the same for a new one, one with a file, and a follow-up."""

from __future__ import annotations

from collections.abc import Sequence

from domain.chat import Reply
from handlers.casework.broadcast_text import draft_choices, preview, sender_name, signed
from handlers.contract import Context
from store import broadcasts
from store.audiences import Member
from store.broadcasts import Writing


def show_draft(ctx: Context, writing: Writing, members: Sequence[Member]) -> Reply:
    """Keep the draft, sign its text (`writing.text` is without signature) with its number, and show it."""
    sender = sender_name(ctx.notice, ctx.actor)
    row = broadcasts.draft(ctx.session, writing, members, ctx.now)
    row.text = signed(ctx.notice, writing.text, sender, number=row.id, now=ctx.now, asks=writing.asks)
    return Reply(preview(ctx.notice, row, writing.text, sender, members), draft_choices(row))
