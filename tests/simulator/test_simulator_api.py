"""Tokens, sending and card updates: what the API accepts, refuses and quietly drops."""

from __future__ import annotations

import json

import pytest
import requests
from echo_product import button_card

from simulator.platform import Platform, PlatformSettings


def said(sim, userid, channel="app"):
    return [shown.text for shown in sim.platform.chat(userid, channel)]


def test_the_token_is_the_same_within_its_life(client):
    first = client.token()
    client.clock.ahead = 7000
    assert client.token() == first
    client.clock.ahead = 7300
    assert client.token() != first


def test_token_errors(client, sim):
    assert client.post("message/send", {}, token="")["errcode"] == 41001
    assert client.post("message/send", {}, token="made-up")["errcode"] == 40014
    token = client.token()
    sim.platform.expire_token()
    assert client.post("message/send", {}, token=token)["errcode"] == 42001
    token = client.token()
    sim.platform.revoke_token()
    assert client.post("message/send", {}, token=token)["errcode"] == 40014


def test_a_token_in_a_header_is_no_token(client, sim):
    headers = {"Authorization": f"Bearer {client.token()}"}
    answer = requests.get(sim.api_base + "user/get?userid=teacher-1", headers=headers, timeout=10)
    assert answer.json()["errcode"] == 41001


def test_wrong_secrets_are_refused_and_then_banned(client, sim):
    corp = sim.settings.corp_id
    assert client.get("gettoken", corpid="other", corpsecret=sim.settings.app_secret)["errcode"] == 40013
    assert client.get("gettoken", corpid=corp)["errcode"] == 41004
    codes = [client.get("gettoken", corpid=corp, corpsecret="wrong")["errcode"] for _ in range(10)]
    assert codes[0] == 40001
    assert codes[-1] == 45009
    assert client.get("gettoken", corpid=corp, corpsecret=sim.settings.app_secret)["errcode"] == 45009
    client.clock.ahead = 3700
    assert client.token()


def test_unknown_paths_and_other_hosts_are_refused(sim):
    assert requests.get(sim.api_base + "no/such", timeout=10).status_code == 404
    for name in ("evil.example", "127.0.0.1.evil.example"):
        assert requests.get(sim.url, headers={"Host": name}, timeout=10).status_code == 403
    assert requests.get(sim.url, headers={"Origin": "http://evil.example"}, timeout=10).status_code == 403


def test_part_of_the_recipients_may_be_invalid(client, sim):
    answer = client.send("Teacher-1|NOBODY|Outsider-1|unlicensed-1")
    assert answer["errcode"] == 0
    assert answer["invaliduser"] == "nobody|outsider-1"
    assert answer["unlicenseduser"] == "unlicensed-1"
    assert said(sim, "teacher-1") == ["您好"]
    assert said(sim, "outsider-1") == said(sim, "unlicensed-1") == []
    assert client.send("nobody|outsider-1")["errcode"] == 81013


def test_everybody_and_departments(client, sim):
    assert client.send("@all", toparty="99")["invalidparty"] == ""
    assert client.send("", toparty="3|99")["invalidparty"] == "99"
    assert len(said(sim, "teacher-1")) == 1
    assert len(said(sim, "teacher-2")) == 2


