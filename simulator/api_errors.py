"""The error codes the stand-in answers with (document 90313)."""

from __future__ import annotations

MESSAGES = {
    -1: "system busy",
    0: "ok",
    40001: "invalid credential",
    40004: "invalid media type",
    40005: "invalid file type",
    40006: "invalid file size",
    40007: "invalid media_id",
    40008: "invalid message type",
    40009: "invalid image size",
    40011: "invalid video size",
    40013: "invalid corpid",
    40014: "invalid access_token",
    40029: "invalid code",
    40032: "invalid user list size",
    40035: "invalid parameter",
    40054: "invalid url",
    40056: "invalid agentid",
    40058: "invalid parameter value",
    40063: "some parameters are empty",
    41001: "access_token missing",
    41004: "corpsecret missing",
    42001: "access_token expired",
    43002: "require POST method",
    44001: "empty media data",
    44004: "empty content",
    45001: "media file is too big",
    45007: "voice is too long",
    45008: "article count out of limit",
    45009: "api freq out of limit",
    60011: "no privilege to access/modify contact/party/agent",
    60020: "not allow to access from your ip",
    60111: "userid not found",
    81012: "empty touser, toparty and totag",
    81013: "user & party & tag all invalid",
    82001: "all receivers are empty",
    82002: "invalid party list size",
    82003: "invalid tag list size",
    301002: "not allow operate another agent with this accesstoken",
    830002: "file is too large, use Range",
}


class ApiError(Exception):
    """A refusal with an errcode; `more` is added to the standard wording."""

    def __init__(self, errcode: int, more: str = "") -> None:
        text = MESSAGES.get(errcode, "error")
        super().__init__(f"{text}, {more}" if more else text)
        self.errcode = errcode
        self.errmsg = str(self)
