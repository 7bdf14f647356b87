"""上传链接: a page on which this person can upload one file of any size, for what does not fit through the chat."""

from __future__ import annotations

import re

from domain.chat import Incoming, Reply
from domain.wording import show_instant, show_size
from handlers.contract import EVERYBODY, Context, Handler, Mode
from handlers.said import spoken

HERE = (
    "文件太大、聊天里发不了？点这里上传（最大 {most}）：\n{address}\n"
    "{until}前有效，只能传一个文件，算您本人的材料，请不要转发。传到一半断了，回到这个页面选同一个文件就接着传；结果在这里告诉您。"
)
NOT_SET_UP = "上传网页还没有开通。100 MB 以内的文件请直接发给智能机器人；更大的请压缩后再发，或联系县市协调员。"
_LARGE = r"(?:太大|过大|很大|大于100m|超过?100m|超过?100兆|100m以上|100兆以上)"
_FILE = r"(?:文件|视频|材料|案例|附件|word|mp4)"
_WORDS = re.compile(
    rf"(?:请?(?:给|发|要|把)?(?:我)?(?:一个|个)?)?(?:网页|大{_FILE}|{_FILE})?上传(?:的)?(?:链接|网址|地址|网页|页面|入口)(?:给我|发我|发一下|发给我)?|"
    rf"网页上传|大{_FILE}(?:上传)?|{_FILE}{_LARGE}(?:了)?(?:发不了|传不了|发不出去|传不上去|怎么办|怎么发|怎么传|怎么交|怎么上传)*|"
    rf"(?:上传|发送|传|发)大{_FILE}|"
    rf"{_FILE}(?:发不出去|传不上去|发不了|传不了|发送失败|上传失败)(?:怎么办)?"
)


def matches(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """上传链接, 视频太大怎么办, 文件发不出去."""
    return _WORDS.fullmatch(re.sub(r"[\s，,。？?！!、吗呢啊]", "", spoken(message)).lower()) is not None


def run(message: Incoming, ctx: Context) -> list[Reply]:  # noqa: ARG001 - everybody gets a link of their own
    """The link, for how long and for how much."""
    link = ctx.upload_link()
    if link is None:
        return [Reply(NOT_SET_UP)]
    until = show_instant(link.until, ctx.notice.timezone)
    return [Reply(HERE.format(most=show_size(link.most_bytes), address=link.address, until=until))]


HANDLER = Handler(
    name="send_upload_link",
    usage="视频超过 100 MB，发“上传链接”，用网页上传",
    roles=EVERYBODY,
    mode=Mode.INLINE,
    matches=matches,
    run=run,
)
