"""The wordings topics are recognised by: the language's own (answers/wordings/), and those of a notice's folder."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from domain.errors import ConfigError
from domain.notice_loader import WORDINGS_FILE

_HERE = Path(__file__).parent / "wordings"
OPEN = "open:"
"""How the label of a topic begins that notices leave open; its name in silent.toml follows."""

INSIDE = "in:"
"""How the label of a section of the template begins: what is written there; its title follows."""

BEYOND, SMALLTALK, HOSTILE = "beyond", "smalltalk", "hostile"


LANGUAGE_WEIGHTS = _HERE / "recognition.bin"
"""What was learned from the language's own wordings alone, for notices that come with none."""


def language_wordings() -> dict[str, list[str]]:
    """The wordings a notice without any of its own is understood by. Raises ConfigError as `wordings_of` does."""
    return _merged(sorted(_HERE.glob("*.toml")))


@cache
def language_weights() -> bytes:
    """What was learned from the language's own wordings, read once."""
    return LANGUAGE_WEIGHTS.read_bytes()


def wordings_of(folder: Path) -> dict[str, list[str]]:
    """All wordings by label for the notice in `folder`, which may have none of its own. Of a label that the notice has
    wordings for only those count, and a wording that stands in both is the notice's. Raises ConfigError naming the
    file, and label or wording, that is wrong."""
    own = _merged([folder / WORDINGS_FILE])
    taken = {line for lines in own.values() for line in lines}
    shared = {label: lines for label, lines in language_wordings().items() if label not in own}
    kept = {label: [line for line in lines if line not in taken] for label, lines in shared.items()}
    return kept | own


def _merged(paths: Iterable[Path]) -> dict[str, list[str]]:
    merged: dict[str, list[str]] = {}
    known: dict[str, str] = {}
    for path in paths:
        for label, lines in _read(path).items():
            if not isinstance(lines, list) or not all(isinstance(line, str) and line.strip() for line in lines):
                raise ConfigError((f"{path.name}：{label} 应为一组说法，每条都是文字。",))
            for line in lines:
                if line in known:
                    raise ConfigError((f"“{line}”同时写在 {known[line]} 和 {label} 里，请只留一处。",))
                known[line] = label
            merged.setdefault(label, []).extend(lines)
    return merged


def own_labels(folder: Path) -> tuple[str, ...]:
    """The labels the notice's own wordings are for: ids of its facts. Raises ConfigError."""
    return tuple(_read(folder / WORDINGS_FILE))


def _read(path: Path) -> dict[str, object]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError((f"{path.name}：读不了，{error}。",)) from None
