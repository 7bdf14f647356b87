"""Times and habits of the platform that the documents fix or leave open; a test may turn any of them while it runs."""

from __future__ import annotations

from dataclasses import dataclass

_MINUTE = 60.0
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_MIB = 1024 * 1024


@dataclass(slots=True)
class Pace:
    """Seconds and counts unless said otherwise.

    Documented: 5 s for a POST, 1 s for the URL check, three tries for the app, one for AI bot events, 6 minutes of a
    stream, 5 minutes of a media URL, one hour of a response_url, 3 days of a media_id, 72 hours of a response_code,
    2 hours of a token.
    Not documented, so a knob: tries of AI bot messages, the pause between tries, the interval of refreshes.
    """

    post_limit: float = 5.0
    verify_limit: float = 1.0
    app_tries: int = 3
    bot_message_tries: int = 3
    bot_event_tries: int = 1
    retry_pause: float = 0.3
    refresh_every: float = 0.5
    stream_life: float = 6 * _MINUTE
    interactions_in_flight: int = 3
    media_url_life: float = 5 * _MINUTE
    response_url_life: float = _HOUR
    media_id_life: float = 3 * _DAY
    response_code_life: float = 72 * _HOUR
    recall_life: float = _DAY
    token_life: float = 2 * _HOUR
    oauth_code_life: float = 5 * _MINUTE
    sends_per_minute: int = 30
    sends_per_hour: int = 1000
    gettoken_per_minute: int = 60
    wrong_secrets_allowed: int = 10
    secret_ban: float = _HOUR
    media_whole_limit: int = 20 * _MIB
    bot_file_limit: int = 100 * _MIB
    # The address that calls are said to come from while it is not among the 企业可信IP (document 92520); "" when it is.
    untrusted_ip: str = ""
    # What agent/get tells (document 90227): 停用, 上报进入应用事件.
    app_closed: bool = False
    app_reports_enter: bool = True
    raw_plus_in_echostr: bool = False
    # How the name of a file sent to the bot is given: "both", "star" (filename*= only), "plain" (raw UTF-8) or "none".
    disposition: str = "both"
    # The real app callback never gets files (document 90239); some clients are said to send them.
    app_delivers_files: bool = False
    # SDK types show event_key and task_id flat under `event`, the document nests them.
    flat_card_event: bool = False
