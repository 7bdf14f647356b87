"""What a file says of itself, taken from what the readers found and from what was kept of earlier versions."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from domain.replacing import Edition
from store.schema.campaign import Material
from validators.facts import FileFacts


def edition_of(facts: FileFacts) -> Edition:
    """Words, last change and text of a Word file; nothing for other files and for what could not be read whole."""
    word = facts.word
    if word is None:
        return Edition(None, None, None)
    text = "\n".join(paragraph.visible for paragraph in word.paragraphs)
    digest = None if word.shortened else hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    return Edition(word.words.total.high, instant_of(word.modified), digest)


def edition_kept(material: Material) -> Edition:
    """The same of a file that came before."""
    return Edition(material.words, material.modified_at, material.text_sha256)


def instant_of(written: str) -> datetime | None:
    """The instant Word wrote; without a zone it is UTC, as the format demands. None for nonsense."""
    try:
        instant = datetime.fromisoformat(written)
        return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
