"""All files of the comparison, by the program that made them."""

from __future__ import annotations

from pathlib import Path

import hand_made
import npm_made
import pandoc_made
import python_docx_made
import writer_made

HAND, PYTHON, NPM, PANDOC, WRITER = "hand-written XML", "python-docx", "npm docx", "pandoc", "LibreOffice"
AGAIN = {HAND: ("chain", "direct", "numbers"), PYTHON: ("styles", "half")}


def all_files(folder: Path) -> dict[tuple[str, str], bytes]:
    """Every file by program and name."""
    found = {(HAND, name): data for name, data in hand_made.made()}
    found |= {(PYTHON, name): data for name, data in python_docx_made.made()}
    again = {f"{name}": found[program, name] for program, names in AGAIN.items() for name in names}
    for program, module in ((NPM, npm_made), (PANDOC, pandoc_made)):
        (folder / module.__name__).mkdir()
        found |= {(program, name): data for name, data in module.made(folder / module.__name__)}
    (folder / "writer").mkdir()
    return found | {(WRITER, name): data for name, data in writer_made.made(folder / "writer", again)}
