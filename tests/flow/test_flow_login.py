"""Signing in through WeCom: who gets in, who does not and what they read, and that nobody gets in as somebody else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import PUBLIC, SETTINGS, STRANGER, Browser, query
from installation import ADMIN, COORDINATOR, PEOPLE, TEACHER, Backend, Installation, seed, settings_for, web_only
from sqlalchemy import update

from bot.console.login import own_page
from bot.services import build
from bot.web import create_app
from domain.roles import Role
from simulator.platform import PlatformSettings
from simulator.server import SimulatorServer
from store import people, sessions
from store.schema.web import LoginAttempt, WebSession

DESKTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A web process to which one can sign in, the same for all tests: each brings browsers of its own."""
    backend = Backend("", "", tmp_path_factory.mktemp("login"))
    with SimulatorServer(PlatformSettings(people=PEOPLE)) as sim, web_only(sim, backend, **SETTINGS) as running:
        yield running


@pytest.fixture
def browser(service: Installation) -> Browser:
    """A browser nobody has used yet."""
    return Browser(service)


def test_the_way_in_and_out_on_both_databases(sim: SimulatorServer, backend: Backend) -> None:
    with web_only(sim, backend, **SETTINGS) as service:
        way_in_and_out(Browser(service))


def way_in_and_out(browser: Browser) -> None:
    away = browser.get("/console/?from=chat")
    assert away.status_code == 302
    assert away.headers["Location"] == "/console/login?to=%2Fconsole%2F%3Ffrom%3Dchat"
    back = browser.sign_in(TEACHER, away.headers["Location"])
    assert (back.status_code, back.headers["Location"]) == (302, "/console/?from=chat")
    page = browser.get("/console/")
    assert page.status_code == 200
    assert "利川市 教师一" in page.text
    assert "教师，利川市" in page.text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    assert browser.post("/console/logout", {"csrf": browser.csrf()}).status_code == 200
    assert browser.get("/console/").status_code == 302
    path = browser.at_wecom(browser.to_wecom(), TEACHER)
    assert browser.get(path).status_code == 302
    again = browser.get(path)
    assert (again.status_code, "已经用过" in again.text) == (403, True)


def test_inside_wecom_silently_and_on_the_desktop_by_qr_code(service: Installation) -> None:
    inside = Browser(service).to_wecom()
    assert "/connect/oauth2/authorize?" in inside
    assert inside.endswith("#wechat_redirect")
    assert query(inside)["scope"] == "snsapi_base"
    desktop = Browser(service, DESKTOP)
    address = desktop.to_wecom()
    assert "/wwlogin/sso/login?" in address
    assert query(address)["login_type"] == "CorpApp"
    assert query(address)["redirect_uri"] == f"{PUBLIC}/console/login/done"
    assert "教师一" in desktop.http.get(address, timeout=10).text
    assert desktop.get(desktop.at_wecom(address, COORDINATOR)).status_code == 302
    assert "协调员，利川市" in desktop.get("/console/").text


def refused(browser: Browser, path: str, sentence: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 403
    assert sentence in answer.text
    assert "重新登录" in answer.text or "管理员" in answer.text
    assert "session" not in {cookie.name for cookie in browser.http.cookies}
    assert browser.get("/console/").status_code == 302


def test_a_state_of_another_browser(service: Installation, browser: Browser) -> None:
    """Somebody sends a victim the end of his own login: the victim must not become him."""
    attacker = Browser(service)
    path = attacker.at_wecom(attacker.to_wecom(), TEACHER)
    browser.to_wecom()
    refused(browser, path, "不是在这个浏览器里打开的")
    assert attacker.get(path).status_code == 302


@pytest.mark.parametrize("change", ["missing", "empty", "made up", "no cookie", "used", "old"])
def test_a_state_that_is_not_good(service: Installation, browser: Browser, change: str) -> None:
    path = browser.at_wecom(browser.to_wecom(), TEACHER)
    code, state = query(path)["code"], query(path)["state"]
    ways = {"missing": f"?code={code}", "empty": f"?code={code}&state=", "made up": f"?code={code}&state={'a' * 48}"}
    if change == "no cookie":
        browser.http.cookies.clear()
    if change == "used":
        assert browser.get(path).status_code == 302
        browser.http.cookies.pop("session")
    if change == "old":
        with service.services.database.begin() as session:
            session.execute(update(LoginAttempt).values(expires_at=service.services.clock.real()))
    refused(browser, f"/console/login/done{ways.get(change, f'?code={code}&state={state}')}", "重新登录")


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("used", "已经用过或过期"),
        ("made-up", "已经用过或过期"),
        ("", "没有确认您的身份"),
        ("x" * 600, "没有确认您的身份"),
    ],
)
def test_a_code_that_is_not_good(service: Installation, browser: Browser, code: str, sentence: str) -> None:
    if code == "used":
        first = Browser(service)
        path = first.at_wecom(first.to_wecom(), TEACHER)
        assert first.get(path).status_code == 302
        code = query(path)["code"]
    state = query(browser.to_wecom())["state"]
    refused(browser, f"/console/login/done?code={code}&state={state}", sentence)


