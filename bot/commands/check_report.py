"""What `check` says about one file: lines for a person, a JSON object, rows of a workbook."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from domain.notice import Notice
from handlers.casework.report_text import checked_line, finding_lines, headline, show_title
from validators.facts import FileFacts, Trouble
from validators.json_codec import to_json
from validators.report import Finding, Reading, Verdict, fuller

NOT_OPENED = "⚠️《{name}》没能检查：{trouble}"
COPY = "📎 {what}：{path}"
NO_COPY = "{what}：{trouble}"
CHANGES = "自动排版改动：{changes}。"


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that was asked for: where it lies, or `trouble`, in Chinese, why there is none; what was changed in it."""

    path: str = ""
    trouble: str = ""
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """One file with its readings: one when the category is known, else one for each group of categories. `copies` by
    their Chinese names."""

    path: Path
    facts: FileFacts
    category: str | None
    readings: tuple[Reading, ...]
    copies: Mapping[str, Copy] = field(default_factory=dict)

    @property
    def opened(self) -> bool:
        """Whether there was anything to read."""
        return self.facts.trouble_kind is not Trouble.NOT_OPENED

    @property
    def verdict(self) -> Verdict:
        """The readings' verdict where they agree; a person has to choose where they do not, and to look at what could
        not be opened, whatever the notice demands."""
        if not self.opened:
            return Verdict.UNCHECKED
        verdicts = {reading.report.verdict for reading in self.readings}
        return verdicts.pop() if len(verdicts) == 1 else Verdict.UNCHECKED


def as_text(checked: Checked, notice: Notice) -> str:
    """Verdict, findings and what was looked at, for each reading; then where the copies lie."""
    if not checked.opened:
        return NOT_OPENED.format(name=show_title(checked.facts.name), trouble=checked.facts.trouble) + "\n"
    lines = []
    for reading in checked.readings:
        report = reading.report
        lines.append(headline(checked.facts.name, report))
        if checked.category is None and len(checked.readings) > 1:
            lines[-1] += f"（按 {'、'.join(reading.categories)} 类）"
        lines.extend(finding_lines(notice, report, short=False))
        lines.append(checked_line(report))
    for what, copy in checked.copies.items():
        lines.append((NO_COPY if copy.trouble else COPY).format(what=what, trouble=copy.trouble, path=copy.path))
        if copy.changes:
            lines.append(CHANGES.format(changes="；".join(copy.changes)))
    return "\n".join([*lines, ""])


def as_json(checked: Checked) -> str:
    """The JSON object of the contract, with `copies` when any were asked for."""
    record: dict[str, object] = {
        "file": str(checked.path),
        "category": checked.category,
        "sha256": checked.facts.sha256,
        "verdict": checked.verdict.value,
        "facts": _facts(checked.facts),
        "findings": [
            {**to_json(finding), "categories": categories} if checked.category is None else to_json(finding)
            for finding, categories in findings_of(checked)
        ],
    }
    if checked.category is None:
        record["readings"] = [
            {"categories": list(reading.categories), "verdict": reading.report.verdict.value}
            for reading in checked.readings
        ]
    if checked.copies:
        record["copies"] = {what: to_json(copy) for what, copy in checked.copies.items()}
    return json.dumps(record, ensure_ascii=False)


def findings_of(checked: Checked) -> list[tuple[Finding, list[str]]]:
    """Each cause once, with the categories it holds for."""
    merged: dict[tuple[object, ...], tuple[Finding, list[str]]] = {}
    if checked.category is not None:
        return [(finding, [checked.category]) for finding in checked.readings[0].report.findings]
    for reading in checked.readings:
        for finding in reading.report.findings:
            known, categories = merged.get(finding.cause, (finding, []))
            merged[finding.cause] = fuller(known, finding), [*categories, *reading.categories]
    return list(merged.values())


def _facts(facts: FileFacts) -> dict[str, object]:
    """The facts of the contract: what the file is, then the numbers of a Word file or of a video."""
    shown: dict[str, object] = {"kind": facts.kind.value, "size": facts.size, "readable": facts.readable}
    if facts.word is not None:
        word = facts.word
        shown |= {
            "words": word.words.total.high,
            "words_low": word.words.total.low,
            "words_split": {
                "body": word.words.body.high,
                "tables": word.words.tables.high,
                "text_boxes": word.words.text_boxes.high,
                "notes": word.words.notes.high,
            },
            "pictures": word.pictures.drawn,
            "title": word.title.text,
            "headings": [{"level": p.level, "text": p.visible.strip(), "paragraph": p.index} for p in word.headings],
        }
    if facts.video is not None:
        video = facts.video
        shown |= {
            "width": video.width,
            "height": video.height,
            "duration_s": video.duration_s,
            "container": video.container,
            "codec": video.codec,
            "has_audio": video.has_audio,
            "subtitles": video.subtitles,
        }
    return shown
