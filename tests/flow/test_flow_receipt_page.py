"""A receipt can be checked by whoever holds its number, and tells nothing about people or contents."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest
import segno
from flask.testing import FlaskClient
from installation import TEACHER, Installation, install
from sqlalchemy import select
from word_files import case_document

from bot.receipt_page import MOST_A_MINUTE
from bot.web import create_app
from simulator.server import SimulatorServer
from store.schema.campaign import Case

PUBLIC = "https://bot.example.edu.cn"


@pytest.fixture
def service(sim: SimulatorServer, backend: object) -> Iterator[Installation]:
    with install(sim, backend, public_url=f"{PUBLIC}/", secret_key="s" * 32) as running:
        yield running


@pytest.fixture
def client(service: Installation) -> FlaskClient:
    return create_app(service.services).test_client()


def receipt_of(service: Installation, data: bytes) -> tuple[str, str]:
    """Send a case; its receipt number and what the bot said."""
    service.platform.send_file(TEACHER, "智慧课堂案例.docx", data)
    text = service.answer(TEACHER)
    with service.services.database.read() as session:
        return session.scalars(select(Case.receipt)).one(), text


def test_the_page_shows_arrival_size_hash_and_punctuality_only(service: Installation, client: FlaskClient) -> None:
    data = case_document(words=3600)
    receipt, said = receipt_of(service, data)
    assert f"查验：{PUBLIC}/r/{receipt}" in said

    answer = client.get(f"/r/{receipt}")
    assert answer.status_code == 200
    for shown in (receipt, "2023年5月6日（周六）09:0", hashlib.sha256(data).hexdigest(), f"{len(data)} 字节", "按时"):
        assert shown in answer.text
    for hidden in ("智慧课堂", "利川", "教师", "某中学", TEACHER, ".docx"):
        assert hidden not in answer.text
    assert "<svg" in answer.text
    assert "http" not in answer.text.replace("http://www.w3.org/2000/svg", "")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]

    prefix, body, check = receipt.split("-")
    for written in (receipt.lower(), f"{prefix}{body}{check}", receipt.replace("0", "o"), f"{prefix}–{body} {check}"):
        assert client.get(f"/r/{written}").status_code == 200, written


@pytest.mark.parametrize("number", ["B1-7K2QM9XD-4", "B1-AAAAAAAA-A", "x", "%3Cscript%3E", "0" * 300])
def test_what_was_never_given_is_not_found(client: FlaskClient, number: str) -> None:
    answer = client.get(f"/r/{number}")
    assert answer.status_code == 404
    assert "没有这个回执号" in answer.text
    assert "script" not in answer.text


def test_one_address_may_not_ask_without_end(client: FlaskClient) -> None:
    def ask(address: str) -> int:
        return client.get("/r/B1-7K2QM9XD-4", environ_base={"REMOTE_ADDR": address}).status_code

    assert {ask("93.184.216.34") for _ in range(MOST_A_MINUTE)} == {404}
    refused = client.get("/r/B1-7K2QM9XD-4", environ_base={"REMOTE_ADDR": "93.184.216.34"})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert ask("93.184.216.35") == 404


def test_the_qr_code_holds_the_address(service: Installation, client: FlaskClient) -> None:
    receipt, _ = receipt_of(service, case_document(words=3600))
    drawn = segno.make_qr(f"{PUBLIC}/r/{receipt}", error="m").svg_inline(scale=4, border=4)
    modules = drawn.split(' d="')[1].split('"')[0]
    assert f' d="{modules}"' in client.get(f"/r/{receipt}").text
