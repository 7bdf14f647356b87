"""Answering a question: the whole engine, against a bare fuzzy search for the nearest clause (rapidfuzz)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from measure import compare
from rapidfuzz import fuzz, process

from answers import Engine
from domain.notice_loader import load_notice
from domain.roles import Role

ROUNDS = 60
QUESTIONS = ("字数要求是多少", "写了3200字能交吗", "一等奖奖金多少", "汇总表怎么交", "视频要什么格式", "今天天气怎么样")


def main() -> None:
    """Print one line for all questions together."""
    notice = load_notice(Path(__file__).resolve().parent.parent / "notices" / "enshi-2023-05")
    engine = Engine(notice)
    clauses = [clause.text for clause in notice.clauses]
    now = datetime(2023, 5, 6, 1, 0, tzinfo=UTC)

    def ours() -> object:
        return [engine.answer(question, role=Role.TEACHER, now=now) for question in QUESTIONS]

    def peer() -> object:
        return [process.extractOne(question, clauses, scorer=fuzz.partial_ratio) for question in QUESTIONS]

    compare(f"answer {len(QUESTIONS)} questions", ours, peer, "nearest clause by rapidfuzz", ROUNDS)


if __name__ == "__main__":
    main()
