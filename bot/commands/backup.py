"""`backup`: database and files into a folder, while the service runs. What it needs is loaded when it is called."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.commands.check_targets import readable

if TYPE_CHECKING:
    from bot.safekeeping.backing_up import Backup, Copied
    from bot.safekeeping.backup_folder import Manifest

_CANNOT = 2
_KEEP = 14
_MOST_SHOWN = 20
_DATABASE = "正在备份数据库…"
_DONE = "备份好了：{path}（数据库 {size}）。"
_NOT_WHOLE = "数据库备好了：{path}（{size}），但有 {count} 个文件不见了或坏了，见上面。旧的备份一份也没有删。"
_FILES = "数据库里记着 {count} 个文件（{size}）都在 {folder}，这次新复制 {new} 个（{new_size}）。"
_FILES_WITHOUT = "数据库里记着 {count} 个文件（{size}），其余的在 {folder}，这次新复制 {new} 个（{new_size}）。"
_ELSEWHERE = "文件由 BLOB_URL 的存储保管，没有复制：请用存储自己的版本或副本功能保护它们。"
_PRUNED = "保留最近 {keep} 份数据库副本，删去旧的 {copies} 份、不再用到的文件 {files} 个。"
_BROKEN = (
    "这些不是完整的备份（没有说明文件，或说明文件读不了），没有动它们，也暂不清理旧文件：{names}。确认不要了请删掉。"
)
_SAME_DISK = "注意：备份和数据在同一块盘上，盘坏了会一起丢。请再往别的机器上复制一份。"
_MORE = "　　还有 {count} 个。"
_RESTORE_SQLITE = (
    "要恢复时：停掉服务；把 {path} 复制成 DATA_DIR 里的 case-keeper.db，删掉那里旧的 case-keeper.db-wal 和 -shm；"
)
_RESTORE_POSTGRES = "要恢复时：停掉服务；pg_restore --clean --if-exists --dbname=… {path}；"
_RESTORE_FILES = "把 {folder} 里的文件复制到 DATA_DIR/blobs；"
_RESTORE_END = "都归服务的用户所有，再启动。.env 不在备份里，请另外保存。"


@click.command(
    help="把数据库和文件备份到文件夹 FOLDER，不用停服务；只复制里面还没有的文件。"
    "退出码：0 完整，1 有文件不见了或坏了（逐个列出），2 没有备份成。"
)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    default=_KEEP,
    show_default=True,
    help="保留最近几份数据库副本；副本里记着的文件都会留着。",
)
def backup(folder: Path, keep: int) -> None:
    """Copy the database, then the files, write the manifest, let old copies go, and tell how to restore."""
    from bot.config import load_settings  # noqa: PLC0415 - a service that starts loads this module
    from bot.safekeeping.backing_up import DamagedError, begun  # noqa: PLC0415
    from bot.safekeeping.opening import CannotBeDoneError, opened  # noqa: PLC0415

    try:
        with opened(load_settings()) as installation:
            if sys.stderr.isatty():
                click.echo(_DATABASE, err=True)
            with begun(installation, folder) as made:
                whole = _finish(made, keep)
    except CannotBeDoneError as error:
        click.echo(readable(str(error)), err=True)
        sys.exit(1 if isinstance(error, DamagedError) else _CANNOT)
    sys.exit(0 if whole else 1)


def _finish(made: Backup, keep: int) -> bool:
    """The files, the manifest, and what is said at the end. Whether the backup is whole."""
    copied = _copy(made) if made.keeps_files else []
    wrong = [each for each in copied if each.wrong]
    _tell_wrong(wrong)
    manifest = made.finish(copied)
    _tell_made(made, manifest, copied, wrong)
    if not wrong:
        _prune(made, keep)
    _tell_rest(made, manifest)
    return not wrong


def _copy(made: Backup) -> list[Copied]:
    copying, hidden = made.copy_files(), not sys.stderr.isatty()
    total = len(made.snapshot.files)
    with click.progressbar(copying, length=total, label="正在复制文件", file=sys.stderr, hidden=hidden) as bar:
        return list(bar)


def _tell_wrong(wrong: list[Copied]) -> None:
    from bot.safekeeping.checks import file_fault  # noqa: PLC0415

    for each in wrong[:_MOST_SHOWN]:
        click.echo(f"　{file_fault(each.file.sha256, each.wrong).text}", err=True)
    if len(wrong) > _MOST_SHOWN:
        click.echo(_MORE.format(count=len(wrong) - _MOST_SHOWN), err=True)


def _tell_made(made: Backup, manifest: Manifest, copied: list[Copied], wrong: list[Copied]) -> None:
    from domain.wording import show_size  # noqa: PLC0415

    path, size = made.folder.path / manifest.database, show_size(manifest.database_bytes)
    click.echo(readable((_NOT_WHOLE if wrong else _DONE).format(path=path, size=size, count=len(wrong))))
    if not made.keeps_files:
        click.echo(_ELSEWHERE)
        return
    new = [each.copied for each in copied if each.copied]
    said = (_FILES_WITHOUT if wrong else _FILES).format(
        count=manifest.file_count,
        size=show_size(manifest.file_bytes),
        folder=made.folder.blobs.folder,
        new=len(new),
        new_size=show_size(sum(new)),
    )
    click.echo(readable(said))


def _prune(made: Backup, keep: int) -> None:
    from bot.safekeeping.backing_up import prune  # noqa: PLC0415

    copies, files, broken = prune(made.folder, keep, made.installation.notice.id)
    if copies or files:
        click.echo(_PRUNED.format(keep=keep, copies=copies, files=files))
    if broken:
        click.echo(readable(_BROKEN.format(names="、".join(broken))), err=True)


def _tell_rest(made: Backup, manifest: Manifest) -> None:
    from bot.safekeeping.backing_up import same_disk  # noqa: PLC0415

    restore = _RESTORE_SQLITE if made.installation.database.is_sqlite else _RESTORE_POSTGRES
    files = _RESTORE_FILES if made.keeps_files else ""
    said = f"{restore}{files}{_RESTORE_END}".format(
        path=made.folder.path / manifest.database, folder=made.folder.blobs.folder
    )
    click.echo(readable(said))
    if same_disk(made.installation, made.folder):
        click.echo(_SAME_DISK, err=True)
