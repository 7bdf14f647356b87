"""The shared question set, where it lies beside the checkout: the score must not fall below what was reached."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
SET = SHARED / "qa-dev.jsonl"
SCORER = SHARED / "score_qa.py"
FLOOR = 0.96
MOST_FALSE_ANSWERS = 0
MOST_FALSE_REFUSALS = 1


@pytest.mark.skipif(not (SET.exists() and SCORER.exists()), reason=f"no question set in {SHARED}")
def test_the_question_set_is_answered(tmp_path):
    figures = tmp_path / "figures.json"
    command = f"{sys.executable} -m bot ask --jsonl --at 2023-05-06T09:00"
    done = subprocess.run(
        [sys.executable, str(SCORER), str(SET), "--command", command, "--show", "--json", str(figures)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    scored = json.loads(figures.read_text("utf-8"))
    passed, total = scored["overall"]
    assert passed / total >= FLOOR, done.stdout
    assert scored["false_answer"][0] <= MOST_FALSE_ANSWERS, done.stdout
    assert scored["false_refusal"][0] <= MOST_FALSE_REFUSALS, done.stdout
