"""`notice check`, `notice show`, `notice learn`: is a pack in order, what does it say, how do people ask for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NoReturn

import click

from answers import Engine
from answers.learning import ROUNDS, digest_of, learn_wordings
from answers.lexicon import lexicon
from answers.normalise import standard
from answers.recognition import Recogniser
from answers.slots import text_faults
from answers.wording_files import INSIDE, LANGUAGE_WEIGHTS, language_wordings, own_labels, wordings_of
from bot.config import Settings
from domain.errors import ConfigError
from domain.notice import Category, FontDemand, Notice, UnitKind
from domain.notice_loader import DATA_FILE, LEARNED_FILE, WORDINGS_FILE, Draft, read_draft
from domain.wording import show_day_year, show_deadline
from validators import unchecked_demands, use_faults

_DEFAULT_PACK: Path = Settings.model_fields["notice"].default


@click.group(help="通知资料包：检查有没有写错，或看看写了什么。")
def notice() -> None:
    """The group holding `check` and `show`."""


@notice.command(help="检查通知文件夹，一次列出所有问题。没有问题退出码为 0，有问题为 1，找不到文件夹为 2。")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def check(folder: Path) -> None:
    """Load the pack; print one line of counts, or every fault on a line of its own."""
    loaded = _load(folder)
    click.echo(f"{folder} 没有问题：{_counts(loaded)}。")


@notice.command(help="用中文列出通知里的全部数据。不写 DIR 就看默认的通知。")
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=_DEFAULT_PACK, envvar="NOTICE")
def show(folder: Path) -> None:
    """Print a readable overview of the pack."""
    for line in _overview(_load(folder)):
        click.echo(line)


@notice.command(
    help="学习怎么问：说法改过以后运行一次，约一分钟，写出 recognition.bin。写 DIR 学那份通知的（wordings.toml），"
    "不写就学语言自带的，没有 wordings.toml 的通知用它。"
)
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), required=False)
def learn(folder: Path | None) -> None:
    """Learn the wordings of the language and of the pack; write what the answer engine recognises topics by."""
    wordings, target = language_wordings(), LANGUAGE_WEIGHTS
    plain: Callable[[str], str] = partial(standard, words=lexicon())
    if folder is not None:
        engine = Engine(_load(folder, learned=False))
        wordings, target = _wordings(folder), folder / LEARNED_FILE
        plain = lambda line: engine.read(line).text  # noqa: E731 - slips are mended to the words of the pack
    with click.progressbar(length=ROUNDS, label=f"学习 {sum(map(len, wordings.values()))} 条说法") as bar:
        weights = learn_wordings(wordings, plain, lambda: bar.update(1))
    target.write_bytes(weights)
    click.echo(f"写好了 {target}，{len(weights) // 1024} KB。")


def _wordings(folder: Path) -> dict[str, list[str]]:
    try:
        return wordings_of(folder)
    except ConfigError as error:
        _stop(1, error.faults)


def _learning_faults(folder: Path, draft: Draft) -> tuple[str, ...]:
    """That wordings name what there is, and have been learned as they stand."""
    if not ((folder / WORDINGS_FILE).is_file() or (folder / LEARNED_FILE).is_file()):
        return ()
    wordings = _wordings(folder)
    ids = {fact.id for _, fact in draft.facts}
    titles = {item.title for item in draft.notice.template.sections} if draft.notice is not None else set()
    labels = own_labels(folder)
    unknown = [label for label in labels if ids and not label.startswith(INSIDE) and label not in ids]
    faults = tuple(f"{WORDINGS_FILE}：answers.toml 里没有 {label}。" for label in unknown)
    inside = [label.removeprefix(INSIDE) for label in labels if titles and label.startswith(INSIDE)]
    faults += tuple(f"{WORDINGS_FILE}：模板里没有“{title}”一节。" for title in inside if title not in titles)
    if _learned_digest(folder) != digest_of(wordings):
        faults = (
            *faults,
            f"{WORDINGS_FILE} 或语言自带的说法改过，还没有学习：请运行 python -m bot notice learn {folder}。",
        )
    return faults


def _learned_digest(folder: Path) -> str:
    try:
        return Recogniser((folder / LEARNED_FILE).read_bytes()).digest
    except (OSError, ValueError):
        return ""


def _load(folder: Path, *, learned: bool = True) -> Notice:
    if not folder.is_dir():
        _stop(2, (f"找不到文件夹 {folder}。请写通知文件夹的路径，如 {_DEFAULT_PACK.as_posix()}。",))
    draft = read_draft(folder)
    faults = (*draft.faults, *draft.doubts)
    if draft.notice is not None:
        faults = (*faults, *_rule_faults(draft, draft.notice), *_answer_faults(draft, draft.notice))
        faults = (*faults, *(_learning_faults(folder, draft) if learned else ()))
    if faults or draft.notice is None:
        _stop(1, (*faults, f"共 {len(faults)} 处问题，请改好后再检查一次。"))
    return draft.notice


def _answer_faults(draft: Draft, loaded: Notice) -> tuple[str, ...]:
    """What is wrong with the facts' texts, as far as the data they draw on is there."""
    return tuple(
        fault for where, fact in draft.facts for fault in text_faults(loaded, fact, where, incomplete=draft.incomplete)
    )


