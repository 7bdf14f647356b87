"""What `backup` and `verify` look at: an installation opened for reading only, never made or brought up to date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot import migrating
from bot.config import Settings
from bot.services import open_blobs
from domain.errors import BotError
from domain.notice import Notice
from domain.notice_loader import load_notice
from store.blobs import BlobFolder, BlobReader, BlobsAwayError
from store.database import Database

_NOTHING = "这里还没有数据库：{place}。请检查 DATA_DIR 和 DATABASE_URL，并在 .env 所在的文件夹里运行。"
_NO_TABLES = "数据库里还没有表。请先启动一次服务（serve），再运行这个命令。"
_AWAY = "数据库连不上或读不了（{error}）。请检查 DATABASE_URL、数据库是否在运行、文件的权限，再试一次。"
_STORAGE_AWAY = "存放文件的地方现在用不了：{reason}。请检查 BLOB_URL 或 DATA_DIR，再试一次。"


class CannotBeDoneError(BotError):
    """The command cannot do its work now. The text is a Chinese sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Installation:
    """What is looked at. `revision` is that of its tables."""

    settings: Settings
    notice: Notice
    database: Database
    revision: str

    def blobs(self) -> BlobReader:
        """Where its files lie."""
        return open_blobs(self.settings) if self.settings.blob_url else BlobFolder(self.folder / "blobs")

    @property
    def folder(self) -> Path:
        """DATA_DIR without links in its path."""
        return self.settings.data_dir.resolve()


@contextmanager
def opened(settings: Settings) -> Iterator[Installation]:
    """The installation of these settings. Raises CannotBeDoneError when there is none, or what the block does finds
    database or files away; ConfigError when the notice is wrong."""
    notice, url = load_notice(settings.notice), make_url(settings.effective_database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise CannotBeDoneError(_NOTHING.format(place=url.database))
    database = Database(settings.effective_database_url)
    try:
        with database.read() as session:
            revision = migrating.revision(session.connection())
        if revision is None:
            raise CannotBeDoneError(_NO_TABLES)
        yield Installation(settings, notice, database, revision)
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        raise CannotBeDoneError(_AWAY.format(error=type(cause).__name__)) from error
    except BlobsAwayError as error:
        raise CannotBeDoneError(_STORAGE_AWAY.format(reason=error)) from error
    finally:
        database.close()
