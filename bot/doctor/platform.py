"""Checks of WeCom's API and of the self-built app: asked as the service asks, without a message to anybody."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from bot.doctor.asking import Away, AwayError, Page, ask
from bot.doctor.finding import Finding, right, unchecked, warning, wrong
from bot.doctor.subject import Subject
from bot.shared_tokens import SharedTokens
from bot.wecom.api import WeComApi
from bot.wecom.errors import ApiError, ErrorKind
from bot.wecom.outbound import Timeouts
from bot.wecom.raw_fields import list_at, object_at, text_at
from bot.wecom.tokens import MemoryTokenStore, Pause, TokenStore, credential_id

_OK = 200
_MOST_SKEW_S = 300
_SMALL_SKEW_S = 30
_MINUTE_S, _HOUR_S = 60, 3600
_APP_PAGE = "应用管理 → 应用 → 自建 → 本应用"
_SEEN_FROM = re.compile(r"from ip:\s*([0-9a-fA-F.:]*[0-9a-fA-F])")
_UNKNOWN_PEOPLE = frozenset({60111, 46004, 40003})
_UNSEEN_PEOPLE = frozenset({60011, 50002})

_NEXT: Mapping[int, str] = MappingProxyType(
    {
        -1: "过一会儿再查",
        40001: f"{_APP_PAGE} → Secret → 查看，重新抄进 WECOM_APP_SECRET，重启",
        40013: "我的企业 → 企业信息 → 企业ID，重新抄进 WECOM_CORP_ID，重启",
        40056: f"{_APP_PAGE}：AgentId 和 Secret 从同一页重新抄，重启",
        40091: f"{_APP_PAGE} → Secret → 查看，重新抄进 WECOM_APP_SECRET，重启",
        45009: "不要反复试，一小时后再查",
        48006: f"{_APP_PAGE}：恢复被停用的接口权限",
        50003: f"{_APP_PAGE}：重新启用",
        301002: f"{_APP_PAGE}：AgentId 和 Secret 从同一页重新抄，重启",
    }
)
_ROADS: Mapping[Away, str] = MappingProxyType(
    {
        Away.NAME: "检查服务器的 DNS（/etc/resolv.conf）和 WECOM_API_BASE",
        Away.REFUSED: "让防火墙放行到 qyapi.weixin.qq.com:443 的出口",
        Away.TIMEOUT: "让防火墙放行到 qyapi.weixin.qq.com:443 的出口，再看网络是否太慢",
        Away.CERTIFICATE: "出口上可能有拆解 https 的设备，请网管对 qyapi.weixin.qq.com 放行；再看服务器时间",
        Away.PROXY: "核对环境变量 HTTPS_PROXY，不需要代理就去掉",
        Away.BROKEN: "过一会儿再查；总是这样就请网管看出口防火墙",
    }
)


class FreshTokens(MemoryTokenStore):
    """The token is got anew, so that the secret as it stands now is tried; whether asking must rest is shared with the
    service: WeCom bans an address that keeps asking with a wrong secret."""

    def __init__(self, shared: TokenStore | None) -> None:
        super().__init__()
        self._shared = shared

    def paused(self) -> Pause | None:
        """See TokenStore."""
        return super().paused() if self._shared is None else self._shared.paused()

    def pause(self, pause: Pause) -> None:
        """See TokenStore. A road that is closed is no reason for others to rest."""
        if self._shared is None or pause.errcode is None:
            super().pause(pause)
        else:
            self._shared.pause(pause)


def check_interface(subject: Subject) -> Finding:
    """That the API is reached and speaks as WeCom does; it is asked for something that it refuses."""
    base = subject.settings.wecom_api_base.rstrip("/")
    try:
        page = ask(f"{base}/get_api_domain_ip", patience_s=subject.machine.patience_s)
    except AwayError as error:
        return wrong(f"{urlsplit(base).netloc}：{error.reason}", _ROADS[error.reason])
    if not _speaks(page):
        what = "一个网页" if page.is_html else f"HTTP {page.status}"
        return wrong(
            f"{urlsplit(base).netloc} 回答的不是企业微信接口，是{what}",
            "核对 WECOM_API_BASE（平时空着）；上网要先登录的网络，请网管放行 qyapi.weixin.qq.com",
        )
    subject.api_date = (page.headers.get("Date", ""), subject.machine.now())
    return right(f"{urlsplit(base).netloc}，{page.seconds:.2f} 秒回答")


def _speaks(page: Page) -> bool:
    try:
        return page.status == _OK and isinstance(json.loads(page.body)["errcode"], int)
    except (ValueError, KeyError, TypeError):
        return False


def check_clock(subject: Subject) -> Finding:
    """That this machine's clock is WeCom's: callbacks more than ten minutes off are refused."""
    assert subject.api_date is not None
    told, seen_at = subject.api_date
    try:
        theirs = parsedate_to_datetime(told).astimezone(UTC)
    except (ValueError, TypeError):
        return unchecked("接口没有说现在几点")
    return judge_skew((seen_at - theirs).total_seconds())


def judge_skew(seconds: float) -> Finding:
    """What it means that our clock is so many seconds ahead."""
    size = f"{'快' if seconds > 0 else '慢'} {_length(abs(seconds))}"
    todo = "打开自动校时：sudo timedatectl set-ntp true，再看 timedatectl"
    if abs(seconds) > _MOST_SKEW_S:
        return wrong(f"服务器的时间比企业微信{size}，签名会被当成过期的拒绝", todo)
    if abs(seconds) > _SMALL_SKEW_S:
        return warning(f"服务器的时间比企业微信{size}", todo)
    return right("和企业微信的时间一致")


def _length(seconds: float) -> str:
    if seconds < 2 * _MINUTE_S:
        return f"{round(seconds)} 秒"
    return f"{round(seconds / _MINUTE_S)} 分钟" if seconds < 2 * _HOUR_S else f"{round(seconds / _HOUR_S)} 小时"


def check_token(subject: Subject) -> Finding:
    """That corp id and secret get an access token, asked for once."""
    settings = subject.settings
    assert settings.wecom_corp_id is not None
    assert settings.wecom_app_secret is not None
    secret = settings.wecom_app_secret.get_secret_value()
    shared = None
    if subject.database is not None:
        shared = SharedTokens(subject.database, credential_id(settings.wecom_corp_id, secret))
    patience = Timeouts(min(5.0, subject.machine.patience_s), subject.machine.patience_s)
    base = settings.wecom_api_base
    api = WeComApi(settings.wecom_corp_id, secret, base, FreshTokens(shared), timeouts=patience)
    try:
        api.sign_in()
    except ApiError as error:
        return explained(error)
    subject.api = api
    return right("企业ID 和 Secret 正确")


def check_app(subject: Subject) -> Finding:
    """That the AgentId is this app's, that we may ask from here, and that the app is switched on."""
    assert subject.api is not None
    try:
        subject.app = subject.api.call("agent/get", params={"agentid": str(subject.settings.wecom_agent_id)})
    except ApiError as error:
        return explained(error)
    name = text_at(dict(subject.app), "name")
    if subject.app.get("close") == 1:
        return wrong(f"应用“{name}”被停用了", _NEXT[50003])
    if subject.app.get("isreportenter") == 0:
        return warning(
            f"应用“{name}”没有上报进入事件，第一次打开时不会问好",
            f"{_APP_PAGE} → 接收消息 → 设置API接收，勾上报进入应用事件",
        )
    return right(f"应用“{name}”，AgentId 正确")


