"""Reading of one 指标值 cell: :func:`parse_value`."""

from __future__ import annotations

from normalizers.quantity import Kind, ParsedValue
from normalizers.text import fold, is_filler

__all__ = ["parse_value"]


def parse_value(
    text: str, *, column_unit: str | None = None, label: str | None = None, level2: str | None = None
) -> ParsedValue:
    """Read one value cell."""
    folded = fold(text)
    kind = Kind.BLANK if is_filler(folded) else Kind.OTHER
    return ParsedValue(text, folded, kind, residue="" if kind is Kind.BLANK else folded)