def test_one_state_that_comes_twice_at_one_moment_lets_in_once(service: Installation, browser: Browser) -> None:
    path = browser.at_wecom(browser.to_wecom(), TEACHER)
    cookie, start, came = browser.http.cookies.get("login"), threading.Barrier(4), []

    def come_back() -> None:
        other = Browser(service)
        other.http.cookies.set("login", cookie, domain="127.0.0.1", path="/")
        start.wait(20)
        came.append(other.get(path).status_code)

    threads = [threading.Thread(target=come_back) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came) == [302, 403, 403, 403]


def test_somebody_who_is_no_member(browser: Browser) -> None:
    refused(browser, browser.at_wecom(browser.to_wecom(), STRANGER), "不是本企业的成员")


def test_a_platform_that_does_not_answer(service: Installation, browser: Browser) -> None:
    path = browser.at_wecom(browser.to_wecom(), TEACHER)
    service.platform.knobs.set("auth/getuserinfo", "errcode", -1)
    refused(browser, path, "暂时没有回应")


def test_a_cookie_laid_before_is_worth_nothing_afterwards(service: Installation, browser: Browser) -> None:
    browser.http.cookies.set("session", "laid-by-somebody", domain="127.0.0.1", path="/")
    browser.sign_in(TEACHER)
    assert browser.get("/console/").status_code == 200
    other = Browser(service)
    for value in ("laid-by-somebody", browser.http.cookies.get("login", "")):
        other.http.cookies.set("session", value, domain="127.0.0.1", path="/")
        assert other.get("/console/").status_code == 302
    before = browser.http.cookies.get("session")
    browser.sign_in(COORDINATOR)
    assert browser.http.cookies.get("session") != before
    other.http.cookies.set("session", before, domain="127.0.0.1", path="/")
    assert other.get("/console/").status_code == 302


def test_a_form_needs_the_token_of_its_own_session(service: Installation, browser: Browser) -> None:
    browser.sign_in(TEACHER)
    other = Browser(service)
    other.sign_in(COORDINATOR)
    for data in ({}, {"csrf": ""}, {"csrf": "x" * 24}, {"csrf": "课"}, {"csrf": other.csrf()}):
        assert browser.post("/console/logout", data).status_code == 403
    own = browser.csrf()
    for origin in ("https://evil.example", "null", "http://127.0.0.1:81", f"{PUBLIC}.evil.example"):
        assert browser.post("/console/logout", {"csrf": own}, Origin=origin).status_code == 403
    behind_a_proxy = Browser(service)
    behind_a_proxy.sign_in(TEACHER)
    form = {"csrf": behind_a_proxy.csrf()}
    assert behind_a_proxy.post("/console/logout", form, Origin=PUBLIC).status_code == 200
    assert browser.post("/console/logout", {"csrf": own}, Origin=browser.base).status_code == 200
    assert browser.post("/console/logout", {"csrf": own}).status_code == 401


def test_sessions_are_revoked_on_every_device(service: Installation) -> None:
    phone, desk = Browser(service), Browser(service, DESKTOP)
    phone.sign_in(TEACHER)
    desk.sign_in(TEACHER)
    other = Browser(service)
    other.sign_in(COORDINATOR)
    assert phone.post("/console/logout", {"csrf": phone.csrf(), "everywhere": ""}).status_code == 200
    assert [each.get("/console/").status_code for each in (phone, desk, other)] == [302, 302, 200]


