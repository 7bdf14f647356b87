"""The command line: every command in one visible list. Wrong settings end with all faults, never with a trace."""

from __future__ import annotations

import sys

import click

from bot.commands.ask import ask
from bot.commands.backup import backup
from bot.commands.check import check
from bot.commands.deadline import deadline
from bot.commands.demo import demo
from bot.commands.doctor import doctor
from bot.commands.notice import notice
from bot.commands.reminders import reminders_of
from bot.commands.roster import roster
from bot.commands.run import serve, worker
from bot.commands.verify import verify
from domain.errors import ConfigError


@click.group(help="案例管家：企业微信里的案例征集助手。", context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """The group all commands hang on."""


for command in (serve, worker, demo, doctor, ask, check, notice, roster, deadline, reminders_of, backup, verify):
    cli.add_command(command)


def main() -> None:
    """Run the command line. Exit status 2 when the settings or the notice are wrong."""
    try:
        cli.main()
    except ConfigError as error:
        for fault in error.faults:
            click.echo(fault, err=True)
        sys.exit(2)
