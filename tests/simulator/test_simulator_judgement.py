"""The judges of replies and cards take any JSON: they name faults, they never fall over."""

from __future__ import annotations

import json

import pytest
from echo_product import button_card
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.app_xml import PassiveError, open_passive, read, write
from simulator.bot_replies import ReplyError, check_refresh, check_reply, check_response_url, open_reply
from simulator.cards import CARD_TYPES, card_faults
from simulator.multipart import parts
from simulator.settings import PlatformSettings, SettingsError, load_people, load_settings, save_settings

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=6) | st.sampled_from(CARD_TYPES),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
CARD_PARTS = (
    "main_title", "sub_title_text", "task_id", "action_menu", "jump_list", "button_list", "checkbox", "select_list",
    "submit_button", "card_action", "card_image", "image_text_area", "horizontal_content_list", "button_selection",
    "vertical_content_list", "source",
)  # fmt: skip
ODD_CARD = st.builds(
    lambda kind, parts_: {"card_type": kind, **parts_},
    st.sampled_from(CARD_TYPES) | JSON,
    st.dictionaries(st.sampled_from(CARD_PARTS), JSON, max_size=5),
)
ODD_REPLY = st.dictionaries(
    st.sampled_from(("msgtype", "stream", "template_card", "text", "markdown", "response_type")),
    JSON | ODD_CARD | st.sampled_from(("stream", "text", "template_card", "stream_with_template_card", "markdown")),
)


@given(ODD_CARD, st.booleans())
def test_any_card_is_judged(card, for_bot):
    assert all(isinstance(fault, str) for fault in card_faults(card, for_bot=for_bot))


def verdict(judge) -> str:
    try:
        judge()
    except (ReplyError, PassiveError) as error:
        return str(error)
    return "accepted"


@given(ODD_REPLY, st.sampled_from(("", "enter_chat", "template_card_event", "feedback_event")), st.booleans())
def test_any_reply_is_judged(reply, event, group):
    assert verdict(lambda: check_reply(reply, event, group=group))
    assert verdict(lambda: check_refresh(reply, "S1"))
    assert verdict(lambda: check_response_url(reply, group=group))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=ODD_REPLY)
def test_any_message_is_answered_with_an_errcode(client, sim, body):
    token = sim.platform.tokens.gettoken(sim.settings.corp_id, sim.settings.app_secret)["access_token"]
    sim.platform.pace.gettoken_per_minute = 1000
    message = {"touser": "teacher-1", "agentid": sim.settings.agent_id, **body}
    assert isinstance(client.post("message/send", message, token)["errcode"], int)
    assert isinstance(client.post("message/update_template_card", message, token)["errcode"], int)


@given(st.binary(max_size=80))
def test_any_bytes_are_an_answer_or_a_fault(body):
    made = PlatformSettings()
    assert verdict(lambda: open_reply(body, "n", made.bot_token, made.bot_aes_key))
    assert verdict(lambda: open_passive(body, made.app_token, made.app_aes_key, made.corp_id))
    assert isinstance(parts("multipart/form-data; boundary=b", body), list)


