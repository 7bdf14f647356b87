"""A wrong pack is told about completely: every fault at once, each with file, key path and what may be written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from domain.errors import ConfigError
from domain.notice_loader import load_facts, load_notice, read_draft

PACK = Path(__file__).resolve().parents[2] / "notices" / "enshi-2023-05"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the pack to spoil, with an answers.toml that has no facts."""
    folder = tmp_path / "pack"
    folder.mkdir()
    for name in ("notice.toml", "notice.md", "reminders.toml"):
        shutil.copy(PACK / name, folder / name)
    (folder / "answers.toml").write_text("", encoding="utf-8")
    return folder


def spoil(folder: Path, old: str, new: str, *, file: str = "notice.toml") -> None:
    """Replace the first `old`; a plant that does not take would prove nothing."""
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def faults(folder: Path) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        load_notice(folder)
    return caught.value.faults


def test_the_pack_is_clean(notice):
    assert notice.id == PACK.name
    assert len(notice.digest) == 64
    assert notice.intake_stage.id == "reporting"
    assert notice.statement("non-compliant").clause == "4.2"


def test_the_digest_follows_every_file(pack):
    before = load_notice(pack).digest
    (pack / "answers.toml").write_text("# nothing\n", encoding="utf-8")
    with_answers = load_notice(pack).digest
    spoil(pack, "（一）区域案例", "（一） 区域案例", file="notice.md")
    assert len({before, with_answers, load_notice(pack).digest}) == 3


