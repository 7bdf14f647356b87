"""The chat page: its addresses, and in a real browser that it sends, shows safely and grows."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import requests
from echo_product import button_card, stream
from playwright.sync_api import Page, expect, sync_playwright

from simulator.server import SimulatorServer

HOME = "http://127.0.0.1:1/console/login"
CHROMIUM = shutil.which("chromium")
EVIL = '<img src=x onerror="window.broken=1"> [a](javascript:window.broken=1) **好** `<b>` [链](https://example.com/?a=1&b=2)'


def post(sim, path: str, body: Any) -> int:
    return requests.post(f"{sim.url}/sim/{path}", json=body, timeout=10).status_code


def updates(sim, **params: Any) -> dict[str, Any]:
    query = {"userid": "teacher-1", "channel": "bot", **params}
    return requests.get(f"{sim.url}/sim/updates", params=query, timeout=10).json()


def test_the_page_asks_nothing_of_other_hosts(sim):
    answer = requests.get(sim.url, timeout=10)
    assert answer.status_code == 200
    assert "http://" not in answer.text
    assert "https://" not in answer.text
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_what_is_typed_and_answered_comes_with_the_updates(sim, product):
    product.answer = lambda _plain: stream("答", finish=True)
    assert post(sim, "say", {"userid": "teacher-1", "channel": "bot", "text": "问"}) == 200
    sim.platform.wait_for(lambda: sim.platform.chat("teacher-1")[-1].text == "答")
    news = updates(sim)
    assert [message["text"] for message in news["messages"]] == ["问", "答"]
    assert news["heads"]["bot"]["incoming"] == news["incoming"]["teacher-1"] == 1
    assert updates(sim, after=news["version"])["messages"] == []


def test_a_file_keeps_its_name_and_bytes(sim, product):
    params = {"userid": "teacher-1", "channel": "bot", "name": "案例 终稿.docx"}
    assert requests.post(f"{sim.url}/sim/file", params=params, data=b"bytes", timeout=10).status_code == 200
    sim.platform.wait_for(lambda: product.got)
    shown = sim.platform.chat("teacher-1")[0].attachment
    assert (shown["name"], shown["size"]) == ("案例 终稿.docx", 5)
    download = requests.get(f"{sim.url}/sim/download/{shown['id']}", timeout=10)
    assert download.content == b"bytes"
    assert download.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("kind", ["picture", "voice", "video", "link", "location", "unknown", "mixed"])
def test_every_sample_reaches_the_product(sim, product, kind):
    assert post(sim, "sample", {"userid": "teacher-1", "channel": "bot", "kind": kind}) == 200
    sim.platform.wait_for(lambda: product.got)
    assert sim.platform.ledger.violations() == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("say", {"userid": "nobody", "text": "x"}),
        ("say", {"userid": "teacher-1", "text": " "}),
        ("say", {"userid": "teacher-1", "channel": "mail", "text": "x"}),
        ("say", {"userid": "teacher-1", "channel": "app", "group": "wrGROUP0001", "text": "x"}),
        ("say", [1]),
        ("sample", {"userid": "teacher-1", "kind": "poem"}),
        ("press", {"userid": "teacher-1", "number": 9, "key": "x"}),
        ("feedback", {"userid": "teacher-1", "number": 9}),
        ("callback", {"channel": "mail", "url": "x"}),
        ("verify", {"channel": "mail"}),
        ("token", {"act": "explode"}),
    ],
)
def test_nonsense_is_refused(sim, path, body):
    assert post(sim, path, body) == 400


def test_the_workbench_signs_in_once_as_whoever_opened_it(sim):
    with SimulatorServer(replace(sim.settings, app_home_url=HOME)) as with_home:
        sign_in_from_workbench(with_home)


def sign_in_from_workbench(sim):
    browser = requests.Session()
    opened = browser.get(f"{sim.url}/sim/workbench?userid=teacher-1", allow_redirects=False, timeout=10)
    assert (opened.status_code, opened.headers["Location"]) == (302, HOME)
    query = {
        "login_type": "CorpApp",
        "appid": sim.settings.corp_id,
        "agentid": sim.settings.agent_id,
        "redirect_uri": HOME,
        "state": "a1",
    }
    login = f"{sim.url}/wwlogin/sso/login"
    back = browser.get(login, params=query, allow_redirects=False, timeout=10)
    assert (back.status_code, back.headers["Location"].startswith(f"{HOME}?code=")) == (302, True)
    assert "请选择由谁扫码登录" in browser.get(login, params=query, timeout=10).text
    refused = {"outsider-1": 403, "nobody": 404, "": 404}
    answers = {userid: requests.get(f"{sim.url}/sim/workbench?userid={userid}", timeout=10) for userid in refused}
    assert {userid: answer.status_code for userid, answer in answers.items()} == refused


def test_without_a_home_page_there_is_no_workbench(sim):
    assert requests.get(f"{sim.url}/sim/state", timeout=10).json()["workbench"] is False
    assert requests.get(f"{sim.url}/sim/workbench?userid=teacher-1", timeout=10).status_code == 404


def test_knobs_ledger_and_addresses_work_from_outside(sim, product):
    url = f"{sim.url}/sim"
    assert post(sim, "callback", {"channel": "app", "url": f"{product.url}/app"}) == 200
    assert requests.post(f"{url}/verify", json={"channel": "app"}, timeout=10).json()["ok"] is True
    assert post(sim, "knobs", {"call": "gettoken", "kind": "status", "value": 503, "times": 2}) == 200
    assert requests.get(f"{url}/knobs", timeout=10).json()["faults"][0]["times"] == 2
    assert requests.delete(f"{url}/knobs", timeout=10).json()["faults"] == []
    assert post(sim, "token", {"act": "expire_media"}) == 200
    entries = requests.get(f"{url}/ledger", params={"kind": "verify"}, timeout=10).json()["entries"]
    assert [entry["data"]["good"] for entry in entries] == [True]


@pytest.fixture
def page(sim) -> Iterator[Page]:
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        faults: list[str] = []
        opened = browser.new_page(viewport={"width": 390, "height": 844})
        opened.on("pageerror", lambda error: faults.append(str(error)))
        opened.goto(sim.url)
        yield opened
        assert faults == []
        browser.close()


@pytest.mark.browser
def test_a_conversation_on_a_phone(sim, product, page, tmp_path):
    def answer(plain: str) -> str | None:
        message = json.loads(plain)
        if message["msgtype"] == "event":
            return None
        if message.get("text", {}).get("content") == "卡片":
            return json.dumps({"msgtype": "template_card", "template_card": button_card()})
        stream_id = message.get("stream", {}).get("id", message["msgid"])
        return stream(EVIL, finish="stream" in message, stream_id=stream_id)

    product.answer = answer
    page.fill("#composer", "问")
    page.keyboard.press("Enter")
    reply = page.locator(".message[data-author=bot][data-finished=true] .bubble").first
    expect(reply.locator("strong")).to_have_text("好")
    expect(reply.locator("code")).to_have_text("<b>")
    assert [link.get_attribute("href") for link in reply.locator("a").all()] == ["https://example.com/?a=1&b=2"]
    assert page.evaluate("window.broken") is None
    file = tmp_path / "教学案例.docx"
    file.write_bytes(b"PK" * 5000)
    page.set_input_files("#file-input", file)
    expect(page.locator(".message[data-kind=file] .file-text b")).to_have_text("教学案例.docx")
    page.fill("#composer", "卡片")
    page.click("#send")
    page.click(".card-button[data-key=yes]")
    sim.platform.wait_for(lambda: any(record.event == "template_card_event" for record in sim.platform.records))
    page.click("#people-toggle")
    page.click(".person[data-userid=teacher-2]")
    expect(page.locator("#chat-subtitle")).to_contain_text("教师二")
    expect(page.locator(".message")).to_have_count(0)
