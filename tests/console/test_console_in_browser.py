"""Teacher, coordinator and bureau looking, in a real browser, on a phone and on a desk: by clicks alone from page to
page, a picture of each, nothing wider than the screen, and no serious or critical fault by axe-core."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import NEEDED, chromium
from console_world import ADMIN, COORDINATOR, TEACHER, World, console_world
from playwright.sync_api import Browser, Page, expect

from bot.serving import listening

ROOT = Path(__file__).resolve().parents[2]
ARTIFACTS = ROOT / "test-artifacts"
AXE = ROOT / ".web" / "node_modules" / "axe-core" / "axe.min.js"
SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 900}}
_RUN = "axe.run(document, {resultTypes: ['violations']})"
_WIDE = frozenset({"board", "unit", "waiting", "case"})
_GRAVE = frozenset({"serious", "critical"})

pytestmark = [
    *NEEDED,
    pytest.mark.skipif(not AXE.is_file(), reason="no axe-core: python tools/install_web_parts.py"),
    pytest.mark.xdist_group("console in a browser"),
]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with console_world(tmp_path_factory.mktemp("looking")) as opened:
        yield opened


@pytest.fixture(scope="module")
def base(world: World) -> Iterator[str]:
    with listening(world.services, "127.0.0.1", 0) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


class Screen:
    """A browser window of one person. What its scripts, our policy or axe complain about is a fault."""

    def __init__(self, world: World, base: str, browser: Browser, size: str, userid: str | None) -> None:
        self.size, self.userid, self.base = size, userid, base
        self.faults: list[str] = []
        context = browser.new_context(viewport=SIZES[size], locale="zh-CN")
        context.add_init_script(path=AXE)
        if userid is not None:
            context.add_cookies([{"name": "session", "value": world.sign_in(userid), "url": base}])
        self.page: Page = context.new_page()
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._hear)

    def _hear(self, line) -> None:
        # A search that is overtaken by what was typed next is no fault, though htmx tells of it as one.
        if line.type == "error" and not line.text.startswith(("htmx:sendAbort", "htmx:afterRequest")):
            self.faults.append(line.text)

    def go(self, path: str, name: str) -> None:
        """Open the page and look at it."""
        self.page.goto(self.base + path)
        self.look(name)

    def click(self, label: str, name: str, *, within: str = "main") -> None:
        """Follow the first link of this label and look at what comes."""
        self.page.locator(within).get_by_role("link", name=label).first.click()
        self.look(name)

    def look(self, name: str) -> None:
        """Keep a picture; hold the page against its screen and against the rules of accessibility."""
        ARTIFACTS.mkdir(exist_ok=True)
        page = self.page
        page.screenshot(path=ARTIFACTS / f"look-{self.size}-{self.userid or 'nobody'}-{name}.png", full_page=True)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            self.faults.append(f"{name} is wider than the screen")
        if self.size == "desk" and name not in _WIDE:
            return  # the same page as on the phone, but for its width
        for each in page.evaluate(_RUN)["violations"]:
            if each["impact"] in _GRAVE:
                places = [node["target"] for node in each["nodes"][:3]]
                self.faults.append(f"{name}: {each['id']} {each['help']} {places}")


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> str:
    return request.param


def test_a_teacher_looks_what_became_of_it(world: World, base: str, browser: Browser, size: str) -> None:
    screen = Screen(world, base, browser, size, TEACHER)
    screen.go("/console/", "home")
    screen.click("等您处理", "mine")
    screen.click("我们的空间故事", "returned")
    expect(screen.page.get_by_text("退回理由：请补充课堂实录的截图")).to_be_visible()
    screen.page.locator("nav").get_by_role("link", name="我的案例").click()
    screen.click("数据驱动的作业设计", "case")
    screen.click("看这一版", "older-version")
    expect(screen.page.get_by_role("heading", name="检查结果（第 1 版）")).to_be_visible()
    with screen.page.expect_download() as loading:
        screen.page.get_by_role("link", name="下载批注版").click()
    assert loading.value.suggested_filename == "数据驱动的作业设计（批注版）.docx"
    with screen.page.expect_download() as loading:
        screen.page.get_by_role("link", name="数据驱动的作业设计.docx").first.click()
    assert loading.value.suggested_filename == "数据驱动的作业设计.docx"
    assert screen.faults == []


def test_a_coordinator_finds_what_waits(world: World, base: str, browser: Browser, size: str) -> None:
    screen = Screen(world, base, browser, size, COORDINATOR)
    page = screen.page
    screen.go("/console/", "home")
    screen.click("个案例还差", "board")
    page.locator("main").get_by_role("row", name="B1").get_by_role("link", name="1", exact=True).first.click()
    expect(page).to_have_url(f"{base}/console/cases?unit=lichuan&category=B1&step=waiting")
    screen.look("waiting")
    page.get_by_label("进展").select_option("待修改（含退回）")
    page.get_by_label("类别").select_option("")
    expect(page.get_by_role("heading", name="2 个案例")).to_be_visible()
    page.get_by_label("回执号、案例名、姓名或学校").fill("空间")
    expect(page.get_by_role("heading", name="1 个案例")).to_be_visible()
    assert "q=" in page.url
    screen.look("found")
    page.go_back()
    expect(page.get_by_role("heading", name="2 个案例")).to_be_visible()
    screen.click("我们的空间故事", "case")
    expect(page.get_by_role("navigation", name="可以做的事")).to_be_visible()
    screen.go("/console/cases?q=没有这样的案例", "none")
    assert screen.faults == []


def test_the_bureau_sees_all_units(world: World, base: str, browser: Browser, size: str) -> None:
    screen = Screen(world, base, browser, size, ADMIN)
    page = screen.page
    screen.go("/console/", "home")
    screen.click("个单位还没有达到最低数", "board")
    screen.click("利川市", "unit")
    screen.click("利川市都亭小学", "school")
    page.get_by_label("单位").select_option("恩施市")
    page.get_by_label("必报学校").select_option("")
    expect(page.get_by_role("heading", name="1 个案例")).to_be_visible()
    screen.click("智慧课堂案例", "case")
    for path in ("summary", "summary/lichuan", "exports"):
        screen.go(f"/console/{path}", path.replace("/", "-"))
    assert screen.faults == []


def test_pages_that_need_no_session(world: World, base: str, browser: Browser) -> None:
    screen = Screen(world, base, browser, "phone", None)
    with world.services.database.begin() as session:
        desk, clock = world.services.desk, world.services.clock
        assert desk is not None
        person = world.person(session, TEACHER)
        ticket = desk.tickets.make(person, clock.real(), world.services.randomness)
    screen.go(f"/upload/{ticket.token}", "upload")
    screen.go(f"/r/{world.receipts['mended']}", "receipt")
    screen.page.goto(f"{base}/console/login/done?state=x")
    screen.look("login-refused")
    refused = [fault for fault in screen.faults if "403" in fault]
    assert screen.faults == refused


def test_without_scripts_every_page_still_leads_on(world: World, base: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=SIZES["phone"])
    context.add_cookies([{"name": "session", "value": world.sign_in(ADMIN), "url": base}])
    page = context.new_page()
    page.goto(f"{base}/console/cases")
    page.get_by_label("回执号、案例名、姓名或学校").fill("空间")
    page.get_by_label("单位").select_option("利川市")
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_role("heading", name="1 个案例")).to_be_visible()
    expect(page.get_by_label("单位")).to_have_value("lichuan")


def test_with_the_keyboard_alone(world: World, base: str, browser: Browser) -> None:
    """The skip link comes first and is seen when it has the focus; whatever has the focus shows it."""
    screen = Screen(world, base, browser, "desk", ADMIN)
    page = screen.page
    page.goto(f"{base}/console/board")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    first = page.locator("main a").first
    expect(first).to_be_focused()
    assert (
        page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        or page.evaluate("getComputedStyle(document.activeElement).boxShadow") != "none"
    )
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("进度")