PLANTS = {
    "unknown key": ("upload_grace_hours = 6", 'upload_grace_hours = 6\ncolour = "red"', ["colour", "timezone"]),
    "misspelt key": ("min_long_side", "min_long_sides", ["min_long_sides", "是不是想写 min_long_side"]),
    "missing key": ('document_no = "恩施州教函〔2023〕5号"', "", ["缺少 document_no"]),
    "missing table": ("[licence]", "[licences]", ["缺少 licence"]),
    "text for a number": (
        "min_words = 3500",
        'min_words = "三千五"',
        ["categories 第1项（A1）.text.min_words", "整数", "三千五"],
    ),
    "true for a number": ("max_pictures = 5", "max_pictures = true", ["max_pictures", "整数"]),
    "negative number": ("upload_grace_hours = 6", "upload_grace_hours = -1", ["upload_grace_hours", "不小于 0"]),
    "number for a flag": ("music_allowed = true", "music_allowed = 1", ["music_allowed", "true 或 false"]),
    "text for a list": ('names = ["一等奖", "二等奖", "三等奖"]', 'names = "一等奖"', ["awards.names", "列表"]),
    "text for a table": (
        "[fonts.title]",
        '[fonts]\ntitle = "大"\n[fonts.titles]',
        ["fonts.title 应为表", "不认识的键 fonts.titles"],
    ),
    "blank text": ('name = "周沁如"', 'name = " "', ["name 不能是空的"]),
    "empty list": ('formats = ["mp4"]', "formats = []", ["video.formats 不能是空列表"]),
    "repeated list entry": ('kinds = ["图片", "截图"', 'kinds = ["图片", "图片"', ["supporting.kinds", "图片", "两次"]),
    "format with a dot": ('formats = ["mp4"]', 'formats = [".mp4"]', ["formats", "不带点"]),
    "unknown clause": ('clause = "4.2"', 'clause = "4.9"', ["stages 第2项（review）.clause", "4.9", "条款", "4.1"]),
    "unknown category": (
        'category = "C"',
        'category = "D"',
        ["quotas 第5项（D）.category", "“D”", "A1、A2、B1、B2、C"],
    ),
    "unknown kind of unit": (
        'kind = "county"\naliases = ["利川"',
        'kind = "city"\naliases = ["利川"',
        ["units 第2项（lichuan）.kind", "county、direct_school"],
    ),
    "unknown role": (
        'submitters = ["coordinator"]',
        'submitters = ["boss"]',
        ["submitters", "boss", "teacher、coordinator、admin"],
    ),
    "unknown severity": ('severity = "error"', 'severity = "fatal"', ["severity", "error、warning"]),
    "unknown intake": ('intake = "assistant"', 'intake = "helper"', ["intake", "assistant、official"]),
    "unknown alignment": ('alignment = "center"', 'alignment = "middle"', ["fonts.title.alignment", "center"]),
    "unknown time zone": (
        'timezone = "Asia/Shanghai"',
        'timezone = "Asia/Nowhere"',
        ["timezone", "Asia/Nowhere", "Asia/Shanghai"],
    ),
    "path as time zone": ('timezone = "Asia/Shanghai"', 'timezone = "../etc"', ["timezone", "../etc"]),
    "minimum above maximum": ("min_words = 3500", "min_words = 5001", ["min_words", "5001", "max_words", "5000"]),
    "quota minimum above maximum": ("minimum = 5", "minimum = 5\nmaximum = 4", ["quotas 第5项（C）.minimum", "5", "4"]),
    "quota without bound": ("minimum = 5\n", "", ["quotas 第5项", "minimum", "maximum"]),
    "time without zone": (
        "closes_at = 2023-05-21T00:00:00+08:00",
        "closes_at = 2023-05-21T00:00:00",
        ["stages 第1项（reporting）.closes_at", "时区"],
    ),
    "date for a time": ("closes_at = 2023-05-21T00:00:00+08:00", "closes_at = 2023-05-21", ["closes_at", "2023-05-21"]),
    "stage closes before it opens": (
        "closes_at = 2023-05-31T00",
        "closes_at = 2023-05-20T00",
        ["stages 第2项（review）.opens_at", "早于"],
    ),
    "stages overlap": ("closes_at = 2023-05-21T00", "closes_at = 2023-05-22T00", ["stages", "review", "reporting"]),
    "no stage takes cases": ("accepts = true", "accepts = false", ["accepts = true", "没有"]),
    "duplicate unit id": ('id = "lichuan"', 'id = "enshi"', ["units", "id", "enshi"]),
    "duplicate unit name": ('name = "利川市"', 'name = "恩施市"', ["恩施市", "enshi", "lichuan"]),
    "duplicate quota": ('category = "A2"\nminimum', 'category = "A1"\nminimum', ["quotas", "county", "A1", "两次"]),
    "duplicate rule": ('rule = "pictures.count"', 'rule = "text.count"', ["rules", "text.count", "A1", "两次"]),
    "bad rule name": ('rule = "pictures.count"', 'rule = "Pictures"', ["rules", "Pictures", "text.count"]),
    "params that are no table": ("params = { min = 1 }", "params = 1", ["params", "表"]),
    "bad category code": ('code = "C"', 'code = "空间"', ["空间", "大写英文字母"]),
    "bad id": ('id = "hefeng"', 'id = "鹤峰"', ["units", "鹤峰", "小写英文字母"]),
    "unequal awards": ("parts = [2, 4, 4]", "parts = [2, 4]", ["awards.parts", "awards.names"]),
    "awards without weight": ("parts = [2, 4, 4]", "parts = [0, 4, 4]", ["awards.parts", "不小于 1"]),
    "rate over the whole": ("rate_percent = 80", "rate_percent = 180", ["rate_percent", "不大于 100"]),
    "font size zero": ("size_pt = 22.0", "size_pt = 0", ["fonts.title.size_pt", "大于 0"]),
    "font size not a number": ("size_pt = 22.0", "size_pt = nan", ["fonts.title.size_pt"]),
    "mail with #": ('mail = "377896442@qq.com"', 'mail = "377896442#qq.com"', ["mail", "#qq.com", "邮箱"]),
    "site without scheme": ('url = "http://www.eszedu.com"', 'url = "www.eszedu.com"', ["url", "http://"]),
    "site that is no address": ('url = "http://www.eszedu.com"', 'url = "http://[eszedu"', ["url", "http://[eszedu"]),
    "template without first level": (
        'title = "案例概述"\nlevel = 1',
        'title = "案例概述"\nlevel = 2',
        ["template.sections", "level"],
    ),
    "table sorted by a missing column": (
        'sorted_by = "案例类型"',
        'sorted_by = "年份"',
        ["summary_table.sorted_by", "年份", "案例名称"],
    ),
    "order without a category": ('type_order = ["A1", ', "type_order = [", ["summary_table.type_order", "A1"]),
    "pictures wanted and forbidden": (
        "pictures_required = true",
        "pictures_required = true\nmax_pictures = 0",
        ["pictures_required", "矛盾"],
    ),
    "supporting files without section": ("[supporting]", "[supportings]", ["supportings", "supporting", "A1"]),
    "units without a described kind": (
        'kind = "county"\nname = "县市"',
        'kind = "direct_school"\nname = "县市"',
        ["unit_groups", "county"],
    ),
    "video sides reversed": ("min_long_side = 1920", "min_long_side = 720", ["min_short_side", "720"]),
    "table that is no list": ("[[contacts]]", "[contacts]", ["contacts", "[[contacts]]"]),
}


