"""The document settings that change how formatting is worked out."""

from __future__ import annotations

from validators.reading.package import Element
from validators.reading.word_names import VAL, w
from validators.reading.word_styles import is_on

_MODE, _OVERRIDE = "compatibilityMode", "overrideTableStyleFontSizeAndJustification"
_NEW_TABLE_RULE_FROM = 15


def keeps_old_table_rule(settings: Element | None) -> bool:
    """Whether a paragraph style's plain size and alignment give way to those of a table style, as they do in documents
    of Word 2010 and before."""
    compat = None if settings is None else settings.find(w("compat"))
    if compat is None:
        return True
    stated = {item.get(w("name")): item.get(VAL) for item in compat.findall(w("compatSetting"))}
    override = compat.find(w(_OVERRIDE))
    if (override is not None and is_on(override)) or stated.get(_OVERRIDE) in {"1", "true", "on"}:
        return False
    mode = stated.get(_MODE) or ""
    return not mode.isdecimal() or int(mode) < _NEW_TABLE_RULE_FROM
