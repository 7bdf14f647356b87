"""What a person can ask the bot to do: one file each; `HANDLERS` lists them in the order they are asked."""

from handlers.registry import HANDLERS

__all__ = ["HANDLERS"]
