"""A second notice, unlike the first in bureau, units, categories, limits, fonts, dates and stages, is a sound pack."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from bot.commands.notice import notice

PACK = Path(__file__).parent / "second"


def test_the_second_notice_is_a_sound_pack():
    result = CliRunner().invoke(notice, ["check", str(PACK)])
    assert result.exit_code == 0, result.output
    assert "没有问题" in result.output
    assert "请核对" not in result.output
