"""How findings speak: amounts, numbers and names as they stand in a Chinese sentence."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from pipeline.schema import IndicatorRow

_WAN = Decimal(10000)
_LONGEST = 40


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
