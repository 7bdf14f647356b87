"""Checks of what is stored: the folder, the database, the queue, the files, and whether anybody works on the rows."""

from __future__ import annotations

import os
import secrets
from datetime import timedelta
from pathlib import Path

import redis
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from bot.doctor.finding import Finding, right, unchecked, warning, wrong
from bot.doctor.subject import Subject
from bot.migrating import newest_revision, revision
from bot.services import open_blobs
from store import backlog
from store.blobs import LEAST_FREE_SHARE, BlobsAwayError, StorageFullError
from store.database import Database

_SCARCE_SHARE = 0.20
_REDIS_S = 3.0
_UNATTENDED = timedelta(minutes=5)
_NETWORK_KINDS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "fuse.sshfs"}
    | {"fuse.glusterfs", "fuse.s3fs", "fuse.cephfs"}
)
_MAKE_FOLDER = "运行 sudo install -d -o bot -g bot -m 700 {folder}，或改 DATA_DIR"
_DATABASE_FORM = "DATABASE_URL 写成 postgresql+psycopg://用户:密码@主机/库名；不用 PostgreSQL 就空着"


def check_folder(subject: Subject) -> Finding:
    """That the folder can be written to by who runs the service, which is who asks now. It is not made: it would belong
    to whoever happens to ask."""
    folder = subject.settings.data_dir
    place = _existing(folder)
    try:
        owner = place.stat().st_uid
        if place == folder:
            _write(folder)
    except OSError as error:
        return wrong(f"{folder} 不能写（{error.strerror}）", _MAKE_FOLDER.format(folder=folder))
    if place != folder:
        usable = place.is_dir() and os.access(place, os.W_OK | os.X_OK)
        if not usable:
            return wrong(f"{folder} 还没有，现在的用户也建不了", _MAKE_FOLDER.format(folder=folder))
        return right(f"{folder} 还没有，第一次启动时自动建立")
    if owner != os.geteuid():
        return wrong(
            f"{folder} 属于用户 {owner}，现在是用户 {os.geteuid()} 在查：查不准，还可能留下服务打不开的文件",
            "用运行服务的那个用户来查：sudo -u bot .venv/bin/python -m bot doctor",
        )
    return right(f"{folder} 可以写")


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next((place for place in (folder, *folder.absolute().parents) if place.exists()), folder)


def _write(folder: Path) -> None:
    probe = folder / f".doctor-{secrets.token_hex(8)}"
    with probe.open("xb") as file:
        file.write(b"probe")
        os.fsync(file.fileno())
    probe.unlink()


def check_space(subject: Subject) -> Finding:
    """That files are still taken, and for a while."""
    free = subject.machine.free_share(_existing(subject.settings.data_dir))
    seen = f"{subject.settings.data_dir} 所在的硬盘还剩 {free:.0%}"
    if free < LEAST_FREE_SHARE:
        return wrong(
            f"{seen}，不到 {LEAST_FREE_SHARE:.0%}，已经不收文件", "先清旧备份和日志，或扩容；不要动 blobs 里的文件"
        )
    if free < _SCARCE_SHARE:
        return warning(f"{seen}，低于 {LEAST_FREE_SHARE:.0%} 就不收文件了", "先清旧备份和日志，或扩容")
    return right(seen)


def check_database(subject: Subject) -> Finding:
    """That the database answers. A file that is not there yet is not made."""
    try:
        url = make_url(subject.settings.effective_database_url)
        if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
            return right(f"{url.database} 还没有，第一次启动时自动建立")
        database = Database(subject.settings.effective_database_url)
        subject.opened.callback(database.close)
        database.ping()
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError):
        return wrong("DATABASE_URL 的写法不对", _DATABASE_FORM)
    except (SQLAlchemyError, OSError) as error:
        return _unreachable(url, error)
    subject.database = database
    return right(_named(url))


def _named(url: URL) -> str:
    return (
        f"SQLite（{url.database}）"
        if url.get_backend_name() == "sqlite"
        else f"PostgreSQL（{url.host}/{url.database}）"
    )


def _unreachable(url: URL, error: Exception) -> Finding:
    said = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
    if url.password:
        said = said.replace(str(url.password), "…")
    if url.get_backend_name() == "sqlite":
        return wrong(
            f"打不开 {url.database}：{said}",
            "看文件属于谁（应是运行服务的用户）；文件坏了就按 docs/operations.zh-CN.md 第 11 节用备份恢复",
        )
    return wrong(
        f"连不上 {_named(url)}：{said}", "看 PostgreSQL 是否在运行，DATABASE_URL 的主机、用户、密码、库名是否正确"
    )


