"""What the doctor says of the public address: our service behind it, and everything else that may stand there."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from examining_place import QUICK, Answers, Place, front

from bot.doctor.asking import Page
from bot.doctor.finding import Finding, Verdict
from bot.doctor.public import judge_echo

RIGHT, WARNING, WRONG, UNCHECKED = Verdict.RIGHT, Verdict.WARNING, Verdict.WRONG, Verdict.UNCHECKED
HTML = {"Content-Type": "text/html"}
OK = (200, {"Content-Type": "text/plain"}, b"ok\n")


def behind(place: Place, name: str, answers: Answers) -> Finding:
    with front({"/healthz": OK, **answers}) as port:
        return place.look(name, public_url=f"http://127.0.0.1:{port}")[name]


@pytest.mark.parametrize("name", ["service", "readiness", "app_callback", "aibot_callback", "domain_files"])
def test_our_own_service_is_right(place: Place, name: str) -> None:
    assert {found.verdict for found in place.look(name).values()} <= {RIGHT, UNCHECKED}
    assert place.look(name)[name].verdict is RIGHT


@pytest.mark.parametrize(
    ("answer", "told", "todo"),
    [
        (
            (302, {"Location": "https://login.example.cn/sso?key=abc"}, b""),
            "https://login.example.cn/sso，",
            "不要跳转",
        ),
        ((200, HTML, b"<html>please wait</html>"), "一个网页", "防护页"),
        ((403, HTML, b"<html>blocked</html>"), "一个网页", "防护页"),
        ((502, HTML, b"<html>502 Bad Gateway</html>"), "nginx 连不上", "proxy_pass"),
        ((404, {}, b"404\n"), "404", "重启服务"),
    ],
)
@pytest.mark.parametrize(
    ("name", "path"), [("service", "/healthz"), ("readiness", "/readyz"), ("aibot_callback", "/wecom/aibot")]
)
def test_what_stands_in_front_is_named(place: Place, *, name: str, path: str, answer, told: str, todo: str) -> None:
    found = behind(place, name, {path: answer})
    assert (found.verdict, told in found.seen, todo in found.advice) == (WRONG, True, True)
    assert "abc" not in found.seen


@pytest.mark.parametrize(("name", "path"), [("service", "/healthz"), ("readiness", "/readyz")])
def test_another_service_is_not_taken_for_ours(place: Place, name: str, path: str) -> None:
    assert behind(place, name, {path: (200, {}, b"hello")}).verdict is WRONG


def test_nobody_there_is_told_once(place: Place) -> None:
    found = place.look("domain_files", public_url="http://127.0.0.1:1")
    assert "连不上" in found["service"].seen
    assert found["domain_files"].seen == "要先解决“服务”"


def test_a_service_without_its_database_is_told(place: Place) -> None:
    found = behind(place, "readiness", {"/readyz": (503, {}, b"database away\nblob storage away\n")})
    assert found.seen == "服务在运行，但用不了数据库、文件存储"


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("app_callback", {"wecom_app_token": "AnotherToken1"}),
        ("app_callback", {"wecom_app_aes_key": "b" * 43}),
        ("app_callback", {"wecom_corp_id": "ww0000000000000000"}),
        ("aibot_callback", {"wecom_bot_token": "AnotherToken1"}),
        ("aibot_callback", {"wecom_bot_aes_key": "b" * 43}),
    ],
)
def test_a_service_with_other_keys_is_told(place: Place, name: str, changed: dict[str, object]) -> None:
    found = place.look(name, **changed)[name]
    assert found.verdict is WRONG


def test_a_service_on_another_clock_is_told(place: Place) -> None:
    shifted = replace(QUICK, now=lambda: datetime.now(UTC) + timedelta(hours=1))
    assert "服务器时间" in place.look("app_callback", shifted)["app_callback"].advice


@pytest.mark.parametrize(
    ("body", "seconds", "verdict", "told"),
    [
        (b"123", 0.9, RIGHT, "答对"),
        (b"123", 1.2, WRONG, "只等 1 秒"),
        (b'"123"', 0.1, WRONG, "被改过"),
        (b"123\n", 0.1, WRONG, "被改过"),
        (b"\xef\xbb\xbf123", 0.1, WRONG, "被改过"),
    ],
)
def test_only_the_exact_text_in_time_is_right(body: bytes, seconds: float, verdict: Verdict, told: str) -> None:
    found = judge_echo(Page(200, {}, body, seconds), "123", "/wecom/app")
    assert (found.verdict, told in found.seen) == (verdict, True)


@pytest.mark.parametrize(("body", "verdict"), [(b"AbC123", RIGHT), (b"AbC124", WRONG), (b"<html></html>", WRONG)])
def test_the_file_of_the_domain_is_read(place: Place, body: bytes, verdict: Verdict) -> None:
    found = behind(place, "domain_files", {"/WW_verify_AbC123.txt": (200, {}, body)})
    assert found.verdict is verdict


def test_without_the_setting_no_file_is_asked_for(place: Place) -> None:
    assert place.look("domain_files", wecom_domain_files="")["domain_files"].verdict is UNCHECKED


@cache
def authority() -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    return certificate("test authority", key, key, "test authority", 3650, of_authority=True), key


def certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    issuer: str,
    days: int,
    *,
    of_authority: bool = False,
) -> x509.Certificate:
    now = datetime.now(UTC)
    draft = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=400))
        .not_valid_after(now + timedelta(days=days, hours=1))
        .add_extension(x509.BasicConstraints(ca=of_authority, path_length=None), critical=True)
    )
    if not of_authority:
        names = [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.2"))]
        draft = draft.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return draft.sign(signer, hashes.SHA256())


def served(folder: Path, name: str, days: int) -> tuple[ssl.SSLContext, str]:
    """A server's side with a certificate of our authority, and the file of that authority."""
    trusted, signer = authority()
    key = ec.generate_private_key(ec.SECP256R1())
    chain = folder / "chain.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    leaf = certificate(name, key, signer, "test authority", days)
    chain.write_bytes(secret + leaf.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    authorities = folder / "authorities.pem"
    authorities.write_bytes(trusted.public_bytes(serialization.Encoding.PEM))
    return context, str(authorities)


@pytest.mark.parametrize(
    ("name", "days", "verdict", "told"),
    [
        ("localhost", 60, RIGHT, "还有 60 天"),
        ("localhost", 5, WARNING, "还有 5 天"),
        ("localhost", -2, WRONG, "expired"),
        ("other.example.cn", 60, WRONG, "没有通过验证"),
    ],
)
def test_the_certificate_is_judged_as_wecom_would(
    place: Place, tmp_path: Path, *, name: str, days: int, verdict: Verdict, told: str
) -> None:
    context, authorities = served(tmp_path, name, days)
    with front({"/healthz": OK}, context) as port:
        machine = replace(QUICK, authorities=authorities)
        found = place.look("service", machine, public_url=f"https://localhost:{port}")
    assert (found["certificate"].verdict, told in found["certificate"].seen) == (verdict, True)
    assert found["service"].verdict is (UNCHECKED if verdict is WRONG else RIGHT)


def test_a_certificate_of_nobody_is_wrong(place: Place, tmp_path: Path) -> None:
    context, _ = served(tmp_path, "localhost", 60)
    with front({"/healthz": OK}, context) as port:
        found = place.look("service", public_url=f"https://localhost:{port}")
    assert "没有通过验证" in found["certificate"].seen
    assert "fullchain" in found["certificate"].advice


def test_a_port_that_speaks_no_tls_is_named(place: Place) -> None:
    with front({"/healthz": OK}) as port:
        found = place.look("certificate", public_url=f"https://127.0.0.1:{port}")["certificate"]
    assert (found.verdict, "不说 https" in found.seen) == (WRONG, True)


def test_an_answer_that_comes_drop_by_drop_is_not_waited_for(place: Place) -> None:
    with front({}, drops=b"x") as port:
        machine = replace(QUICK, patience_s=0.2)
        found = place.look("service", machine, public_url=f"http://127.0.0.1:{port}")["service"]
    assert "等了很久" in found.seen


def test_a_name_without_an_address_and_a_closed_port_are_named(place: Place) -> None:
    unknown = place.look("certificate", public_url="https://no-such-host.invalid")["certificate"]
    closed = place.look("certificate", public_url="https://127.0.0.1:1")["certificate"]
    assert ("域名解析不了" in unknown.seen, "连不上" in closed.seen) == (True, True)
