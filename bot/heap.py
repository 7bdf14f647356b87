"""What a process makes while it starts stays for good: no garbage is looked for then, and what is there then is not
looked through again. It is a fifth of the time a start takes, and a pause of a tenth of a second after every few
thousand callbacks."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def starting() -> Iterator[None]:
    """No garbage collection while the block is run."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def settle() -> None:
    """Throw away what the start has left over; all that lives now is left alone from now on. For processes that serve
    until they end."""
    gc.collect()
    gc.freeze()
