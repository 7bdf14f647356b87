"""A campaign to look at in the console: a notice with must-report schools and a directly managed school, people of two
counties, and their cases, made by what they said in chat."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from dialogue_stage import Stage
from flask.testing import FlaskClient
from sqlalchemy import insert
from sqlalchemy.orm import Session

from bot.config import load_settings
from bot.services import Services, build
from bot.web import create_app
from domain.chat import Channel
from store import people, sessions
from store.schema.campaign import Case, CaseState, school_key

PACK = Path(__file__).resolve().parent.parent / "notices" / "enshi-2023-05"
PUBLIC = "http://127.0.0.1:8"
START = datetime.fromisoformat("2023-05-06T09:00:00+08:00")
TEACHER, OTHER_TEACHER = "lc-teacher", "es-teacher"
COORDINATOR, OTHER_COORDINATOR = "lc-coordinator", "es-coordinator"
ADMIN, STRANGER = "bureau-admin", "newcomer"
MUST = ("利川市第一中学", "利川市都亭小学", "恩施市高级中学")
DIRECT = "州直属第一学校"

_PEOPLE = (
    {"userid": TEACHER, "name": "张晓梅", "unit": "lichuan", "school": "利川市第一中学"},
    {"userid": OTHER_TEACHER, "name": "李建国", "unit": "enshi", "school": "恩施市高级中学"},
    {"userid": COORDINATOR, "name": "王主任", "role": "coordinator", "unit": "lichuan"},
    {"userid": OTHER_COORDINATOR, "name": "赵主任", "role": "coordinator", "unit": "enshi"},
    {"userid": ADMIN, "name": "州局管理员", "role": "admin"},
)


@dataclass
class World:
    """A console on real services, and who is signed in to it under which cookie."""

    services: Services
    stage: Stage
    receipts: dict[str, str] = field(default_factory=dict)

    def sign_in(self, userid: str) -> str:
        """A session of this person; the cookie that opens it."""
        cookie = f"cookie-of-{userid}"
        now = self.services.clock.real()
        with self.services.database.begin() as session:
            sessions.sign_out(session, cookie)
            actor = people.actor_for(session, Channel.APP, userid)
            sessions.sign_in(session, cookie=cookie, person_id=actor.person_id, now=now)
        return cookie

    def person(self, session: Session, userid: str) -> int:
        """The number of this person."""
        return people.actor_for(session, Channel.APP, userid).person_id

    def client(self, userid: str | None) -> FlaskClient:
        """A browser of this person, or of nobody."""
        client = create_app(self.services).test_client()
        if userid is not None:
            client.set_cookie("session", self.sign_in(userid))
        return client

    def say(self, who: str, says: str = "", **more: object) -> str:
        """What the bot answers when this person says it or sends a file, a minute later each time."""
        self.stage.now += timedelta(minutes=1)
        return self.stage.say({"who": who, "says": says.format(**self.receipts), **more}).text

    def sends(self, who: str, slot: str, file: str, name: str, category: str) -> None:
        """The person sends a case; its receipt number stands in `receipts` under `slot`."""
        self.say(who, file=file, name=name)
        self.receipts[slot] = self.stage.newest()
        self.say(who, f"类别 {category} {self.receipts[slot]}")


@contextmanager
def console_world(folder: Path, database_url: str = "", *, told: bool = True, schools: int = 1) -> Iterator[World]:
    """Open the services in this folder, and unless not `told` let everybody say their part. The bureau has so many
    directly managed `schools`."""
    settings = load_settings(
        wecom_corp_id="ww0000000000000001",
        wecom_agent_id=1000002,
        wecom_app_secret="s" * 43,
        wecom_app_token="t" * 24,
        wecom_app_aes_key="a" * 43,
        wecom_api_base="http://127.0.0.1:9/cgi-bin/",
        public_url=PUBLIC,
        secret_key="k" * 32,
        data_dir=folder / "data",
        database_url=database_url,
        notice=_pack(folder / "notice", schools),
        bot_clock=(START + timedelta(days=3)).isoformat(),
        _env_file=None,
    )
    services = build(settings)
    try:
        stage = Stage(services.database, services.notice, services.engines, services.sandbox, services.blobs, {}, START)
        world = World(services, stage)
        for person in _PEOPLE:
            stage.enrol(**person)
        if told:
            _tell(world)
        yield world
    finally:
        services.close()


def many_cases(world: World, count: int) -> None:
    """Rows of cases without files, spread over units, categories and states."""
    units = [unit.id for unit in world.services.notice.units]
    codes, states = [each.code for each in world.services.notice.categories], list(CaseState)
    at = world.stage.now
    with world.services.database.begin() as session:
        owner = people.actor_for(session, Channel.APP, TEACHER).person_id
        rows = [
            {
                "receipt": f"B1-{number:08d}-0",
                "owner_id": owner,
                "unit_id": units[number % len(units)],
                "school": f"第{number % 400}中学",
                "school_key": school_key(f"第{number % 400}中学"),
                "category": codes[number // 9 % len(codes)],
                "title": f"智慧教育平台支持下的课堂教学案例之{number}",
                "contact": f"教师{number}",
                "state": states[number // 45 % len(states)],
                "marks": [],
                "first_arrived_at": at,
                "on_time": number % 20 != 0,
                "submitted_at": at + timedelta(seconds=number),
                "created_at": at,
                "updated_at": at,
                "revision": 1,
            }
            for number in range(count)
        ]
        session.execute(insert(Case), rows)


def _tell(world: World) -> None:
    """Two counties at work: a case to be mended, one that was, one returned, recommended ones, a late one."""
    world.sends(TEACHER, "failing", "short", "智慧课堂.docx", "B2")
    world.sends(TEACHER, "mended", "lesson-plan", "数据驱动的作业设计.docx", "B1")
    world.say(TEACHER, file="other", name="数据驱动的作业设计.docx")
    world.sends(TEACHER, "returned", "good-with-picture", "我们的空间故事.docx", "C")
    world.say(COORDINATOR, "退回 {returned} 原因：请补充课堂实录的截图")
    world.say(TEACHER, file="of-no-category", name="校本研修.docx")
    world.receipts["unsorted"] = world.stage.newest()
    world.sends(OTHER_TEACHER, "foreign", "better", "恩施的智慧课堂.docx", "B1")
    world.say(OTHER_COORDINATOR, "推荐 {foreign}")
    world.say(OTHER_COORDINATOR, "已上传平台")


def _pack(folder: Path, direct: int) -> Path:
    """The notice with what its bureau would fill in."""
    shutil.copytree(PACK, folder)
    path = folder / "notice.toml"
    schools = (
        f'schools = [{{ name = "{MUST[0]}", unit = "lichuan" }}, {{ name = "{MUST[1]}", unit = "lichuan" }}, '
        f'{{ name = "{MUST[2]}", unit = "enshi" }}]'
    )
    names = {"first-school": DIRECT} | {f"school-{number}": f"州直属第{number}学校" for number in range(2, direct + 1)}
    units = "".join(
        f'[[units]]\nid = "{unit}"\nname = "{name}"\nkind = "direct_school"\n\n' for unit, name in names.items()
    )
    text = path.read_text(encoding="utf-8").replace("schools = []", schools, 1)
    head, line, rest = text.partition("[[categories]]")
    path.write_text(f"{head}{units}{line}{rest}", encoding="utf-8")
    return folder
