"""The value as displayed: a stored number and its format code give the text that the cell prints."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from extractors.sheets.dates import show_date
from extractors.sheets.format_code import Section, sections
from extractors.sheets.numbers import general, show_number, significant


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
    return f"-{text}" if negative and any(c in "123456789" or ord(c) > 127 for c in text) else text


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
