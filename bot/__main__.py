"""`python -m bot`."""

from __future__ import annotations

from bot.heap import starting

with starting():
    from bot.cli import main

if __name__ == "__main__":
    main()
