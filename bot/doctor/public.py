"""Checks of the address under which WeCom and people reach the service: asked from here, as WeCom asks."""

from __future__ import annotations

import secrets
import socket
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from urllib.parse import urlsplit

from pydantic import SecretStr

from bot.doctor.asking import Away, AwayError, Page, ask
from bot.doctor.finding import Finding, right, warning, wrong
from bot.doctor.subject import Subject
from bot.wecom.envelope import Envelope

VERIFY_S = 1.0
_OK, _FORBIDDEN, _NOT_FOUND, _UNAVAILABLE = 200, 403, 404, 503
_REDIRECTS = range(300, 400)
_GATEWAY = frozenset({502, 504})
_FEW_DAYS = 14
_HTTPS = 443
_CERTIFICATE = "换上受信任机构签发的证书，连同中间证书（fullchain.pem），重新加载 nginx"
_HAIRPIN = "外面打得开而这里打不开，就在 /etc/hosts 里把域名指到本机的 nginx 再查"
_ROADS: Mapping[Away, str] = MappingProxyType(
    {
        Away.NAME: "在域名服务商那里把域名解析到这台服务器，并核对 PUBLIC_URL",
        Away.REFUSED: f"看 nginx 是否在运行、443 端口是否开放；{_HAIRPIN}",
        Away.TIMEOUT: f"看 443 端口是否开放；{_HAIRPIN}",
        Away.CERTIFICATE: _CERTIFICATE,
        Away.PROXY: "核对环境变量 HTTPS_PROXY，不需要代理就去掉",
        Away.BROKEN: "看 nginx 的错误日志",
    }
)


def check_certificate(subject: Subject) -> Finding:
    """That the certificate is believed, is the host's, and lasts a while."""
    parts = urlsplit(subject.settings.public_url)
    context = ssl.create_default_context(cafile=subject.machine.authorities)
    host, port = parts.hostname or "", parts.port or _HTTPS
    try:
        with (
            socket.create_connection((host, port), timeout=subject.machine.patience_s) as connection,
            context.wrap_socket(connection, server_hostname=host) as tls,
        ):
            told = tls.getpeercert() or {}
    except OSError as error:
        return _no_certificate(host, error)
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(told["notAfter"])), UTC)
    days = (ends - subject.machine.now()).days
    if days < _FEW_DAYS:
        return warning(f"证书还有 {days} 天到期，到期后什么都进不来", "现在就续期，并重新加载 nginx")
    return right(f"有效，还有 {days} 天")


def _no_certificate(host: str, error: OSError) -> Finding:
    if isinstance(error, ssl.SSLCertVerificationError):
        return wrong(f"证书没有通过验证（{error.verify_message}）", _CERTIFICATE)
    if isinstance(error, ssl.SSLError):
        return wrong("这个端口不说 https", "看 nginx 的 listen 443 ssl 和证书设置")
    reason = Away.NAME if isinstance(error, socket.gaierror) else Away.REFUSED
    reason = Away.TIMEOUT if isinstance(error, TimeoutError) else reason
    return wrong(f"{host}：{reason}", _ROADS[reason])


def check_service(subject: Subject) -> Finding:
    """That our service answers under the address, and nothing else does."""
    page = _ask(subject, "/healthz")
    if isinstance(page, Finding):
        return page
    if page.status != _OK or page.body.strip() != b"ok":
        return _something_else(page)
    return right(f"{subject.settings.public_url} 是本服务，{page.seconds:.2f} 秒回答")


def check_readiness(subject: Subject) -> Finding:
    """That the running service has all that it needs."""
    page = _ask(subject, "/readyz")
    if isinstance(page, Finding):
        return page
    if page.status == _UNAVAILABLE and page.body.rstrip().endswith(b"away"):
        away = page.body.decode("utf-8", "replace")
        names = [name for word, name in (("database", "数据库"), ("blob", "文件存储")) if word in away]
        return wrong(f"服务在运行，但用不了{'、'.join(names)}", "先看上面这几项，再看服务的日志")
    if page.status != _OK or page.body.strip() != b"ready":
        return _something_else(page)
    return right("服务一切就绪")


