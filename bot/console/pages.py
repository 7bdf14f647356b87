"""Every page below /console, in one list."""

from __future__ import annotations

from flask import Blueprint

from bot.console.actions import actions
from bot.console.exports import exports
from bot.console.guard import Guard
from bot.console.home import home
from bot.console.login import login
from bot.console.summary import summary
from bot.console.upload import upload
from bot.services import Services


def console(services: Services) -> tuple[Blueprint, ...]:
    """The blueprints, all behind one guard."""
    guard = Guard(services)
    return (
        login(services, guard),
        home(services, guard),
        actions(services, guard),
        summary(services, guard),
        exports(services, guard),
        upload(services, guard),
    )
