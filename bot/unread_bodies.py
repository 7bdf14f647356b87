"""What happens to the rest of a body that a refused request still sends: cheroot would read all of it into memory."""

from __future__ import annotations

from typing import Any

from cheroot.wsgi import Gateway_10

# So much is read and thrown away, so that the refusal can be read by a client that sends first and reads later.
_THROWN_AWAY_BYTES = 16 << 20
_BLOCK_BYTES = 1 << 16


class PatientGateway(Gateway_10):
    """Reads a moderate rest in blocks; for a larger one the connection is closed."""

    def start_response(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        """The application has its answer: nothing of the body will be read any more."""
        _throw_away(self.req)
        return super().start_response(status, headers, exc_info)


def _throw_away(request: Any) -> None:
    body, most = request.rfile, _THROWN_AWAY_BYTES
    try:
        while most > 0 and getattr(body, "remaining", 0) > 0:
            if not body.read(_BLOCK_BYTES):
                break
            most -= _BLOCK_BYTES
    except (OSError, ValueError):  # too slow, or gone
        pass
    # Where a chunked body ends is known only to who has read it.
    if getattr(body, "remaining", 0) > 0 or request.chunked_read:
        request.close_connection = True
        if hasattr(body, "remaining"):
            body.remaining = 0