@pytest.mark.parametrize("name", PLANTS)
def test_a_planted_fault_is_named(pack, name):
    old, new, words = PLANTS[name]
    spoil(pack, old, new)
    found = faults(pack)
    assert all(fault.startswith("notice.toml：") and fault.endswith(("。", "？")) for fault in found)
    for word in words:
        assert any(word in fault for fault in found), f"{word} not in {found}"


ONE_CAUSE = [
    "text for a number",
    "missing key",
    "unknown clause",
    "unknown category",
    "time without zone",
    "duplicate unit id",
    "minimum above maximum",
    "no stage takes cases",
    "bad rule name",
    "unknown time zone",
]


@pytest.mark.parametrize("name", ONE_CAUSE)
def test_one_cause_is_one_fault(pack, name):
    old, new, _ = PLANTS[name]
    spoil(pack, old, new)
    assert len(faults(pack)) == 1


def test_all_planted_faults_are_named_at_once(pack):
    spoil(pack, "min_words = 3500", "min_words = 5001")
    spoil(pack, 'category = "C"', 'category = "D"')
    spoil(pack, "closes_at = 2023-05-21T00:00:00+08:00", "closes_at = 2023-05-21T00:00:00")
    spoil(pack, 'document_no = "恩施州教函〔2023〕5号"', "")
    spoil(pack, "[awards]", '[awards]\ncolour = "red"')
    spoil(pack, 'clause = "2.3"', 'clause = "9"')
    spoil(pack, "[4.2] 四、遴选流程 2", "[4.1] 四、遴选流程 2", file="notice.md")
    (pack / "answers.toml").write_text(
        '[[facts]]\nid = "f"\ntopics = []\nsay = "好"\nclauses = ["77"]\n', encoding="utf-8"
    )
    found = faults(pack)
    for words in (
        ("notice.toml", "min_words", "5001"),
        ("notice.toml", "quotas 第5项（D）.category", "“D”"),
        ("notice.toml", "stages 第1项（reporting）.closes_at", "时区"),
        ("notice.toml", "缺少 document_no"),
        ("notice.toml", "awards.colour"),
        ("notice.toml", "licence.clause", "“9”"),
        ("notice.md", "条款号 4.1", "已经用过"),
        ("answers.toml", "facts 第1项（f）.topics", "空列表"),
        ("answers.toml", "facts 第1项（f）.clauses", "“77”"),
    ):
        assert any(all(word in fault for word in words) for fault in found), f"{words} not in {found}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["没有条款"]),
        ("通知\n[1] 一\n正文\n", ["第1行", "第一个条款之前"]),
        ("[1] 一\n正文\n[1] 二\n正文\n", ["第3行", "条款号 1", "第1行"]),
        ("[1] 一\n正文\n[2] 一\n正文\n", ["第3行", "名称“一”"]),
        ("[一] 一\n正文\n", ["条款号“一”"]),
        ("[] 一\n正文\n", ["条款号“”"]),
        ("[1]\n正文\n", ["没有名称"]),
        ("[1] 一\n\n[2] 二\n正文\n", ["条款 1", "没有正文"]),
    ],
)
def test_a_spoilt_text_is_named(pack, text, words):
    (pack / "notice.md").write_text(text, encoding="utf-8")
    found = [fault for fault in faults(pack) if fault.startswith("notice.md：")]
    assert len(found) == 1
    assert all(word in found[0] for word in words)


