"""What WeCom's error codes mean for us (protocol 6.2), and the one error the API client raises."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.wecom.redact import scrub
from domain.errors import BotError

UNKNOWN_MEDIA = 40007
ALL_INVALID = 81013
NOT_THERE = 40058


class ErrorKind(StrEnum):
    """What to do about an error."""

    RETRY = "retry"  # later, with back-off
    TOKEN = "token"  # noqa: S105 - renew the access token once, then again
    CONFIG = "config"  # somebody must change a setting; no retry
    PROGRAM = "program"  # our request is wrong; no retry
    USER = "user"  # about this person or this content; no retry, tell who is concerned


@dataclass(frozen=True, slots=True)
class Meaning:
    """The kind of an error, what it says to the operator, and after how many seconds a retry makes sense."""

    kind: ErrorKind
    explanation: str
    retry_after_s: float | None = None


_R, _T, _C, _P, _U = ErrorKind.RETRY, ErrorKind.TOKEN, ErrorKind.CONFIG, ErrorKind.PROGRAM, ErrorKind.USER

MEANINGS: dict[int, Meaning] = {
    -1: Meaning(_R, "企业微信系统繁忙，稍后自动重试。", 5),
    40001: Meaning(_T, "应用 Secret 或 access_token 不正确，请核对 WECOM_APP_SECRET。"),
    40003: Meaning(_U, "成员 userid 不正确。"),
    40004: Meaning(_P, "素材类型不正确。"),
    40005: Meaning(_U, "文件类型不被企业微信接受。"),
    40006: Meaning(_U, "文件大小不被企业微信接受。"),
    UNKNOWN_MEDIA: Meaning(_U, "素材 media_id 不正确或已过三天有效期，需要重新上传。"),
    40008: Meaning(_P, "消息类型不正确。"),
    40009: Meaning(_U, "图片大小不被企业微信接受。"),
    40011: Meaning(_U, "视频大小不被企业微信接受。"),
    40013: Meaning(_C, "企业 ID 不正确，请核对 WECOM_CORP_ID。"),
    40014: Meaning(_T, "access_token 不正确，自动换取新的。"),
    40029: Meaning(_U, "登录 code 已用过、已过期或属于其他应用，请重新登录。"),
    40032: Meaning(_P, "一次发送的成员超过 1000 人。"),
    40035: Meaning(_P, "参数不正确。"),
    40054: Meaning(_P, "链接不正确。"),
    40056: Meaning(_C, "应用 AgentId 不正确，请核对 WECOM_AGENT_ID。"),
    40057: Meaning(_C, "回调地址不正确或验证失败。"),
    NOT_THERE: Meaning(_P, "参数值不合要求。"),
    40063: Meaning(_P, "必填参数为空。"),
    40091: Meaning(_C, "应用 Secret 不合法，请核对 WECOM_APP_SECRET。"),
    40093: Meaning(_P, "网页签名不正确。"),
    41001: Meaning(_P, "请求缺少 access_token。"),
    41004: Meaning(_P, "请求缺少 Secret。"),
    42001: Meaning(_T, "access_token 已过期，自动换取新的。"),
    42003: Meaning(_U, "登录 code 已过期，请重新登录。"),
    42012: Meaning(_R, "网页 ticket 已失效，需要换取新的。", 1),
    43004: Meaning(_U, "该成员没有关注微信插件。"),
    44001: Meaning(_P, "上传的文件为空。"),
    44004: Meaning(_P, "消息文字为空。"),
    45001: Meaning(_U, "素材太大。"),
    45002: Meaning(_U, "消息太长。"),
    45007: Meaning(_U, "语音太长。"),
    45008: Meaning(_U, "图文条数太多。"),
    45009: Meaning(_R, "接口调用太频繁，被企业微信暂时限制。", 60),
    45033: Meaning(_R, "同时调用太多，稍后自动重试。", 3),
    45035: Meaning(_R, "企业微信暂时拒绝，含义未见公开说明，请留意。", 60),
    46004: Meaning(_U, "成员不存在。"),
    48001: Meaning(_C, "应用没有这个接口的权限。"),
    48002: Meaning(_C, "这个接口对该应用关闭。"),
    48004: Meaning(_C, "授权关系无效。"),
    48006: Meaning(_C, "应用因长期未使用被收回接口权限，请在管理后台恢复。"),
    48009: Meaning(_C, "通讯录同步 Secret 不允许从新的 IP 读取。"),
    50001: Meaning(_C, "登录跳转的域名不在可信域名内。"),
    50002: Meaning(_U, "成员不在应用的权限范围内。"),
    50003: Meaning(_C, "应用已被停用。"),
    60003: Meaning(_U, "部门不存在。"),
    60011: Meaning(_C, "成员、部门或标签不在应用的可见范围内。"),
    60020: Meaning(_C, "服务器的出口 IP 不在企业可信 IP 内，请在管理后台添加。"),
    60111: Meaning(_U, "成员 userid 不存在。"),
    60123: Meaning(_U, "部门 ID 不正确。"),
    80001: Meaning(_C, "可信域名不正确或没有 ICP 备案。"),
    81011: Meaning(_C, "应用无权使用这个标签。"),
    81012: Meaning(_P, "没有写收件人。"),
    ALL_INVALID: Meaning(_U, "全部收件人都无效。"),
    82001: Meaning(_P, "收件人全部为空。"),
    82002: Meaning(_P, "部门太多。"),
    82003: Meaning(_P, "标签太多。"),
    85002: Meaning(_U, "内容含企业微信禁止的词语。"),
    86001: Meaning(_P, "群聊 ID 不正确。"),
    86003: Meaning(_P, "群聊不存在。"),
    86004: Meaning(_P, "群聊名称不正确。"),
    86215: Meaning(_P, "群聊 ID 已存在。"),
    86216: Meaning(_P, "群聊成员不正确。"),
    86217: Meaning(_P, "发送者不在群聊中。"),
    86220: Meaning(_P, "群聊参数不正确。"),
    93000: Meaning(_C, "群机器人的 key 不正确，或机器人已被移出群。"),
    93004: Meaning(_C, "机器人已停用。"),
    93006: Meaning(_P, "会话 ID 不正确。"),
    93008: Meaning(_C, "不在该群中。"),
    301002: Meaning(_C, "AgentId 与 Secret 不属于同一个应用。"),
    301021: Meaning(_P, "userid 参数不正确。"),
    830002: Meaning(_P, "文件太大，须分段下载。"),
    846605: Meaning(_P, "智能机器人的回复编号不正确或已过期。"),
    846608: Meaning(_P, "智能机器人的流式消息已过期。"),
}

_UNLISTED = Meaning(_P, "没有收录的错误码，请查企业微信的全局错误码。")


def meaning_of(errcode: int) -> Meaning:
    """What `errcode` means; an unlisted code is taken for a fault of the request, so that it is never repeated."""
    return MEANINGS.get(errcode, _UNLISTED)


class ApiError(BotError):
    """A call to WeCom that did not succeed.

    `errcode` is WeCom's, or None when no answer was got that carries one. `kind` says what to do, `retry_after` in how
    many seconds (RETRY only). `outcome_unknown` is True when the request may have been carried out all the same.
    The text holds neither token nor secret.
    """

    def __init__(
        self,
        errcode: int | None,
        errmsg: str,
        kind: ErrorKind,
        retry_after: float | None = None,
        *,
        outcome_unknown: bool = False,
    ) -> None:
        self.errcode = errcode
        self.errmsg = scrub(errmsg)
        self.kind = kind
        self.retry_after = retry_after
        self.outcome_unknown = outcome_unknown
        super().__init__(self.errmsg if errcode is None else f"{errcode}: {self.errmsg}")

    @property
    def explanation(self) -> str:
        """One sentence for the operator."""
        return self.errmsg if self.errcode is None else meaning_of(self.errcode).explanation

    @classmethod
    def from_code(cls, errcode: int, errmsg: str) -> ApiError:
        """The error for an answer of WeCom's."""
        meaning = meaning_of(errcode)
        return cls(errcode, errmsg, meaning.kind, meaning.retry_after_s)
