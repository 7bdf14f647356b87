"""The composition: everything a process needs, built once from settings."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from answers import Engine
from bot import fail_points
from bot.clock import Clock, open_clock
from bot.config import Settings
from bot.copies import COMMAND
from bot.engines import Engines
from bot.leases import LeaseKeeper
from bot.links import Links
from bot.model.endpoint import Endpoint
from bot.model.suggesting import Model
from bot.nudge import Nudge, Waiting
from bot.opening import open_database
from bot.shared_tokens import SharedTokens
from bot.uploads.desk import UploadDesk, upload_desk
from bot.wecom.aibot_channel import AiBotChannel
from bot.wecom.api import WeComApi
from bot.wecom.app_channel import AppChannel
from bot.wecom.tokens import credential_id
from domain.notice import Notice
from domain.notice_loader import load_notice
from store import people
from store.blobs import Blobs, BlobStore
from store.database import Database
from store.s3_blobs import S3Blobs
from validators import bind
from validators.sandbox import Sandbox


@dataclass(frozen=True, slots=True)
class Services:
    """What web, worker, command line and tests share. Close it when the process ends.

    `links` and `desk` are None without PUBLIC_URL: then files go out through the app only, and come in by chat only.
    `stopping` is set when the process is asked to end: long downloads then go back to their rows.
    """

    settings: Settings
    notice: Notice
    engines: Engines
    database: Database
    blobs: Blobs
    clock: Clock
    sandbox: Sandbox
    app: AppChannel | None
    aibot: AiBotChannel | None
    api: WeComApi | None
    links: Links | None
    nudge: Nudge
    desk: UploadDesk | None = None
    model: Model | None = None
    leases: LeaseKeeper = field(default_factory=LeaseKeeper)
    stopping: threading.Event = field(default_factory=threading.Event)
    randomness: Callable[[int], bytes] = field(default=secrets.token_bytes)

    def close(self) -> None:
        """Stop the sandbox, give the connections back."""
        self.stopping.set()
        self.sandbox.close()
        self.database.close()


def no_nudge(waiting: Waiting) -> None:
    """For processes without a queue: the tick does everything."""


def build(settings: Settings, nudge: Nudge = no_nudge, engine: Engine | None = None) -> Services:
    """Load the notice, open the database (migrated to the newest tables) and the folders, connect the channels.

    An `engine` that was made of the notice before is taken as it is, and with it its notice: they are most of a start.
    Raises ConfigError with everything that is wrong with the notice or the keys, or with why there is no database.
    """
    fail_points.arm(settings.bot_fail_points)
    notice = load_notice(settings.notice) if engine is None else engine.notice
    bind(notice)  # unknown rules or parameters stop the start
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = open_database(settings.effective_database_url)
    clock = open_clock(settings.bot_clock, notice.timezone, database)
    with database.begin() as session:
        people.fix_admins(session, settings.admin_userids, clock.now())
    blobs = open_blobs(settings)
    blobs.clean_leftovers(clock.real())
    return Services(
        settings=settings,
        notice=notice,
        engines=Engines(notice, engine or Engine(notice)),
        database=database,
        blobs=blobs,
        clock=clock,
        sandbox=Sandbox(command=COMMAND),
        app=_app_channel(settings),
        aibot=_aibot_channel(settings),
        api=_api(settings, database),
        links=_links(settings),
        nudge=nudge,
        desk=upload_desk(settings),
        model=_model(settings),
        leases=LeaseKeeper(settings.lease),
    )


def open_blobs(settings: Settings) -> Blobs:
    """Where the files of this installation lie; makes the folder. Raises OSError when it cannot."""
    if settings.blob_url:
        return S3Blobs(settings.blob_url, BlobStore(settings.data_dir / "blob-cache"))
    return BlobStore(settings.data_dir / "blobs")


def _app_channel(settings: Settings) -> AppChannel | None:
    if settings.wecom_app_token is None or settings.wecom_app_aes_key is None or settings.wecom_corp_id is None:
        return None
    return AppChannel(
        settings.wecom_app_token.get_secret_value(),
        settings.wecom_app_aes_key.get_secret_value(),
        settings.wecom_corp_id,
    )


def _aibot_channel(settings: Settings) -> AiBotChannel | None:
    if settings.wecom_bot_token is None or settings.wecom_bot_aes_key is None:
        return None
    return AiBotChannel(settings.wecom_bot_token.get_secret_value(), settings.wecom_bot_aes_key.get_secret_value())


def _links(settings: Settings) -> Links | None:
    if not settings.public_url or settings.secret_key is None:
        return None
    return Links(settings.public_url, settings.secret_key.get_secret_value())


def _model(settings: Settings) -> Model | None:
    if not settings.model_base_url:
        return None
    key = settings.model_key.get_secret_value() if settings.model_key is not None else ""
    return Model(Endpoint(settings.model_base_url, settings.model_name, key))


def _api(settings: Settings, database: Database) -> WeComApi | None:
    if settings.wecom_app_secret is None or settings.wecom_corp_id is None:
        return None
    secret = settings.wecom_app_secret.get_secret_value()
    tokens = SharedTokens(database, credential_id(settings.wecom_corp_id, secret))
    return WeComApi(settings.wecom_corp_id, secret, settings.wecom_api_base, tokens)
