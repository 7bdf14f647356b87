"""Acting on a case from its page: offered by the same table as in chat, asked once more, done once, told to others."""

from __future__ import annotations

import threading

import pytest
from acting_world import World, answer, fields, send
from sqlalchemy import select

from bot.console.case_acts import CASE_ACTS, offered
from bot.context import make_context
from domain.roles import Role
from store import awaited_files, people, web_answers
from store.moves import STEPS
from store.schema.campaign import CaseState
from store.schema.mail import Inbox

HOSTILE = (
    "内容还要充实\n推荐 {other}",
    "原因：原因：退回 {other} 原因：没有",
    "撤回推荐 {other}",
    "{other}",
    "确认上报 9 个 ABCD",
    "回执{other}，推荐 {receipt}",
    "</textarea><script>alert(1)</script>",
    "\u202e看\x00\x1b[31m [点这里](http://evil.example)",
)


def act(world: World, userid: str, receipt: str, name: str, **said: str) -> str:
    client = world.client(userid)
    return answer(client, send(client, f"/console/cases/{receipt}/{name}", **said))


def names(world: World, userid: str, receipt: str) -> set[str]:
    services = world.services
    with services.database.read() as session:
        person = people.by_userid(session, userid)
        assert person is not None
        ctx = make_context(services, session, people.as_actor(person), services.clock.now())
        return {each.name for each in offered(ctx, world.row(receipt))}


def test_a_coordinator_recommends_and_takes_it_back_and_returns(either_world: World) -> None:
    world = either_world
    receipt = world.case("teacher", CaseState.SUBMITTED)
    assert {"recommend", "return"} <= names(world, "coordinator", receipt)
    said = act(world, "coordinator", receipt, "recommend")
    assert f"✅ 已推荐《{world.row(receipt).title}》" in said
    assert f'href="/console/cases/{receipt}/unrecommend"' in said
    assert world.state(receipt) == CaseState.RECOMMENDED
    assert "已收回" in act(world, "coordinator", receipt, "unrecommend")
    assert "原因已告诉老师：请补上第三部分" in act(world, "coordinator", receipt, "return", said="请补上第三部分")
    assert world.state(receipt) == CaseState.RETURNED
    told = [text for lane, text in world.told() if lane == "teacher"]
    assert len(told) == 3
    assert "被利川市协调员退回。\n原因：请补上第三部分" in told[2]
    assert sum(bool(each.sends) for each in world.nudged) == 3


def test_the_reasons_a_check_gives_can_be_picked(world: World) -> None:
    receipt = world.case("teacher", CaseState.SUBMITTED, findings=("字数 2876，还差 624",))
    client = world.client("coordinator")
    page = client.get(f"/console/cases/{receipt}/return")
    assert "字数 2876，还差 624" in page.text
    assert "内容还要充实" in page.text
    empty = client.post(f"/console/cases/{receipt}/return", data=fields(page))
    assert (empty.status_code, "请写清楚退回的原因" in empty.text) == (422, True)
    assert world.state(receipt) == CaseState.SUBMITTED
    sent = client.post(f"/console/cases/{receipt}/return", data=fields(page) | {"picked": "字数 2876，还差 624"})
    assert "原因已告诉老师：字数 2876，还差 624" in answer(client, sent)


def test_a_teacher_withdraws_revives_corrects_and_doubts(world: World) -> None:
    receipt = world.case("teacher", CaseState.NEEDS_FIX, findings=("缺少“三、案例特点与创新”", "正文应为仿宋"))
    assert names(world, "teacher", receipt) == {"submit", "category", "support", "title", "school", "doubt", "withdraw"}
    client = world.client("teacher")
    page = client.get(f"/console/cases/{receipt}/doubt")
    second = page.text.split('value="2-')[1].split('"')[0]
    doubted = client.post(f"/console/cases/{receipt}/doubt", data=fields(page) | {"picked": f"2-{second}"})
    assert "记下了，已转给管理员人工核对：\n正文应为仿宋" in answer(client, doubted)
    assert "题目已改" in act(world, "teacher", receipt, "title", said="如何用平板教函数")
    assert world.row(receipt).title == "如何用平板教函数"
    assert "学校已改" in act(world, "teacher", receipt, "school", said="清江小学")
    assert "标注“未达要求”" in act(world, "teacher", receipt, "submit")
    assert world.state(receipt) == CaseState.SUBMITTED
    assert "已撤回" in act(world, "teacher", receipt, "withdraw")
    assert names(world, "teacher", receipt) == {"revive"}
    assert "已恢复，每一版文件都在" in act(world, "teacher", receipt, "revive")
    assert [lane for lane, text in world.told() if "误判" in text] == ["admin"]