def check_range(subject: Subject) -> Finding:
    """That somebody is in the app's visible range."""
    app: dict[str, Any] = dict(subject.app)
    counts = [
        (len(list_at(object_at(app, outer), inner)), name)
        for outer, inner, name in (
            ("allow_userinfos", "user", "人"),
            ("allow_partys", "partyid", "个部门"),
            ("allow_tags", "tagid", "个标签"),
        )
    ]
    if not any(count for count, _ in counts):
        return wrong(
            "可见范围是空的，谁也收不到消息、登录不了网页", f"{_APP_PAGE} → 可见范围，选上所有参加的人（包括教师）"
        )
    return right("、".join(f"{count} {name}" for count, name in counts if count))


def check_domain(subject: Subject) -> Finding:
    """That the pages may sign people in: the app's trusted domain is ours. 授权回调域 cannot be asked for."""
    ours = urlsplit(subject.settings.public_url).netloc.lower()
    theirs = text_at(dict(subject.app), "redirect_domain").lower()
    where = f"{_APP_PAGE} → 网页授权及JS-SDK → 设置可信域名，填 {ours}"
    if not theirs:
        return wrong("应用还没有可信域名，网页版登录不了", where)
    if theirs != ours:
        return wrong(f"应用的可信域名是 {theirs}，PUBLIC_URL 是 {ours}", where)
    return right(f"{theirs}；电脑扫码登录的“授权回调域”查不到，请自己看一眼是不是也是它")