def test_without_clauses_references_to_them_are_no_further_faults(pack):
    (pack / "notice.md").unlink()
    assert [fault.split("：")[0] for fault in faults(pack)] == ["notice.md"]


@pytest.mark.parametrize("file", ["notice.toml", "answers.toml"])
def test_unparsable_toml_names_the_line(pack, file):
    (pack / file).write_text('id = "x"\ntitle = \n', encoding="utf-8")
    assert any(fault.startswith(f"{file}：第2行第9列") for fault in faults(pack))


def test_toml_that_ends_too_soon_is_named(pack):
    (pack / "notice.toml").write_text('id = """x', encoding="utf-8")
    assert any("不是合法的 TOML" in fault for fault in faults(pack))


def test_bytes_that_are_no_utf8_are_named(pack):
    (pack / "notice.toml").write_bytes('id = "恩施州教育局"'.encode("gbk"))
    assert any("UTF-8" in fault for fault in faults(pack))


def test_a_folder_in_place_of_the_file_is_named(pack):
    (pack / "notice.md").unlink()
    (pack / "notice.md").mkdir()
    assert any(fault.startswith("notice.md：打不开") for fault in faults(pack))


def test_a_byte_order_mark_does_no_harm(pack):
    text = (pack / "notice.toml").read_bytes()
    (pack / "notice.toml").write_bytes(b"\xef\xbb\xbf" + text)
    assert load_notice(pack).id == PACK.name


def test_a_missing_folder_is_named(tmp_path):
    assert "找不到" in faults(tmp_path / "none")[0]


def test_a_draft_keeps_what_is_sound(pack):
    spoil(pack, 'severity = "error"', 'severity = "fatal"')
    draft = read_draft(pack)
    assert len(draft.faults) == 1
    assert len(draft.notice.rules) == len(load_notice(PACK).rules) - 1


def test_facts_are_read_with_their_clauses(pack):
    (pack / "answers.toml").write_text(
        '[[facts]]\nid = "deadline"\ntopics = ["截止", "什么时候"]\nsay = "{deadline}"\nclauses = ["4.1"]\n',
        encoding="utf-8",
    )
    (fact,) = load_facts(pack)
    assert (fact.id, fact.topics, fact.say, fact.clauses) == ("deadline", ("截止", "什么时候"), "{deadline}", ("4.1",))
    assert load_notice(pack).facts == (fact,)


def test_wrong_facts_are_named(pack):
    (pack / "answers.toml").write_text(
        '[[facts]]\nid = "a"\nsay = "x"\nclauses = ["4.1"]\n[[fact]]\n', encoding="utf-8"
    )
    with pytest.raises(ConfigError) as caught:
        load_facts(pack)
    assert len(caught.value.faults) == 2


def test_a_pack_without_answers_has_to_say_so(pack):
    (pack / "answers.toml").unlink()
    (fault,) = faults(pack)
    assert fault.startswith("answers.toml：")
    assert "answers = false" in fault
    spoil(pack, "upload_grace_hours", "answers = false\nupload_grace_hours")
    assert load_facts(pack) == ()
    assert load_notice(pack).facts == ()