def _rule_faults(draft: Draft, loaded: Notice) -> tuple[str, ...]:
    """What the checks find wrong with their entries, and demands without a check, beyond what was found reading."""
    wrong = [found for where, use in draft.rules if (found := use_faults(where, use, loaded))]
    missing = unchecked_demands(loaded, spoilt=draft.spoilt_rules + len(wrong))
    return tuple(f"{DATA_FILE}：{fault}" for fault in (*(fault for found in wrong for fault in found), *missing))


def _stop(code: int, lines: tuple[str, ...]) -> NoReturn:
    for line in lines:
        click.echo(line, err=True)
    raise SystemExit(code)


def _counts(loaded: Notice) -> str:
    return "、".join(
        (
            f"原文 {len(loaded.clauses)} 条",
            f"填报单位 {len(loaded.units)} 个",
            f"案例类型 {len(loaded.categories)} 个",
            f"限额 {len(loaded.quotas)} 项",
            f"阶段 {len(loaded.stages)} 个",
            f"检查 {len(loaded.rules)} 项",
            f"答法 {len(loaded.facts)} 条",
        )
    )


def _overview(loaded: Notice) -> Iterator[str]:
    yield loaded.title
    yield f"{loaded.issued_by}　{loaded.document_no}"
    yield from _section("填报单位", _units(loaded))
    yield from _section("案例类型", (line for category in loaded.categories for line in _category(category, loaded)))
    yield from _section("每个单位的数量", _quotas(loaded))
    yield from _section("字体字号", (_font(font, loaded) for font in _fonts(loaded)))
    yield from _section("流程", _stages(loaded))
    yield from _section("奖项", _awards(loaded))
    yield from _section("案例模板", _template(loaded))
    yield from _section("汇总表", _summary_table(loaded))
    yield from _section("联系与渠道", _contacts(loaded))
    yield from _section("原创与授权", (f"{loaded.licence.text}{_cite(loaded, loaded.licence.clause)}",))
    yield from _section("其他规定", _statements(loaded))
    yield from _section("检查", _rules(loaded))
    yield f"\n{_counts(loaded)}。"


def _section(title: str, lines: Iterator[str] | tuple[str, ...]) -> Iterator[str]:
    yield f"\n【{title}】"
    yield from lines


def _cite(loaded: Notice, clause_id: str) -> str:
    return f"〔{loaded.clause(clause_id).label}〕" if clause_id else ""


def _units(loaded: Notice) -> Iterator[str]:
    for group in loaded.unit_groups:
        names = [unit.name for unit in loaded.units if unit.kind == group.kind]
        yield f"{group.name}（{len(names)} 个）：{'、'.join(names) or '名单待补'}{_cite(loaded, group.clause)}"


def _category(category: Category, loaded: Notice) -> Iterator[str]:
    yield f"{category.code}　{category.name}{_cite(loaded, category.clause)}"
    demands = []
    if category.text is not None:
        demands.append(
            f"文字材料（{_suffixes(category.text.formats)}）{_words(category)}{_cite(loaded, category.text.clause)}"
        )
    if category.video is not None:
        video = category.video
        sides = f"不低于 {video.resolution}（{video.min_long_side}×{video.min_short_side}）"
        demands.append(f"视频（{_suffixes(video.formats)}）{sides}{_cite(loaded, video.clause)}")
    yield "　　" + "；或 ".join(demands)
    if category.supporting_files and loaded.supporting is not None:
        more = "等" if loaded.supporting.kinds_open else ""
        yield f"　　另交{loaded.supporting.name}：{'、'.join(loaded.supporting.kinds)}{more}"


def _suffixes(formats: tuple[str, ...]) -> str:
    return "、".join(f".{suffix}" for suffix in formats)