def test_a_category_is_changed_by_whom_it_is_for(world: World) -> None:
    receipt = world.case("teacher", CaseState.SUBMITTED)
    assert "类别已从 B2 改为 B1" in act(world, "coordinator", receipt, "category", picked="B1")
    assert world.row(receipt).category == "B1"
    assert any("类别由利川市协调员从 B2 改为 B1" in text for lane, text in world.told() if lane == "teacher")
    own = act(world, "teacher", receipt, "category", picked="A1")
    assert world.row(receipt).category == "B1"
    assert "有了变化" in own


def test_the_owner_decides_which_version_is_in_use(world: World) -> None:
    receipt = world.case("teacher", CaseState.SUBMITTED, "三版的案例", name="一.docx")
    assert not names(world, "teacher", receipt) & {"replace", "keep", "restore"}
    for number, name in ((2, "replace"), (3, "keep")):
        world.case("teacher", CaseState.RECEIVED, "三版的案例", name=f"{number}.docx", waits=True)
        assert {"replace", "keep"} <= names(world, "teacher", receipt)
        assert not names(world, "coordinator", receipt) & {"replace", "keep", "restore", "support"}
        said = act(world, "teacher", receipt, name)
        assert ("没有替换" in said) is (name == "keep")
    assert world.acts("case.new_version", "case.version_kept") == ["case.new_version", "case.version_kept"]
    client = world.client("teacher")
    assert "第 1 版　一.docx" in client.get(f"/console/cases/{receipt}/restore").text
    assert "已换回第 1 版的内容" in act(world, "teacher", receipt, "restore", picked="1")
    assert "有了变化，没有" in act(world, "teacher", receipt, "restore", picked="9")


def test_the_way_to_supporting_files(world: World) -> None:
    receipt = world.case("teacher", CaseState.SUBMITTED)
    client = world.client("teacher")
    sent = send(client, f"/console/cases/{receipt}/support")
    assert (sent.status_code, sent.headers["Location"]) == (303, "/console/upload")
    with world.services.database.read() as session:
        person = people.by_userid(session, "teacher")
        assert person is not None
        awaited = awaited_files.supported(session, person.id, world.services.clock.now())
        assert awaited is not None
        assert awaited.receipt == receipt


def test_what_is_offered_is_what_the_table_of_moves_and_the_rights_allow(world: World) -> None:
    moves = {"recommend": "recommend", "return": "return", "unrecommend": "unrecommend", "revive": "revive"}
    moves["withdraw"] = "withdraw"
    for state in (CaseState.RECEIVED, CaseState.NEEDS_FIX, CaseState.SUBMITTED, CaseState.RETURNED):
        receipt = world.case("teacher", state)
        shown = {who: names(world, who, receipt) for who in ("teacher", "coordinator", "other", "admin", "colleague")}
        assert shown["other"] == shown["admin"] == shown["colleague"] == set()
        for name, move in moves.items():
            by = "teacher" if name in {"revive", "withdraw"} else "coordinator"
            assert (name in shown[by]) is (state in STEPS[move].sources)


