"""`make fuzz`: many spoiled files, resumable. Keeps its place in .fuzz/, writes the result to docs/fuzzing.md."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

from spoiling import run

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / ".fuzz" / "state.json"
PAGE = ROOT / "docs" / "fuzzing.md"
STEP = 500
_HEAD = """# Spoiled Word files

`make fuzz` spoils a right file in one to four ways (bytes, the zip, the text of a part, its tree: see
`tests/fuzz/mutations.py`), reads and judges each in the sandbox, 50 in a child, and looks for three things: a reader
that breaks, a reader that takes longer than ten seconds, and a wrong pass. A pass is wrong when Chinese characters of
the file's own text, found by other means than the reader's, are not in the reading. Each number is a file: a complaint
can be replayed. The daily tests run the first 2,000. Interrupted, it goes on where it stopped; `FUZZ_FILES` sets how
many there are to be.
"""


def state() -> dict:
    if STATE.exists():
        return json.loads(STATE.read_text("utf-8"))
    return {"done": 0, "verdicts": {}, "complaints": []}


def markdown(known: dict) -> str:
    verdicts = known["verdicts"]
    rows = "\n".join(f"| {name} | {verdicts[name]} |" for name in sorted(verdicts))
    complaints = "\n".join(f"- {number}: {text}" for number, text in known["complaints"]) or "None."
    table = f"| verdict | files |\n|---|---|\n{rows}\n| all | {known['done']} |"
    return f"{_HEAD}\n## Result\n\n{table}\n\n## Complaints\n\n{complaints}\n"


def main() -> int:
    wanted = int(os.environ.get("FUZZ_FILES", "50000"))
    known = state()
    STATE.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        while known["done"] < wanted:
            for outcome in run(Path(folder), known["done"], min(STEP, wanted - known["done"])):
                known["verdicts"][outcome.verdict] = known["verdicts"].get(outcome.verdict, 0) + 1
                if outcome.complaint:
                    known["complaints"].append((outcome.number, outcome.complaint.strip().splitlines()[-1]))
                known["done"] += 1
            STATE.write_text(json.dumps(known, ensure_ascii=False), "utf-8")
            PAGE.write_text(markdown(known), "utf-8")
            sys.stdout.write(f"\r{known['done']} of {wanted}, {len(known['complaints'])} complaints")
            sys.stdout.flush()
    sys.stdout.write("\n")
    return 1 if known["complaints"] else 0


if __name__ == "__main__":
    sys.exit(main())
