"""The pages that README and guides show, photographed in a real browser: a county and a bureau in the middle of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from itertools import count
from math import ceil
from pathlib import Path

import pytest
from chromium import NEEDED, chromium
from console_world import ADMIN, COORDINATOR, TEACHER, World, console_world
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import insert

from bot.serving import listening
from domain.chat import Channel
from store import people
from store.schema.campaign import Case, CaseState

ARTIFACTS = Path(__file__).resolve().parents[2] / "test-artifacts"
SIZES = {"phone": {"width": 390, "height": 780}, "desk": {"width": 1280, "height": 960}}
# How far a unit is with a category, by turns: which part of the minimum is recommended, and what lies beside it.
TURNS = (
    (Fraction(0), ()),
    (Fraction(1), ()),
    (Fraction(1, 2), (CaseState.SUBMITTED, CaseState.NEEDS_FIX)),
    (Fraction(1), (CaseState.SUBMITTED,)),
    (Fraction(4, 5), (CaseState.NEEDS_FIX,)),
    (Fraction(0), (CaseState.SUBMITTED,)),
    (Fraction(1), (CaseState.SUBMITTED, CaseState.SUBMITTED)),
)

pytestmark = [
    *NEEDED,
    pytest.mark.long,  # of `make pictures`: what these pages do is tested beside it
]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with console_world(tmp_path_factory.mktemp("photographed")) as made:
        in_the_middle_of_it(made)
        yield made


@pytest.fixture(scope="module")
def base(world: World) -> Iterator[str]:
    with listening(world.services, "127.0.0.1", 0) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def in_the_middle_of_it(world: World) -> None:
    """Cases of all units, some further than others."""
    world.stage.enrol("office", name="陈老师", unit="jianshi", school="建始县第一中学")
    notice, numbers, at = world.services.notice, count(1), world.stage.now
    minimums = {(quota.unit_kind, quota.category): quota.minimum or 0 for quota in notice.quotas}
    with world.services.database.begin() as session:
        owner = people.actor_for(session, Channel.APP, "office").person_id
        rows = [
            {
                "receipt": f"{category.code}-{number:08d}-0",
                "owner_id": owner,
                "unit_id": unit.id,
                "school": f"第{number}中学",
                "category": category.code,
                "title": f"智慧教育平台支持下的课堂教学{number}",
                "contact": "陈老师",
                "state": state,
                "marks": [],
                "first_arrived_at": at,
                "on_time": True,
                "submitted_at": at + timedelta(minutes=number),
                "created_at": at,
                "updated_at": at,
                "revision": 1,
            }
            for place, unit in enumerate(notice.units)
            for column, category in enumerate(notice.categories)
            for state in states(place * 3 + column * 2, minimums.get((unit.kind, category.code), 0))
            for number in (next(numbers),)
        ]
        session.execute(insert(Case), rows)


def states(turn: int, minimum: int) -> Iterator[CaseState]:
    """The states of the cases of one unit in one category."""
    share, beside = TURNS[turn % len(TURNS)]
    yield from [CaseState.RECOMMENDED] * ceil(minimum * share)
    yield from beside


# What is photographed, by whom, on what, and what must be there to be seen.
@pytest.mark.parametrize(
    ("name", "userid", "size", "path", "seen"),
    [
        ("board", ADMIN, "desk", "/console/board", "利川市"),
        ("board-unit", COORDINATOR, "phone", "/console/board", "利川市"),
        ("case", COORDINATOR, "phone", "/console/cases/{mended}", "推荐"),
        ("summary", COORDINATOR, "desk", "/console/summary", "汇总表"),
        ("mine", TEACHER, "phone", "/console/mine", "数据驱动的作业设计"),
    ],
)
def test_photograph(  # noqa: PLR0917 - a row of the table
    world: World, base: str, browser: Browser, name: str, userid: str, size: str, path: str, seen: str
) -> None:
    page, complaints = opened(world, base, browser, userid, size)
    page.goto(base + path.format(**world.receipts))
    expect(page.locator("main")).to_contain_text(seen)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} is too wide"
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTIFACTS / f"console-{name}.png")
    page.context.close()
    assert complaints == []


def opened(world: World, base: str, browser: Browser, userid: str, size: str) -> tuple[Page, list[str]]:
    """A page of somebody who is signed in, and what its scripts or our policy complain about."""
    context = browser.new_context(viewport=SIZES[size], device_scale_factor=2 if size == "phone" else 1.5)
    context.add_cookies([{"name": "session", "value": world.sign_in(userid), "url": base}])
    page, complaints = context.new_page(), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
    return page, complaints