def test_a_role_counts_from_the_next_request_on(service: Installation, browser: Browser) -> None:
    browser.sign_in(TEACHER)
    assert "教师，" in browser.get("/console/").text
    with service.services.database.begin() as session:
        people.appoint(session, TEACHER, Role.COORDINATOR, unit_id="enshi", by=None, now=service.services.clock.now())
    assert "协调员，恩施市" in browser.get("/console/").text
    seed(service.services)


@pytest.mark.parametrize(("column", "ago"), [("expires_at", 0), ("seen_at", sessions.IDLE_FOR.total_seconds())])
def test_a_session_ends_by_itself(service: Installation, browser: Browser, column: str, ago: float) -> None:
    browser.sign_in(TEACHER)
    with service.services.database.begin() as session:
        now = service.services.clock.real()
        session.execute(update(WebSession).values({column: now.fromtimestamp(now.timestamp() - ago, now.tzinfo)}))
    assert browser.get("/console/").status_code == 302
    assert browser.get("/console/", **{"HX-Request": "true"}).headers["HX-Redirect"] == "/console/login"


def test_nothing_secret_is_stored(service: Installation, browser: Browser) -> None:
    browser.sign_in(TEACHER)
    cookie = browser.http.cookies.get("session")
    with service.services.database.read() as session:
        assert session.get(WebSession, sessions.hash_of(cookie)) is not None
        assert session.get(WebSession, cookie) is None
        assert all(len(row.state) == len(row.browser) == 64 for row in session.query(LoginAttempt))


def test_whoever_tries_too_often_waits(browser: Browser) -> None:
    answers = [browser.get("/console/login").status_code for _ in range(31)]
    assert answers == [302] * 30 + [429]


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/console/cases?unit=a&state=b", "/console/cases?unit=a&state=b"),
        *((bad, "/console/") for bad in ("", "//evil.example", "https://evil.example/console/", "/f/1", "/consoles/x")),
        *(
            (bad, "/console/")
            for bad in ("/console/\\evil", "/console/a b", "/console/\r\nX: y", "/console/" + "a" * 600)
        ),
        *((bad, "/console/") for bad in ("/console/login", "/console/login/done?x", "/console/logout")),
    ],
)
def test_the_login_leads_to_a_page_of_ours_only(address: str, page: str) -> None:
    assert own_page(address) == page


def test_over_https_cookies_are_bound_to_this_host(sim: SimulatorServer, tmp_path: Path) -> None:
    backend = Backend("", "", tmp_path / "data")
    settings = settings_for(sim, backend, public_url="https://bot.example.edu.cn", secret_key="k" * 32)
    services = build(settings)
    try:
        answer = create_app(services).test_client().get("/console/login")
    finally:
        services.close()
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-login=")
    for attribute in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert attribute in cookie
    assert "Domain" not in cookie


def test_without_a_public_address_it_says_what_is_missing(sim: SimulatorServer, tmp_path: Path) -> None:
    services = build(settings_for(sim, Backend("", "", tmp_path / "data")))
    try:
        client = create_app(services).test_client()
        answers = [client.get(path) for path in ("/console/", "/console/login", "/console/login/done?code=1&state=1")]
    finally:
        services.close()
    assert [answer.status_code for answer in answers] == [503] * 3
    assert all("PUBLIC_URL" in answer.text for answer in answers)


def test_only_the_named_domain_file_is_answered(sim: SimulatorServer, tmp_path: Path) -> None:
    names = "WW_verify_AbC123.txt, WW_verify_Zz9.txt"
    services = build(settings_for(sim, Backend("", "", tmp_path / "data"), wecom_domain_files=names))
    try:
        client = create_app(services).test_client()
        good = client.get("/WW_verify_Zz9.txt")
        others = [client.get(f"/WW_verify_{name}.txt").status_code for name in ("zz9", "Other1", "AbC123.txt")]
    finally:
        services.close()
    assert (good.status_code, good.text, good.mimetype) == (200, "Zz9", "text/plain")
    assert others == [404] * 3


def test_staff_and_teachers_are_shown_as_what_they_are(service: Installation) -> None:
    shown = {}
    for userid in (TEACHER, COORDINATOR, ADMIN):
        browser = Browser(service)
        browser.sign_in(userid)
        shown[userid] = browser.get("/console/").text
    assert "身份：管理员" in shown[ADMIN]
    assert "身份：教师" in shown[TEACHER]
