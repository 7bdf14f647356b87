"""Whose a file of a ZIP is, told from its path: its names are matched to categories, schools and teachers."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePosixPath

from handlers.casework.deputing import SCHOOL_LENGTH
from handlers.said import one_line

_SEPARATORS = re.compile(r"[\s_,，、;；.+＋|—–－\-]+|[（）()【】\[\]《》“”]")
_SCHOOL = re.compile(
    r"[\u4e00-\u9fff]{2,}(?:学校|中学|小学|幼儿园|学院|教学点|[一二三四五六七八九十]中|一小|二小|三小|实小|附小|附中)"
)
_PERSON = re.compile(r"[\u4e00-\u9fff]{2,3}(?:·[\u4e00-\u9fff]{2,6})?")
# The most frequent family names: other short words in a file's name are no persons.
_FAMILIES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖"
    "邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文向覃冉"
)
_NO_PERSONS = frozenset(("高中", "方案", "文件", "任务", "白皮", "金奖", "文稿", "文字", "万达"))


@dataclass(frozen=True, slots=True)
class Told:
    """What a path tells; None for what it does not."""

    category: str | None
    school: str | None
    person: str | None


def told_by(path: str, categories: Collection[str], schools: Collection[str], persons: Collection[str]) -> Told:
    """Read folders and file name, the file name first. `schools` and `persons` are those the unit is known to have."""
    pure = PurePosixPath(path)
    parts = [pure.stem, *reversed(pure.parts[:-1])]
    tokens = [token for part in parts for token in _SEPARATORS.split(part) if token]
    return Told(
        category=next((code for part in parts if (code := _category(part, categories))), None),
        school=_school(parts, tokens, schools),
        person=_person(tokens, persons),
    )


def _category(part: str, categories: Collection[str]) -> str | None:
    for code in sorted(categories, key=len, reverse=True):
        if re.search(rf"(?<![A-Za-z0-9]){code}(?![A-Za-z0-9])", part, re.IGNORECASE):
            return code
    return None


def _school(parts: list[str], tokens: list[str], schools: Collection[str]) -> str | None:
    joined = "/".join(parts)
    known = sorted((school for school in schools if school and school in joined), key=len, reverse=True)
    if known:
        return known[0]
    found = next((token for token in tokens if len(token) in SCHOOL_LENGTH and _SCHOOL.fullmatch(token)), None)
    return one_line(found) if found else None


def _person(tokens: list[str], persons: Collection[str]) -> str | None:
    plain = [re.sub(r"(?:老师|教师)$", "", token) for token in tokens]
    known = next((token for token in plain if token in persons), None)
    if known is not None:
        return known
    likely = (token for token in plain if _PERSON.fullmatch(token) and token[0] in _FAMILIES)
    return next((token for token in likely if token not in _NO_PERSONS), None)
