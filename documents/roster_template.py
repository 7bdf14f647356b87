"""The roster's template (名单模板): a workbook with a line of guidance, the columns, and lists to choose from.

openpyxl is loaded when the template is made, not when the service starts: it would be a tenth of that time.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

from domain.notice import Notice
from domain.roster import COLUMNS, NEEDED

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

GUIDE = (
    "每人一行，带 * 的必填。userid 是企业微信管理后台“通讯录”里的“账号”，不分大小写。"
    "角色和单位请点选；管理员可以不填单位。填好保存，把这个文件发给机器人，它会先给您看改动，确认后才导入。"
)
ROLE_CHOICES = ("教师", "协调员", "管理员")
_WIDTHS = {"姓名": 14, "userid": 30, "角色": 12, "单位": 24, "学校": 30, "电话": 18}
_HEADER_ROW, _FIRST_ROW, _LAST_ROW = 2, 3, 20_002
_GUIDE_HEIGHT = 48
_LISTS = "选项"
_AS_TEXT = "@"
_MOMENTS = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_NO_MOMENT = rb"\g<1>2000-01-01T00:00:00Z"


def roster_template(notice: Notice) -> bytes:
    """The .xlsx to fill in, with the notice's units to choose from. The same notice always gives the same bytes."""
    from openpyxl import Workbook  # noqa: PLC0415 - see above

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "名单"
    _write_head(sheet)
    lists = book.create_sheet(_LISTS)
    lists.sheet_state = "hidden"
    _offer(sheet, lists, "角色", ROLE_CHOICES)
    _offer(sheet, lists, "单位", tuple(unit.name for unit in notice.units))
    book.properties.creator = ""
    stream = io.BytesIO()
    book.save(stream)
    return _without_clock(stream.getvalue())


def _write_head(sheet: Worksheet) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415 - see above
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - see above

    sheet.cell(1, 1, GUIDE).alignment = Alignment(wrap_text=True, vertical="center")
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(COLUMNS))
    sheet.row_dimensions[1].height = _GUIDE_HEIGHT
    for place, column in enumerate(COLUMNS, start=1):
        star = "*" if column in NEEDED else ""
        title = f"{column}（企业微信账号）{star}" if column == "userid" else f"{column}{star}"
        cell = sheet.cell(_HEADER_ROW, place, title)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDE8F5")
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = _WIDTHS[column]
        sheet.column_dimensions[letter].number_format = _AS_TEXT  # 0718… and 007 keep their zeros
    sheet.freeze_panes = sheet.cell(_FIRST_ROW, 1)


def _offer(sheet: Worksheet, lists: Worksheet, column: str, choices: tuple[str, ...]) -> None:
    """Let the column's cells be chosen from a list that stands on the hidden sheet: its length is not limited there."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - see above
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415 - see above

    place = list(COLUMNS).index(column) + 1
    letter = get_column_letter(place)
    for row, choice in enumerate(choices, start=1):
        lists.cell(row, place, choice)
    offered = DataValidation("list", formula1=f"{_LISTS}!${letter}$1:${letter}${len(choices)}", allow_blank=True)
    offered.error, offered.errorTitle, offered.showErrorMessage = "请从列表里选。", column, True
    offered.add(f"{letter}{_FIRST_ROW}:{letter}{_LAST_ROW}")
    sheet.add_data_validation(offered)


def _without_clock(data: bytes) -> bytes:
    """The package without the times of its making, which stand in its properties and beside each part."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as made, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as fixed:
        for info in made.infolist():
            part = zipfile.ZipInfo(info.filename)
            part.compress_type = zipfile.ZIP_DEFLATED
            fixed.writestr(part, _MOMENTS.sub(_NO_MOMENT, made.read(info)))
    return stream.getvalue()
