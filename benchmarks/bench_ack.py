"""Acknowledging a message: from the encrypted bytes to the committed row, against the bare synced commit of one row."""

from __future__ import annotations

import itertools
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from measure import compare

from bot.config import load_settings
from bot.intake import take
from bot.migrating import migrate
from bot.services import build
from domain.chat import Channel, Incoming, MessageKind
from store import settings as stored_settings
from store.database import Database

ROUNDS = 100
ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Print one line for a question answered inline, one for a message left to the workers."""
    numbers = itertools.count()
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(
            wecom_bot_token="t",
            wecom_bot_aes_key="A" * 43,
            data_dir=Path(folder),
            notice=ROOT / "notices" / "enshi-2023-05",
            _env_file=None,
        )
        services = build(settings)
        floor = Database(f"sqlite:///{folder}/floor.db")
        migrate(floor)

        def message(kind: MessageKind, text: str) -> Incoming:
            key = f"m{next(numbers)}"
            return Incoming(Channel.AIBOT, key, kind, f"u{key}", datetime.now(UTC), text=text)

        def commit() -> None:
            with floor.begin() as session:
                stored_settings.get_or_fix(session, f"n{next(numbers)}", "x")

        compare(
            "question answered in the callback",
            lambda: take(services, message(MessageKind.TEXT, "字数要求")),
            commit,
            "one row, one synced commit",
            ROUNDS,
        )
        compare(
            "button left to a worker",
            lambda: take(services, message(MessageKind.BUTTON, "")),
            commit,
            "one row, one synced commit",
            ROUNDS,
        )
        floor.close()
        services.close()


if __name__ == "__main__":
    main()
