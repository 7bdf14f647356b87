"""TLS and name resolution: the connection goes to the checked address and still proves the name."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.wecom.outbound import Timeouts, UnreachableError, UrlPolicy, UrlRefusedError, check_url, get_following, request

NAME = "media.example.com"
HERE = UrlPolicy(allow_loopback=True)
QUICK = Timeouts(2.0, 2.0)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for NAME, its own issuer, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture
def tls_port(certificate: tuple[Path, Path]) -> Iterator[int]:
    """A TLS server that answers every request with the name it was asked for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    asked_for: list[str | None] = []
    context.sni_callback = lambda _socket, name, _context: asked_for.append(name)
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(10)

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                _answer(context, connection, asked_for)

    thread = threading.Thread(target=serve)
    thread.start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


def _answer(context: ssl.SSLContext, connection: socket.socket, asked_for: list[str | None]) -> None:
    try:
        with context.wrap_socket(connection, server_side=True) as secured:
            lines = secured.recv(4096).decode().split("\r\n")
            host = next((line for line in lines if line.lower().startswith("host:")), "")
            body = f"{asked_for[-1]} {host}".encode()
            secured.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(body), body))
    except OSError:
        return  # the client does not trust us


def resolve_to(monkeypatch: pytest.MonkeyPatch, *answers: tuple[str, ...]) -> list[str]:
    """Let the name server give these addresses, one tuple a question, the last for ever. Returns the questions."""
    questions: list[str] = []
    genuine = socket.getaddrinfo

    def answer(host: str, port: int, *rest: object, **options: object) -> list:
        if host[0].isdigit():
            return genuine(host, port, *rest, **options)
        given = answers[min(len(questions), len(answers) - 1)]
        questions.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in given]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return questions


def test_the_checked_address_is_used_and_the_name_proven(
    monkeypatch: pytest.MonkeyPatch, certificate: tuple[Path, Path], tls_port: int
) -> None:
    monkeypatch.setattr(certifi, "where", lambda: str(certificate[0]))
    questions = resolve_to(monkeypatch, ("127.0.0.1",), ("10.0.0.1",))
    target = check_url(f"https://{NAME}:{tls_port}/x", HERE)
    response = request("GET", target, QUICK)
    body = response.read()
    response.close()
    assert body == f"{NAME} Host: {NAME}:{tls_port}".encode()
    assert questions == [NAME]


@pytest.mark.parametrize("name", ["other.example.com", "127.0.0.1"])
def test_a_certificate_for_another_name_is_not_accepted(
    monkeypatch: pytest.MonkeyPatch, certificate: tuple[Path, Path], tls_port: int, name: str
) -> None:
    monkeypatch.setattr(certifi, "where", lambda: str(certificate[0]))
    resolve_to(monkeypatch, ("127.0.0.1",))
    with pytest.raises(UnreachableError) as failure:
        get_following(f"https://{name}:{tls_port}/x", HERE, QUICK)
    assert not failure.value.sent


def test_an_unknown_issuer_is_not_accepted(monkeypatch: pytest.MonkeyPatch, tls_port: int) -> None:
    resolve_to(monkeypatch, ("127.0.0.1",))
    with pytest.raises(UnreachableError):
        get_following(f"https://{NAME}:{tls_port}/x", HERE, QUICK)


@pytest.mark.parametrize("addresses", [("10.0.0.1",), ("8.8.8.8", "10.0.0.1"), ("127.0.0.1",), ("8.8.8.8", "::1")])
def test_a_name_that_leads_inside_is_refused(monkeypatch: pytest.MonkeyPatch, addresses: tuple[str, ...]) -> None:
    resolve_to(monkeypatch, addresses)
    with pytest.raises(UrlRefusedError):
        check_url(f"https://{NAME}/x", UrlPolicy())


def test_a_mixture_of_here_and_inside_is_refused_even_where_loopback_is_allowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolve_to(monkeypatch, ("127.0.0.1", "10.0.0.1"))
    with pytest.raises(UrlRefusedError):
        check_url(f"http://{NAME}/x", HERE)


def test_a_later_attempt_takes_the_next_address(
    monkeypatch: pytest.MonkeyPatch, certificate: tuple[Path, Path], tls_port: int
) -> None:
    monkeypatch.setattr(certifi, "where", lambda: str(certificate[0]))
    resolve_to(monkeypatch, ("127.0.0.9", "127.0.0.1"))
    target = check_url(f"https://{NAME}:{tls_port}/x", HERE)
    with pytest.raises(UnreachableError) as failure:
        request("GET", target, QUICK)
    assert not failure.value.sent
    response = request("GET", target, QUICK, attempt=1)
    assert response.status == 200
    response.close()


def test_a_name_nobody_knows_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> Callable[[], None]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(UnreachableError) as failure:
        check_url(f"https://{NAME}/x", UrlPolicy())
    assert not failure.value.sent
