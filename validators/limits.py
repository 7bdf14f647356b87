"""What reading one file, or making a copy of it, may cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Address space in bytes, CPU seconds, wall-clock seconds, open files, bytes of a copy that is made."""

    memory: int = 1024 * 1024 * 1024
    cpu_s: int = 30
    wall_s: float = 60.0
    open_files: int = 32
    output: int = 256 * 1024 * 1024
