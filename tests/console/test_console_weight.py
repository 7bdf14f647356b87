"""What a page costs whoever opens it for the first time on a phone: itself and all it loads, as it travels."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from console_world import ADMIN, COORDINATOR, TEACHER, World, console_world, many_cases
from flask.testing import FlaskClient

MOST_BYTES = 100_000
_LOADS = re.compile(r'(?:src|href)="(/static/[^"]+)"')
_ZIPPED = {"Accept-Encoding": "gzip"}
_PAGES = ("", "board", "board/lichuan", "cases", "cases?q=案例&late=1", "cases?page=7", "mine", "summary", "exports")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with console_world(tmp_path_factory.mktemp("weight"), told=False, schools=60) as opened:
        opened.sends(TEACHER, "failing", "short", "智慧课堂.docx", "B2")
        many_cases(opened, 5000)
        yield opened


def travels(client: FlaskClient, path: str) -> int:
    """The bytes of the page and of what it loads, compressed as a browser asks for."""
    page = client.get(path, headers=_ZIPPED)
    assert (page.status_code, page.headers.get("Content-Encoding")) == (200, "gzip"), path
    loads = {address.partition("?")[0] for address in _LOADS.findall(client.get(path).text)}
    assert loads
    return len(page.data) + sum(len(client.get(address, headers=_ZIPPED).data) for address in loads)


@pytest.mark.parametrize("who", [TEACHER, COORDINATOR, ADMIN])
def test_no_page_is_heavy(world: World, who: str) -> None:
    client = world.client(who)
    opened = 0
    for path in (*_PAGES, f"cases/{world.receipts['failing']}"):
        address = f"/console/{path}"
        if client.get(address).status_code == 200:
            opened += 1
            assert travels(client, address) < MOST_BYTES, address
    assert opened >= 3


def test_the_upload_page_is_light_too(world: World) -> None:
    address = world.client(TEACHER).get("/console/upload").headers["Location"]
    assert travels(world.client(None), address) < MOST_BYTES
