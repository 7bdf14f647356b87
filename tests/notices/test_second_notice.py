"""Further notices, unlike the first in bureau, units, categories, limits, fonts, dates and stages, are sound packs as
an office would write them: data, text, and a few facts."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.commands.notice import notice

HERE = Path(__file__).parent


@pytest.mark.parametrize("pack", ["second", "third"])
def test_a_further_notice_is_a_sound_pack(pack: str):
    result = CliRunner().invoke(notice, ["check", str(HERE / pack)])
    assert result.exit_code == 0, result.output
    assert "没有问题" in result.output
    assert "请核对" not in result.output
