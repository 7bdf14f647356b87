"""What the tests of uploads share: tickets, single requests of the protocol, and what has become of a file."""

from __future__ import annotations

import base64
import hashlib
import os
from dataclasses import dataclass

import requests
from installation import TEACHER, Installation
from sqlalchemy import select
from word_files import case_document

from store import people, uploads
from store.schema.campaign import Material
from store.schema.mail import Fetch
from store.schema.uploads import Upload

TUS = {"Tus-Resumable": "1.0.0"}
BYTES = {**TUS, "Content-Type": "application/offset+octet-stream"}


def encoded(text: str | bytes) -> str:
    """Base64, as metadata and checksums are sent."""
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


def sha1(data: bytes) -> str:
    """An Upload-Checksum."""
    return f"sha1 {encoded(hashlib.sha1(data, usedforsecurity=False).digest())}"


@dataclass
class Page:
    """One ticket and the addresses below it."""

    service: Installation
    token: str

    def __post_init__(self) -> None:
        self.base = self.service.platform.core.callback_urls["app"].removesuffix("/wecom/app")
        self.url = f"{self.base}/upload/{self.token}"
        self.http = requests.Session()
        self.http.trust_env = False

    def ask(self, method: str, path: str = "/files", data: object = None, **headers: str) -> requests.Response:
        """One request, headers exactly as given (`_` for `-`)."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        url = path if path.startswith("http") else self.url + path
        return self.http.request(method, url, data=data, headers=named, timeout=20, allow_redirects=False)

    def begin(self, size: int, name: str = "案例.docx", **headers: str) -> requests.Response:
        """Creation."""
        metadata = f"filename {encoded(name)},print {encoded('p')}"
        return self.ask("POST", **{**TUS, "Upload-Length": str(size), "Upload-Metadata": metadata, **headers})

    def new(self, size: int, name: str = "案例.docx") -> str:
        """Begin, and the address of the upload."""
        answer = self.begin(size, name)
        assert answer.status_code == 201, answer.text
        return requests.compat.urljoin(f"{self.url}/files", answer.headers["Location"])

    def send(self, address: str, offset: int, data: bytes, **headers: str) -> requests.Response:
        """One PATCH."""
        return self.ask("PATCH", address, data, **{**BYTES, "Upload-Offset": str(offset), **headers})

    def offset(self, address: str) -> int:
        """What HEAD tells."""
        answer = self.ask("HEAD", address, **TUS)
        assert answer.status_code == 200
        return int(answer.headers["Upload-Offset"])

    def state(self) -> dict[str, object]:
        """What the page is told."""
        return self.ask("GET", "/state").json()


def page(service: Installation, userid: str = TEACHER) -> Page:
    """A new ticket of this person."""
    services = service.services
    with services.database.read() as session:
        person = people.by_userid(session, userid)
    assert person is not None
    assert services.desk is not None
    return Page(service, services.desk.tickets.make(person.id, services.clock.real(), os.urandom).token)


def document(title: str) -> bytes:
    """A real case, of its own for each title."""
    return case_document(3600, title=title)


def stored(service: Installation, address: str) -> Fetch:
    """The file as it lies with all others; waits until it is there."""
    upload_id = address.rsplit("/", 1)[1]

    def home() -> Fetch | None:
        with service.services.database.read() as session:
            row = session.get(Upload, upload_id)
            if row is None or row.inbox_id is None:
                return None
            return session.scalar(select(Fetch).where(Fetch.inbox_id == row.inbox_id, Fetch.sha256.is_not(None)))

    found = service.wait(home, 60)
    assert isinstance(found, Fetch)
    return found


def receipts(service: Installation, sha256: str) -> int:
    """As how many materials these bytes were received."""
    with service.services.database.read() as session:
        return len(session.scalars(select(Material).where(Material.sha256 == sha256)).all())


def answers(service: Installation, token: str) -> list[str]:
    """The texts the person got."""
    desk = service.services.desk
    assert desk is not None
    ticket = desk.tickets.read(token)
    assert ticket is not None
    with service.services.database.read() as session:
        came = next(row for row in uploads.of_ticket(session, ticket.nonce) if row.inbox_id)
        return uploads.answer_to(session, came.inbox_id or 0)
