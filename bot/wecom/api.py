"""The client of WeCom's server API (protocol sections 4 to 6) for one self-built app.

Built on wechatpy's client, but around its traps: wechatpy renews the token without bound, fetches it from a fixed
address without a time-out, and its exceptions carry the request with the token in it. So every call here passes its
token explicitly, renewing is `TokenKeeper`'s alone, and no exception of a library leaves this module. Media downloads
go through requests directly: wechatpy would read them into memory.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, NoReturn, TypeVar
from urllib.parse import urlsplit

import requests
import urllib3
from urllib3.exceptions import HTTPError
from wechatpy.exceptions import WeChatClientException
from wechatpy.work.client import WeChatClient

from bot.wecom.errors import ApiError, ErrorKind
from bot.wecom.outbound import Timeouts, may_have_been_sent
from bot.wecom.raw_fields import list_at, text_at
from bot.wecom.redact import guard_library_logs
from bot.wecom.tokens import TokenKeeper, TokenStore, real_now

REAL_API = "https://qyapi.weixin.qq.com/cgi-bin/"
UPLOAD_BYTES = {"image": 10 << 20, "voice": 2 << 20, "video": 10 << 20, "file": 20 << 20}  # protocol 5.1
LEAST_UPLOAD_BYTES = 6
_ERROR_BODY_BYTES = 1 << 16
_TOKEN_LIFE_S = 7200
_NETWORK_RETRY_S = 5.0
_ACTIVE = 1
_OK = 200
_PARTIAL = 206
_SERVER_ERROR = 500
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class SendResult:
    """What WeCom says to an accepted message: whom it does not reach (ids in lower case) although it was accepted, the
    id for a recall, and the code with which a card can be changed once."""

    msgid: str
    invalid_users: tuple[str, ...]
    unlicensed: tuple[str, ...]
    response_code: str
    invalid_parties: tuple[str, ...] = ()
    invalid_tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """A member as the app may see them."""

    userid: str
    name: str
    departments: tuple[int, ...]
    main_department: int | None
    active: bool


class _Client(WeChatClient):
    """wechatpy's client for another base address and without its own token handling."""

    def __init__(self, base_url: str, timeouts: Timeouts) -> None:
        # wechatpy keeps corp id and secret as attributes and needs them only for its own token handling.
        limits = (timeouts.connect_s, timeouts.read_s)
        super().__init__("", "", timeout=limits, auto_retry=False)  # type: ignore[no-untyped-call]
        self.API_BASE_URL = base_url
        if urlsplit(base_url).hostname in _LOOPBACK:
            self._http.trust_env = False  # a stand-in on this machine is not behind the proxy

    def fetch_access_token(self) -> NoReturn:
        """Never: tokens are TokenKeeper's."""
        raise RuntimeError("wechatpy must not fetch tokens")

    @property
    def http(self) -> requests.Session:
        """The session, for answers that must be streamed."""
        session: requests.Session = self._http
        return session


