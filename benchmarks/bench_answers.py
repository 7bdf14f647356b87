"""The answer engine beside a plain BM25 search: how many written cases each gets right, and how long a question takes.

    python benchmarks/bench_answers.py [CASES.jsonl ...]

Without arguments the cases of tests/cases/answers are asked. The peer is `bm25s` over the sentences of the notice, the
best one quoted (words by rjieba); it refuses when nothing is shared. It is not a dependency: `pip install bm25s`."""

from __future__ import annotations

import json
import statistics
import sys
import time
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import rjieba

from answers import Engine
from answers.index import sentences_of
from domain.notice import Notice
from domain.notice_loader import load_notice
from domain.roles import Role

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2023, 5, 6, 1, 0, tzinfo=UTC)
Reply = tuple[str, str]


def engine_of(notice: Notice) -> Callable[[str], Reply]:
    """Our engine as a function from a question to label and text."""
    engine = Engine(notice)

    def reply(question: str) -> Reply:
        answer = engine.answer(question, role=Role.TEACHER, now=NOW)
        return answer.kind.value, answer.text

    return reply


def bm25_of(notice: Notice) -> Callable[[str], Reply]:
    """The peer: the best sentence of the notice by bm25s. Raises ModuleNotFoundError where it is not installed."""
    import bm25s  # noqa: PLC0415 - only this peer needs it

    sentences = [item.text for item in sentences_of(notice)]
    index = bm25s.BM25()
    index.index([rjieba.cut(text.lower(), False) for text in sentences], show_progress=False)

    def reply(question: str) -> Reply:
        words = rjieba.cut(question.lower(), False)
        if not words:
            return "refuse", ""
        found, scores = index.retrieve([words], k=1, show_progress=False)
        return ("answer", sentences[found[0, 0]]) if scores[0, 0] > 0 else ("refuse", "")

    return reply


def right(case: dict[str, object], reply: Reply) -> bool:
    """Whether a reply is what a written case (ours, or of a question set) wants."""
    label, text = reply
    if "expect" in case:
        sys.path.insert(0, str(ROOT.parent / "shared"))
        import score_qa  # type: ignore[import-not-found]  # noqa: PLC0415 - lies beside the checkout, if at all

        return bool(score_qa.judge(case, {"answer": text, "kind": label})[0])
    wanted = all(any(each in text for each in str(group).split("|")) for group in case.get("has", ()))  # type: ignore[attr-defined]
    unwanted = any(str(each) in text for each in case.get("lacks", ()))  # type: ignore[attr-defined]
    starts = text.startswith(tuple(str(case.get("starts", "")).split("|")))
    return label in str(case["kind"]).split("|") and wanted and starts and not unwanted


def cases_of(paths: list[str]) -> list[dict[str, object]]:
    """The cases to ask: those of JSON Lines files, else our own that do not hang on a day of their own."""
    if paths:
        return [
            json.loads(line) for path in paths for line in Path(path).read_text("utf-8").splitlines() if line.strip()
        ]
    files = sorted((ROOT / "tests/cases/answers").glob("*.toml"))
    own = [case for file in files for case in tomllib.loads(file.read_text("utf-8"))["case"]]
    return [case for case in own if "at" not in case]


def measured(name: str, build: Callable[[], Callable[[str], Reply]], cases: list[dict[str, object]]) -> None:
    """Print one line: built in, accuracy, p50 and p99 of a question."""
    started = time.perf_counter()
    reply = build()
    reply("")
    built = time.perf_counter() - started
    times, passed = [], 0
    for case in cases:
        started = time.perf_counter()
        got = reply(str(case["q"]))
        times.append((time.perf_counter() - started) * 1000)
        passed += right(case, got)
    times.sort()
    share = 100 * passed / len(cases)
    print(
        f"{name:<24} {passed}/{len(cases)} ({share:.1f} %)   p50 {statistics.median(times):6.3f} ms   "
        f"p99 {times[int(len(times) * 0.99)]:6.3f} ms   ready in {built:.2f} s"
    )


def main() -> None:
    """Print the table."""
    notice = load_notice(ROOT / "notices" / "enshi-2023-05")
    cases = cases_of(sys.argv[1:])
    for name, build in (("answer engine", engine_of), ("bm25s, best sentence", bm25_of)):
        try:
            measured(name, lambda build=build: build(notice), cases)  # type: ignore[misc]
        except ModuleNotFoundError as missing:
            print(f"{name:<24} not measured: {missing.name} is not installed")


if __name__ == "__main__":
    main()
