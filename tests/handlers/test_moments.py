"""Ends as an admin writes them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from handlers.casework.moments import written_end
from handlers.said import plain

ZONE = ZoneInfo("Asia/Shanghai")
NEAR = datetime(2023, 5, 21, tzinfo=ZONE)
SAID_NEAR = datetime(2023, 5, 20, 23, 59, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "end", "rest"),
    [
        ("5月25日18点", "2023-05-25T18:00", ""),
        ("5月25日", "2023-05-26T00:00", ""),
        ("5月25号下午6点半，原因：雨", "2023-05-25T18:30", ",原因:雨"),
        ("25号晚上8点", "2023-05-25T20:00", ""),
        ("５月２５日２３：５９", "2023-05-26T00:00", ""),
        ("5月25日24点", "2023-05-26T00:00", ""),
        ("5月31日24:00", "2023-06-01T00:00", ""),
        ("5月25日（周四）18:00", "2023-05-25T18:00", ""),
        ("2023-05-25 18:05", "2023-05-25T18:05", ""),
        ("2023年5月25日18:00(第2次修改),原因:雨", "2023-05-25T18:00", "(第2次修改),原因:雨"),
        ("五月二十五日下午五点", "2023-05-25T17:00", ""),
        ("5.25 中午12点", "2023-05-25T12:00", ""),
        ("5月25日上午9点15分", "2023-05-25T09:15", ""),
        ("5月25日前", "2023-05-26T00:00", ""),
        ("12月31日", "2024-01-01T00:00", ""),
    ],
)
def test_read(text: str, end: str, rest: str) -> None:
    written = written_end(plain(text), SAID_NEAR, ZONE)
    assert written is not None
    assert written.closes_at == datetime.fromisoformat(end).replace(tzinfo=ZONE)
    assert written.rest == rest


@pytest.mark.parametrize("text", ["下个月", "2月30日", "13月1日", "", "5月25日25点", "5月25日18点75分", "尽快"])
def test_not_an_end(text: str) -> None:
    assert written_end(plain(text), SAID_NEAR, ZONE) is None
