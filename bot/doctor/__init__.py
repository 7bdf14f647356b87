"""What is wrong with a real installation, in plain words: every check in one list, in the order in which one builds on
the other. Nothing is sent to anybody, nothing that people see is changed, no secret is told."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.config import LOOPBACK
from bot.doctor import here, platform, public, stores
from bot.doctor.examining import Check
from bot.doctor.subject import Subject


def _online(subject: Subject) -> str:
    return "用了 --offline，不连网" if subject.offline else ""


def _app(subject: Subject) -> str:
    return "" if subject.settings.has_app else "没有配置自建应用"


def _aibot(subject: Subject) -> str:
    return "" if subject.settings.has_bot else "没有配置智能机器人"


def _public_url(subject: Subject) -> str:
    return "" if subject.settings.public_url else "没有填 PUBLIC_URL"


def _https(subject: Subject) -> str:
    return "" if urlsplit(subject.settings.public_url).scheme != "http" else "PUBLIC_URL 是本机的 http"


def _domain_files(subject: Subject) -> str:
    return "" if subject.settings.wecom_domain_files else "没有填 WECOM_DOMAIN_FILES，域名校验过了就不需要"


def _admins(subject: Subject) -> str:
    return "" if subject.settings.admin_userids else "没有填 ADMIN_USERIDS"


def _redis(subject: Subject) -> str:
    if not subject.settings.redis_url:
        return "没有填 REDIS_URL，队列放在 DATA_DIR 里"
    return "" if _is_local(subject.settings.redis_url) else _online(subject)


def _database(subject: Subject) -> str:
    return "" if _is_local(subject.settings.effective_database_url) else _online(subject)


def _is_local(url: str) -> bool:
    """Whether this machine is meant; also what cannot be taken apart, which the check will say."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return True
    return not host or host in LOOPBACK


def _sqlite(subject: Subject) -> str:
    return "" if subject.settings.effective_database_url.startswith("sqlite") else "没有用 SQLite"


def _blobs(subject: Subject) -> str:
    return _online(subject) if subject.settings.blob_url else ""


CHECKS: tuple[Check, ...] = (
    Check("settings", "设置", here.check_settings),
    Check("public_url", "公网地址", here.check_public_url),
    Check("notice", "通知", here.check_notice),
    Check("folder", "数据文件夹", stores.check_folder),
    Check("space", "硬盘空间", stores.check_space, needs=("folder",)),
    Check("database", "数据库", stores.check_database, needs=("folder",), given=(_database,)),
    Check("tables", "数据表", stores.check_tables, needs=("database",), given=(_database,)),
    Check("file_system", "文件系统", stores.check_file_system, needs=("folder",), given=(_sqlite,)),
    Check("redis", "Redis", stores.check_redis, given=(_redis,)),
    Check("blobs", "文件存储", stores.check_blobs, needs=("folder",), given=(_blobs,)),
    Check("worker", "后台", stores.check_worker, needs=("tables",), given=(_database,)),
    Check("sandbox", "检查文件", here.check_sandbox, needs=("notice",)),
    Check("videos", "检查视频", here.check_videos),
    Check("font", "中文字体", here.check_font),
    Check("interface", "企业微信接口", platform.check_interface, given=(_online,)),
    Check("clock", "服务器时间", platform.check_clock, needs=("interface",), given=(_online,)),
    Check("token", "企业ID和Secret", platform.check_token, needs=("interface",), given=(_online, _app)),
    Check("app", "自建应用", platform.check_app, needs=("token",), given=(_online, _app)),
    Check("range", "可见范围", platform.check_range, needs=("app",), given=(_online, _app)),
    Check("domain", "可信域名", platform.check_domain, needs=("app", "public_url"), given=(_online, _app, _public_url)),
    Check("home", "应用主页", platform.check_home, needs=("app", "public_url"), given=(_online, _app, _public_url)),
    Check("upload", "上传文件", platform.check_upload, needs=("app",), given=(_online, _app)),
    Check("admins", "管理员", platform.check_admins, needs=("app",), given=(_online, _app, _admins)),
    Check("certificate", "证书", public.check_certificate, needs=("public_url",), given=(_online, _public_url, _https)),
    Check("service", "服务", public.check_service, needs=("public_url", "certificate"), given=(_online, _public_url)),
    Check("readiness", "服务状态", public.check_readiness, needs=("service",), given=(_online, _public_url)),
    Check(
        "app_callback", "应用回调", public.check_app_callback, needs=("service",), given=(_online, _public_url, _app)
    ),
    Check(
        "aibot_callback",
        "机器人回调",
        public.check_aibot_callback,
        needs=("service",),
        given=(_online, _public_url, _aibot),
    ),
    Check(
        "domain_files",
        "校验文件",
        public.check_domain_files,
        needs=("service",),
        given=(_online, _public_url, _domain_files),
    ),
)
