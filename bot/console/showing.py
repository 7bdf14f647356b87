"""How pages below /console leave the house: rendered for one person, kept by nobody, allowed nothing but our own
scripts and styles, compressed for a phone on a poor line."""

from __future__ import annotations

import gzip

from flask import Response, make_response, render_template, request

# Pico's icons are data: addresses in its style sheet.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_QUICKLY = 4  # more takes longer and saves next to nothing
NOTHING = "这里没有您要找的内容：号码可能写错了，也可能不归您看。请核对后再试，或从首页重新进入。"
NOT_FOUND, _FAULT = 404, 500
_ODD = "这个操作这里不能做。请返回上一页再试，或从首页重新进入。"
_BROKEN = "刚才没有成功。请过一分钟刷新页面看看，再试一次；如果一直这样，请告诉管理员。"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",  # with "no-referrer" a browser sends even our own forms with "Origin: null"
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


def show(template: str, status: int = 200, **values: object) -> Response:
    """A page from `bot/templates`."""
    return harden(_compressed(make_response(render_template(template, **values), status)))


def harden(response: Response) -> Response:
    """The same answer with the headers that every page has, where it does not bring stricter ones of its own."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _compressed(response: Response) -> Response:
    """A sixth of the bytes. What is secret in a page must differ from one page to the next: see `Guard.csrf_of`."""
    response.headers["Vary"] = "Accept-Encoding, HX-Request"
    if request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(response.get_data(), _QUICKLY, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


def sentence(text: str, status: int, *, title: str = "案例管家", login: bool = False, back: str = "") -> Response:
    """A page that says one thing and what to do; `login` offers to sign in (again), `back` is where to go instead."""
    return show("console/sentence.html", status, title=title, text=text, login=login, back=back)


def nothing_here() -> Response:
    """For what does not exist and for what is none of the visitor's business: the same page, to the last byte."""
    return sentence(NOTHING, NOT_FOUND, title="没有找到", back="/console/")


def is_page(path: str) -> bool:
    """Whether somebody reads what is answered there."""
    return path == "/console" or path.startswith("/console/")


def in_words(status: int) -> Response:
    """The page for a request that came to nothing, instead of a number."""
    if status == NOT_FOUND:
        return nothing_here()
    if status >= _FAULT:
        return sentence(_BROKEN, status, title="没有成功", back="/console/")
    return sentence(_ODD, status, title="不能这样做", back="/console/")
