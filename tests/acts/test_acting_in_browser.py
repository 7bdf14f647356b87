"""A teacher, a coordinator and the bureau at work in a real browser, on a phone and on a desk: every act asked once
more, its answer read on the page, pictures kept of each step, and no serious or critical fault by axe-core."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from acting_world import World, open_world
from chromium import NEEDED, chromium
from playwright.sync_api import Page, expect

from bot.serving import listening
from domain.roles import Role
from store import people, sessions
from store.schema.campaign import CaseState

ROOT = Path(__file__).resolve().parents[2]
ARTIFACTS = ROOT / "test-artifacts"
AXE = ROOT / ".web" / "node_modules" / "axe-core" / "axe.min.js"
_RUN = "axe.run(document, {resultTypes: ['violations']})"
_GRAVE = frozenset({"serious", "critical"})
SIZES = {"phone": {"width": 390, "height": 780}, "desk": {"width": 1280, "height": 800}}

pytestmark = [
    *NEEDED,
    pytest.mark.skipif(not AXE.is_file(), reason="no axe-core: python tools/install_web_parts.py"),
]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("acting")
    made = open_world(f"sqlite:///{folder / 'bot.db'}", folder / "data")
    made.enrol("teacher", Role.TEACHER, "lichuan", "张晓梅", "13800000001")
    made.enrol("coordinator", Role.COORDINATOR, "lichuan", "王主任", "13800000002")
    made.enrol("admin", Role.ADMIN, None, "州局管理员")
    yield made
    made.services.close()


class Desk:
    """A browser of one size; whatever its scripts or our policy complain about is a fault."""

    def __init__(self, world: World, base: str, size: str) -> None:
        self.world, self.base, self.size = world, base, size
        self.complaints: list[str] = []
        self.pictures = 0

    def open(self, browser, userid: str) -> Page:
        """A page of this person."""
        cookie, now = f"{self.size}-{userid}", self.world.services.clock.real()
        with self.world.services.database.begin() as session:
            person = people.by_userid(session, userid)
            assert person is not None
            sessions.sign_in(session, cookie=cookie, person_id=person.id, now=now)
        context = browser.new_context(viewport=SIZES[self.size])
        context.add_init_script(path=AXE)
        context.add_cookies([{"name": "session", "value": cookie, "url": self.base}])
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda line: self.complaints.append(line.text) if "Content Security" in line.text else None)
        return page

    def picture(self, page: Page, name: str) -> None:
        """Keep what is to be seen; nothing of it may stand beside the screen."""
        self.pictures += 1
        ARTIFACTS.mkdir(exist_ok=True)
        page.screenshot(path=ARTIFACTS / f"acts-{self.size}-{self.pictures:02d}-{name}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} is too wide"
        if self.size == "phone":  # the same page on a desk, but for its width
            found = [each for each in page.evaluate(_RUN)["violations"] if each["impact"] in _GRAVE]
            self.complaints += [f"{name}: {each['id']} {each['nodes'][0]['target']}" for each in found]


def decide(page: Page, desk: Desk, receipt: str, act: str, said: str) -> None:
    """From the page of the case to the page that asks, and on to the answer."""
    page.goto(f"{desk.base}/console/cases/{receipt}")
    page.get_by_role("navigation", name="可以做的事").get_by_role("link", name=act, exact=True).click()
    if act == "退回":
        page.get_by_label("或者写您要说的话").fill(said)
    desk.picture(page, act)
    page.get_by_role("button", name=f"确定{act}").click()


@pytest.mark.parametrize("size", SIZES)
def test_the_work_of_a_county(world: World, size: str) -> None:
    going, back = world.case("teacher", CaseState.SUBMITTED), world.case("teacher", CaseState.SUBMITTED)
    with listening(world.services, "127.0.0.1", 0) as port, chromium() as browser:
        desk = Desk(world, f"http://127.0.0.1:{port}", size)
        teacher(desk, desk.open(browser, "teacher"), back)
        coordinator(desk, desk.open(browser, "coordinator"), going, back)
        assert (world.state(going), world.state(back)) == (CaseState.REPORTED, CaseState.RETURNED)
        bureau(desk, desk.open(browser, "admin"))
    assert world.state(going) == CaseState.RECOMMENDED
    assert desk.complaints == []


def teacher(desk: Desk, page: Page, receipt: str) -> None:
    decide(page, desk, receipt, "撤回", "")
    expect(page.get_by_role("status")).to_contain_text("已撤回")
    page.get_by_role("link", name="恢复").click()
    page.get_by_role("button", name="确定恢复").click()
    expect(page.get_by_role("status")).to_contain_text("已恢复，每一版文件都在")
    desk.picture(page, "revived")
    page.go_back()
    expect(page.get_by_text("不能恢复")).to_be_visible()  # no browser keeps the form that was sent


def coordinator(desk: Desk, page: Page, going: str, back: str) -> None:
    decide(page, desk, going, "推荐", "")
    expect(page.get_by_role("status")).to_contain_text("✅ 已推荐")
    desk.picture(page, "recommended")
    decide(page, desk, back, "退回", "请补充课堂实录的截图")
    expect(page.get_by_role("status")).to_contain_text("原因已告诉老师：请补充课堂实录的截图")
    page.goto(f"{desk.base}/console/summary")
    desk.picture(page, "summary")
    with page.expect_download() as loading:
        page.get_by_role("link", name="下载汇总表（Word）").click()
    assert loading.value.suggested_filename.endswith("汇总表.docx")
    page.get_by_role("link", name="上报", exact=True).click()
    desk.picture(page, "preview")
    page.get_by_role("button", name="确认上报").click()
    expect(page.get_by_role("status")).to_contain_text("利川市已上报")
    desk.picture(page, "reported")
    page.goto(f"{desk.base}/console/exports")
    desk.picture(page, "exports")


def bureau(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.base}/console/summary")
    page.get_by_role("link", name="利川市").click()
    with page.expect_download() as loading:
        page.get_by_role("link", name="下载材料包（ZIP）").click()
    assert loading.value.suggested_filename.startswith("利川市上报材料（第")
    page.get_by_role("link", name="重开上报").click()
    page.get_by_label("重开的原因").fill("漏了一个案例")
    desk.picture(page, "reopen")
    page.get_by_role("button", name="确定重开").click()
    expect(page.get_by_role("status")).to_contain_text("已重开利川市的上报")
    desk.picture(page, "reopened")