CARD_WITHOUT_TASK = {key: value for key, value in button_card().items() if key != "task_id"}
REFUSED = (
    (81012, {"touser": None}),
    (82001, {"touser": ""}),
    (40032, {"touser": "|".join(f"u{n}" for n in range(1001))}),
    (82002, {"toparty": "|".join(str(n) for n in range(101))}),
    (301002, {"agentid": 7}),
    (40056, {"agentid": None}),
    (40056, {"agentid": "x"}),
    (40008, {"msgtype": "poem"}),
    (44004, {"text": {"content": ""}}),
    (40058, {"msgtype": "markdown", "markdown": {"content": "字" * 683}}),
    (40007, {"msgtype": "file", "file": {"media_id": "gone"}}),
    (40054, {"msgtype": "textcard", "textcard": {"title": "t", "description": "d", "url": "javascript:1"}}),
    (40058, {"msgtype": "textcard", "textcard": {"title": "t", "description": "d"}}),
    (45008, {"msgtype": "news", "news": {"articles": []}}),
    (40054, {"msgtype": "news", "news": {"articles": [{"title": "t"}]}}),
    (40058, {"msgtype": "template_card", "template_card": CARD_WITHOUT_TASK}),
    (40058, {"msgtype": "template_card", "template_card": button_card(button_list=[])}),
    (40058, {"msgtype": "template_card", "template_card": button_card("bad id!")}),
    (40058, {"msgtype": "template_card", "template_card": {"card_type": "text_notice", "sub_title_text": "x"}}),
    (40058, {"enable_duplicate_check": 1, "duplicate_check_interval": 14401}),
)


@pytest.mark.parametrize(("errcode", "change"), REFUSED)
def test_what_message_send_refuses(client, sim, errcode, change):
    body = {"touser": "teacher-1", "msgtype": "text", "agentid": sim.settings.agent_id, "text": {"content": "x"}}
    body = {key: value for key, value in (body | change).items() if value is not None}
    assert client.post("message/send", body)["errcode"] == errcode
    assert said(sim, "teacher-1") == []


def test_broken_bodies_and_methods(client, sim):
    params = {"access_token": client.token()}
    url = sim.api_base + "message/send"
    assert requests.post(url, params=params, data=b"{", timeout=10).json()["errcode"] == 40035
    assert requests.get(url, params=params, timeout=10).json()["errcode"] == 43002


def test_text_is_cut_at_bytes(client, sim):
    client.send(text={"content": "字" * 682 + "ab"})
    client.send(text={"content": "字" * 683})
    whole, cut = said(sim, "teacher-1")
    assert whole == "字" * 682 + "ab"
    assert cut.startswith("字" * 682)
    assert "字" * 683 not in cut
    assert len(sim.platform.ledger.entries("truncated")) == 1


def test_the_same_bytes_are_delivered_once_within_the_interval(client, sim):
    body = {
        "touser": "teacher-1", "msgtype": "text", "agentid": sim.settings.agent_id, "text": {"content": "x"},
        "enable_duplicate_check": 1, "duplicate_check_interval": 14400,
    }  # fmt: skip
    first, second = client.post("message/send", body), client.post("message/send", body)
    assert first["errcode"] == second["errcode"] == 0
    assert said(sim, "teacher-1") == ["x"]
    client.clock.ahead = 14401
    client.post("message/send", body)
    client.post("message/send", {**body, "enable_duplicate_check": 0})
    assert said(sim, "teacher-1") == ["x"] * 3


def test_more_than_thirty_a_minute_vanish_without_an_error(client, sim):
    codes = {client.send(text={"content": str(number)})["errcode"] for number in range(33)}
    assert codes == {0}
    assert said(sim, "teacher-1") == [str(number) for number in range(30)]
    assert len(sim.platform.ledger.entries("dropped", "teacher-1")) == 3
    client.clock.ahead = 61
    client.send(text={"content": "again"})
    assert said(sim, "teacher-1")[-1] == "again"


def test_recall_within_a_day_and_once(client, sim):
    msgid = client.send("teacher-1|teacher-2")["msgid"]
    client.clock.ahead = 3600
    assert client.post("message/recall", {"msgid": msgid})["errcode"] == 0
    assert [shown.recalled for shown in sim.platform.chat("teacher-1")] == [True]
    assert client.post("message/recall", {"msgid": msgid})["errcode"] == 40058
    late = client.send()["msgid"]
    client.clock.ahead += 90000
    assert client.post("message/recall", {"msgid": late})["errcode"] == 40058


