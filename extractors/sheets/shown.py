"""The value as displayed: a stored number and its format code give the text that the cell prints."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from extractors.sheets.dates import show_date
from extractors.sheets.format_code import Section, known, sections
from extractors.sheets.numbers import general, show_number, significant

# Day 0 of the serial numbers that date formats show, in the two systems of a workbook.
_DAY_0 = datetime(1899, 12, 30, tzinfo=UTC)
_DAY_0_1904 = datetime(1904, 1, 1, tzinfo=UTC)


def shown(value: str | float, code: str = "General", from_1904: bool = False) -> str:
    """What a cell with this number and this format code displays; never raises.

    A date code on a number that is no date (negative, beyond 9999) prints the plain number where a
    sheet would print ``####``: nothing is lost.

    >>> shown("0.95", "0%"), shown(1234567.5, "#,##0.00"), shown(12.3, '0.00"万元"')
    ('95%', '1,234,567.50', '12.30万元')
    >>> shown(45291, "yyyy-mm-dd"), shown(-5, "#,##0;(#,##0)"), shown(123456, '0!.0,"万元"')
    ('2023-12-31', '(5)', '12.3万元')
    """
    try:
        number = significant(Decimal(str(value).strip()))
    except (InvalidOperation, ValueError):
        return str(value)
    if not number.is_finite() or abs(number.adjusted()) > 400:
        return str(value)
    if code == "General":
        return general(number)
    section, negative = _choose(number, sections(code))
    if section is None:
        return ""
    if section.is_date:
        return show_date(number, section, from_1904) or general(number)
    if section.tokens and all(token.kind == "text" for token in section.tokens):
        return general(number)
    text = show_number(abs(number), section).strip()
    return f"-{text}" if negative and not _is_zero(text, section) else text


def _is_zero(text: str, section: Section) -> bool:
    """Whether rounding left nothing but zeros, which no sheet signs."""
    if section.dbnum or not section.has("digit", "general"):
        return False
    said = "".join(token.text for token in section.tokens if token.kind == "literal")
    return not any(c in "123456789" and text.count(c) > said.count(c) for c in text)


def shown_text(text: str, code: str = "General") -> str:
    """A text through the fourth section of a format code, or through a code with an ``@``.

    >>> shown_text("已完成", '@"项"'), shown_text("无", "0.00")
    ('已完成项', '无')
    """
    if "@" not in code:
        return text
    parts = sections(code)
    section = parts[-1]
    if not section.has("text"):
        return text
    return "".join(
        text if t.kind == "text" else t.text if t.kind == "literal" else "" for t in section.tokens
    )


def shown_moment(text: str, code: str, from_1904: bool = False) -> str:
    """A moment written as ISO 8601 through its format; one that cannot be read stays as written.

    >>> shown_moment("2024-03-01T00:00:00.000", "General"), shown_moment("2024-03-01", 'm"月"d"日"')
    ('2024/3/1', '3月1日')
    """
    try:
        moment = datetime.fromisoformat(text.strip().removesuffix("Z")).replace(tzinfo=UTC)
        days = (moment - (_DAY_0_1904 if from_1904 else _DAY_0)).total_seconds() / 86_400
    except (ValueError, TypeError):
        return text
    return shown(f"{days:.9f}", known().named["Short Date"] if code == "General" else code, from_1904)


def _choose(number: Decimal, parts: tuple[Section, ...]) -> tuple[Section | None, bool]:
    """The section for a number, and whether its minus sign is still to be printed."""
    if any(part.condition for part in parts):
        return _by_condition(number, parts)
    numeric = [part for part in parts[:3] if not part.has("text") or len(parts) == 1]
    if len(numeric) > 1 and number < 0:
        return numeric[1], False
    if len(numeric) > 2 and number == 0:
        return numeric[2], False
    return (numeric[0] if numeric else parts[0]), number < 0


def _by_condition(number: Decimal, parts: tuple[Section, ...]) -> tuple[Section | None, bool]:
    for part in parts[:3]:
        if part.condition is None:
            return part, number < 0
        sign, bound = part.condition
        if {
            "<": number < bound,
            "<=": number <= bound,
            ">": number > bound,
            ">=": number >= bound,
            "=": number == bound,
            "<>": number != bound,
        }[sign]:
            return part, number < 0 and not (sign in ("<", "<=") and bound <= 0)
    return Section(()), False
