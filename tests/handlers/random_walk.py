"""A county's life at random: people of two counties, a direct school and the bureau say anything that could be said.

What has to hold whatever they say is written in `walk_rules`."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

from dialogue_files import FILES, case_docx
from dialogue_stage import Heard, Stage
from sqlalchemy import select

from domain.notice import Notice, Unit, UnitKind
from store.schema.campaign import Case, Person

SCHOOL = Unit("direct-1", "州直实验学校", UnitKind.DIRECT_SCHOOL)
# Words that stand in the titles, schools and names of one unit only.
MARKERS = {"lichuan": "腾龙洞", "enshi": "梭布垭", SCHOOL.id: "清江廊"}
ADMIN, STRANGER = "boss", "stranger"
_TAG = re.compile(r"<[^>]+>")
_WORDS_OF_FILES = (3900, 4200, 2000)
_NEAR = 0.85
_WEIGHTS = {"coordinator": 4, "teacher": 2}


@dataclass(frozen=True)
class Someone:
    """Who speaks. `unit` is None for the admin and for who has told nothing."""

    userid: str
    role: str
    unit: str | None


@dataclass
class Step:
    """What was said, by whom, and what came of it."""

    who: Someone
    line: dict[str, str]
    heard: Heard


def with_direct_school(notice: Notice) -> Notice:
    """The notice as the bureau completes it: with a directly managed school."""
    return replace(notice, units=(*notice.units, SCHOOL))


def _cast() -> Iterator[Someone]:
    for unit in MARKERS:
        yield from (Someone(f"{unit}-t{number}", "teacher", unit) for number in (1, 2))
        yield from (Someone(f"{unit}-c{number}", "coordinator", unit) for number in (1, 2))
    yield Someone(ADMIN, "admin", None)
    yield Someone(STRANGER, "teacher", None)


@dataclass
class Walk:
    """One run. The same `seed` on the same code says the same things."""

    stage: Stage
    seed: int
    people: tuple[Someone, ...] = tuple(_cast())
    offered: dict[str, int] = field(default_factory=dict)
    titles: int = 0

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        for unit, marker in {**MARKERS, STRANGER: "外乡人"}.items():
            for number, words in enumerate(_WORDS_OF_FILES):
                FILES[f"{unit}-{number}"] = _file(f"{marker}的课堂改革之{number}", words)
        for who in self.people:
            if who is not self.people[-1]:
                more = {"unit": who.unit} if who.unit else {}
                if who.role == "teacher":
                    more["school"] = f"{MARKERS[who.unit]}中学"
                self.stage.enrol(who.userid, who.role, name=f"{MARKERS.get(who.unit, '州局')}老师", **more)

    def step(self) -> Step:
        """Somebody says something."""
        (who,) = self.rng.choices(self.people, [_WEIGHTS.get(each.role, 1) for each in self.people])
        line = {"who": who.userid, **self.rng.choice(_SAYINGS[who.role])(self, who)}
        if self.rng.random() < 0.05:
            self.stage.now += timedelta(hours=self.rng.choice((1, 5, 25)))
        heard = self.stage.say(line)
        self.offered[who.userid] = len(heard.choices)
        return Step(who, line, heard)

    def receipt(self, who: Someone) -> str:
        """Mostly one that this person may act on, else any: everybody may have heard of any."""
        with self.stage.database.read() as session:
            query = select(Case.receipt, Case.unit_id, Person.app_userid).join(Person, Person.id == Case.owner_id)
            known = session.execute(query.order_by(Case.id)).all()
        if not known:
            return "N-VMEVSCT5-J"
        own = [row for row in known if row[2] == who.userid] if who.role == "teacher" else known
        near = [row for row in own if row[1] == who.unit]
        return self.rng.choice(near if near and self.rng.random() < _NEAR else known)[0]

    def begin(self) -> None:
        """Every teacher has sent two files, each for a category."""
        for who in self.people:
            if who.role == "teacher" and who.unit is not None:
                for number, code in ((0, "B1"), (1, "B2")):
                    self.stage.say({"who": who.userid, "file": f"{who.unit}-{number}", "name": f"稿{number}.docx"})
                    self.stage.say({"who": who.userid, "says": f"类别 {code}"})

    def texts_of(self, heard: Heard) -> str:
        """Everything that reached the person who spoke: text, choices, names of files and what stands in them."""
        choices = "\n".join(f"{choice.label}\n{choice.says}" for choice in heard.choices)
        files = "\n".join(f"{file.name}\n{self._inside(file.sha256)}" for file in heard.files)
        return f"{heard.text}\n{choices}\n{files}"

    def _inside(self, sha256: str) -> str:
        with self.stage.blobs.open_local(sha256) as path:
            return _text_in(path.read_bytes())


def _text_in(data: bytes) -> str:
    if not data.startswith(b"PK"):
        return ""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = [package.read(name) for name in package.namelist() if not name.endswith("/")]
    return "\n".join(
        _text_in(part) if part.startswith(b"PK") else _TAG.sub("", part.decode("utf-8", "ignore")) for part in parts
    )


def _file(title: str, words: int) -> Callable[[], bytes]:
    return lambda: case_docx(title, words)


Said = dict[str, str]


def _sends(walk: Walk, who: Someone) -> Said:
    unit = who.unit or STRANGER
    number = walk.rng.randrange(len(_WORDS_OF_FILES))
    return {"file": f"{unit}-{number}", "name": f"稿{walk.rng.randrange(3)}.docx"}


def _sends_picture(walk: Walk, who: Someone) -> Said:
    return {"file": "picture", "kind": "image", "name": "照片.png"}


def _chooses(walk: Walk, who: Someone) -> Said:
    return {"says": str(walk.rng.randint(1, max(1, walk.offered.get(who.userid, 1))))}


def _titles(walk: Walk, who: Someone) -> Said:
    walk.titles += 1
    marker = MARKERS.get(who.unit, "外来")
    return {"says": f"改题目 {marker}新题目{walk.titles} {walk.receipt(who)}"}


def _deputes(walk: Walk, who: Someone) -> Said:
    return {"says": f"代 {MARKERS.get(who.unit, '外来')}小学 张三 {walk.rng.choice(['', walk.receipt(who)])} 提交"}


def _searches(walk: Walk, who: Someone) -> Said:
    return {"says": f"找《{walk.rng.choice(list(MARKERS.values()))}》"}


def _judges(walk: Walk, who: Someone) -> Said:
    return {"says": f"M{walk.rng.randint(1, 9)} {walk.rng.choice(['判错了', '没判错'])}"}


def _says(*lines: str) -> Callable[[Walk, Someone], Said]:
    def choose(walk: Walk, who: Someone) -> Said:
        text = walk.rng.choice(lines)
        return {"says": text.replace("R", walk.receipt(who)) if "R" in text else text}

    return choose


_OWNERS = _says(
    *("类别 B1", "类别 B2 R", "类别 C R", "仍然提交 R", "仍然提交", "确定撤回 R", "恢复 R", "恢复 R", "我的案例"),
    *("看详情 R", "版本 R", "确定替换 R", "不替换 R", "换回第1版 R", "补交支撑材料 R", "发完了", "看全部检查项 R"),
    *("预检", "正式提交", "不预检", "批注版 R", "报告误判 R 第1条"),
)
_DECIDES = _says(
    "推荐 R", "推荐 R", "推荐 R", "退回 R 原因：请补充数据", "撤回推荐 R", "看详情 R", "类别 A1 R", "类别 B2 R"
)
_LOOKS = _says(
    *("进度", "待推荐", "已推荐", "本单位案例", "本单位案例 第2页", "谁没报", "还差什么", "导出进度", "汇总表"),
    *("已退回", "待修改 B1"),
)
_REPORTS = _says("上报", "确认上报", "已上传平台", "收回上报", "重新上报")
_SAYINGS: dict[str, tuple[Callable[[Walk, Someone], Said], ...]] = {
    "teacher": (_sends, _sends, _sends_picture, _chooses, _chooses, _OWNERS, _OWNERS, _OWNERS, _titles, _DECIDES),
    "coordinator": (
        _sends,
        _chooses,
        _DECIDES,
        _DECIDES,
        _DECIDES,
        _LOOKS,
        _REPORTS,
        _titles,
        _deputes,
        _searches,
        _OWNERS,
    ),
    "admin": (
        *(_LOOKS, _DECIDES, _searches, _OWNERS, _chooses, _judges, _judges),
        _says("恩施市收回上报 原因：补材料", "全部案例"),
    ),
}
