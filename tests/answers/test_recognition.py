"""Topics are recognised by wordings: learned the same each time, read back whole, and silent about noise."""

from __future__ import annotations

from pathlib import Path

import pytest

from answers.learning import digest_of, learn_wordings
from answers.recognition import Recogniser
from answers.wording_files import language_weights, language_wordings, wordings_of
from domain.errors import ConfigError

ROOT = Path(__file__).resolve().parents[2]
WORDINGS = {
    "price": ["苹果多少钱一斤", "这个怎么卖", "价钱是多少", "贵不贵呀"],
    "hours": ["几点开门", "晚上几点关门", "周末营业吗", "什么时候开始营业"],
    "place": ["店在哪条街", "怎么走到店里", "地址是哪里", "离车站远吗"],
}


@pytest.fixture(scope="module")
def learned() -> bytes:
    return learn_wordings(WORDINGS, str)


@pytest.mark.parametrize(
    ("asked", "label"),
    [
        ("香蕉多少钱一斤呢", "price"),
        ("你们早上几点开门", "hours"),
        ("店的地址在哪里", "place"),
        ("周末3点关门吗", "hours"),
    ],
)
def test_what_sounds_alike_is_recognised(learned: bytes, asked: str, label: str) -> None:
    scores = Recogniser(learned).scores(asked)
    assert max(scores, key=scores.__getitem__) == label


@pytest.mark.parametrize("noise", ["", "??", "7", "龘靐齉", "qwerty uiop", "本本日"])
def test_noise_is_like_nothing(learned: bytes, noise: str) -> None:
    assert Recogniser(learned).scores(noise) == {}


def test_the_same_wordings_give_the_same_bytes_and_their_digest(learned: bytes) -> None:
    assert learn_wordings(WORDINGS, str) == learned
    assert Recogniser(learned).digest == digest_of(WORDINGS)
    assert digest_of(WORDINGS | {"price": ["价钱"]}) != digest_of(WORDINGS)


@pytest.mark.parametrize("spoilt", [b"x", b"\x78\x9c", lambda whole: whole[:-9]], ids=["no zip", "empty zip", "cut"])
def test_spoilt_bytes_are_refused(learned: bytes, spoilt: object) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        Recogniser(spoilt(learned) if callable(spoilt) else spoilt)


def test_nothing_learned_recognises_nothing() -> None:
    assert Recogniser(b"").scores("几点开门") == {}


def test_what_was_learned_is_what_is_written() -> None:
    pack = "notices/enshi-2023-05"
    learned_from = Recogniser((ROOT / pack / "recognition.bin").read_bytes()).digest
    assert learned_from == digest_of(wordings_of(ROOT / pack)), f"run: python -m bot notice learn {pack}"


def test_what_the_language_brings_is_learned_from_its_own_wordings() -> None:
    learned_from = Recogniser(language_weights()).digest
    assert learned_from == digest_of(language_wordings()), "run: python -m bot notice learn"


def test_a_wording_of_the_notice_is_the_notices_and_twice_in_one_file_is_a_fault(tmp_path: Path) -> None:
    shared = wordings_of(tmp_path)["words"][0]
    (tmp_path / "wordings.toml").write_text(f'mine = ["{shared}"]\n', "utf-8")
    merged = wordings_of(tmp_path)
    assert merged["mine"] == [shared]
    assert shared not in merged["words"]
    (tmp_path / "wordings.toml").write_text('words = ["只有这一条"]\n', "utf-8")
    assert wordings_of(tmp_path)["words"] == ["只有这一条"]
    (tmp_path / "wordings.toml").write_text('a = ["一样的"]\nb = ["一样的"]\n', "utf-8")
    with pytest.raises(ConfigError, match="一样的"):
        wordings_of(tmp_path)