class WeComApi:
    """Calls in the name of one app. `base_url` ends with `cgi-bin/`; `tokens` is shared by all processes that use the
    same credential.

    All calls raise ApiError. A refused token is renewed once and the call repeated once; a TOKEN error that still comes
    out means "later". Safe to use from several threads.
    """

    def __init__(
        self,
        corp_id: str,
        secret: str,
        base_url: str,
        tokens: TokenStore,
        *,
        timeouts: Timeouts | None = None,
        now: Callable[[], datetime] = real_now,
    ) -> None:
        guard_library_logs()
        self._base_url = base_url.rstrip("/") + "/"
        self._timeouts = timeouts or Timeouts(5.0, 15.0)
        self._client = _Client(self._base_url, self._timeouts)
        self._fetch_params = {"corpid": corp_id, "corpsecret": secret, "access_token": None}
        self._keeper = TokenKeeper(tokens, self._fetch_token, now)

    def call(
        self, path: str, *, params: Mapping[str, str] | None = None, body: Mapping[str, Any] | str | None = None
    ) -> dict[str, Any]:
        """Any API by its path below `cgi-bin/`: GET, or POST when there is a `body` (a text is sent as it is)."""
        data = json.dumps(body, ensure_ascii=False) if isinstance(body, Mapping) else body
        return self._with_token(lambda token: self._exchange(path, {**(params or {}), "access_token": token}, data))

    def sign_in(self) -> None:
        """Make sure that there is an access token; one is got if none is known."""
        self._keeper.current()

    def send_message(self, body_json: str) -> SendResult:
        """`message/send` (protocol 4.1) with exactly the bytes of `body_json`, so that WeCom's own duplicate check
        recognises a repetition."""
        answer = self.call("message/send", body=body_json)
        return SendResult(
            msgid=text_at(answer, "msgid"),
            invalid_users=_ids(answer, "invaliduser"),
            unlicensed=_ids(answer, "unlicenseduser"),
            response_code=text_at(answer, "response_code"),
            invalid_parties=_ids(answer, "invalidparty"),
            invalid_tags=_ids(answer, "invalidtag"),
        )

    def recall(self, msgid: str) -> None:
        """Take back a message of the last 24 hours; copies in the WeChat plugin stay."""
        self.call("message/recall", body={"msgid": msgid})

    def who(self, code: str) -> str | None:
        """The userid of the member who signed in with this code (protocol 7.2), which is then used up; None for
        somebody who is no member of this corp."""
        return text_at(self.call("auth/getuserinfo", params={"code": code}), "userid") or None

    def get_user(self, userid: str) -> Member:
        """A member within the app's visible range."""
        answer = self.call("user/get", params={"userid": userid})
        main = answer.get("main_department")
        return Member(
            userid=text_at(answer, "userid") or userid,
            name=text_at(answer, "name"),
            departments=tuple(item for item in list_at(answer, "department") if isinstance(item, int)),
            main_department=main if isinstance(main, int) else None,
            active=answer.get("status") == _ACTIVE,
        )

    def upload_media(self, kind: str, name: str, file: BinaryIO) -> str:
        """Upload a temporary media of `kind` (image, voice, video, file) from the file's present position; its
        media id, valid 3 days. The chat shows `name`. ValueError when the size is not what WeCom takes (protocol 5.1).
        """
        limit = UPLOAD_BYTES[kind]
        content = file.read(limit + 1)
        if not LEAST_UPLOAD_BYTES <= len(content) <= limit:
            raise ValueError(f"WeCom takes {kind} media of more than 5 and at most {limit} bytes")
        boundary = secrets.token_hex(16)
        data = _multipart(boundary, name, content)
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        answer = self._with_token(
            lambda token: self._exchange("media/upload", {"type": kind, "access_token": token}, data, headers)
        )
        media_id = text_at(answer, "media_id")
        if not media_id:
            raise _unreadable()
        return media_id

    @contextmanager
    def open_media(self, media_id: str, first: int, last: int) -> Iterator[urllib3.BaseHTTPResponse]:
        """The answer of `media/get` for the bytes `first` to `last`, its body not read yet (protocol 5.3)."""
        response = self._with_token(lambda token: self._get_media(media_id, f"bytes={first}-{last}", token))
        try:
            yield response.raw
        finally:
            response.close()

    def _with_token(self, attempt: Callable[[str], _T]) -> _T:
        token = self._keeper.current()
        try:
            return attempt(token)
        except ApiError as error:
            if error.kind is not ErrorKind.TOKEN:
                raise
        return attempt(self._keeper.renewed(token))

    def _fetch_token(self) -> tuple[str, int]:
        answer = self._exchange("gettoken", self._fetch_params)
        value, lives_s = text_at(answer, "access_token"), answer.get("expires_in", _TOKEN_LIFE_S)
        if not value or not isinstance(lives_s, int) or lives_s <= 0:
            raise _unreadable()
        return value, lives_s

    def _exchange(
        self,
        path: str,
        params: Mapping[str, str | None],
        data: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        body = data.encode("utf-8") if isinstance(data, str) else data
        kwargs: dict[str, Any] = {"params": dict(params), "allow_redirects": False}
        if body is not None:
            kwargs |= {"data": body, "headers": dict(headers or {"Content-Type": "application/json"})}
        verb: Callable[..., Any] = self._client.get if body is None else self._client.post
        answer: Any = None
        try:
            answer = verb(path, **kwargs)
            failure = None
        except (WeChatClientException, requests.RequestException, ValueError) as error:
            failure = _translated(error)
        # Raised outside of the handler: what the libraries raise holds the token.
        if failure is not None:
            raise failure
        if isinstance(answer, dict):
            return answer
        status = getattr(answer, "status_code", _OK)
        raise _unreadable() if status == _OK else _from_status(status)

    def _get_media(self, media_id: str, byte_range: str, token: str) -> requests.Response:
        response: requests.Response | None = None
        failure: ApiError | None = None
        try:
            response = self._client.http.get(
                f"{self._base_url}media/get",
                params={"access_token": token, "media_id": media_id},
                headers={"Range": byte_range, "Accept-Encoding": "identity"},
                stream=True,
                allow_redirects=False,
                timeout=(self._timeouts.connect_s, self._timeouts.read_s),
            )
            failure = _media_failure(response)
        except (requests.RequestException, HTTPError) as error:
            failure = _translated(error)
        if failure is None and response is not None:
            return response
        if response is not None:
            response.close()
        raise failure or _unreadable()


def _media_failure(response: requests.Response) -> ApiError | None:
    """The error in an answer of `media/get`: a status, or JSON with status 200 that is not itself the file."""
    if response.status_code not in {_OK, _PARTIAL}:
        return _from_status(response.status_code)
    content_type = response.headers.get("Content-Type", "")
    if "Content-Disposition" in response.headers or not ("json" in content_type or "text/plain" in content_type):
        return None
    try:
        answer = json.loads(response.raw.read(_ERROR_BODY_BYTES))
        return ApiError.from_code(int(answer["errcode"]), str(answer.get("errmsg", "")))
    except (ValueError, KeyError, TypeError, AttributeError):
        return _unreadable()


def _translated(error: Exception) -> ApiError:
    """Our error for one of the libraries', without anything of the request."""
    if isinstance(error, WeChatClientException):
        if error.errcode is not None:
            return ApiError.from_code(int(error.errcode), str(error.errmsg))
        return _from_status(getattr(error.response, "status_code", _SERVER_ERROR))
    if not isinstance(error, requests.RequestException | HTTPError):
        return _unreadable()
    message = f"没有连上企业微信接口（{type(error).__name__}）"
    return ApiError(None, message, ErrorKind.RETRY, _NETWORK_RETRY_S, outcome_unknown=_sent(error))


def _sent(error: requests.RequestException | HTTPError) -> bool:
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.SSLError | requests.exceptions.ProxyError):
        return False
    cause = error.args[0] if error.args else None
    return may_have_been_sent(cause) if isinstance(cause, HTTPError) else True


