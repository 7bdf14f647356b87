"""A browser without a screen: follows the way to WeCom and back, keeps cookies, fills in forms."""

from __future__ import annotations

import re
from itertools import count
from urllib.parse import parse_qs, urlsplit

import requests
from installation import Installation

# Where the platform sends browsers back; the port is filled in by `Browser`.
PUBLIC = "http://127.0.0.1:8"
SETTINGS = {"public_url": PUBLIC, "secret_key": "k" * 32}
STRANGER = "-"
_ADDRESSES = count(1)
_FIELD = re.compile(r'name="csrf" value="([\w-]+)"')


class Browser:
    """One browser of one person."""

    def __init__(
        self, service: Installation, user_agent: str = "Mozilla/5.0 (iPhone) wxwork/4.1 MicroMessenger"
    ) -> None:
        self.base = service.platform.core.callback_urls["app"].removesuffix("/wecom/app")
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.headers["User-Agent"] = user_agent
        # Each browser counts for itself, as if a proxy on this machine had told where it is.
        self.http.headers["X-Forwarded-For"] = f"203.0.113.{next(_ADDRESSES)}"

    def get(self, path: str, **headers: str) -> requests.Response:
        """One answer, redirects not followed."""
        return self.http.get(self.base + path, headers=headers, allow_redirects=False, timeout=10)

    def post(self, path: str, data: dict[str, str] | None = None, **headers: str) -> requests.Response:
        """Send a form, exactly as given."""
        return self.http.post(self.base + path, data=data or {}, headers=headers, allow_redirects=False, timeout=10)

    def to_wecom(self, path: str = "/console/login") -> str:
        """Begin to sign in: the address of WeCom this browser is sent to."""
        answer = self.get(path)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def at_wecom(self, address: str, userid: str) -> str:
        """WeCom knows who this is: the path and query it sends the browser back to."""
        answer = self.http.get(address.partition("#")[0], params={"userid": userid}, allow_redirects=False, timeout=10)
        assert answer.status_code == 302, answer.text
        back = answer.headers["Location"]
        assert back.startswith(f"{PUBLIC}/"), back
        return back.removeprefix(PUBLIC)

    def sign_in(self, userid: str, path: str = "/console/login") -> requests.Response:
        """The whole way; the answer to the browser that came back."""
        return self.get(self.at_wecom(self.to_wecom(path), userid))

    def csrf(self, path: str = "/console/") -> str:
        """The token in the forms of a page."""
        found = _FIELD.search(self.get(path).text)
        assert found is not None
        return found[1]


def query(address: str) -> dict[str, str]:
    """The query of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
