"""Settings from the environment or `.env`: all read at start, all faults told at once, secrets without defaults."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot import fail_points
from domain.errors import ConfigError

DATABASE_FILE = "case-keeper.db"
REAL_API_BASE = "https://qyapi.weixin.qq.com/cgi-bin/"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def _list_of_ids(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip().lower() for part in value.replace(";", ",").split(",") if part.strip())
    return value


def _empty_is_none(value: object) -> object:
    return None if value == "" else value


def _codes_of_files(value: object) -> object:
    if isinstance(value, str):
        names = (name.strip() for name in value.replace(";", ",").split(","))
        return tuple(name.removeprefix("WW_verify_").removesuffix(".txt") for name in names if name)
    return value


Ids = Annotated[tuple[str, ...], BeforeValidator(_list_of_ids)]
DomainCodes = Annotated[tuple[str, ...], BeforeValidator(_codes_of_files)]
OptionalSecret = Annotated[SecretStr | None, BeforeValidator(_empty_is_none)]
OptionalText = Annotated[str | None, BeforeValidator(_empty_is_none)]
OptionalNumber = Annotated[int | None, BeforeValidator(_empty_is_none)]


class Settings(BaseSettings):
    """One installation. Field names are the environment variables of docs/operations.md in lower case.

    Either channel (self-built app, AI bot) may be absent, not both.
    """

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True, enable_decoding=False
    )

    wecom_corp_id: OptionalText = None
    wecom_agent_id: OptionalNumber = None
    wecom_app_secret: OptionalSecret = None
    wecom_app_token: OptionalSecret = None
    wecom_app_aes_key: OptionalSecret = None
    wecom_bot_token: OptionalSecret = None
    wecom_bot_aes_key: OptionalSecret = None
    wecom_bot_id: OptionalText = None
    wecom_bot_secret: OptionalSecret = None
    wecom_api_base: str = REAL_API_BASE
    wecom_domain_files: DomainCodes = ()
    public_url: str = ""
    data_dir: Path = Path(".data")
    database_url: str = ""
    redis_url: str = ""
    blob_url: str = ""
    notice: Path = Path("notices/enshi-2023-05")
    admin_userids: Ids = ()
    secret_key: OptionalSecret = None
    upload_max_bytes: int = Field(default=2 << 30, ge=1 << 20, le=64 << 30)
    host: str = "0.0.0.0"  # noqa: S104 - the callbacks must be reachable; the demo narrows it to loopback
    port: int = Field(default=8000, ge=1, le=65535)
    bot_clock: str = ""
    bot_lease_seconds: Annotated[Annotated[int, Field(ge=1, le=600)] | None, BeforeValidator(_empty_is_none)] = None
    bot_fail_points: str = ""
    model_base_url: str = ""
    model_key: OptionalSecret = None
    model_name: str = ""

    @property
    def has_app(self) -> bool:
        """Whether the self-built app's channel is configured."""
        return self.wecom_app_token is not None

    @property
    def has_bot(self) -> bool:
        """Whether the AI bot's webhook channel is configured."""
        return self.wecom_bot_token is not None

    @property
    def api_is_loopback(self) -> bool:
        """Whether the platform is a stand-in on this machine: only then http and loopback addresses are allowed."""
        return (urlsplit(self.wecom_api_base).hostname or "") in _LOOPBACK

    @property
    def lease(self) -> timedelta | None:
        """How long this installation's leases last, None for each kind's own length."""
        return None if self.bot_lease_seconds is None else timedelta(seconds=self.bot_lease_seconds)

    @property
    def effective_database_url(self) -> str:
        """DATABASE_URL, or a SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{(self.data_dir / DATABASE_FILE).absolute()}"


_APP_FIELDS = ("wecom_corp_id", "wecom_agent_id", "wecom_app_secret", "wecom_app_token", "wecom_app_aes_key")
_BOT_FIELDS = ("wecom_bot_token", "wecom_bot_aes_key")
_AES_KEY = re.compile(r"[A-Za-z0-9+/]{43}")  # base64 of 32 bytes without its "="
# A lease shorter than a slow platform call would be lost while the work goes on.
_SHORTEST_SECRET = 32
_SHORTEST_LEASE_SECONDS = 30
_DOMAIN_CODE = re.compile(r"[A-Za-z0-9]{1,64}")
_BUCKET = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9._=/-]*)?")


def load_settings(**overrides: object) -> Settings:
    """Read and check everything. Raises ConfigError with every fault found, each naming its variable."""
    try:
        settings = Settings(**overrides)  # type: ignore[arg-type]
    except OSError as error:
        raise ConfigError((f".env: cannot be read ({error.strerror}), run as the user whom it belongs to",)) from None
    except UnicodeDecodeError:
        raise ConfigError((".env: is not UTF-8, save it as UTF-8",)) from None
    except ValidationError as error:
        raise ConfigError(
            tuple(f"{'.'.join(str(part) for part in fault['loc']).upper()}: {fault['msg']}" for fault in error.errors())
        ) from None
    faults = (*_channel_faults(settings), *_value_faults(settings))
    if faults:
        raise ConfigError(faults)
    return settings


def _channel_faults(settings: Settings) -> list[str]:
    faults = []
    for title, names in (("self-built app", _APP_FIELDS), ("AI bot", _BOT_FIELDS)):
        missing = [name.upper() for name in names if getattr(settings, name) is None]
        if missing and len(missing) < len(names):
            faults.append(f"{', '.join(missing)}: missing, the {title} needs all of its values")
    if not settings.has_app and not settings.has_bot:
        faults.append("WECOM_APP_TOKEN or WECOM_BOT_TOKEN: at least one channel must be set in .env (see .env.example)")
    for name in ("wecom_app_aes_key", "wecom_bot_aes_key"):
        key = getattr(settings, name)
        if key is not None and not _AES_KEY.fullmatch(key.get_secret_value()):
            faults.append(f"{name.upper()}: must have 43 letters and digits, as WeCom's admin page shows it")
    return faults


def _value_faults(settings: Settings) -> list[str]:
    faults = []
    if urlsplit(settings.wecom_api_base).scheme not in {"http", "https"}:
        faults.append("WECOM_API_BASE: must be an http(s) address")
    elif not settings.wecom_api_base.startswith("https://") and not settings.api_is_loopback:
        faults.append("WECOM_API_BASE: plain http is allowed only for this machine itself")
    if settings.public_url and urlsplit(settings.public_url).scheme not in {"http", "https"}:
        faults.append("PUBLIC_URL: must be an http(s) address")
    if not all(_DOMAIN_CODE.fullmatch(code) for code in settings.wecom_domain_files):
        faults.append(
            "WECOM_DOMAIN_FILES: must be names as WeCom's admin page shows them, such as WW_verify_AbC123.txt"
        )
    if settings.bot_clock and not settings.api_is_loopback:
        faults.append("BOT_CLOCK: a shifted clock is for demo and tests, it is refused with the real WeCom")
    if settings.bot_clock and not settings.bot_clock.startswith("@"):
        try:
            datetime.fromisoformat(settings.bot_clock)
        except ValueError:
            faults.append("BOT_CLOCK: must be an ISO time such as 2023-05-06T09:00+08:00, or @FILE")
    faults += [*_test_only_faults(settings), *_secret_faults(settings), *_model_faults(settings)]
    if settings.blob_url and not _BUCKET.fullmatch(settings.blob_url):
        faults.append("BLOB_URL: must be s3://bucket or s3://bucket/prefix, or empty for a folder under DATA_DIR")
    return faults


def _secret_faults(settings: Settings) -> list[str]:
    """Links to files are signed: whoever can guess the secret could read what others were sent."""
    if settings.secret_key is not None and len(settings.secret_key.get_secret_value()) < _SHORTEST_SECRET:
        return [f"SECRET_KEY: must have at least {_SHORTEST_SECRET} random characters"]
    if settings.public_url and settings.secret_key is None:
        return ["SECRET_KEY: missing, links under PUBLIC_URL are signed with it"]
    return []


def _model_faults(settings: Settings) -> list[str]:
    if not settings.model_base_url:
        given = [name.upper() for name in ("model_key", "model_name") if getattr(settings, name)]
        return [f"MODEL_BASE_URL: missing, {' and '.join(given)} alone does nothing"] if given else []
    faults = [] if settings.model_name else ["MODEL_NAME: missing, the endpoint needs to know which model"]
    address = urlsplit(settings.model_base_url)
    if address.scheme != "https" and (address.scheme != "http" or (address.hostname or "") not in _LOOPBACK):
        faults.append("MODEL_BASE_URL: must be an https address, or http on this machine")
    return faults


def _test_only_faults(settings: Settings) -> list[str]:
    faults = []
    if settings.bot_fail_points:
        if not settings.api_is_loopback:
            faults.append("BOT_FAIL_POINTS: is for tests, it is refused with the real WeCom")
        try:
            fail_points.parse(settings.bot_fail_points)
        except ConfigError as error:
            faults.extend(error.faults)
    if (
        settings.bot_lease_seconds or _SHORTEST_LEASE_SECONDS
    ) < _SHORTEST_LEASE_SECONDS and not settings.api_is_loopback:
        faults.append(f"BOT_LEASE_SECONDS: must be at least {_SHORTEST_LEASE_SECONDS} with the real WeCom")
    return faults
