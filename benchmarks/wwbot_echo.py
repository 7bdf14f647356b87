"""The peer of bench_callbacks.py: wwbot's own echo of text messages, which keeps nothing. Loaded by gunicorn."""

from __future__ import annotations

import base64
import os

from flask import Flask
from wwbot import WWBot

app = Flask("wwbot_echo")
WWBot.logger.info = lambda *_: None  # its log lines would be measured too; ours writes none a message either
WWBot.config(
    app,
    corp_id=os.environ["WECOM_CORP_ID"],
    corp_secret="unused",
    token=os.environ["WECOM_APP_TOKEN"],
    aes_key=base64.b64decode(os.environ["WECOM_APP_AES_KEY"] + "="),
    callback_path="/wecom/app",
)