def test_a_card_is_updated_once_by_its_response_code(client, sim):
    answer = client.send("teacher-1|teacher-2", "template_card", template_card=button_card())
    body = {"userids": ["teacher-1", "NOBODY"], "agentid": sim.settings.agent_id,
            "response_code": answer["response_code"], "button": {"replace_name": "已处理"}}  # fmt: skip
    assert client.post("message/update_template_card", body)["invaliduser"] == ["nobody"]
    assert sim.platform.chat("teacher-1")[0].card["replaced"] == "已处理"
    assert "replaced" not in sim.platform.chat("teacher-2")[0].card
    assert client.post("message/update_template_card", body)["errcode"] == 40058
    assert client.send("teacher-2", "template_card", template_card=button_card())["errcode"] == 40058


def test_members_are_shown_within_the_scope_only(client):
    token = client.token()
    assert client.get("user/get", access_token=token, userid="TEACHER-2")["department"] == [3]
    assert client.get("user/get", access_token=token, userid="outsider-1")["errcode"] == 60011
    assert client.get("user/get", access_token=token, userid="nobody")["errcode"] == 60111


def test_a_login_code_works_once_and_for_five_minutes(client, sim):
    token = client.token()
    params = {"appid": sim.settings.corp_id, "redirect_uri": "http://127.0.0.1:9/back", "state": "s1",
              "userid": "teacher-1", "response_type": "code", "scope": "snsapi_base"}  # fmt: skip
    url = f"{sim.url}/connect/oauth2/authorize"
    target = requests.get(url, params=params, allow_redirects=False, timeout=10).headers["Location"]
    assert target.startswith("http://127.0.0.1:9/back?code=")
    assert target.endswith("&state=s1")
    code = target.split("code=")[1].split("&")[0]
    assert client.get("auth/getuserinfo", access_token=token, code=code)["userid"] == "teacher-1"
    assert client.get("auth/getuserinfo", access_token=token, code=code)["errcode"] == 40029
    old = sim.platform.oauth_code("teacher-1")
    client.clock.ahead = 301
    assert client.get("auth/getuserinfo", access_token=token, code=old)["errcode"] == 40029
    elsewhere = {**params, "redirect_uri": "https://evil.example/"}
    assert requests.get(url, params=elsewhere, allow_redirects=False, timeout=10).status_code == 400


def test_the_ledger_file_holds_every_entry(tmp_path):
    from_file = tmp_path / "ledger.jsonl"
    platform = Platform(PlatformSettings(), ledger_path=from_file)
    platform.ledger.add("verify", note="字")
    lines = [json.loads(line) for line in from_file.read_text("utf-8").splitlines()]
    assert [line["data"]["note"] for line in lines] == ["字"]


def test_the_app_tells_about_itself(client, sim):
    app = client.get("agent/get", access_token=client.token(), agentid=sim.settings.agent_id)
    assert app["errcode"] == 0
    assert {"userid": "teacher-1"} in app["allow_userinfos"]["user"]
    assert (app["close"], app["redirect_domain"], app["agentid"]) == (0, "", sim.settings.agent_id)
    assert client.get("agent/get", access_token=client.token(), agentid=1)["errcode"] == 301002
    assert client.get("agent/get", access_token=client.token(), agentid="")["errcode"] == 40056
    assert client.get("agent/get", access_token="", agentid=1)["errcode"] == 41001


def test_an_address_that_is_not_trusted_gets_a_token_and_nothing_else(client, sim):
    sim.platform.pace.untrusted_ip = "203.0.113.7"
    refused = client.get("user/get", access_token=client.token(), userid="teacher-1")
    assert refused["errcode"] == 60020
    assert "from ip: 203.0.113.7" in refused["errmsg"]


def test_a_gateway_may_answer_with_a_page(sim):
    sim.platform.knobs.set("get_api_domain_ip", "page")
    answer = requests.get(sim.api_base + "get_api_domain_ip", timeout=10)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html")
    assert requests.get(sim.api_base + "get_api_domain_ip", timeout=10).json()["errcode"] == 41001
