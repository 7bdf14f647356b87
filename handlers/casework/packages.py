"""The package of a report in words: its name, and what is said when it has been made or could not be."""

from __future__ import annotations

from domain.chat import Choice, OutgoingFile, Reply

_NAME = "{unit}上报材料（第{edition}版）.zip"
MADE = "{unit}的材料包已打好（第 {edition} 版）：{cases} 个案例、{files} 个文件，附汇总表、目录和校验码。"
FAILED = "{unit}的材料包没有打成，上报不受影响。管理员会看到并联系您。"


def package_name(unit: str, edition: int) -> str:
    """What the file is called."""
    return _NAME.format(unit=unit, edition=edition)


def made(unit: str, edition: int, cases: int, files: int, package: OutgoingFile) -> Reply:
    """The word to whoever reported, with the file."""
    text = MADE.format(unit=unit, edition=edition, cases=cases, files=files)
    return Reply(text, (Choice("发盖章扫描版", "发盖章扫描版"), Choice("进度", "进度")), (package,))


def failed(unit: str) -> Reply:
    """The word to whoever reported when it cannot be made."""
    return Reply(FAILED.format(unit=unit))