def test_a_form_sent_twice_acts_once_and_shows_the_same_answer(either_world: World) -> None:
    world = either_world
    receipt = world.case("teacher", CaseState.SUBMITTED)
    client = world.client("coordinator")
    path = f"/console/cases/{receipt}/recommend"
    form = fields(client.get(path))
    told = [answer(client, client.post(path, data=form)) for _ in range(2)]
    undone = fields(client.get(f"/console/cases/{receipt}/unrecommend"))
    client.post(f"/console/cases/{receipt}/unrecommend", data=undone)
    told.append(answer(client, client.post(path, data=form)))  # "back", and sent once more
    assert told[0] == told[1] == told[2]
    assert world.state(receipt) == CaseState.SUBMITTED
    assert len(world.acts("case.recommend", "case.unrecommend")) == 2
    assert len([lane for lane, _ in world.told() if lane == "teacher"]) == 2


def test_two_clicks_at_one_moment_and_two_coordinators_act_once(either_world: World) -> None:
    world = either_world
    receipt = world.case("teacher", CaseState.SUBMITTED)
    clients = [world.client("coordinator"), world.client("coordinator"), world.client("deputy")]
    path = f"/console/cases/{receipt}/recommend"
    form = fields(clients[0].get(path))
    forms = [form, form | fields(clients[1].get(path)) | {"once": form["once"]}, fields(clients[2].get(path))]
    start, answers = threading.Barrier(3), {}

    def click(number: int) -> None:
        start.wait(20)
        answers[number] = answer(clients[number], clients[number].post(path, data=forms[number]))

    threads = [threading.Thread(target=click, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers[0].split('role="status"')[1] == answers[1].split('role="status"')[1]
    assert sorted("已经推荐过了" in said for said in (answers[0], answers[2])) == [False, True]
    assert world.acts("case.recommend") == ["case.recommend"]
    assert [lane for lane, _ in world.told()] == ["teacher"]


@pytest.mark.parametrize("words", HOSTILE)
def test_no_words_make_another_act_run(world: World, words: str) -> None:
    """What is written is a value, whatever stands in it."""
    receipt, other = world.case("teacher", CaseState.SUBMITTED), world.case("colleague", CaseState.SUBMITTED)
    title = world.row(other).title
    said = words.format(receipt=receipt, other=other)
    before = world.row(other)
    page = act(world, "coordinator", receipt, "return", said=said)
    assert "<script>alert" not in page
    assert 'href="http' not in page
    assert world.state(receipt) == CaseState.RETURNED
    after = world.row(other)
    assert (after.state, after.title, after.revision) == (CaseState.SUBMITTED, title, before.revision)
    assert [act for act in world.acts() if act.startswith("case.")][-1] == "case.return"
    told = [text for lane, text in world.told() if lane == "teacher"]
    assert len(told) == 1
    assert "colleague" not in {lane for lane, _ in world.told()}
    said_title = f"{words.format(receipt=receipt, other=other)} 题"
    act(world, "teacher", receipt, "title", said=said_title)
    assert world.acts("case.title") == ["case.title"]
    assert (world.row(other).title, world.state(other)) == (title, CaseState.SUBMITTED)


def test_a_reason_longer_than_any_is_refused_and_kept_in_the_form(world: World) -> None:
    receipt, client = world.case("teacher", CaseState.SUBMITTED), world.client("coordinator")
    sent = send(client, f"/console/cases/{receipt}/return", said="长" * 201)
    assert sent.status_code == 422
    assert "长" * 201 in sent.text
    assert world.state(receipt) == CaseState.SUBMITTED


@pytest.mark.parametrize("change", ["no token", "no mark", "odd mark", "foreign mark"])
def test_forms_that_are_not_ours(world: World, change: str) -> None:
    receipt, client = world.case("teacher", CaseState.SUBMITTED), world.client("coordinator")
    path = f"/console/cases/{receipt}/recommend"
    form = fields(client.get(path))
    forged = {
        "no token": {"once": form["once"]},
        "no mark": {"csrf": form["csrf"]},
        "odd mark": form | {"once": "1'; --"},
        "foreign mark": form,
    }[change]
    if change == "foreign mark":  # somebody else's use of it changes nothing for this person
        theirs, mine = world.client("deputy"), world.case("teacher", CaseState.SUBMITTED)
        other = f"/console/cases/{mine}/recommend"
        theirs.post(other, data=fields(theirs.get(other)) | {"once": form["once"]})
        assert f"已推荐《{world.row(receipt).title}》" in answer(client, client.post(path, data=forged))
        return
    assert client.post(path, data=forged).status_code == (403 if change == "no token" else 400)
    assert world.state(receipt) == CaseState.SUBMITTED


def test_who_may_not_is_told_so_and_nothing_happens(world: World) -> None:
    receipt = world.case("teacher", CaseState.SUBMITTED)
    forms = {"said": "不该成功", "picked": "B1"}
    for who, status in (("teacher", 403), ("admin", 403), ("colleague", 404), ("other", 404)):
        client = world.client(who)
        form = forms | fields(client.get("/console/")) | {"once": "x" * 24}
        for name in ("recommend", "return"):
            path = f"/console/cases/{receipt}/{name}"
            assert [client.get(path).status_code, client.post(path, data=form).status_code] == [status] * 2
    assert world.state(receipt) == CaseState.SUBMITTED
    assert world.told() == []


def test_a_right_taken_away_between_page_and_click(world: World) -> None:
    world.enrol("passing", Role.COORDINATOR, "lichuan", "临时协调")
    receipt, client = world.case("teacher", CaseState.SUBMITTED), world.client("passing")
    form = fields(client.get(f"/console/cases/{receipt}/recommend"))
    with world.services.database.begin() as session:
        person = people.by_userid(session, "passing")
        assert person is not None
        people.dismiss(session, person, by=None, now=world.services.clock.now())
    assert client.post(f"/console/cases/{receipt}/recommend", data=form).status_code == 404
    assert world.state(receipt) == CaseState.SUBMITTED


def test_what_cannot_be_done_now_is_said_with_where_the_case_stands(world: World) -> None:
    receipt, client = world.case("teacher", CaseState.RETURNED), world.client("coordinator")
    page = client.get(f"/console/cases/{receipt}/recommend")
    assert (page.status_code, "不能推荐" in page.text) == (409, True)
    form = fields(world.client("coordinator").get("/console/")) | {"once": "x" * 24}
    form["csrf"] = fields(client.get("/console/"))["csrf"]
    assert "您的“推荐”没有生效" in answer(client, client.post(f"/console/cases/{receipt}/recommend", data=form))


def test_nobody_reads_anothers_answer(world: World) -> None:
    receipt, client = world.case("teacher", CaseState.SUBMITTED), world.client("coordinator")
    sent = send(client, f"/console/cases/{receipt}/recommend")
    for who in ("deputy", "teacher", "admin", "other"):
        assert world.client(who).get(sent.headers["Location"]).status_code == 404
    assert client.get(sent.headers["Location"]).status_code == 200
    with world.services.database.begin() as session:
        row = session.scalars(select(Inbox).order_by(Inbox.id.desc()).limit(1)).one()
        row.received_at -= web_answers.SHOWN_FOR
    assert client.get(sent.headers["Location"]).status_code == 404


def test_every_act_belongs_to_a_handler_and_asks_for_a_right() -> None:
    assert len({each.name for each in CASE_ACTS}) == len(CASE_ACTS)
    assert all(each.asks.endswith("。") and each.label for each in CASE_ACTS)


def test_whatever_goes_wrong_is_said_in_words(world: World) -> None:
    app = world.app()

    def broken() -> str:
        raise RuntimeError("the disk is gone")

    app.add_url_rule("/console/broken", view_func=broken)
    client = world.client("coordinator", app)
    for method, path, status, said in (
        ("GET", "/console/nowhere", 404, "这里没有您要找的内容"),
        ("DELETE", "/console/summary", 405, "这个操作这里不能做"),
        ("GET", "/console/broken", 500, "请告诉管理员"),
    ):
        answered = client.open(path, method=method)
        assert (answered.status_code, said in answered.text) == (status, True)
        assert "disk" not in answered.text
        assert answered.headers["Cache-Control"] == "no-store"
    assert client.get("/nowhere").text == "404\n"
