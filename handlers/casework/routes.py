"""The official routes a coordinator marks as gone (已上传平台, 已发邮箱): only where the bot stands beside them."""

from __future__ import annotations

from domain.notice import Intake, Notice, Route


def routes_to_tick(notice: Notice) -> tuple[Route, ...]:
    """The routes with a mark of their own; none where the bot is the official route itself."""
    return tuple(route for route in notice.routes if route.done_label) if notice.intake is Intake.ASSISTANT else ()
