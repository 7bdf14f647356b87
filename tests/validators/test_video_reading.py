"""Metadata of real films, cut-off ones included."""

from __future__ import annotations

import pytest
from film_builder import film, turned
from reading_of import facts_of

from validators.facts import FileKind, Trouble


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return film(tmp_path_factory.mktemp("films") / "a.mp4", sound=True).read_bytes()


def test_an_ordinary_film(whole):
    facts = facts_of(whole, "a.mp4")
    assert facts.kind is FileKind.MP4
    video = facts.video
    assert (video.width, video.height, video.rotated) == (1920, 1080, False)
    assert (video.codec, video.container, video.has_audio, video.subtitles) == ("AVC", "MPEG-4", True, 0)
    assert video.duration_s == pytest.approx(1.0, abs=0.1)
    assert not video.truncated


def test_a_small_film(tmp_path):
    video = facts_of(film(tmp_path / "a.mp4", size=(1280, 720)).read_bytes(), "a.mp4").video
    assert (video.width, video.height, video.has_audio) == (1280, 720, False)


def test_a_turned_film_is_shown_upright(whole):
    video = facts_of(turned(whole), "a.mp4").video
    assert (video.width, video.height, video.rotated) == (1080, 1920, True)


def test_pixels_that_are_not_square(tmp_path):
    video = facts_of(film(tmp_path / "a.mp4", size=(1440, 1080), aspect=(4, 3)).read_bytes(), "a.mp4").video
    assert (video.width, video.height) == (1920, 1080)


def test_a_film_with_its_index_at_the_end_cut_off(whole):
    facts = facts_of(whole[: len(whole) * 2 // 3], "a.mp4")
    assert (facts.readable, facts.trouble_kind) == (False, Trouble.DAMAGED)
    assert "不完整" in facts.trouble


def test_a_film_with_its_index_first_cut_off(tmp_path):
    data = film(tmp_path / "a.mp4", fast_start=True, sound=True).read_bytes()
    video = facts_of(data[:-500], "a.mp4").video
    assert video.truncated
    assert (video.width, video.height) == (1920, 1080)


def test_a_mov_under_another_name(tmp_path):
    data = film(tmp_path / "a.mov").read_bytes()
    facts = facts_of(data, "a.mp4")
    assert (facts.kind, facts.video.brand) == (FileKind.MOV, "qt")


@pytest.mark.parametrize(("form", "container"), [("matroska", "Matroska"), ("avi", "AVI"), ("mpegts", "MPEG-TS")])
def test_other_containers_under_the_name_of_mp4(tmp_path, form, container):
    facts = facts_of(film(tmp_path / "a.mp4", form=form).read_bytes(), "a.mp4")
    assert (facts.kind, facts.video.container) == (FileKind.OTHER_VIDEO, container)


def test_sound_alone_has_no_picture(tmp_path):
    video = facts_of(film(tmp_path / "a.mp4", picture=False, sound=True).read_bytes(), "a.mp4").video
    assert (video.has_picture, video.has_audio, video.width) == (False, True, 0)


@pytest.mark.parametrize("codec", ["mpeg4", "libx265"])
def test_other_codings(tmp_path, codec):
    video = facts_of(film(tmp_path / "a.mp4", size=(640, 360), codec=codec).read_bytes(), "a.mp4").video
    assert video.codec == {"mpeg4": "MPEG-4 Visual", "libx265": "HEVC"}[codec]


@pytest.mark.parametrize(
    "data", [b"\0\0\0\x18ftypmp42", b"\0\0\0\x08ftyp" + bytes(100), b"\0\0\0\x01mdat" + b"\xff" * 8]
)
def test_boxes_that_make_no_sense_are_damaged(data):
    facts = facts_of(data, "a.mp4")
    assert (facts.readable, facts.trouble_kind) == (False, Trouble.DAMAGED)