def _from_status(status: int) -> ApiError:
    if status >= _SERVER_ERROR:
        return ApiError(
            None, f"企业微信接口返回 HTTP {status}", ErrorKind.RETRY, _NETWORK_RETRY_S, outcome_unknown=True
        )
    return ApiError(None, f"企业微信接口返回 HTTP {status}，请核对 WECOM_API_BASE", ErrorKind.CONFIG)


def _unreadable() -> ApiError:
    return ApiError(None, "企业微信接口的回答无法识别", ErrorKind.RETRY, _NETWORK_RETRY_S, outcome_unknown=True)


def _ids(answer: dict[str, Any], name: str) -> tuple[str, ...]:
    """Ids that come as `a|b` or, in some answers, as a list."""
    parts = [str(item) for item in list_at(answer, name)]
    return tuple(part for joined in parts for part in joined.split("|") if part)


def _multipart(boundary: str, name: str, content: bytes) -> bytes:
    """One part named `media`. The file name goes as raw UTF-8 in `filename="…"`: WeCom does not read `filename*`, the
    form into which libraries turn Chinese names."""
    quoted = name.replace("\r", "").replace("\n", "").replace('"', "%22")
    head = (
        f"--{boundary}\r\n"
        f'Content-Disposition: form-data; name="media"; filename="{quoted}"; filelength={len(content)}\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    return head.encode("utf-8") + content + f"\r\n--{boundary}--\r\n".encode("ascii")