def check_app_callback(subject: Subject) -> Finding:
    """That the app's callback answers WeCom's address check."""
    settings = subject.settings
    return _verified(
        subject, "/wecom/app", settings.wecom_app_token, settings.wecom_app_aes_key, settings.wecom_corp_id
    )


def check_aibot_callback(subject: Subject) -> Finding:
    """That the AI bot's callback answers WeCom's address check."""
    settings = subject.settings
    return _verified(subject, "/wecom/aibot", settings.wecom_bot_token, settings.wecom_bot_aes_key, "")


def _verified(
    subject: Subject, path: str, token: SecretStr | None, key: SecretStr | None, receive_id: str | None
) -> Finding:
    """Do what the console does when an address is saved (protocol 3.3)."""
    assert token is not None
    assert key is not None
    expected = str(secrets.randbelow(10**19))
    envelope = Envelope(token.get_secret_value(), key.get_secret_value(), receive_id or "")
    sealed = envelope.seal(expected, int(subject.machine.now().timestamp()), secrets.token_hex(8))
    page = _ask(
        subject,
        path,
        {
            "msg_signature": sealed.signature,
            "timestamp": str(sealed.timestamp),
            "nonce": sealed.nonce,
            "echostr": sealed.encrypt,
        },
    )
    return page if isinstance(page, Finding) else judge_echo(page, expected, path)


def judge_echo(page: Page, expected: str, path: str) -> Finding:
    """Whether WeCom would take this answer to its address check."""
    if page.status == _FORBIDDEN and not page.is_html:
        return wrong(
            f"{path} 不认 .env 里的密钥（403）", "改过 .env 就重启服务；服务和这里用的要是同一个 .env；再看服务器时间"
        )
    if page.status != _OK or page.is_html:
        return _something_else(page)
    if page.body != expected.encode():
        return wrong(f"{path} 的回答被改过，不是原样的文字", "看 nginx 是否往回答里加了内容（sub_filter、防护设备）")
    if page.seconds > VERIFY_S:
        return wrong(
            f"{path} 答对了，但用了 {page.seconds:.1f} 秒，企业微信只等 1 秒",
            "看服务器是否太忙、nginx 到服务之间是否太慢",
        )
    return right(f"像企业微信那样验证，{page.seconds:.2f} 秒答对；控制台里填的也要是 .env 里这一套")


def check_domain_files(subject: Subject) -> Finding:
    """That the files are found by which WeCom knows the domain for ours."""
    for code in subject.settings.wecom_domain_files:
        page = _ask(subject, f"/WW_verify_{code}.txt")
        if isinstance(page, Finding):
            return page
        if page.status != _OK or page.body.strip() != code.encode():
            return _something_else(page)
    return right(f"{len(subject.settings.wecom_domain_files)} 个校验文件都打得开")


def _ask(subject: Subject, path: str, params: Mapping[str, str] | None = None) -> Page | Finding:
    url = subject.settings.public_url.rstrip("/") + path
    try:
        return ask(url, params, patience_s=subject.machine.patience_s, authorities=subject.machine.authorities)
    except AwayError as error:
        return wrong(f"{url}：{error.reason}", _ROADS[error.reason])


def _something_else(page: Page) -> Finding:
    """Why an answer is not that of our service."""
    if page.status in _REDIRECTS:
        return wrong(
            f"被转到了 {page.leads_to}，企业微信不跟着跳转",
            "PUBLIC_URL 写最后的地址；nginx 里这个地址不要跳转、不要登录",
        )
    if page.status in _GATEWAY or page.status == _UNAVAILABLE:
        return wrong(
            f"nginx 连不上本服务（HTTP {page.status}）",
            "启动服务（systemctl status case-keeper），看 proxy_pass 的端口和 PORT 是否一样",
        )
    if page.is_html:
        return wrong(
            f"回答的是一个网页（HTTP {page.status}），不是本服务",
            "域名要指到这台服务器；登录页、“请稍候”的防护页不能挡在前面",
        )
    if page.status == _NOT_FOUND:
        return wrong("没有这个地址（404）", "改过 .env 就重启服务；nginx 里 location / 要整个转给本服务")
    return wrong(f"回答不对（HTTP {page.status}）", "看 nginx 和服务的日志")
