"""One question to an OpenAI-compatible endpoint (POST …/chat/completions), within a fixed time whatever it does."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field

import urllib3
from urllib3.exceptions import HTTPError

from domain.errors import BotError

_MOST_BYTES = 64 * 1024
_MOST_TOKENS = 500
_OK = 200


class ModelError(BotError):
    """No usable answer in time. The text names neither question nor answer."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`base_url` as the provider prints it, up to and with /v1; `key` may be empty; `budget_s` is for all of a call."""

    base_url: str
    name: str
    key: str = field(default="", repr=False)
    budget_s: float = 3.0

    def ask(self, instruction: str, text: str) -> str:
        """What the model says to `text` under `instruction`. Raises ModelError, at the latest when time is up."""
        until = time.monotonic() + self.budget_s
        body = {
            "model": self.name,
            "temperature": 0,
            "max_tokens": _MOST_TOKENS,
            "messages": [{"role": "system", "content": instruction}, {"role": "user", "content": text}],
        }
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {self.key}"} if self.key else {})
        try:
            with urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(self.budget_s)) as pool:
                response = pool.request(
                    "POST",
                    f"{self.base_url.rstrip('/')}/chat/completions",
                    body=json.dumps(body, ensure_ascii=False).encode(),
                    headers=headers,
                    preload_content=False,
                    redirect=False,
                )
                if response.status != _OK:
                    raise ModelError(f"the model's endpoint answers {response.status}")
                return _content(_read(response, until))
        except (HTTPError, OSError) as error:
            raise ModelError(f"the model's endpoint: {type(error).__name__}") from None


def _read(response: urllib3.BaseHTTPResponse, until: float) -> bytes:
    """The body; a slow drip ends with the budget."""
    body = b""
    while piece := response.read1(_MOST_BYTES):
        body += piece
        if time.monotonic() > until or len(body) > _MOST_BYTES:
            raise ModelError("the model's answer takes too long or is too large")
    return body


def _content(body: bytes) -> str:
    try:
        content = json.loads(body)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError):
        raise ModelError("the model's answer is not in the agreed form") from None
    if not isinstance(content, str) or not content.strip():
        raise ModelError("the model's answer is empty")
    return content.strip()
