"""What members of the corp can do in their chats: the acts that cause callbacks."""

from __future__ import annotations

from typing import Any

from simulator.app_channel import AppChannel
from simulator.bot_channel import BotChannel
from simulator.chats import APP, BOT, Shown, thread_of
from simulator.core import Core
from simulator.records import CallbackRecord
from simulator.sending import Sending

Json = dict[str, Any]

GROUP_NOTE = "群聊中的这类消息不会送达机器人，请在与机器人的单聊中发送。"
TOO_BIG_NOTE = "文件超过 100 MB，企业微信不会把它交给机器人。"
APP_FILE_NOTE = "自建应用收不到聊天中的文件（企业微信不回调）。"
SAMPLE_PLACE = {"Location_X": 30.27, "Location_Y": 109.49, "Scale": 16, "Label": "某学校"}


class Members:
    """Acts of members. Each returns a CallbackRecord after the HTTP exchange; an unknown userid raises KeyError."""

    core: Core
    bot: BotChannel
    app: AppChannel
    sending: Sending

    def say(
        self, userid: str, text: str, channel: str = BOT, group: str | None = None, quote: Shown | Json | None = None
    ) -> CallbackRecord:
        """Type a text. In a group the bot is mentioned, as else it would not hear. `quote`: a message shown before
        (or the callback's `quote` object itself)."""
        core = self.core
        if group is not None and f"@{core.settings.bot_name}" not in text:
            text = f"@{core.settings.bot_name} {text}"
        record = self._record(userid, channel, "text", group)
        quoted = quote.text if isinstance(quote, Shown) else ""
        self._typed(record, "text", text, quote=quoted)
        if channel == APP:
            return self._deliver(record, {"Content": text})
        content: Json = {"text": {"content": text}}
        if quote is not None:
            content["quote"] = self._quoted(quote) if isinstance(quote, Shown) else quote
        return self._deliver(record, content)

    def send_file(
        self, userid: str, name: str, data: bytes, channel: str = BOT, group: str | None = None
    ) -> CallbackRecord:
        """Send a file: to the bot up to 100 MB in single chat, to the app never (unless `pace.app_delivers_files`)."""
        return self._send_media(userid, name, data, "file", channel=channel, group=group)

    def send_image(
        self, userid: str, name: str, data: bytes, channel: str = BOT, group: str | None = None
    ) -> CallbackRecord:
        """Send a picture."""
        return self._send_media(userid, name, data, "image", channel=channel, group=group)

    def send_video(
        self, userid: str, name: str, data: bytes, channel: str = BOT, group: str | None = None
    ) -> CallbackRecord:
        """Send a video as a video message."""
        return self._send_media(userid, name, data, "video", channel=channel, group=group)

    def send_voice(
        self, userid: str, recognised: str = "字数要求是多少", data: bytes = b"#!AMR\n\x00", channel: str = BOT
    ) -> CallbackRecord:
        """Speak: the bot gets the recognised text only, the app a media_id."""
        record = self._record(userid, channel, "voice", None)
        stored = self.core.media.keep("voice.amr", "voice", data, from_member=True)
        self._typed(record, "voice", recognised)
        if channel == BOT:
            return self._deliver(record, {"voice": {"content": recognised}})
        return self._deliver(record, {"MediaId": stored.key, "Format": "amr"})

    def send_mixed(self, userid: str, text: str, pictures: list[bytes], group: str | None = None) -> CallbackRecord:
        """Send text and pictures in one message (AI bot only)."""
        if group is not None and f"@{self.core.settings.bot_name}" not in text:
            text = f"@{self.core.settings.bot_name} {text}"
        record = self._record(userid, BOT, "mixed", group)
        self._typed(record, "mixed", f"{text} [图片×{len(pictures)}]")
        items: list[Json] = [{"msgtype": "text", "text": {"content": text}}]
        for data in pictures:
            stored = self.core.media.keep("image.png", "image", data, from_member=True)
            items.append({"msgtype": "image", "image": {"url": self._media_url(stored.key)}})
        return self._deliver(record, {"mixed": {"msg_item": items}})

    def send_link(
        self, userid: str, title: str = "一个链接", url: str = "https://example.com/", channel: str = APP
    ) -> CallbackRecord:
        """Share a link. The bot's document knows no links: there it arrives as a type the product cannot know."""
        record = self._record(userid, channel, "link", None)
        self._typed(record, "link", title, details={"url": url})
        if channel == APP:
            return self._deliver(record, {"Title": title, "Description": title, "Url": url, "PicUrl": ""})
        return self._deliver(record, {"link": {"title": title, "url": url}})

    def send_location(self, userid: str, channel: str = APP) -> CallbackRecord:
        """Share a place. For the bot as with links."""
        record = self._record(userid, channel, "location", None)
        self._typed(record, "location", str(SAMPLE_PLACE["Label"]))
        if channel == APP:
            return self._deliver(record, {**SAMPLE_PLACE, "AppType": "wxwork"})
        return self._deliver(record, {"location": {"name": SAMPLE_PLACE["Label"]}})

    def send_unknown(self, userid: str, channel: str = BOT, msgtype: str = "hologram") -> CallbackRecord:
        """Send a message of a type that does not exist yet."""
        record = self._record(userid, channel, msgtype, None)
        self._typed(record, "unknown", msgtype)
        return self._deliver(record, {msgtype: {"id": "1"}} if channel == BOT else {"Something": "1"})

    def enter_chat(self, userid: str, channel: str = BOT) -> CallbackRecord:
        """Open the chat for the first time of the day: `enter_chat` for the bot, `enter_agent` for the app."""
        event = "enter_chat" if channel == BOT else "enter_agent"
        return self.send_event(userid, event, {} if channel == BOT else {"EventKey": ""}, channel)

    def send_event(self, userid: str, event: str, fields: Json | None = None, channel: str = BOT) -> CallbackRecord:
        """Any event. For the bot `fields` go under `event`, for the app into the XML."""
        record = self._record(userid, channel, "event", None)
        record.event = event
        if channel == BOT:
            return self._deliver(record, {"event": {"eventtype": event, **(fields or {})}})
        return self._deliver(record, {"Event": event, **(fields or {})})

    def feedback(self, userid: str, feedback_id: str, kind: int, reasons: tuple[int, ...] = ()) -> CallbackRecord:
        """Tap 准确 (1), 不准确 (2) or take it back (3)."""
        details: Json = {"id": feedback_id, "type": kind, "content": ""}
        if reasons:
            details["inaccurate_reason_list"] = list(reasons)
        return self.send_event(userid, "feedback_event", {"feedback_event": details})

    def press(
        self,
        userid: str,
        key: str,
        task_id: str,
        selected: dict[str, list[str]] | None = None,
        channel: str | None = None,
    ) -> CallbackRecord:
        """Press a button of the newest card with this task_id; `selected` maps question keys to chosen option ids.

        Raises KeyError when this person was shown no such card and no `channel` is given to press it nevertheless.
        """
        mine = {thread_of(userid, BOT), thread_of(userid, APP)}
        cards = self.core.chats.find(lambda s: (s.card or {}).get("task_id") == task_id and s.thread in mine)
        if not cards and channel is None:
            raise KeyError(task_id)
        card = (cards[-1].card if cards else None) or {}
        channel = channel or (BOT if cards[-1].author == BOT else APP)
        record = self._record(userid, channel, "event", None)
        record.event, record.task_id = "template_card_event", task_id
        card_type = card.get("card_type", "button_interaction")
        return self._deliver(record, self._pressed(channel, key, task_id, card_type, selected or {}))

    def _pressed(self, channel: str, key: str, task_id: str, card_type: str, selected: dict[str, list[str]]) -> Json:
        if channel == APP:
            items = [{"QuestionKey": q, "OptionIds": {"OptionId": ids}} for q, ids in selected.items()]
            fields = {"EventKey": key, "TaskId": task_id, "CardType": card_type}
            code = self.sending.new_code(task_id)
            fields_all: Json = {"Event": "template_card_event", **fields, "ResponseCode": code}
            return fields_all | ({"SelectedItems": {"SelectedItem": items}} if items else {})
        chosen = [{"question_key": q, "option_ids": {"option_id": ids}} for q, ids in selected.items()]
        details: Json = {"card_type": card_type, "event_key": key, "task_id": task_id}
        if chosen:
            details["selected_items"] = {"selected_item": chosen}
        event: Json = {"eventtype": "template_card_event"}
        return {"event": event | (details if self.core.pace.flat_card_event else {"template_card_event": details})}

    def _record(self, userid: str, channel: str, msgtype: str, group: str | None) -> CallbackRecord:
        person = self.core.person(userid)
        if group is not None and (channel == APP or group not in {g.chatid for g in self.core.settings.groups}):
            raise ValueError(f"no group {group!r} on channel {channel}")
        thread = thread_of(person.userid, channel, group)
        number = self.core.number()
        record = CallbackRecord(number, channel, msgtype, person.userid, thread, chatid=group or "")
        self.core.records.append(record)
        return record

    def _typed(self, record: CallbackRecord, kind: str, text: str, **extra: Any) -> None:
        shown = self.core.chats.show(record.thread, "person", kind, text, userid=record.userid, **extra)
        record.shown = shown.number

    def _deliver(self, record: CallbackRecord, content: Json) -> CallbackRecord:
        if record.channel == APP:
            self.app.prepare(record, content)
            return self.app.deliver(record)
        self.bot.prepare(record, content)
        return self.bot.deliver(record)

    def _media_url(self, key: str) -> str:
        return f"{self.core.base_url}/media/{key}"

    def _quoted(self, shown: Shown) -> Json:
        if shown.attachment and shown.kind in {"image", "file", "video"}:
            old = self.core.media.get(shown.attachment["id"])
            if old is not None:
                # Every callback has its own URL with its own five minutes, also for an old file.
                fresh = self.core.media.keep(old.name, old.kind, old.data, from_member=True)
                return {"msgtype": shown.kind, shown.kind: {"url": self._media_url(fresh.key)}}
        return {"msgtype": "text", "text": {"content": shown.text}}

    def _send_media(
        self, userid: str, name: str, data: bytes, kind: str, *, channel: str, group: str | None
    ) -> CallbackRecord:
        core = self.core
        record = self._record(userid, channel, kind, group)
        stored = core.media.keep(name, kind, data, from_member=True)
        self._typed(record, kind, name, attachment={"id": stored.key, "name": name, "size": len(data)})
        if group is not None:
            return core.not_delivered(record, GROUP_NOTE)
        if channel == BOT and len(data) > core.pace.bot_file_limit:
            return core.not_delivered(record, TOO_BIG_NOTE)
        if channel == APP and kind == "file" and not core.pace.app_delivers_files:
            return core.not_delivered(record, APP_FILE_NOTE)
        if channel == BOT:
            return self._deliver(record, {kind: {"url": self._media_url(stored.key)}})
        more = {
            "image": {"PicUrl": f"{core.base_url}/sim/download/{stored.key}?inline=1"},
            "video": {"ThumbMediaId": stored.key},
            "file": {"FileName": name},
        }
        return self._deliver(record, {"MediaId": stored.key, **more[kind]})
