"""`python -m simulator`: the stand-in WeCom with its browser chat, on the loopback address."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from dataclasses import replace
from pathlib import Path

from simulator.server import SimulatorServer
from simulator.settings import (
    PlatformSettings,
    SettingsError,
    load_people,
    load_settings,
    save_settings,
    with_people,
)

_PORT = 8100
_USAGE_ERROR = 2


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=_PORT, help=f"default {_PORT}; 0 takes any free one")
    parser.add_argument("--config", type=Path, metavar="FILE.json", help="credentials, callbacks and people")
    parser.add_argument("--people", type=Path, metavar="FILE.toml", help="roster; replaces the people of --config")
    parser.add_argument("--app-callback", metavar="URL", help="where the self-built app's callbacks go")
    parser.add_argument("--bot-callback", metavar="URL", help="where the AI bot's callbacks go")
    parser.add_argument("--app-home", metavar="URL", help="the app's home page, which the 工作台 opens")
    parser.add_argument("--ledger", type=Path, metavar="FILE.jsonl", help="append every ledger entry there too")
    parser.add_argument("--init", type=Path, metavar="FILE.json", help="write a config with fresh credentials and end")
    return parser


def _settings(options: argparse.Namespace) -> PlatformSettings:
    settings = load_settings(options.config) if options.config else PlatformSettings()
    if options.people:
        settings = with_people(settings, load_people(options.people))
    if options.app_callback is not None:
        settings = replace(settings, app_callback_url=options.app_callback)
    if options.bot_callback is not None:
        settings = replace(settings, bot_callback_url=options.bot_callback)
    if options.app_home is not None:
        settings = replace(settings, app_home_url=options.app_home)
    return settings


def main(arguments: list[str] | None = None) -> int:
    """Run until INT or TERM. Exit 0 after a clean stop, 2 for unusable settings or a taken port."""
    options = _options().parse_args(arguments)
    try:
        settings = _settings(options)
        if options.init:
            save_settings(settings, options.init)
            return 0
        server = SimulatorServer(settings, options.port, ledger_path=options.ledger)
    except (SettingsError, OSError) as error:
        print(error, file=sys.stderr)  # noqa: T201 - a command speaks on the terminal
        return _USAGE_ERROR
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    with server:
        print(f"WeCom stand-in: {server.url}", flush=True)  # noqa: T201
        ended.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
