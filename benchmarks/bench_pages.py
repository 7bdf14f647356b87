"""The pages of the console at 5,000 cases: from the request to the last byte, for whoever sees most on each, on SQLite
and on PostgreSQL, in this process, without a network.

Beside each page, in turn, the floor: what the same person gets for a number that was never given, which is the work
of finding out who it is.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from flask.testing import FlaskClient
from measure import seconds
from servers import postgres
from sqlalchemy import func, select

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from console_world import ADMIN, COORDINATOR, TEACHER, World, console_world, many_cases  # noqa: E402

from bot.console import guard  # noqa: E402
from store.schema.campaign import Case  # noqa: E402

CASES = 5_000
WANTED_MS = 300
ROUNDS = 25
FLOOR = "/console/cases/x"
_ZIPPED = {"Accept-Encoding": "gzip"}


def main() -> None:
    """Print the table; exit 1 when a page's median took longer than wanted."""
    guard.MOST_A_MINUTE = 1_000_000
    slow: list[str] = []
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        urls = {"SQLite": "", "PostgreSQL": stack.enter_context(postgres(folder / "pg"))}
        for engine, url in urls.items():
            with console_world(folder / engine, url) as world:
                many_cases(world, CASES)
                with world.services.database.read() as session:
                    print(f"{engine}, {session.scalar(select(func.count()).select_from(Case)):,} cases")
                slow += [f"{engine} {page}" for page in _pages(world)]
    if slow:
        sys.exit(f"slower than {WANTED_MS} ms: {', '.join(slow)}")


def _pages(world: World) -> list[str]:
    case = f"cases/{world.receipts['mended']}"
    asked = {
        ADMIN: ("", "board", "cases", "cases?page=150", "cases?q=教师49", "cases?unit=lichuan&late=1", case, "summary"),
        COORDINATOR: ("", "board", "cases", "cases?step=waiting&category=B1", "summary", "exports"),
        TEACHER: ("", "mine", case),
    }
    return [
        f"/console/{path}"
        for who, paths in asked.items()
        for path in paths
        if _measure(world.client(who), who, f"/console/{path}") > WANTED_MS
    ]


def _measure(client: FlaskClient, who: str, path: str) -> float:
    """The median of this page, printed with its extremes and its ratio to the floor."""

    def page() -> None:
        answer = client.get(path, headers=_ZIPPED)
        assert answer.status == "200 OK", (path, answer.status)

    def floor() -> None:
        client.get(FLOOR, headers=_ZIPPED)

    page(), floor()
    pairs = [(seconds(page) * 1000, seconds(floor) * 1000) for _ in range(ROUNDS)]
    ours = sorted(pair[0] for pair in pairs)
    ratio = statistics.median(mine / least for mine, least in pairs)
    size = len(client.get(path, headers=_ZIPPED).data)
    print(
        f"  {who:<16} {path:<42} median {statistics.median(ours):6.1f} ms   quickest {ours[0]:6.1f}   "
        f"slowest {ours[-1]:6.1f}   ratio {ratio:5.1f}   {size:6,} bytes"
    )
    return statistics.median(ours)


if __name__ == "__main__":
    main()