def check_tables(subject: Subject) -> Finding:
    """That the tables are those of this program. Nothing is changed: the next start does that."""
    if subject.database is None:
        return right("还没有表，第一次启动时自动建立")
    newest = newest_revision()
    try:
        with subject.database.read() as session:
            found = revision(session.connection())
    except SQLAlchemyError as error:
        subject.database = None
        return wrong(f"读不出数据表：{type(error).__name__}", "用备份恢复，见 docs/operations.zh-CN.md 第 11 节")
    if found == newest:
        return right(f"是最新的（{found}）")
    subject.database = None
    if found is None:
        return right("还没有表，第一次启动时自动建立")
    if found > newest:
        return warning(f"数据表（{found}）比程序（{newest}）新", "程序是不是退回了旧版？能用，但请尽快升级")
    return warning(f"数据表（{found}）比程序（{newest}）旧", "重启服务，启动时自动升级；升级前先备份")


def check_file_system(subject: Subject) -> Finding:
    """That SQLite's file lies on a disk of this machine: locks over a network do not hold."""
    path = Path(make_url(subject.settings.effective_database_url).database or "").absolute()
    try:
        mounts = subject.machine.mounts.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return unchecked("这台机器不告诉文件系统的种类")
    kind = kind_of_mount(mounts, path)
    if kind in _NETWORK_KINDS:
        return warning(
            f"SQLite 的文件在网络文件系统（{kind}）上，锁不可靠，可能损坏",
            "把 DATA_DIR 放到本机硬盘，或改用 PostgreSQL（DATABASE_URL）",
        )
    return right(f"SQLite 的文件在本机硬盘上（{kind or '种类不明'}）")


def kind_of_mount(mounts: str, path: Path) -> str:
    """The kind of file system under `path` by the lines of /proc/mounts, "" when none fits."""
    found, depth = "", -1
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) < 3:  # noqa: PLR2004 - device, place, kind
            continue
        place = Path(fields[1].replace("\\040", " "))
        if path.is_relative_to(place) and len(place.parts) >= depth:
            found, depth = fields[2], len(place.parts)
    return found


def check_redis(subject: Subject) -> Finding:
    """That the queue is there. It holds nudges only: what Redis does when it is full or ends does not matter."""
    try:
        url = subject.settings.redis_url
        with redis.Redis.from_url(url, socket_connect_timeout=_REDIS_S, socket_timeout=_REDIS_S) as client:
            client.ping()
    except ValueError:
        return wrong("REDIS_URL 的写法不对", "写成 redis://主机:6379/0；不用 Redis 就空着")
    except redis.AuthenticationError:
        return wrong("Redis 不接受 REDIS_URL 里的密码", "核对密码：redis://:密码@主机:6379/0")
    except (redis.RedisError, OSError) as error:
        return wrong(
            f"连不上 Redis：{type(error).__name__}",
            "启动 Redis，核对 REDIS_URL。这期间什么都不丢，只是最多晚一分钟",
        )
    return right("Redis 可用；里面只放提醒干活的信号，不用存盘，也不用改策略")


def check_blobs(subject: Subject) -> Finding:
    """That a file can be taken in, read and removed; the probe is gone afterwards."""
    if not subject.settings.data_dir.exists():
        return unchecked("数据文件夹还没有建立")
    try:
        blobs = open_blobs(subject.settings)
        with blobs.receive() as writer:
            writer.write(secrets.token_bytes(64))
        same = blobs.verify(writer.sha256)
        blobs.remove(writer.sha256, written_before=subject.machine.now() + timedelta(days=1))
    except StorageFullError:
        return wrong("硬盘快满了，不收文件", "先清旧备份和日志，或扩容；不要动 blobs 里的文件")
    except (BlobsAwayError, OSError) as error:
        return _blobs_away(subject.settings.blob_url, error)
    if not same:
        return wrong("写进去的文件读出来不一样", "存储坏了，先停止服务，换硬盘或换存储")
    return right(f"在 {subject.settings.blob_url or subject.settings.data_dir / 'blobs'} 写、读、删都正常")


def _blobs_away(url: str, error: BlobsAwayError | OSError) -> Finding:
    cause = type(error.__cause__ or error).__name__
    if not url:
        return wrong(f"文件夹 blobs 不能写（{cause}）", "看它属于谁，应是运行服务的用户")
    return wrong(
        f"{url} 用不了（{cause}）",
        "核对 BLOB_URL 的桶名，以及环境变量 AWS_ENDPOINT_URL、AWS_ACCESS_KEY_ID、AWS_SECRET_ACCESS_KEY、AWS_REGION"
        "（写在 .env 里不算）",
    )


def check_worker(subject: Subject) -> Finding:
    """That somebody works on the rows: none has been due for minutes."""
    if subject.database is None:
        return unchecked("数据表还没有建好或不是最新的")
    with subject.database.read() as session:
        left = backlog.overdue(session, subject.machine.now() - _UNATTENDED)
    if left:
        return wrong(
            f"有 {left} 条消息或文件等了五分钟以上没有人处理，后台没有在运行，或忙不过来",
            "启动后台（systemctl status case-keeper，或 docker compose ps），再看日志",
        )
    return right("没有等了五分钟以上的消息")
