"""The API client against a real server: the token's life, errors, uploads, and what must never be logged."""

from __future__ import annotations

import io
import json
import logging
from datetime import timedelta

import pytest

from bot.wecom.api import Member, SendResult, WeComApi
from bot.wecom.errors import MEANINGS, ApiError, ErrorKind
from bot.wecom.outbound import Timeouts, UrlPolicy
from bot.wecom.redact import scrub
from bot.wecom.response_url import post_markdown
from bot.wecom.tokens import MemoryTokenStore, Token, real_now

HERE = UrlPolicy(allow_loopback=True)
SECRET = "s3cret-of-the-app"
BODY = '{"touser": "zhangsan",  "msgtype":"text","agentid":1,"text":{"content":"您好"}}'


def test_the_body_goes_out_byte_for_byte_and_the_result_names_whom_it_misses(server, client, corp) -> None:
    corp.answers["message/send"] = {
        "errcode": 0,
        "msgid": "M",
        "invaliduser": "a|b",
        "invalidparty": "",
        "unlicenseduser": ["c"],
        "response_code": "RC",
    }
    assert client.send_message(BODY) == SendResult("M", ("a", "b"), ("c",), "RC")
    assert server.asked[-1].body == BODY.encode()
    assert server.asked[-1].method == "POST"


@pytest.mark.parametrize(("errcode", "meaning"), MEANINGS.items())
def test_every_listed_error_has_its_kind_and_a_sentence(client, corp, errcode: int, meaning) -> None:
    corp.answers["message/send"] = {"errcode": errcode, "errmsg": "no"}
    with pytest.raises(ApiError) as failure:
        client.send_message(BODY)
    error = failure.value
    assert (error.errcode, error.kind, error.retry_after) == (errcode, meaning.kind, meaning.retry_after_s)
    assert error.explanation.endswith("。")
    assert not error.outcome_unknown
    assert (error.retry_after is not None) is (error.kind is ErrorKind.RETRY)


def test_an_unlisted_error_is_not_repeated(client, corp) -> None:
    corp.answers["message/send"] = {"errcode": 987654, "errmsg": "no"}
    with pytest.raises(ApiError) as failure:
        client.send_message(BODY)
    assert failure.value.kind is ErrorKind.PROGRAM


@pytest.mark.parametrize(
    ("answer", "kind", "unknown"),
    [
        ({"status": 502}, ErrorKind.RETRY, True),
        ({"body": b"<html>captive portal</html>"}, ErrorKind.RETRY, True),
        ({"body": b"[1]"}, ErrorKind.RETRY, True),
        ({"body": b'{"errcode":"x"}'}, ErrorKind.RETRY, True),
        ({"body": b'{"errcode":0}', "sent": lambda write: write(b"{")}, ErrorKind.RETRY, True),
        ({"status": 404}, ErrorKind.CONFIG, False),
        ({"status": 301, "headers": {"Location": "https://example.com/"}}, ErrorKind.CONFIG, False),
    ],
)
def test_what_is_no_answer_of_wecom_is_told_apart(server, api, make_answer, *, answer: dict, kind, unknown) -> None:
    server.answers = [make_answer(**answer)]
    with pytest.raises(ApiError) as failure:
        api.send_message(BODY)
    assert (failure.value.errcode, failure.value.kind, failure.value.outcome_unknown) == (None, kind, unknown)
    assert "T1" not in f"{failure.value!r}{failure.value.__cause__!r}{failure.value.__context__!r}"


def test_a_silent_server_leaves_the_outcome_open_and_an_absent_one_does_not(server, make_answer) -> None:
    tokens = MemoryTokenStore()
    tokens.replace(None, Token("T1", real_now() + timedelta(hours=1), real_now() + timedelta(hours=1)))
    quick = WeComApi("ww1", SECRET, f"{server.url}/cgi-bin/", tokens, timeouts=Timeouts(0.2, 0.2))
    server.answers = [make_answer(b"{}", sent=lambda _: server.closing.wait(5))]
    with pytest.raises(ApiError) as failure:
        quick.send_message(BODY)
    assert (failure.value.kind, failure.value.outcome_unknown) == (ErrorKind.RETRY, True)
    server.close()
    with pytest.raises(ApiError) as failure:
        quick.send_message(BODY)
    assert (failure.value.kind, failure.value.outcome_unknown) == (ErrorKind.RETRY, False)


@pytest.mark.parametrize("name", ["案例　汇总😀.docx", 'a"b.docx', "a\r\nX-Evil: 1.docx"])
def test_an_upload_carries_the_raw_name(server, client, corp, name: str) -> None:
    corp.answers["media/upload"] = {"errcode": 0, "type": "file", "media_id": "MID"}
    content = bytes(range(256)) * 10
    assert client.upload_media("file", name, io.BytesIO(content)) == "MID"
    asked = server.asked[-1]
    assert asked.query["type"] == "file"
    head, _, rest = asked.body.partition(b"\r\n\r\n")
    shown = name.replace("\r\n", "").replace('"', "%22")
    assert f'name="media"; filename="{shown}"; filelength=2560'.encode() in head
    assert b"filename*" not in head
    assert head.count(b"\r\n") == 2
    boundary = asked.headers["Content-Type"].split("boundary=")[1].encode()
    assert rest == content + b"\r\n--" + boundary + b"--\r\n"


