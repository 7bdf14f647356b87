"""Settings from the environment or `.env`: all read at start, all faults told at once, secrets without defaults."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot import fail_points
from domain.errors import ConfigError

DATABASE_FILE = "case-keeper.db"
REAL_API_BASE = "https://qyapi.weixin.qq.com/cgi-bin/"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


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
        return _is_web_address(self.wecom_api_base) and urlsplit(self.wecom_api_base).hostname in LOOPBACK

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
_TOLD = {
    "int_parsing": "要填整数",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
}
# A lease shorter than a slow platform call would be lost while the work goes on.
_SHORTEST_SECRET = 32
_SHORTEST_LEASE_SECONDS = 30
_DOMAIN_CODE = re.compile(r"[A-Za-z0-9]{1,64}")
_BUCKET = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9._=/-]*)?")


def load_settings(**overrides: object) -> Settings:
    """Read and check everything. Raises ConfigError with every fault found, each naming its variable, in the words of
    whoever fills them in."""
    try:
        settings = Settings(**overrides)  # type: ignore[arg-type]
    except OSError as error:
        raise ConfigError((f".env：读不了（{error.strerror}），请用运行服务的用户来运行",)) from None
    except UnicodeDecodeError:
        raise ConfigError((".env：不是 UTF-8 编码，请另存为 UTF-8",)) from None
    except ValidationError as error:
        raise ConfigError(tuple(map(_told, error.errors()))) from None
    faults = (*_channel_faults(settings), *_value_faults(settings))
    if faults:
        raise ConfigError(faults)
    return settings


def _told(fault: ErrorDetails) -> str:
    name = ".".join(str(part) for part in fault["loc"]).upper()
    what = _TOLD.get(fault["type"], "写法不对").format(**fault.get("ctx", {}))
    return f"{name}：{what}"


def _is_web_address(url: str) -> bool:
    """Whether it can be taken apart at all, and begins as it should."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and port != 0


def _channel_faults(settings: Settings) -> list[str]:
    faults = []
    for title, names in (("自建应用", _APP_FIELDS), ("智能机器人", _BOT_FIELDS)):
        missing = [name.upper() for name in names if getattr(settings, name) is None]
        if missing and len(missing) < len(names):
            faults.append(f"{'、'.join(missing)}：没有填，{title}的 {len(names)} 项要么都填，要么都不填")
    if not settings.has_app and not settings.has_bot:
        faults.append("WECOM_APP_TOKEN、WECOM_BOT_TOKEN：自建应用和智能机器人至少要填一个（见 .env.example）")
    for name in ("wecom_app_aes_key", "wecom_bot_aes_key"):
        key = getattr(settings, name)
        if key is not None and not _AES_KEY.fullmatch(key.get_secret_value()):
            faults.append(f"{name.upper()}：要和管理后台显示的一样，43 个字母和数字")
    return faults


def _value_faults(settings: Settings) -> list[str]:
    faults = []
    if not _is_web_address(settings.wecom_api_base):
        faults.append("WECOM_API_BASE：要以 https:// 开头；用真的企业微信就空着不填这一行")
    elif not settings.wecom_api_base.startswith("https://") and not settings.api_is_loopback:
        faults.append("WECOM_API_BASE：只有本机的地址才能用 http")
    if settings.public_url and not _is_web_address(settings.public_url):
        faults.append("PUBLIC_URL：要写成 https://bot.example.edu.cn 的样子")
    if not all(_DOMAIN_CODE.fullmatch(code) for code in settings.wecom_domain_files):
        faults.append("WECOM_DOMAIN_FILES：要写管理后台给的文件名，如 WW_verify_AbC123.txt")
    if settings.bot_clock and not settings.api_is_loopback:
        faults.append("BOT_CLOCK：改时间只用于演示和测试，接真的企业微信时请去掉")
    if settings.bot_clock and not settings.bot_clock.startswith("@"):
        try:
            datetime.fromisoformat(settings.bot_clock)
        except ValueError:
            faults.append("BOT_CLOCK：要写成 2023-05-06T09:00+08:00 的样子，或 @文件名")
    faults += [*_test_only_faults(settings), *_secret_faults(settings), *_model_faults(settings)]
    if settings.blob_url and not _BUCKET.fullmatch(settings.blob_url):
        faults.append("BLOB_URL：要写成 s3://桶名 或 s3://桶名/前缀；空着就放在 DATA_DIR 里")
    return faults


def _secret_faults(settings: Settings) -> list[str]:
    """Links to files are signed: whoever can guess the secret could read what others were sent."""
    if settings.secret_key is not None and len(settings.secret_key.get_secret_value()) < _SHORTEST_SECRET:
        return [f"SECRET_KEY：至少 {_SHORTEST_SECRET} 个随机字符，可用 openssl rand -hex 32 生成"]
    if settings.public_url and settings.secret_key is None:
        return ["SECRET_KEY：没有填，PUBLIC_URL 下的链接要用它签名，可用 openssl rand -hex 32 生成"]
    return []


def _model_faults(settings: Settings) -> list[str]:
    if not settings.model_base_url:
        given = [name.upper() for name in ("model_key", "model_name") if getattr(settings, name)]
        return [f"MODEL_BASE_URL：没有填，只填 {'、'.join(given)} 没有用"] if given else []
    faults = [] if settings.model_name else ["MODEL_NAME：没有填，不知道用哪个模型"]
    if not _is_web_address(settings.model_base_url):
        return [*faults, "MODEL_BASE_URL：要以 https:// 开头"]
    address = urlsplit(settings.model_base_url)
    if address.scheme != "https" and (address.scheme != "http" or (address.hostname or "") not in LOOPBACK):
        faults.append("MODEL_BASE_URL：要以 https:// 开头，只有本机的地址才能用 http")
    return faults


def _test_only_faults(settings: Settings) -> list[str]:
    faults = []
    if settings.bot_fail_points:
        if not settings.api_is_loopback:
            faults.append("BOT_FAIL_POINTS：只用于测试，接真的企业微信时请去掉")
        try:
            fail_points.parse(settings.bot_fail_points)
        except ConfigError as error:
            faults.extend(error.faults)
    if (
        settings.bot_lease_seconds or _SHORTEST_LEASE_SECONDS
    ) < _SHORTEST_LEASE_SECONDS and not settings.api_is_loopback:
        faults.append(f"BOT_LEASE_SECONDS：接真的企业微信时至少 {_SHORTEST_LEASE_SECONDS}，或者空着")
    return faults
