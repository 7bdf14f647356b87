"""What we hand out, opened by LibreOffice: the summary table."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from documents.summary_table import summary_table
from domain.notice import Notice
from domain.notice_loader import load_notice
from domain.summary import SummaryRow, SummarySheet

PACK = Path(__file__).resolve().parents[2] / "notices" / "enshi-2023-05"
ROWS = tuple(
    SummaryRow(
        number, f"B1-{number}", "B1", f"智慧教育平台支持下的课堂教学案例之{number}", "张老师", "某中学", "13800000000"
    )
    for number in range(1, 60)
)


@pytest.fixture(scope="module")
def notice() -> Notice:
    return load_notice(PACK)


def converted(tmp_path: Path, name: str, content: bytes, to: str) -> str:
    source = tmp_path / name
    source.write_bytes(content)
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/home", "--headless", "--convert-to", to]
    subprocess.run([*command, "--outdir", tmp_path, source], check=True, capture_output=True, timeout=110)
    (made,) = (path for path in tmp_path.iterdir() if path.stem.startswith(source.stem) and path != source)
    return made.read_text("utf-8-sig")


def test_the_summary_table_opens_as_it_was_made(notice: Notice, tmp_path: Path) -> None:
    sheet = SummarySheet("利川市", "李主任", "0718-8234567", ROWS)
    text = converted(tmp_path, "汇总表.docx", summary_table(notice, sheet), "txt:Text (encoded):UTF8")
    assert text.startswith(f"{notice.summary_table.title}\n县市/州直属学校（盖章）：利川市\t县市联系人：李主任\n")
    places = [text.index(row.title + "\n") for row in ROWS]
    assert places == sorted(places)
    for clause in notice.summary_table.remark_clauses:
        assert notice.clause(clause).text.splitlines()[-1] in text
