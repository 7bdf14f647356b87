"""/f/<token> as the running server answers it: what a browser is told, and what nobody learns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from handing_out import HIDDEN, PUBLIC, ask, fetch, link, template
from installation import Backend, Installation, install
from sqlalchemy import select, update
from structlog.testing import capture_logs

from bot.download_page import MOST_A_MINUTE
from simulator.server import SimulatorServer
from store.schema.mail import Handout


@pytest.fixture
def service(sim: SimulatorServer, tmp_path: Path) -> Iterator[Installation]:
    with install(sim, Backend("", "", tmp_path / "data"), public_url=PUBLIC, secret_key="s" * 32) as running:
        yield running


def test_the_download_tells_browsers_what_it_is_and_nobody_else(service: Installation) -> None:
    ask(service, HIDDEN)
    path = link(service, HIDDEN)
    got = fetch(service, path)
    assert got.headers["Content-Disposition"] == (
        'attachment; filename="file.docx"; '
        "filename*=UTF-8''%E6%A1%88%E4%BE%8B%E5%8F%82%E8%80%83%E6%A8%A1%E6%9D%BF.docx"
    )
    assert got.headers["Content-Type"].endswith("wordprocessingml.document")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Cache-Control"] == "no-store"
    assert got.headers["Referrer-Policy"] == "no-referrer"
    assert fetch(service, path, "HEAD").headers["Content-Length"] == str(len(template(service)))
    part = fetch(service, path, Range="bytes=2-9")
    assert (part.status_code, part.content) == (206, template(service)[2:10])


def test_an_expired_a_changed_and_an_unknown_link_get_the_same_plain_page(
    service: Installation,
) -> None:
    ask(service, HIDDEN)
    path = link(service, HIDDEN)
    with service.services.database.begin() as session:
        past = service.services.clock.real() - timedelta(seconds=1)
        session.execute(update(Handout).values(link_until=past))
    never_opened = service.services.links.address(99).removeprefix(PUBLIC)
    pages = [
        fetch(service, each) for each in (path, f"{path[:-1]}!", path.replace("/f/1", "/f/2"), never_opened, "/f/x")
    ]
    assert {page.status_code for page in pages} == {404}
    assert len({page.text for page in pages}) == 1
    assert "这个链接不能用了" in pages[0].text
    assert "再要一次" in pages[0].text


def test_bytes_that_are_gone_are_said_to_be_away(service: Installation) -> None:
    ask(service, HIDDEN)
    path = link(service, HIDDEN)
    with service.services.database.read() as session:
        sha256 = session.scalars(select(Handout.sha256)).one()
    service.services.blobs.path(sha256).unlink()
    got = fetch(service, path)
    assert got.status_code == 503
    assert "暂时取不到文件" in got.text


def test_a_client_may_not_try_out_links(service: Installation) -> None:
    codes = [fetch(service, f"/f/{number}-{'A' * 24}").status_code for number in range(1, MOST_A_MINUTE + 2)]
    assert codes[:-1] == [404] * MOST_A_MINUTE
    assert codes[-1] == 429


def test_no_log_line_holds_a_link(service: Installation) -> None:
    ask(service, HIDDEN)
    path = link(service, HIDDEN)
    fetch(service, path)
    with service.services.database.read() as session:
        sha256 = session.scalars(select(Handout.sha256)).one()
    service.services.blobs.path(sha256).unlink()
    with capture_logs() as logged:
        fetch(service, path)
    assert [entry["event"] for entry in logged] == ["a file behind a link cannot be read"]
    assert path.removeprefix("/f/") not in repr(logged)