def _words(category: Category) -> str:
    text = category.text
    if text is None:
        return ""
    parts = []
    if text.min_words is not None and text.max_words is not None:
        parts.append(f"{text.min_words}–{text.max_words} 字")
    elif text.min_words is not None:
        parts.append(f"不少于 {text.min_words} 字")
    elif text.max_words is not None:
        parts.append(f"不超过 {text.max_words} 字")
    if text.max_pictures is not None:
        parts.append(f"插图不超过 {text.max_pictures} 张")
    if text.pictures_required:
        parts.append("须有图")
    if text.template:
        parts.append("按模板写")
    return "，".join(parts)


def _quotas(loaded: Notice) -> Iterator[str]:
    names = {group.kind: group.name for group in loaded.unit_groups}
    for kind in UnitKind:
        quotas = [quota for quota in loaded.quotas if quota.unit_kind == kind]
        for quota in quotas:
            bounds = [f"至少 {quota.minimum} 个"] if quota.minimum is not None else []
            bounds += [f"至多 {quota.maximum} 个"] if quota.maximum is not None else []
            unit = names.get(kind, kind.value)
            yield f"{unit}　{quota.category}　{'，'.join(bounds)}{_cite(loaded, quota.clause)}"
        if not quotas and kind in names:
            yield f"{names[kind]}　没有最低数"
    for must in loaded.must_report:
        listed = "、".join(f"{school.name}（{loaded.unit(school.unit).name}）" for school in must.schools) or "名单待补"
        yield f"必报：{must.name}（{'、'.join(must.categories)}）：{listed}{_cite(loaded, must.clause)}"


def _fonts(loaded: Notice) -> tuple[FontDemand, ...]:
    return (loaded.title_font, loaded.heading_font, loaded.body_font)


def _font(font: FontDemand, loaded: Notice) -> str:
    aligned = "，居中" if font.alignment == "center" else ""
    cited = "".join(_cite(loaded, clause) for clause in font.clauses)
    return f"{font.name}：{font.font} {font.size_name}（{font.size_pt:g} 磅）{aligned}{cited}"


def _stages(loaded: Notice) -> Iterator[str]:
    for stage in loaded.stages:
        start = show_day_year(stage.opens_at, loaded.timezone) if stage.opens_stated else "（通知没有写开始日期）"
        end = show_deadline(stage, loaded.timezone)
        yield f"{stage.name}：{start} 至 {end}{_cite(loaded, stage.clause)}"
        if stage.reading:
            yield f"　　{stage.reading}"


def _awards(loaded: Notice) -> Iterator[str]:
    awards = loaded.awards
    parts = ":".join(str(part) for part in awards.parts)
    yield f"{'、'.join(awards.names)}，比例 {parts}，获奖率不超过 {awards.rate_percent}%{_cite(loaded, awards.clause)}"
    yield f"　　{awards.rounding}"


def _template(loaded: Notice) -> Iterator[str]:
    template = loaded.template
    yield f"{template.title}{_cite(loaded, template.clause)}，{template.info_title}：{'、'.join(template.info_fields)}"
    for section in template.sections:
        yield f"{'　' * section.level}{section.label}{section.title}"


def _summary_table(loaded: Notice) -> Iterator[str]:
    table = loaded.summary_table
    yield f"{table.title}{_cite(loaded, table.clause)}：{'、'.join(table.columns)}；按{table.sorted_by}排列"
    yield f"　　交{'和'.join(table.deliver_as)}"
    if table.deadline is not None:
        yield f"　　{table.deadline.printed}{_cite(loaded, table.deadline.clause)}"


def _contacts(loaded: Notice) -> Iterator[str]:
    for contact in loaded.contacts:
        yield f"联系人 {contact.name}　{contact.phone}　{contact.mail}{_cite(loaded, contact.clause)}"
    for route in loaded.routes:
        yield f"{route.subject} → {route.target}{_cite(loaded, route.clause)}"
    for site in loaded.sites:
        yield f"{site.name}　{site.url}{_cite(loaded, site.clause)}"


def _statements(loaded: Notice) -> Iterator[str]:
    for priority in loaded.priorities:
        yield f"{priority.name}：{priority.text}{_cite(loaded, priority.clause)}"
    for statement in loaded.statements:
        reading = "（读法，不是原话）" if statement.is_reading else ""
        yield f"{statement.name}{reading}：{statement.text}{_cite(loaded, statement.clause)}"


def _rules(loaded: Notice) -> Iterator[str]:
    levels = {"error": "必须改", "warning": "建议改"}
    for use in loaded.rules:
        yield f"{use.rule}　{'、'.join(use.categories)}　{levels[use.severity.value]}{_cite(loaded, use.clause)}"
