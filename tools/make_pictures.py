"""`make pictures`: the pictures of README and guides, out of what the browser tests have photographed.

Each is reduced to a palette and kept under 150 KB, so that pages stay quick to load. Pillow alone; nothing of ours.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image, ImageChops

ROOT = Path(__file__).resolve().parent.parent
SHOTS, PICTURES = ROOT / "test-artifacts", ROOT / "docs" / "pictures"
MOST_BYTES = 150 * 1024
# Picture: what the tests call it, and its width in dots.
WANTED = {
    "chat": ("chat.png", 640),
    "upload": ("upload-paused.png", 640),
    "board": ("console-board.png", 1600),
    "unit": ("console-board-unit.png", 640),
    "case": ("console-case.png", 640),
    "summary": ("console-summary.png", 1600),
    "mine": ("console-mine.png", 640),
}
_COLOURS = (256, 128, 64)
_MARGIN = 24


def main() -> int:
    """Make all of them. Exit 1 naming every photograph that is missing or stays too large."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    faults = [fault for name, (shot, width) in WANTED.items() if (fault := make(name, SHOTS / shot, width))]
    for fault in faults:
        print(fault, file=sys.stderr)  # noqa: T201 - a command speaks on the terminal
    return 1 if faults else 0


def make(name: str, shot: Path, width: int) -> str:
    """Write one picture; what is wrong, or ""."""
    if not shot.is_file():
        return f"{shot.name} is missing: the test that takes it did not run"
    with Image.open(shot) as opened:
        picture = without_empty_end(opened.convert("RGB"))
    if picture.width > width:
        picture = picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)
    file = PICTURES / f"{name}.png"
    for colours in _COLOURS:
        # Not by how much of a colour there is: the few red dots are what one is to see.
        reduced = picture.quantize(colours, Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE)
        reduced.save(file, optimize=True)
        if file.stat().st_size <= MOST_BYTES:
            return ""
    return f"{file.name} stays larger than {MOST_BYTES // 1024} KB"


def without_empty_end(picture: Image.Image) -> Image.Image:
    """The picture without what is blank below, as on a page that does not fill the screen."""
    blank = Image.new("RGB", picture.size, picture.getpixel((0, picture.height - 1)))
    box = ImageChops.difference(picture, blank).getbbox()
    return picture if box is None else picture.crop((0, 0, picture.width, min(picture.height, box[3] + _MARGIN)))


if __name__ == "__main__":
    sys.exit(main())
