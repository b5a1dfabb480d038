"""How findings speak: amounts, numbers and names as they stand in a Chinese sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from normalizers.quantity import ParsedValue
from pipeline.schema import IndicatorRow

_WAN = Decimal(10000)
_LONGEST = 40
_BARE = re.compile(r"-?[\d,]+(?:\.\d+)?", re.ASCII)
_SCALES = {Decimal(1000): "千", _WAN: "万", Decimal(10) ** 8: "亿"}
# Is it an upper bound, is it included?
_SIGNS = {(False, True): "≥", (False, False): ">", (True, True): "≤", (True, False): "<"}


def plain(number: Decimal) -> str:
    """A number without exponent and without trailing zeros.

    >>> plain(Decimal("2.8800")), plain(Decimal("1E+2"))
    ('2.88', '100')
    """
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(yuan: Decimal) -> str:
    """An amount in yuan as an auditor writes it: from 1000 yuan up in 万元.

    >>> money(Decimal(28800)), money(Decimal(100))
    ('2.88万元', '100元')
    """
    return f"{plain(yuan / _WAN)}万元" if abs(yuan) >= 1000 else f"{plain(yuan)}元"


def quote(text: str) -> str:
    """A printed text in quotation marks, shortened in the middle when it is long."""
    short = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 9]}…{text[-8:]}"
    return f"“{short}”"


def shown(raw: str | None, value: ParsedValue | None) -> str:
    """A printed value; a bare number with the sign and unit that stand in other columns of its row.

    >>> from normalizers import parse_value
    >>> shown("≥17场", parse_value("≥17场")), shown("17", parse_value("17", column_unit="万元"))
    ('≥17场', '17万元')
    """
    text = (raw or "").strip()
    if value is None or len(value.parts) != 1 or not _BARE.fullmatch(text):
        return text
    part = value.parts[0]
    below, above = part.lower is None, part.upper is None
    sign = "" if below == above else _SIGNS[below, bool(part.upper_inclusive or part.lower_inclusive)]
    return f"{sign}{text}{part.unit_raw or _SCALES.get(part.scale, '') + (part.unit or '')}"


def said(raw: str | None, value: ParsedValue | None) -> str:
    """The same in quotation marks."""
    return quote(shown(raw, value))


def place(row: IndicatorRow) -> str:
    """Where a row stands, in words: its level-2 label as printed, and its number.

    The order of the slots is the printed one, so that a reader finds the line on the page.
    """
    label = row.level2_raw or row.level1_raw or "指标"
    ordinal = "" if row.ordinal is None else f"第{row.ordinal}项"
    return f"{label}{ordinal}{quote(row.level3)}"


def listing(parts: Iterable[str]) -> str:
    """Things side by side, with the Chinese enumeration comma."""
    return "、".join(parts)


def total(amounts: Iterable[Decimal]) -> str:
    """A sum written out: the numbers in 万元 joined by +, then the result.

    >>> total([Decimal(200000), Decimal(150000)])
    '20+15=35万元'
    """
    numbers = [a / _WAN for a in amounts]
    return f"{'+'.join(map(plain, numbers))}={plain(sum(numbers, Decimal(0)))}万元"