def check_home(subject: Subject) -> Finding:
    """That the app in people's 工作台 opens the console."""
    ours = subject.settings.public_url.rstrip("/") + "/console/"
    theirs = text_at(dict(subject.app), "home_url")
    if theirs.rstrip("/") == ours.rstrip("/"):
        return right("工作台里点应用就打开网页版")
    seen = f"应用主页是 {theirs}" if theirs else "应用没有主页"
    return warning(f"{seen}，工作台里点应用打不开网页版", f"{_APP_PAGE} → 应用主页 → 网页，填 {ours}")


def check_upload(subject: Subject) -> Finding:
    """That files can go out: a tiny one is uploaded, sent to nobody, and forgotten by WeCom in three days."""
    assert subject.api is not None
    try:
        subject.api.upload_media("file", "doctor.txt", io.BytesIO(b"a probe that is sent to nobody\n"))
    except ApiError as error:
        return explained(error)
    return right("上传了一个小文件，没有发给任何人")


def check_admins(subject: Subject) -> Finding:
    """That the app knows and sees each admin of the settings; nobody is written to."""
    assert subject.api is not None
    unknown, unseen, asleep = [], [], []
    for userid in subject.settings.admin_userids:
        try:
            if not subject.api.get_user(userid).active:
                asleep.append(userid)
        except ApiError as error:
            if error.errcode in _UNKNOWN_PEOPLE:
                unknown.append(userid)
            elif error.errcode in _UNSEEN_PEOPLE:
                unseen.append(userid)
            else:
                return explained(error)
    if unknown:
        return wrong(f"没有这个账号：{'、'.join(unknown)}", "到通讯录 → 某人 → 账号，核对 ADMIN_USERIDS，重启")
    if unseen:
        return wrong(f"不在应用的可见范围里：{'、'.join(unseen)}", f"{_APP_PAGE} → 可见范围，加上他们")
    if asleep:
        return warning(f"还没有激活企业微信：{'、'.join(asleep)}", "请本人登录一次企业微信")
    return right(f"{len(subject.settings.admin_userids)} 位都在应用的可见范围里")


def explained(error: ApiError) -> Finding:
    """What an error of the API means and where in the console it is put right."""
    if error.errcode is None:
        return wrong(error.explanation.rstrip("。"), "过一会儿再查；总是这样就看服务器的网络")
    seen = f"{error.errcode}：{error.explanation.rstrip('。').partition('，请')[0]}"
    if error.errcode == 60020:  # noqa: PLR2004 - named in WeCom's own documents by its number
        found = _SEEN_FROM.search(error.errmsg)
        address = found[1] if found else "服务器的出口 IP（运行 curl https://ifconfig.me 看）"
        return wrong(
            f"60020：企业可信IP 里没有 {address}", f"{_APP_PAGE} → 企业可信IP → 配置，加上 {address}，一分钟后再查"
        )
    rest = ""
    if error.retry_after is not None and error.kind is not ErrorKind.RETRY:
        rest = f"；同一个密钥 {_length(error.retry_after)}内不再试，免得被企业微信封禁"
    return wrong(seen, _NEXT.get(error.errcode, "见 docs/operations.zh-CN.md 第 14 节") + rest)
