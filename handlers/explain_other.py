"""Everything the bot cannot use gets a sentence that says what works instead. Nothing stored is claimed here."""

from __future__ import annotations

from collections.abc import Mapping

from domain.chat import Channel, ChatType, Choice, Incoming, MessageKind, Reply
from domain.notice import Notice
from handlers.casework.choosing import not_with_this_case
from handlers.contract import EVERYBODY, Context, Handler, Mode
from handlers.said import number_in, receipt_in, spoken, without_receipt

FORMAT_NAMES: Mapping[str, str] = {"docx": "Word 文件（.docx）", "mp4": "MP4 视频"}
SENTENCES: Mapping[MessageKind, str] = {
    MessageKind.IMAGE: "图片我没有存下：图片不能单独作为案例。插图请放进 Word 文件里，再把 {formats}发给我。",
    MessageKind.VOICE: "这条语音没有识别出文字，请打字再说一遍，或换个安静的地方重说。",
    MessageKind.VIDEO: "这段视频没有收到，没有存下。请重新发送 {formats}。",
    MessageKind.FILE: "这个文件没有收到，没有存下。请重新发送 {formats}。",
    MessageKind.LINK: "链接我打不开，也没有存下。请把链接里的 {formats}下载后直接发给我。",
    MessageKind.LOCATION: "位置我用不上，没有存下。要告诉我您在哪个县市，请直接打字，例如“我在{unit}”。",
    MessageKind.MIXED: "图片我没有存下：图片不能单独作为案例。要问问题请写文字，要交案例请把 {formats}发给我。",
    MessageKind.TEXT: "没有看到文字。您可以直接问通知里的要求，或把 {formats}发给我。",
}
UNKNOWN = "这种消息我还看不懂，没有存下。您可以打字问我通知里的要求，或把 {formats}发给我。"
NOT_THROUGH_THE_APP = "应用里收不到文件，没有存下。请在智能机器人的单聊里把 {formats}发给我；打字提问在这里也可以。"
NO_SPEECH_IN_APP = "应用里的语音我听不了。请打字，或在智能机器人的单聊里说给我听。"
FILE_IN_GROUP = "群里的文件我不收，也没有存下：不知道是不是您的案例，结果也不便在群里说。请把它转发到和我的单聊里。"
NO_SUCH_NUMBER = (
    "您回复的是“{number}”，但现在没有这个编号可选。请写出您要做的事，例如“我的案例”，或发“帮助”看我能做什么。"
)
ONLY_ALONE = "这件事涉及您本人或本单位的材料，群里不显示。请在和我的单聊里再发一次。群里可以问通知里的要求。"
_NEEDS_APP_NOTE = frozenset({MessageKind.FILE, MessageKind.UNKNOWN})
_SILENT = frozenset({MessageKind.NOTIFICATION})
_ORDER_SIGNS = 8
_FILES = frozenset({MessageKind.FILE, MessageKind.VIDEO})


def formats(notice: Notice) -> str:
    """The file kinds the notice takes, in words: Word 文件（.docx）或 MP4 视频."""
    wanted: dict[str, None] = {}
    for category in notice.categories:
        for demand in (category.text, category.video):
            wanted.update(dict.fromkeys(demand.formats if demand is not None else ()))
    return "或 ".join(FORMAT_NAMES.get(suffix, f".{suffix} 文件") for suffix in wanted)


def _is_silent(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the kind decides
    return message.kind in _SILENT


def _say_nothing(message: Incoming, ctx: Context) -> list[Reply]:  # noqa: ARG001 - nothing to say
    return []


def _is_stray_number(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    return number_in(spoken(message)) is not None


def _explain_number(message: Incoming, ctx: Context) -> list[Reply]:  # noqa: ARG001 - the words decide
    return [Reply(NO_SUCH_NUMBER.format(number=number_in(spoken(message))))]


def _is_order_with_receipt(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the words decide
    """Few words beside a receipt number are an order, no question about the notice."""
    said = spoken(message)
    return receipt_in(said) is not None and len(without_receipt(said)) <= _ORDER_SIGNS


def _refuse_order(message: Incoming, ctx: Context) -> list[Reply]:
    return [not_with_this_case(message, ctx)]


def _always(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - takes what is left
    return True


def _explain(message: Incoming, ctx: Context) -> list[Reply]:
    sentence = SENTENCES.get(message.kind, UNKNOWN)
    if message.channel is Channel.APP and message.kind in _NEEDS_APP_NOTE:
        sentence = NOT_THROUGH_THE_APP
    if message.channel is Channel.APP and message.kind is MessageKind.VOICE:
        sentence = NO_SPEECH_IN_APP
    other_way = sentence == NOT_THROUGH_THE_APP and ctx.upload_link() is not None
    alone = message.chat is ChatType.SINGLE
    choices = (Choice("用网页上传", "上传链接"),) if other_way and alone else ()
    return [Reply(sentence.format(formats=formats(ctx.notice), unit=ctx.notice.units[0].name), choices)]


def _is_file_in_group(message: Incoming, ctx: Context) -> bool:  # noqa: ARG001 - the message decides
    refs = (*message.media, *message.quoted_media)
    return message.chat is ChatType.GROUP and any(ref.kind in _FILES for ref in refs)


def _refuse_file_in_group(message: Incoming, ctx: Context) -> list[Reply]:  # noqa: ARG001 - one sentence for all
    return [Reply(FILE_IN_GROUP)]


def _refer_to_single_chat(message: Incoming, ctx: Context) -> list[Reply]:  # noqa: ARG001 - one sentence for all
    return [Reply(ONLY_ALONE)]


# Notices of the platform ask for nothing.
SILENT = Handler("stay_silent", "", EVERYBODY, Mode.INLINE, _is_silent, _say_nothing, public=True)
STRAY_RECEIPT = Handler("refuse_order", "", EVERYBODY, Mode.INLINE, _is_order_with_receipt, _refuse_order)
STRAY_NUMBER = Handler("explain_number", "", EVERYBODY, Mode.INLINE, _is_stray_number, _explain_number, public=True)
IN_GROUP = Handler(
    "refuse_file_in_group", "", EVERYBODY, Mode.INLINE, _is_file_in_group, _refuse_file_in_group, public=True
)
HANDLER = Handler("explain_other", "", EVERYBODY, Mode.INLINE, _always, _explain, public=True)
# Chosen by the dispatcher, never by matching.
ALONE_ONLY = Handler("refer_to_single_chat", "", EVERYBODY, Mode.INLINE, _always, _refer_to_single_chat, public=True)