GOOD_CARDS = (
    {"card_type": "text_notice", "sub_title_text": "x", "card_action": {"type": 1, "url": "https://example.com/"}},
    {
        "card_type": "news_notice", "main_title": {"title": "x"}, "card_image": {"url": "https://example.com/a.png"},
        "card_action": {"type": 2, "appid": "wx1"},
    },
    button_card(action_menu={"desc": "更多", "action_list": [{"text": "a", "key": "b"}]}),
    {
        "card_type": "vote_interaction", "main_title": {"title": "x"}, "task_id": "t@1_-",
        "checkbox": {"question_key": "q", "mode": 1, "option_list": [{"id": "1", "text": "一"}]},
        "submit_button": {"text": "交", "key": "k"},
    },
    {
        "card_type": "multiple_interaction", "main_title": {"title": "x"}, "task_id": "t",
        "select_list": [{"question_key": "q", "title": "类别", "option_list": [{"id": "1", "text": "一"}]}],
        "submit_button": {"text": "交", "key": "k"},
    },
)  # fmt: skip
BAD_CARDS = (
    ("button_list has 7", button_card(button_list=[{"text": "a", "key": str(n)} for n in range(7)])),
    ("button_list.key", button_card(button_list=[{"text": "a", "key": "k" * 1025}])),
    ("button_list.style", button_card(button_list=[{"text": "a", "key": "k", "style": 5}])),
    ("button_list.url", button_card(button_list=[{"text": "a", "type": 1, "url": "ftp://x"}])),
    ("horizontal_content_list has 7", button_card(horizontal_content_list=[{"keyname": "a"}] * 7)),
    ("jump_list has 4", button_card(jump_list=[{"title": "a"}] * 4)),
    ("task_id", button_card("t" * 129)),
    (
        "main_title.title",
        {"card_type": "button_interaction", "task_id": "t", "button_list": [{"text": "a", "key": "b"}]},
    ),
    ("option_list", GOOD_CARDS[3] | {"checkbox": {"question_key": "q", "option_list": []}}),
    ("unique", GOOD_CARDS[3] | {"checkbox": {"question_key": "q", "option_list": [{"id": "1", "text": "一"}] * 2}}),
    ("submit_button", {key: value for key, value in GOOD_CARDS[4].items() if key != "submit_button"}),
    ("aspect_ratio", GOOD_CARDS[1] | {"card_image": {"url": "https://example.com/a.png", "aspect_ratio": 3}}),
    ("card_action", {"card_type": "text_notice", "sub_title_text": "x"}),
)


@pytest.mark.parametrize("card", GOOD_CARDS)
def test_good_cards_of_all_kinds_pass(card):
    assert card_faults(card, for_bot=True) == card_faults(card, for_bot=False) == []


@pytest.mark.parametrize(("what", "card"), BAD_CARDS)
def test_bad_cards_are_told_what_is_wrong(what, card):
    assert any(what in fault for fault in card_faults(card, for_bot=True))


def test_a_question_in_a_card_is_for_bots_only():
    card = button_card(jump_list=[{"type": 3, "title": "问", "question": "字数？"}])
    assert card_faults(card, for_bot=True) == []
    assert card_faults(card, for_bot=False)


XML_TEXT = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFFFD, exclude_categories=("Cs",)), min_size=1)


@given(XML_TEXT)
def test_any_text_survives_the_xml(text):
    assert read(write({"Content": text}))["Content"] == text


def test_settings_are_written_and_read_again(tmp_path):
    made = PlatformSettings(people=load_people_of(tmp_path))
    save_settings(made, tmp_path / "config.json")
    assert load_settings(tmp_path / "config.json") == made
    assert (tmp_path / "config.json").stat().st_mode & 0o077 == 0


def load_people_of(folder):
    file = folder / "people.toml"
    file.write_text(
        '[[people]]\nuserid = "a"\nname = "甲县 教师"\nrole = "teacher"\nunit = "u1"\nschool = "某校"\n', "utf-8"
    )
    people = load_people(file)
    assert (people[0].department, people[0].note) == ("u1", "某校")
    return people


@pytest.mark.parametrize(
    "text",
    ["people = 1 x", '[[people]]\nname = "x"', '[[people]]\nuserid="a"\nname="x"\n[[people]]\nuserid="A"\nname="y"'],
)
def test_a_bad_roster_is_refused_with_its_name(tmp_path, text):
    file = tmp_path / "people.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=r"people\.toml"):
        load_people(file)


@pytest.mark.parametrize("values", [[], {"colour": "red"}, "not json"])
def test_a_bad_config_is_refused(tmp_path, values):
    file = tmp_path / "config.json"
    file.write_text(values if isinstance(values, str) else json.dumps(values), "utf-8")
    with pytest.raises(SettingsError):
        load_settings(file)
