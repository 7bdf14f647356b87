"""The house rules that no linter knows: sizes, docstrings of modules, and that no notice has leaked into code."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("domain", "store", "answers", "validators", "documents", "handlers", "bot", "simulator")
PRODUCT = PACKAGES[:-1]
MOST_LINES = 400
MOST_FUNCTION_LINES = 50
MOST_NAME = 2_000  # a Chinese character stands as six


def modules(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


@pytest.mark.parametrize(
    "path", modules(*PACKAGES, "tests", "benchmarks"), ids=lambda path: str(path.relative_to(ROOT))
)
def test_files_and_functions_stay_small(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") <= MOST_LINES
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < MOST_FUNCTION_LINES, f"{node.name} is too long"


@pytest.mark.parametrize("path", modules(*PACKAGES), ids=str)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def words_of_the_notice() -> set[str]:
    """Names that belong to one notice: its units, its number, its contacts."""
    data = tomllib.loads((ROOT / "notices" / "enshi-2023-05" / "notice.toml").read_text(encoding="utf-8"))
    units = {unit["name"] for unit in data["units"]}
    contacts = {contact["name"] for contact in data["contacts"]} | {contact["phone"] for contact in data["contacts"]}
    return units | contacts | {data["document_no"]}


def test_no_code_knows_a_notice() -> None:
    names = words_of_the_notice()
    pattern = re.compile("|".join(map(re.escape, names)))
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in modules(*PRODUCT)
        for match in pattern.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_test_files_have_names_of_their_own() -> None:
    """Two of one name cannot be collected together."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))


@pytest.mark.xdist_group("together")
def test_tests_of_a_group_stay_together(request: pytest.FixtureRequest) -> None:
    """What pytest-xdist sorts by must be in the name, or what a group shares is made by each of its processes."""
    sorts = bool(getattr(request.config.option, "loadgroup", False))
    assert request.node.nodeid.endswith("@together") is sorts


def test_names_of_tests_are_short(request: pytest.FixtureRequest) -> None:
    """They are sent to each test process and back with every result."""
    long = {item.nodeid.partition("[")[0] for item in request.session.items if len(item.nodeid) > MOST_NAME}
    assert long == set()
