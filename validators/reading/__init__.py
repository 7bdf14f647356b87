"""Readers: bytes in, facts out. They run in the sandbox's children only; nothing here knows a notice."""
