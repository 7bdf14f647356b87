"""The error classes every layer may raise."""

from __future__ import annotations


class BotError(Exception):
    """Root of all errors raised on purpose."""


class UserError(BotError):
    """Something the person did that we can explain. The text is safe and ready to be shown in chat."""


class ConfigError(BotError):
    """The installation or the notice pack is wrong; the service must not start.

    `faults` holds every fault found, one sentence each.
    """

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults
