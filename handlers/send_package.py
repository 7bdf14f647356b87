"""材料包: the ZIP of what the unit has reported, or how far it is."""

from __future__ import annotations

import re

from domain.chat import Choice, Incoming, OutgoingFile, Reply
from domain.policy import Act, may
from domain.roles import Role
from handlers.casework.packages import package_name
from handlers.contract import Context, Handler, Mode
from handlers.said import spoken
from store import reports
from store.schema.reports import PackageState

HERE = "{unit}的材料包（第 {edition} 版，{count} 个案例）：文件按类型分在文件夹里，附汇总表、目录和校验码。"
IN_WORK = "{unit}的材料包还在打包，好了马上发给您，不用再要。"
FAILED = "{unit}的材料包没有打成，上报不受影响。管理员会看到并联系您。"
NOT_REPORTED = "{unit}还没有上报，上报后才有材料包。"
_SAID = re.compile(
    r"(?:请)?(?:给我|发我|我要|要|下载|导出|打包)*(?:本单位|上报)?的?材料(?:包|打包|压缩包|zip)(?:下载|发我|给我)*"
)


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """材料包, 下载材料包."""
    return _SAID.fullmatch(spoken(message).lower()) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:  # noqa: ARG001 - the actor decides whose it is
    """The package of the own unit's report in force."""
    decision = may(ctx.actor, Act.REPORT_UNIT)
    if not decision.allowed or ctx.actor.unit_id is None:
        return [Reply(decision.reason)]
    unit = ctx.notice.unit(ctx.actor.unit_id).name
    report = reports.in_force(ctx.session, ctx.actor.unit_id)
    if report is None:
        return [Reply(NOT_REPORTED.format(unit=unit), (Choice("上报", "上报"),))]
    if report.package_sha256 is None or report.package_size is None:
        text = FAILED if report.package_state == PackageState.FAILED else IN_WORK
        return [Reply(text.format(unit=unit))]
    file = OutgoingFile(package_name(unit, report.edition), report.package_sha256, report.package_size)
    count = len(report.content["sheet"]["rows"])
    return [Reply(HERE.format(unit=unit, edition=report.edition, count=count), (), (file,))]


HANDLER = Handler(
    name="send_package",
    usage="上报后发“材料包”，下载本单位上报的全部材料（ZIP）",
    roles=frozenset({Role.COORDINATOR}),
    mode=Mode.WORKER,
    matches=matches,
    run=run,
)
