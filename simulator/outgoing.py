"""What message/send accepts: documents 90236 and 90253, one check for each msgtype."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from simulator.api_errors import ApiError
from simulator.cards import card_faults, is_link
from simulator.core import Core

Json = dict[str, Any]

_TEXT_BYTES = 2048
_TITLE = 128
_DESCRIPTION = 512
_ARTICLES = 8
_BUTTON_TEXT = 4


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A checked message as the chat shows it; `cut` names the parts the platform shortened."""

    kind: str
    text: str = ""
    card: Json | None = None
    attachment: Json | None = None
    details: Json = field(default_factory=dict)
    cut: tuple[str, ...] = ()


def check_content(core: Core, body: Json) -> Outgoing:
    """The content of a message/send body. Raises ApiError for what the platform refuses."""
    kind = body.get("msgtype")
    if not isinstance(kind, str) or kind not in _CHECKS:
        raise ApiError(40008)
    part = body.get(kind)
    if not isinstance(part, dict):
        raise ApiError(40063, f"{kind} missing")
    return _CHECKS[kind](core, kind, part)


def _string(part: Json, name: str, *, needed: bool = True) -> str:
    value = part.get(name, "")
    if not isinstance(value, str):
        raise ApiError(40058, f"{name} is not a string")
    if needed and not value:
        raise ApiError(40058, f"{name} missing")
    return value


def shorten(text: str, limit: int) -> str:
    """What is left when the platform cuts at `limit` bytes; half a character becomes a replacement mark."""
    raw = text.encode()
    return text if len(raw) <= limit else raw[:limit].decode("utf-8", "replace")


def _text(_core: Core, kind: str, part: Json) -> Outgoing:
    content = part.get("content", "")
    if not isinstance(content, str):
        raise ApiError(40058, "text.content is not a string")
    if not content:
        raise ApiError(44004)
    shown = shorten(content, _TEXT_BYTES)
    return Outgoing(kind, shown, cut=("content",) if shown != content else ())


def _markdown(_core: Core, kind: str, part: Json) -> Outgoing:
    content = part.get("content", "")
    if not isinstance(content, str) or not content:
        raise ApiError(44004)
    if len(content.encode()) > _TEXT_BYTES:
        raise ApiError(40058, f"markdown.content exceed max length {_TEXT_BYTES}")
    return Outgoing(kind, content)


def _media(core: Core, kind: str, part: Json) -> Outgoing:
    stored = core.media.live(_string(part, "media_id", needed=False), core.pace.media_id_life)
    if stored is None:
        raise ApiError(40007)
    if stored.kind != kind:
        raise ApiError(40007, f"uploaded as {stored.kind}")
    cut: list[str] = []
    title = _cut(part, "title", _TITLE, cut)
    description = _cut(part, "description", _DESCRIPTION, cut)
    attachment = {"id": stored.key, "name": stored.name, "size": len(stored.data)}
    details = {"title": title, "description": description}
    return Outgoing(kind, stored.name, attachment=attachment, details=details, cut=tuple(cut))


def _cut(part: Json, name: str, limit: int, cut: list[str]) -> str:
    value = _string(part, name, needed=False)
    shown = shorten(value, limit)
    if shown != value:
        cut.append(name)
    return shown


def _textcard(_core: Core, kind: str, part: Json) -> Outgoing:
    title, description = _string(part, "title"), _string(part, "description")
    if not is_link(_string(part, "url")):
        raise ApiError(40054)
    more = _string(part, "btntxt", needed=False) or "详情"
    names = [n for n, v, m in (("title", title, _TITLE), ("description", description, _DESCRIPTION)) if len(v) > m]
    details = {
        "title": title[:_TITLE],
        "description": description[:_DESCRIPTION],
        "url": part["url"],
        "btntxt": more[:_BUTTON_TEXT],
    }
    return Outgoing(kind, title[:_TITLE], details=details, cut=tuple(names))


def _news(_core: Core, kind: str, part: Json) -> Outgoing:
    articles = part.get("articles")
    if not isinstance(articles, list) or not 1 <= len(articles) <= _ARTICLES:
        raise ApiError(45008)
    shown, cut = [], list[str]()
    for article in articles:
        if not isinstance(article, dict):
            raise ApiError(40058, "articles")
        _string(article, "title")
        url = article.get("url")
        if not is_link(url) and not (article.get("appid") and article.get("pagepath")):
            raise ApiError(40054)
        title, description = _cut(article, "title", _TITLE, cut), _cut(article, "description", _DESCRIPTION, cut)
        shown.append({"title": title, "description": description, "url": url})
    return Outgoing(kind, shown[0]["title"] or "", details={"articles": shown}, cut=tuple(cut))


def _card(_core: Core, kind: str, part: Json) -> Outgoing:
    if faults := card_faults(part, for_bot=False):
        raise ApiError(40058, "template_card: " + "; ".join(faults))
    head = part.get("main_title")
    title = (head.get("title") if isinstance(head, dict) else "") or part.get("sub_title_text", "")
    return Outgoing("card", str(title), card=part, details={"msgtype": kind})


_CHECKS: dict[str, Callable[[Core, str, Json], Outgoing]] = {
    "text": _text,
    "markdown": _markdown,
    "image": _media,
    "voice": _media,
    "video": _media,
    "file": _media,
    "textcard": _textcard,
    "news": _news,
    "template_card": _card,
}
