"""Every address below /upload, in one list."""

from __future__ import annotations

from flask import Blueprint

from bot.services import Services
from bot.uploads.endpoints import tus
from bot.uploads.page import upload_page


def upload_pages(services: Services) -> tuple[Blueprint, ...]:
    """The blueprints; none where there is no upload."""
    desk = services.desk
    return () if desk is None else (upload_page(services, desk), tus(services, desk))
