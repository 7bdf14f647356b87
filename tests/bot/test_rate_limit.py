"""How often one client may ask, and whom a request counts for."""

from __future__ import annotations

import pytest

from bot.rate_limit import RateLimit, client_of


def test_a_client_gets_so_many_answers_in_any_window() -> None:
    limit = RateLimit(3, 60)
    assert [limit.allows("a", at) for at in (0, 10, 20, 30)] == [True, True, True, False]
    assert limit.allows("b", 30)
    assert [limit.allows("a", at) for at in (59.9, 60, 60.1, 70)] == [False, True, False, True]


def test_memory_is_bounded() -> None:
    limit = RateLimit(1, 60)
    for number in range(10_001):
        assert limit.allows(str(number), 0)
    assert not limit.allows("10000", 1)
    assert limit.allows("0", 1), "the one who asked longest ago is forgotten"


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("93.184.216.34", "198.51.100.9", "93.184.216.34"),
        ("127.0.0.1", "93.184.216.34", "93.184.216.34"),
        ("10.0.0.4", "1.2.3.4, 93.184.216.34", "93.184.216.34"),
        ("10.0.0.4", "nonsense", "10.0.0.4"),
        ("::ffff:93.184.216.34", "", "93.184.216.34"),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", "", "2606:2800:21f:cb07::/64"),
        (None, "", "unknown"),
    ],
)
def test_whom_a_request_counts_for(peer: str | None, forwarded: str, client: str) -> None:
    assert client_of(peer, forwarded) == client
