"""`serve` and `worker`: the service in one process, or its working half."""

from __future__ import annotations

import click

from bot.config import load_settings
from bot.logs import set_up_logs
from bot.serving import serve as run_serve
from bot.serving import work as run_work


@click.command(help="单进程运行：网页回调、取文件、检查、发送都在这一个进程里。")
def serve() -> None:
    """Run everything in one process until INT or TERM."""
    set_up_logs()
    run_serve(load_settings())


@click.command(help="只运行后台工作（网页由 gunicorn 提供时用），可以开多个。")
def worker() -> None:
    """Run the jobs until INT or TERM."""
    set_up_logs()
    run_work(load_settings())
