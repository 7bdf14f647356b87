"""Receipt numbers: printed one way, read however people type them, wrong ones noticed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.receipt import ALPHABET, RANDOM_BYTES, is_valid_receipt, new_receipt, normalise_receipt

randomness = st.binary(min_size=RANDOM_BYTES, max_size=RANDOM_BYTES)
prefixes = st.sampled_from([None, "A1", "A2", "B1", "B2", "C", "Z99"])


def places(number: str) -> list[int]:
    return [place for place, character in enumerate(number) if character != "-"]


@given(prefixes, randomness)
def test_a_new_number_is_valid_and_has_its_shape(category, random_bytes):
    number = new_receipt(category, random_bytes)
    prefix, body, check = number.split("-")
    assert prefix == (category or "N")
    assert len(body) == 8
    assert len(check) == 1
    assert is_valid_receipt(number)


@given(randomness, randomness)
def test_different_randomness_gives_different_numbers(left, right):
    assert (new_receipt("B1", left) == new_receipt("B1", right)) is (left == right)


@given(prefixes, randomness, st.data())
def test_one_wrong_character_is_noticed(category, random_bytes, data):
    number = new_receipt(category, random_bytes)
    place = data.draw(st.sampled_from(places(number)))
    other = data.draw(st.sampled_from([character for character in ALPHABET if character != number[place]]))
    assert normalise_receipt(number[:place] + other + number[place + 1 :]) is None


@given(prefixes, randomness, st.data())
def test_two_swapped_characters_are_noticed(category, random_bytes, data):
    number = new_receipt(category, random_bytes)
    first, second = sorted(data.draw(st.lists(st.sampled_from(places(number)), min_size=2, max_size=2, unique=True)))
    swapped = list(number)
    swapped[first], swapped[second] = swapped[second], swapped[first]
    wanted = None if number[first] != number[second] else number
    assert normalise_receipt("".join(swapped)) == wanted


@given(prefixes, randomness)
def test_a_number_is_read_as_people_type_it(category, random_bytes):
    number = new_receipt(category, random_bytes)
    assert normalise_receipt(number.lower()) == number
    assert normalise_receipt(number.replace("-", "")) == number
    assert normalise_receipt(f"  {number.replace('-', ' － ')} ") == number
    assert normalise_receipt(number.replace("0", "O").replace("1", "l")) == number
    full_width = "".join(chr(ord(character) + 0xFEE0) for character in number)
    assert normalise_receipt(full_width) == number


@given(st.text(max_size=80))
def test_any_text_is_read_without_error(text):
    found = normalise_receipt(text)
    assert found is None or is_valid_receipt(found)


@pytest.mark.parametrize("text", ["", "B1", "B1-UUUUUUUU-4", "11-00000000-0", "B1-0000-0", "A" * 100_000])
def test_what_is_no_number(text):
    assert normalise_receipt(text) is None
    assert not is_valid_receipt(text)


def test_the_typed_form_is_not_the_printed_form():
    number = new_receipt("B1", bytes(RANDOM_BYTES))
    assert not is_valid_receipt(number.lower())


@pytest.mark.parametrize(
    ("category", "length"), [("B1", 4), ("B1", 6), ("", 5), ("b1", 5), ("L", 5), ("B111", 5), ("1", 5)]
)
def test_a_number_that_could_not_be_read_back_is_refused(category, length):
    with pytest.raises(ValueError, match="receipt"):
        new_receipt(category, bytes(length))
