"""Spoiled files: the reader never breaks, never hangs, and never passes a file of which it dropped something."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path

import pytest
from seeds import whole
from spoiling import run

from domain.notice_loader import load_notice
from validators import judge
from validators.reading.file import read_file

FILES = 2_000
SHARE = FILES // 2
NOTICE = Path(__file__).resolve().parents[2] / "notices" / "enshi-2023-05"


def test_the_file_to_begin_from_is_right():
    notice = load_notice(NOTICE)
    facts = read_file(io.BytesIO(whole()), "案例.docx", lambda _stage: None)
    assert judge(facts, notice.category("B1"), notice).verdict.value == "pass"


@pytest.mark.parametrize("first", range(0, FILES, SHARE))
def test_spoiled_files(tmp_path, first):
    outcomes = list(run(tmp_path, first, SHARE, parallel=1))
    assert [outcome for outcome in outcomes if outcome.complaint] == []
    verdicts = Counter(outcome.verdict for outcome in outcomes)
    assert min(verdicts[name] for name in ("pass", "fail", "unchecked")) > SHARE // 20
