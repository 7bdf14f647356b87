"""Every page below /console, in one list."""

from __future__ import annotations

from flask import Blueprint

from bot.console.actions import actions
from bot.console.board import board
from bot.console.case import case
from bot.console.case_files import case_files
from bot.console.cases import cases
from bot.console.exports import exports
from bot.console.guard import Guard
from bot.console.home import home
from bot.console.login import login
from bot.console.mine import mine
from bot.console.summary import summary
from bot.console.upload import upload
from bot.services import Services


def console(services: Services) -> tuple[Blueprint, ...]:
    """The blueprints, all behind one guard."""
    guard = Guard(services)
    return (
        login(services, guard),
        home(services, guard),
        board(services, guard),
        cases(services, guard),
        case(services, guard),
        case_files(services, guard),
        mine(services, guard),
        actions(services, guard),
        summary(services, guard),
        exports(services, guard),
        upload(services, guard),
    )
