"""From what was typed or spoken to one plain way of writing it."""

from __future__ import annotations

import re
import unicodedata

from answers.lexicon import Lexicon
from answers.numerals import NUMBER, in_common_numerals, number, shown
from answers.spelling import Speller

_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\ufe0f\u202a-\u202e\ud800-\udfff\x00]")
_BLANKS = re.compile(r"\s+")
_BLANK_BESIDE_CHINESE = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_APART = re.compile(r"(?<=(?<![\d.])\d) (?=\d{3}\s*字)")
"""Thousands set apart by a blank: 3 800字."""

_VOICE = re.compile(r"^\s*[\[(]?(?:语音|音频|录音)(?:转文字|转写|识别|消息)?[\])]?\s*[:,]\s*")
STATED = re.compile(rf"{NUMBER}\s*(?:个?字|张|幅|副|个|篇|p|号|分钟)|(?<![a-z])[a-z]\d?(?:类|的)")
_SENTENCE_END = re.compile(r"(?<=[。!?;\n])")
_TAG_NOT = re.compile(r"(?<=[以能行要得会有够对收算好章])不(?=[,。;?!]|$)")
_PERCENT = re.compile(rf"百分之({NUMBER})")
LONG = 160
"""Above this many characters only the asking sentences are looked at."""

_LONGEST = 20_000
_SYMBOLS = frozenset({"So", "No", "Sk", "Cs", "Co", "Cn"})
_UNUSUAL = re.compile(r"[^0-9A-Za-z\u2e80-\u2fdf\u4e00-\u9fff]")
"""What may be a symbol; Kangxi radicals are none, whatever their category."""


def plain(raw: str, words: Lexicon, speller: Speller) -> str:
    """`raw` as `standard` writes it, slips of the keyboard mended."""
    return speller.mended(standard(raw, words))


def standard(raw: str, words: Lexicon) -> str:
    """`raw` in lower case, full-width and traditional characters made plain, blanks beside Chinese dropped, dialect and
    abbreviations put into standard words. Never longer than a screen or two: of a long text only the sentences that ask
    remain."""
    text = unicodedata.normalize("NFKC", _without_symbols(raw[-_LONGEST:])).lower().translate(words.traditional)
    text = _VOICE.sub("", text)
    text = _THOUSANDS.sub("", _INVISIBLE.sub("", text))
    if len(text) > LONG:
        text = _asking_part(text, words)
    text = in_common_numerals(_APART.sub("", text))
    text = _PERCENT.sub(lambda match: f"{shown(number(match.group(1)) or 0)}%", text)
    text = _BLANK_BESIDE_CHINESE.sub("", _BLANKS.sub(" ", text)).strip()
    return _in_standard_words(text, words)


def _without_symbols(text: str) -> str:
    """`text` with emoji and other symbols as blanks: their compatibility forms (㎗, ㊢) would read as words. Kangxi
    radicals stay: texts copied out of PDF files are full of them."""
    return _UNUSUAL.sub(lambda match: " " if unicodedata.category(match.group()) in _SYMBOLS else match.group(), text)


def _asking_part(text: str, words: Lexicon) -> str:
    sentences = [part for part in _SENTENCE_END.split(text) if part.strip()]
    asking = [place for place, part in enumerate(sentences) if any(mark in part for mark in words.marks)]
    kept = set(asking[-2:] or range(len(sentences))[-2:])
    last = max(kept, default=0)
    kept |= {place for place in range(max(0, last - 2), last) if STATED.search(sentences[place])}
    return "".join(sentences[place] for place in sorted(kept))[-LONG:]


def _in_standard_words(text: str, words: Lexicon) -> str:
    for said, meant in words.says:
        if said in text:
            if said.isascii():
                text = re.sub(rf"(?<![a-z0-9]){re.escape(said)}(?![a-z0-9])", meant, text)
            elif said not in meant or meant not in text:
                text = text.replace(said, meant)
    return _TAG_NOT.sub("吗", text)
