"""The upload page as a teacher sees it on a phone: link from the chat, a break, the page closed, the verdict."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import PUBLIC
from chromium import NEEDED, chromium
from films import film
from installation import TEACHER, Installation
from playwright.sync_api import Page, Route, expect
from uploading import document, page, receipts

ARTIFACTS = Path(__file__).resolve().parents[2] / "test-artifacts"
LONG = 60_000

pytestmark = [
    *NEEDED,
]


@pytest.fixture
def phone() -> Iterator[Page]:
    """A browser of a phone's size; whatever its scripts or our policy complain about is a fault."""
    with chromium() as browser:
        opened = browser.new_page(viewport={"width": 390, "height": 780}, device_scale_factor=2)
        complaints: list[str] = []
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
        yield opened
        assert complaints == []


def test_from_the_link_in_the_chat_to_the_verdict(service: Installation, phone: Page, tmp_path: Path) -> None:
    service.platform.say(TEACHER, "上传链接")
    told = re.search(rf"{PUBLIC}(/upload/\S+)", service.answer(TEACHER))
    assert told is not None
    path = tmp_path / "用平板教函数图像.docx"
    path.write_bytes(document("用平板教函数图像"))
    phone.goto(page(service).base + told[1])
    phone.locator("#file").set_input_files(path)
    expect(phone.locator("#verdict")).to_contain_text("检查完了", timeout=LONG)
    expect(phone.locator("#text")).to_contain_text("回执")
    ARTIFACTS.mkdir(exist_ok=True)
    phone.screenshot(path=ARTIFACTS / "upload-done.png")
    phone.reload()
    expect(phone.locator("#verdict")).to_contain_text("用平板教函数图像", timeout=LONG)


def test_paused_closed_and_gone_on_with(service: Installation, phone: Page, tmp_path: Path) -> None:
    data = film(14 << 20, seed=77)
    path, mine = tmp_path / "课堂实录.mp4", page(service)
    path.write_bytes(data)
    patches: list[str] = []

    def hold_the_third(route: Route) -> None:
        if route.request.method == "PATCH":
            patches.append(route.request.headers["upload-offset"])
            if len(patches) == 3:
                return route.abort()  # the network is gone
        return route.continue_()

    phone.route("**/files/*", hold_the_third)
    phone.goto(mine.url)
    phone.locator("#file").set_input_files(path)
    expect(phone.locator("#trouble")).to_contain_text("自动接着传", timeout=LONG)
    phone.locator("#pause").click()
    expect(phone.locator("#trouble")).to_contain_text("已暂停")
    expect(phone.locator("#percent")).not_to_have_text("0 %")
    ARTIFACTS.mkdir(exist_ok=True)
    phone.screenshot(path=ARTIFACTS / "upload-paused.png")

    phone.unroute("**/files/*")
    phone.goto("about:blank")
    phone.goto(mine.url)
    expect(phone.locator("#resume-hint")).to_contain_text("《课堂实录.mp4》已传")
    received = int(str(mine.state()["received"]))
    assert received == 8 << 20
    sent: list[str] = []
    phone.on("request", lambda each: sent.append(each.headers["upload-offset"]) if each.method == "PATCH" else None)
    phone.locator("#file").set_input_files(path)
    expect(phone.locator("#verdict")).to_contain_text("检查完了", timeout=LONG)
    assert sent[0] == str(received), "what had arrived was sent again"
    digest = hashlib.sha256(data).hexdigest()
    assert receipts(service, digest) == 1


def test_another_file_is_not_mixed_into_the_first(service: Installation, phone: Page, tmp_path: Path) -> None:
    mine = page(service)
    mine.send(mine.new(9_000_000, "原来的.mp4"), 0, b"\0" * 1000)
    path = tmp_path / "另一个.docx"
    path.write_bytes(document("另一个文件"))
    asked: list[str] = []
    phone.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    phone.goto(mine.url)
    expect(phone.locator("#resume-hint")).to_contain_text("原来的.mp4")
    phone.locator("#file").set_input_files(path)
    expect(phone.locator("#verdict")).to_contain_text("检查完了", timeout=LONG)
    assert "不是刚才没传完的《原来的.mp4》" in asked[0]
    assert mine.state()["name"] == "另一个.docx"
