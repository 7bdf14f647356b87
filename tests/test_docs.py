"""What the documents for people name does exist: settings, commands, targets, numbers, pages, pictures, files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

import click
import pytest
from prometheus_client import generate_latest

from bot.cli import cli
from bot.config import Settings
from bot.metrics import Backlog
from store.database import Database

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "benchmarks").glob("*.md")],
    key=lambda path: path.relative_to(ROOT),
)
OF_GUNICORN = {"WEB_PROCESSES", "WEB_THREADS"}
OF_COMPOSE = {"POSTGRES_PASSWORD"}
OF_S3 = {"AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"}
SETTINGS = {name.upper() for name in Settings.model_fields} | OF_GUNICORN | OF_COMPOSE | OF_S3
PACKAGES = ("domain", "store", "answers", "validators", "documents", "handlers", "bot", "simulator")
HANDBOOKS = [ROOT / "docs" / name for name in ("operations.md", "operations.zh-CN.md")]
FOR_OPERATORS = [ROOT / "README.md", ROOT / "README.zh-CN.md", *HANDBOOKS]
CODE = re.compile(r"```[a-z]*\n(.*?)```|`([^`\n]+)`", re.DOTALL)
ENVIRONMENT_NAME = re.compile(r"(?<![A-Za-z0-9_/:.-])([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|HOST|PORT|NOTICE)(?![A-Za-z0-9_(])")
COMMAND = re.compile(r"python3? -m bot ([^`#;|&]+)")
LINK = re.compile(r'!?\[[^\]]*\]\(([^)\s]+)\)|<img src="([^"]+)"')
LARGEST_PICTURE = 150 * 1024


def ids(path: Path) -> str:
    return str(path.relative_to(ROOT))


def code(path: Path) -> str:
    """Everything set as code, a block or span a line."""
    return "\n".join(block or span for block, span in CODE.findall(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", FOR_OPERATORS, ids=ids)
def test_every_setting_named_is_one(path: Path) -> None:
    named = set(ENVIRONMENT_NAME.findall(code(path)))
    assert named - SETTINGS == set()


@pytest.mark.parametrize("path", HANDBOOKS, ids=ids)
def test_the_handbook_names_every_setting(path: Path) -> None:
    assert set(ENVIRONMENT_NAME.findall(code(path))) == SETTINGS


def commands(path: Path) -> Iterator[str]:
    for line in code(path).splitlines():
        yield from COMMAND.findall(line)


@pytest.mark.parametrize("path", PAGES, ids=ids)
def test_every_command_named_is_one(path: Path) -> None:
    for line in commands(path):
        words, command = line.split(), cli
        while isinstance(command, click.Group) and words:
            name = words.pop(0)
            assert name in command.commands, line
            command = command.commands[name]
        options = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options, line


@pytest.mark.parametrize("path", PAGES, ids=ids)
def test_every_target_named_is_one(path: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z][a-z-]*)", code(path))) <= targets


@pytest.mark.parametrize("path", PAGES, ids=ids)
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in links(path):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, heading = target.partition("#")
        found = (path.parent / unquote(name)).resolve() if name else path
        assert found.exists(), target
        if heading:
            assert unquote(heading) in anchors(found), target
        if found.suffix == ".png":
            assert found.stat().st_size <= LARGEST_PICTURE, target


def links(path: Path) -> list[str]:
    """Where its links lead and its pictures lie."""
    return [link or picture for link, picture in LINK.findall(path.read_text(encoding="utf-8"))]


def anchors(path: Path) -> set[str]:
    """The names that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", FOR_OPERATORS, ids=ids)
def test_every_number_to_watch_is_exposed(path: Path, sqlite_url: str) -> None:
    counted = set(re.findall(r"^# TYPE (\w+)", generate_latest().decode(), re.MULTILINE))
    counted |= {f"{name}_bucket" for name in counted}
    database = Database(sqlite_url)
    backlog = Backlog(database, lambda: datetime.now(UTC))
    gauges = {family.name for family in backlog.collect()}
    database.close()
    assert set(re.findall(r"\bbot_[a-z_]+", code(path))) - gauges - counted == set()


@pytest.mark.parametrize("path", PAGES, ids=ids)
def test_every_source_file_named_exists(path: Path) -> None:
    named = re.findall(r"(?<![\w/<])(?:[a-z_]+/)+[a-z_]+\.(?:py|toml|sh)\b", code(path))
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_term_of_the_glossary_is_a_name_in_the_code() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| .+? \| .+? \| (`.+`) \|$", page.partition("## Glossary")[2], re.MULTILINE)
    terms = {part for row in rows for name in re.findall(r"`([\w.]+)`", row) for part in name.split(".")}
    source = "\n".join(
        path.read_text(encoding="utf-8") for package in PACKAGES for path in (ROOT / package).rglob("*.py")
    )
    assert len(rows) > 60
    assert terms - set(re.findall(r"\w+", source)) == set()


def test_every_picture_shipped_is_shown() -> None:
    shown = {(path.parent / unquote(target)).resolve() for path in PAGES for target in links(path)}
    assert set((ROOT / "docs").rglob("*.png")) <= shown
