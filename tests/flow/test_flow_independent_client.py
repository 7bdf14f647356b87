"""A client whose cryptography is neither ours nor the simulator's (PyPI: wx_crypt) talks to both callbacks."""

from __future__ import annotations

import json
import time
import xml.etree.ElementTree as ET

import requests
from installation import TEACHER, Installation
from wx_crypt import WXBizMsgCrypt, WxChannel_Wecom, WxChannel_WecomAiBot


def address(service: Installation, channel: str) -> str:
    return service.platform.core.callback_urls[channel]


def app_client(service: Installation) -> WXBizMsgCrypt:
    settings = service.platform.settings
    return WXBizMsgCrypt(settings.app_token, settings.app_aes_key, settings.corp_id, channel=WxChannel_Wecom)


def bot_client(service: Installation) -> WXBizMsgCrypt:
    settings = service.platform.settings
    return WXBizMsgCrypt(settings.bot_token, settings.bot_aes_key, "", channel=WxChannel_WecomAiBot)


def ask_app(service: Installation, client: WXBizMsgCrypt, content: str) -> requests.Response:
    moment = str(int(time.time()))
    inner = (
        f"<xml><ToUserName><![CDATA[{service.platform.settings.corp_id}]]></ToUserName>"
        f"<FromUserName><![CDATA[{TEACHER}]]></FromUserName><CreateTime>{moment}</CreateTime>"
        f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{content}]]></Content>"
        f"<MsgId>7001</MsgId><AgentID>{service.platform.settings.agent_id}</AgentID></xml>"
    )
    status, sealed = client.EncryptMsg(inner.encode(), "nonce-1", moment)
    assert status == 0
    fields = ET.fromstring(sealed)
    body = (
        f"<xml><ToUserName><![CDATA[{service.platform.settings.corp_id}]]></ToUserName>"
        f"<AgentID><![CDATA[{service.platform.settings.agent_id}]]></AgentID>"
        f"<Encrypt><![CDATA[{fields.findtext('Encrypt')}]]></Encrypt></xml>"
    )
    query = {"msg_signature": fields.findtext("MsgSignature"), "timestamp": moment, "nonce": "nonce-1"}
    return requests.post(address(service, "app"), params=query, data=body.encode(), timeout=10)


def test_the_app_understands_it_and_is_understood(service: Installation) -> None:
    client = app_client(service)
    answer = ask_app(service, client, "字数要求是多少")
    assert answer.status_code == 200

    fields = ET.fromstring(answer.text)
    status, plain = client.DecryptMsg(
        answer.text, fields.findtext("MsgSignature"), fields.findtext("TimeStamp"), fields.findtext("Nonce")
    )
    assert status == 0
    reply = ET.fromstring(plain)
    assert reply.findtext("ToUserName") == TEACHER
    assert "3500" in (reply.findtext("Content") or "")


def test_the_ai_bot_understands_it_and_is_understood(service: Installation) -> None:
    client = bot_client(service)
    moment = str(int(time.time()))
    message = {
        "msgid": "independent-1",
        "aibotid": service.platform.settings.bot_id,
        "chattype": "single",
        "from": {"userid": TEACHER},
        "msgtype": "text",
        "text": {"content": "字数要求是多少"},
    }
    status, sealed = client.EncryptMsg(json.dumps(message, ensure_ascii=False).encode(), "nonce-2", moment)
    assert status == 0
    fields = json.loads(sealed)
    signature = fields.get("msgsignature") or fields.get("msg_signature")
    query = {"msg_signature": signature, "timestamp": moment, "nonce": "nonce-2"}
    body = json.dumps({"encrypt": fields["encrypt"]})
    answer = requests.post(address(service, "bot"), params=query, data=body, timeout=10)
    assert answer.status_code == 200

    outer = answer.json()
    status, plain = client.DecryptMsg(answer.text, outer["msgsignature"], str(outer["timestamp"]), outer["nonce"])
    assert status == 0
    reply = json.loads(plain)
    assert reply["msgtype"] == "stream_with_template_card"  # the choices stand below as buttons
    assert reply["stream"]["finish"] is True
    assert "3500" in reply["stream"]["content"]


def test_both_address_checks_are_answered(service: Installation) -> None:
    for channel, client, sealer in (
        ("app", app_client(service), "XML"),
        ("bot", bot_client(service), "JSON"),
    ):
        moment = str(int(time.time()))
        _, sealed = client.EncryptMsg(b"1616140317555161061", "nonce-3", moment)
        if sealer == "XML":
            fields = ET.fromstring(sealed)
            echo, signature = fields.findtext("Encrypt"), fields.findtext("MsgSignature")
        else:
            values = json.loads(sealed)
            echo, signature = values["encrypt"], values.get("msgsignature") or values.get("msg_signature")
        query = {"msg_signature": signature, "timestamp": moment, "nonce": "nonce-3", "echostr": echo}
        answer = requests.get(address(service, channel), params=query, timeout=10)
        assert (answer.status_code, answer.text) == (200, "1616140317555161061")