def test_an_upload_is_repeated_whole_after_a_refused_token(server, client, corp) -> None:
    corp.answers["media/upload"] = {"errcode": 0, "media_id": "MID"}
    client.send_message(BODY)
    corp.valid = set()
    assert client.upload_media("image", "a.png", io.BytesIO(b"123456")) == "MID"
    uploads = [asked.body for asked in server.asked if asked.path.endswith("upload")]
    assert len(uploads) == 2
    assert all(b"\r\n\r\n123456\r\n--" in body for body in uploads)


@pytest.mark.parametrize(("kind", "size"), [("file", 5), ("file", (20 << 20) + 1), ("voice", (2 << 20) + 1)])
def test_an_upload_of_a_size_wecom_refuses_is_not_tried(client, corp, kind: str, size: int) -> None:
    with pytest.raises(ValueError, match="more than 5"):
        client.upload_media(kind, "a", io.BytesIO(bytes(size)))
    assert not corp.calls


def test_members_and_recalls(server, client, corp) -> None:
    corp.answers["user/get"] = {
        "errcode": 0,
        "userid": "zhangsan",
        "name": "张三",
        "department": [1, 2],
        "main_department": 2,
        "status": 1,
    }
    assert client.get_user("ZhangSan") == Member("zhangsan", "张三", (1, 2), 2, active=True)
    assert server.asked[-1].query["userid"] == "ZhangSan"
    client.recall("MSG1")
    assert json.loads(server.asked[-1].body) == {"msgid": "MSG1"}


def test_neither_token_nor_secret_is_ever_logged_or_shown(server, client, corp, tokens, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    client.send_message(BODY)
    corp.valid = set()
    client.send_message(BODY)
    corp.answers["message/send"] = {"errcode": 40003, "errmsg": 'hint: access_token="T-number-2" https://x/?secret=y'}
    with pytest.raises(ApiError) as failure:
        client.send_message(BODY)
    assert "urllib3" in caplog.text or "connectionpool" in caplog.text
    seen = caplog.text + repr(client) + repr(tokens.get()) + str(failure.value) + repr(failure.value)
    assert "T-number" not in seen
    assert SECRET not in seen
    server.close()
    with pytest.raises(ApiError) as failure:
        client.send_message(BODY)
    chain = [failure.value, failure.value.__cause__, failure.value.__context__]
    assert "T-number" not in caplog.text + repr(chain) + str(chain)


@pytest.mark.parametrize(
    "text",
    [
        "GET https://q.example.com/cgi-bin/send?access_token=HIDDEN&x=1 200",
        '"GET /cgi-bin/gettoken?corpid=ww1&corpsecret=HIDDEN HTTP/1.1"',
        '{"access_token": "HIDDEN", "errcode": 0}',
        "corpsecret=HIDDEN",
        "response_url: HIDDEN",
    ],
)
def test_scrubbing_takes_secrets_out(text: str) -> None:
    assert "HIDDEN" not in scrub(text)
    assert scrub("invalid userid, 40003? yes") == "invalid userid, 40003? yes"


def test_markdown_is_posted_once_to_a_response_url(server, make_answer) -> None:
    server.answers = [make_answer(b'{"errcode":0,"errmsg":"ok"}')]
    post_markdown(f"{server.url}/r?response_code=abc", "**好**", HERE)
    (asked,) = server.asked
    assert (asked.method, asked.query) == ("POST", {"response_code": "abc"})
    assert json.loads(asked.body) == {"msgtype": "markdown", "markdown": {"content": "**好**"}}
    with pytest.raises(ValueError, match="20481"):
        post_markdown(server.url, "x" * 20481, HERE)
    with pytest.raises(ApiError) as failure:
        post_markdown(f"{server.url}/r", "x", UrlPolicy())
    assert failure.value.kind is ErrorKind.PROGRAM
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("answer", "kind", "unknown"),
    [
        ({"body": b'{"errcode":93006,"errmsg":"used"}'}, ErrorKind.PROGRAM, False),
        ({"status": 404}, ErrorKind.PROGRAM, False),
        ({"status": 302, "headers": {"Location": "/x"}}, ErrorKind.PROGRAM, False),
        ({"status": 503}, ErrorKind.RETRY, True),
        ({"body": b"nonsense"}, ErrorKind.RETRY, True),
        ({"body": b'{"errcode":0}', "sent": lambda write: write(b"{")}, ErrorKind.RETRY, True),
    ],
)
def test_a_response_url_that_fails_tells_whether_the_answer_may_have_been_shown(
    server, make_answer, answer: dict, kind, unknown
) -> None:
    server.answers = [make_answer(**answer)]
    with pytest.raises(ApiError) as failure:
        post_markdown(f"{server.url}/r?response_code=abc", "x", HERE)
    assert (failure.value.kind, failure.value.outcome_unknown) == (kind, unknown)
    assert "abc" not in str(failure.value)


def test_a_response_url_is_never_logged(server, make_answer, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    server.answers = [make_answer(b"{}")]
    code = "CODE" * 10
    post_markdown(f"{server.url}/response/{code}?sign={code}", "x", HERE)
    assert "POST /response/" in caplog.text
    assert "CODE" not in caplog.text
