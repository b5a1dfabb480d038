"""How a text would be read in a slot, before it is saved: by the same reader, in the same context."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from extractors.layout.forms import Form
from normalizers import parse_value
from normalizers.quantity import ParsedValue
from normalizers.values import parse_parts
from pipeline.records.values import quantities
from pipeline.review.fields import ROLES, Line
from pipeline.review.readings import value_words
from pipeline.review.words import Speaker

LONGEST = 2000


def preview(text: str, line: Line, role: str, layout: Form | None, say: Speaker) -> str:
    """The reading in words that a text would have as the target or actual value of a row."""
    if role not in ROLES or not text.strip():
        return ""
    return words_of(_read(text[:LONGEST], line.indicator, role, layout), say)


def words_of(value: ParsedValue, say: Speaker) -> str:
    """A parsed value in the words of the page.

    >>> from pipeline.review.words import speaker
    >>> words_of(parse_value("≥95%"), speaker("zh")), words_of(parse_value("逐步提升"), speaker("zh"))
    ('≥95%', '提升')
    """
    parts = [asdict(q) for q in quantities("", "target", value, 0)]
    direction = value.direction.value if value.direction else None
    return value_words(say, value.kind.value, direction, parts)


def _read(text: str, row: Mapping[str, Any], role: str, layout: Form | None) -> ParsedValue:
    printed = next((r for r in layout.rows if r.row_no == row["row_no"]), None) if layout else None
    sign = unit = None
    if printed is not None:
        said = {name: s.text for name, s in printed.slots.items() if s.text.strip()}
        sign, unit = said.get("sign") if role == "target" else None, said.get("unit") or printed.column_unit
    level2 = row["level2_id"] or row["level2_raw"]
    if sign is not None:
        return parse_parts(sign, text, unit, label=row["level3"], level2=level2)
    return parse_value(text, column_unit=unit, label=row["level3"], level2=level2)
