"""Receipt numbers: category, eight random characters, a check character, such as B1-7K2QM9XD-4.

The characters are Crockford's 32 (digits and letters without I, L, O, U). The check character is a weighted sum in the
field of 32 elements over all characters, prefix included: it notices every single wrong character and every swap.
A case whose category is not known yet gets the prefix N and keeps its number when the category becomes known; reports
of units (上报) and stamped tables have letters of their own.
"""

from __future__ import annotations

import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
UNKNOWN_CATEGORY = "N"
REPORT, STAMPED_TABLE = "R", "T"
RANDOM_BYTES = 5

_BODY = 8
_SHORTEST = 1 + _BODY + 1
_LONGEST = 3 + _BODY + 1
_LONGEST_TYPED = 64
_BITS = 5
_FIELD = 0b100101  # x^5 + x^2 + 1, primitive: 2 generates all 31 elements but zero
_LOOKALIKES = str.maketrans("OIL", "011")
_DASHES = frozenset("-‐‑‒–—―−﹣－ー_")


def new_receipt(category: str | None, randomness: bytes) -> str:
    """The number for a case of this category (None: not known yet) from exactly RANDOM_BYTES random bytes.

    Raises ValueError for another amount of randomness or a category that cannot be a prefix."""
    if len(randomness) != RANDOM_BYTES:
        raise ValueError(f"a receipt takes {RANDOM_BYTES} random bytes, not {len(randomness)}")
    prefix = UNKNOWN_CATEGORY if category is None else category
    if not _is_prefix(prefix):
        raise ValueError(f"{prefix!r} cannot begin a receipt number")
    number = int.from_bytes(randomness, "big")
    body = "".join(ALPHABET[number >> _BITS * place & 0x1F] for place in reversed(range(_BODY)))
    return f"{prefix}-{body}-{_check_character(prefix + body)}"


def is_valid_receipt(written: str) -> bool:
    """Whether this is a receipt number exactly as printed, with the right check character."""
    return normalise_receipt(written) == written


def receipt_address(public_url: str, receipt: str) -> str:
    """Where anybody who holds the number can check the receipt; empty without a public address."""
    return f"{public_url.rstrip('/')}/r/{receipt}" if public_url else ""


def normalise_receipt(written: str) -> str | None:
    """The printed form of a number as people type it: lower case, full width, other dashes or none, spaces, O for 0,
    I or L for 1. None when it is no receipt number or its check character is wrong."""
    if len(written) > _LONGEST_TYPED:
        return None
    folded = unicodedata.normalize("NFKC", written).upper().translate(_LOOKALIKES)
    bare = "".join(character for character in folded if character not in _DASHES and not character.isspace())
    if not _SHORTEST <= len(bare) <= _LONGEST or any(character not in ALPHABET for character in bare):
        return None
    prefix, body, check = bare[: -_BODY - 1], bare[-_BODY - 1 : -1], bare[-1]
    if not _is_prefix(prefix) or check != _check_character(prefix + body):
        return None
    return f"{prefix}-{body}-{check}"


def _is_prefix(prefix: str) -> bool:
    letter, digits = prefix[:1], prefix[1:]
    return bool(letter) and letter in ALPHABET[10:] and len(digits) <= _LONGEST - _SHORTEST and _are_digits(digits)


def _are_digits(text: str) -> bool:
    return all(character in ALPHABET[:10] for character in text)


def _check_character(text: str) -> str:
    total = 0
    weight = 1
    for character in reversed(text):
        weight = _times(weight, 2)
        total ^= _times(weight, ALPHABET.index(character))
    return ALPHABET[total]


def _times(left: int, right: int) -> int:
    product = 0
    while right:
        if right & 1:
            product ^= left
        left <<= 1
        if left & 0x20:
            left ^= _FIELD
        right >>= 1
    return product
