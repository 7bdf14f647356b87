"""Checks of the settings, the notice and this machine: nothing of them needs a network."""

from __future__ import annotations

import ipaddress
import tempfile
from datetime import timedelta
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from bot.config import LOOPBACK
from bot.doctor.finding import Finding, right, warning, wrong
from bot.doctor.subject import Subject
from documents.case_template import case_template
from domain.errors import ConfigError
from domain.notice_loader import load_notice
from domain.wording import show_day_year
from validators import bind
from validators.sandbox import Sandbox

_MOMENT = timedelta(seconds=1)  # an end is itself excluded
_FEWEST_SIGNS = 10
_LONGEST_TOKEN = 32
_FOR_OTHERS = 0o077


def check_settings(subject: Subject) -> Finding:
    """What only looks right: the settings were read and are whole, or there would be nothing to examine."""
    settings, doubts = subject.settings, []
    for name in ("wecom_app_token", "wecom_bot_token"):
        token = getattr(settings, name)
        if token is not None and not (
            token.get_secret_value().isalnum() and len(token.get_secret_value()) <= _LONGEST_TOKEN
        ):
            return wrong(
                f"{name.upper()} 不像企业微信的 Token（最多 32 个字母和数字）",
                "在设置回调地址的页面上重新抄一遍 Token，写进 .env，重启",
            )
    secret = settings.secret_key
    if secret is not None and len(set(secret.get_secret_value())) < _FEWEST_SIGNS:
        doubts.append(("SECRET_KEY 太容易猜", "换成 openssl rand -hex 32 的输出，重启"))
    if not settings.admin_userids:
        doubts.append(("没有填 ADMIN_USERIDS", "填上管理员的账号（通讯录 → 某人 → 账号），重启"))
    if _readable_by_others(subject.machine.env_file):
        doubts.append((".env 里有密钥，服务器上的其他用户也能读", "运行 chmod 600 .env"))
    if doubts:
        return warning(*("；".join(parts) for parts in zip(*doubts, strict=True)))
    channels = [name for name, there in (("自建应用", settings.has_app), ("智能机器人", settings.has_bot)) if there]
    return right(f"{'、'.join(channels)}的设置填全了，管理员 {len(settings.admin_userids)} 位")


def _readable_by_others(file: Path) -> bool:
    return file.is_file() and bool(file.stat().st_mode & _FOR_OTHERS)


def check_public_url(subject: Subject) -> Finding:
    """That people's clients and WeCom could use the address; whether it answers is another check."""
    url = subject.settings.public_url
    if not url:
        return warning(
            "没有填 PUBLIC_URL：没有文件链接、上传网页和网页版，回调地址也没法检查",
            "填上大家访问的地址，如 https://bot.example.edu.cn，重启",
        )
    parts = urlsplit(url)
    fault = _fault_of(parts, real=not subject.settings.api_is_loopback)
    if fault:
        return wrong(f"PUBLIC_URL {fault}", "只写 https:// 和域名，如 https://bot.example.edu.cn，后面什么都不加，重启")
    return right(f"{parts.scheme}://{parts.netloc}")


def _fault_of(parts: SplitResult, *, real: bool) -> str:
    host = parts.hostname or ""
    inside = host in LOOPBACK or _is_address(host) or "." not in host
    faults = (
        (not host, "里没有域名"),
        (bool(parts.path.strip("/") or parts.query or parts.fragment), "的域名后面还有别的"),
        (parts.username is not None or parts.password is not None, "里不能有用户名和密码"),
        (real and parts.scheme != "https", "不是 https 开头"),
        (real and inside, "不是外面能访问的域名，企业微信的可信域名不接受 IP 地址"),
    )
    return next((said for found, said in faults if found), "")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def check_notice(subject: Subject) -> Finding:
    """That the folder of the notice can be used: the service does not start without."""
    folder = subject.settings.notice
    try:
        notice = load_notice(folder)
        bind(notice)
    except ConfigError as error:
        return wrong(
            f"{folder} 有 {len(error.faults)} 处不对，第一处：{error.faults[0]}",
            f"运行 python -m bot notice check {folder} 看全部；文件夹写错了就改 NOTICE",
        )
    subject.notice = notice
    last = max(notice.stages, key=lambda stage: stage.closes_at)
    if not subject.settings.bot_clock and last.closes_at <= subject.machine.now():
        ended = show_day_year(last.closes_at - _MOMENT, notice.timezone)
        return warning(
            f"按 {folder.name} 原定的日期，最后一个阶段（{last.name}）也已结束：{ended}",
            "是新一年的通知就把 NOTICE 换成新的文件夹；是同一次征集而改了期，不用管",
        )
    return right(f"《{notice.title}》，检查 {len(notice.rules)} 项")


def check_sandbox(subject: Subject) -> Finding:
    """That a Word file is read where all files are read."""
    assert subject.notice is not None
    with tempfile.NamedTemporaryFile(suffix=".docx") as file, Sandbox(command=subject.machine.sandbox) as sandbox:
        file.write(case_template(subject.notice))
        file.flush()
        facts = sandbox.read(Path(file.name), "模板.docx")
    if facts.word is None:
        return wrong(
            "检查文件的进程没能读出一个最简单的 Word 文件",
            "看内存是否够（至少 4 GB）、程序是否装全；在程序文件夹里重新运行 make install",
        )
    return right("读出了一个 Word 文件；不需要安装 Word 或 LibreOffice")


def check_videos(subject: Subject) -> Finding:
    """That MediaInfo's library loads; it comes with its package."""
    if not subject.machine.can_read_videos():
        return wrong("读视频用的 MediaInfo 加载不了，视频都会变成“请人工确认”", "在程序文件夹里重新运行 make install")
    return right("MediaInfo 可用")


def check_font(subject: Subject) -> Finding:
    """That the picture of the progress can be drawn."""
    found = subject.machine.chinese_font()
    if found is None:
        return warning("没有能画中文的字体，“进度图”画不出来", "安装一个，如 sudo apt install fonts-noto-cjk，重启")
    return right(f"画图用 {found.path.name}")
