"""`python -m bot demo` as its user sees it: a browser, a person, a question, a Word file, a verdict."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import NEEDED, chromium
from playwright.sync_api import Page, expect
from word_files import case_document

ROOT = Path(__file__).resolve().parent.parent.parent
ARTIFACTS = ROOT / "test-artifacts"
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/")
LONG = 60_000

pytestmark = [
    *NEEDED,
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running demo; stopped with TERM, after which it must end by itself and well."""
    data = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "bot", "demo", "--port", "0", "--chat-port", "0", "--data", str(data)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WECOM_")}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    found = None
    for line in process.stdout:
        found = ADDRESS.search(line)
        if found:
            break
    assert found, "the demo printed no address"
    yield found.group()
    process.send_signal(signal.SIGTERM)
    process.stdout.close()
    assert process.wait(timeout=60) == 0


@pytest.fixture
def page(address: str) -> Iterator[Page]:
    """The chat page in a desktop-sized window, with the first teacher of 利川市 chosen."""
    with chromium() as browser:
        opened = browser.new_page(viewport={"width": 1280, "height": 900}, device_scale_factor=1.5)
        opened.goto(address)
        opened.locator('#people .person[data-userid="teacher-lichuan-1"]').click()
        opened.locator("#channel-bot").click()
        greeting = opened.locator('.message[data-author="bot"]').first
        expect(greeting).to_contain_text("案例管家", timeout=LONG)
        yield opened


def said(page: Page) -> str:
    """The text of the last finished bubble of the bot."""
    bubble = page.locator('.message[data-author="bot"][data-finished="true"] .bubble').last
    return str(bubble.inner_text())


def ask(page: Page, text: str, expected: str) -> str:
    """Type a text; wait until the newest answer holds `expected`."""
    page.locator("#composer").fill(text)
    page.locator("#composer").press("Enter")
    answers = page.locator('.message[data-author="bot"][data-finished="true"] .bubble')
    expect(answers.last).to_contain_text(expected, timeout=LONG)
    return said(page)


def test_ask_upload_and_read_the_verdict(page: Page) -> None:
    answer = ask(page, "字数要求是多少", "3500–5000")
    assert "1500" in answer
    assert "二、材料要求 1、2" in answer

    document = case_document(words=2400, title="智慧课堂里的数据应用")
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    page.locator("#file-input").set_input_files(
        {"name": "智慧课堂里的数据应用.docx", "mimeType": word, "buffer": document}
    )
    finished = page.locator('.message[data-author="bot"][data-finished="true"] .bubble')
    expect(finished.last).to_contain_text("回执", timeout=LONG)
    verdict = ask(page, "B1", "需要修改")

    assert re.search(r"回执 [A-Z0-9]+-[0-9A-Z]{8}-[0-9A-Z]", verdict)
    assert "字数" in verdict
    assert "3500–5000" in verdict
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTIFACTS / "demo.png")
    page.locator("#phone").screenshot(path=ARTIFACTS / "chat.png")


@pytest.mark.parametrize("sample", ["picture", "voice", "link", "unknown"])
def test_everything_else_is_answered_with_what_works(page: Page, sample: str) -> None:
    texts = '.message[data-author="bot"]:not(:has(.card))'  # a card repeats what its text offers
    before = page.locator(texts).count()
    page.locator("#plus").click()
    page.locator(f'#plus-menu [data-sample="{sample}"]').click()
    answers = page.locator(f'{texts}[data-finished="true"]')
    expect(answers).to_have_count(before + 1, timeout=LONG)
    assert len(said(page)) > 10


def test_a_coordinator_sees_what_is_missing(page: Page) -> None:
    page.locator('#people .person[data-userid="coordinator-lichuan"]').click()
    text = ask(page, "进度", "距截止")
    assert text.startswith("利川市")
    assert "还差" in text
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTIFACTS / "demo-coordinator.png")


def test_the_workbench_opens_the_console_as_whoever_is_chosen(page: Page) -> None:
    for userid, shown in (("coordinator-lichuan", "利川市 协调员"), ("teacher-lichuan-1", "利川市 教师一")):
        page.locator(f'#people .person[data-userid="{userid}"]').click()
        with page.expect_popup() as opened:
            page.locator("#workbench").click()
        console = opened.value
        expect(console).to_have_url(re.compile(r"/console/$"))
        expect(console.locator("h1")).to_contain_text(shown)
        console.close()
    page.locator('#people .person[data-userid="teacher-badong-1"]').click()  # the app is not visible to them
    expect(page.locator("#workbench")).to_be_hidden()
