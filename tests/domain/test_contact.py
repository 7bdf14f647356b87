"""Names and telephone numbers as people write them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.contact import mask_phone, normalise_name, normalise_phone

CASES = tomllib.loads(
    (Path(__file__).resolve().parents[1] / "cases" / "policy" / "contacts.toml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize(("said", "stored"), CASES["phones"])
def test_a_number_has_one_form(said: str, stored: str) -> None:
    assert (normalise_phone(said) or "") == stored


@pytest.mark.parametrize(("said", "stored"), CASES["names"])
def test_a_name_has_one_form(said: str, stored: str) -> None:
    assert (normalise_name(said) or "") == stored


@pytest.mark.parametrize(("stored", "shown"), CASES["masks"])
def test_others_see_too_little_to_call(stored: str, shown: str) -> None:
    assert mask_phone(stored) == shown


@given(st.text(alphabet="0123456789-+ ()（）转１３８０—", max_size=20))
def test_what_is_stored_stays_as_it_is_and_is_never_shown_whole(said: str) -> None:
    stored = normalise_phone(said)
    if stored is not None:
        assert normalise_phone(stored) == stored
        assert stored.replace("-", "") not in mask_phone(stored).replace("-", "")
        assert len(stored) <= 32
