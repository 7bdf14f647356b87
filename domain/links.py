"""No link in what the bot says unless the bot itself made it: names, titles and reasons are other people's words."""

from __future__ import annotations

import re

# What the platform would turn into a link, picture or tag of its own: <a href=…> in a text of the app, [words](address)
# and <address> in the AI bot's markdown (protocol 2.5 and 4.1).
_OPENS_A_TAG = re.compile(r"<(?=[a-z/!?])", re.IGNORECASE)
_ENDS_LINK_WORDS = re.compile(r"\](?=[\[(:])")


def without_links(text: str) -> str:
    """The same words with the signs that would make a tag or a named link of them in full width; bare addresses stay,
    for what they lead to can be read."""
    return _ENDS_LINK_WORDS.sub("］", _OPENS_A_TAG.sub("＜", text))
