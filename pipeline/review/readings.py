"""Readings in words that an auditor can check at a glance: ``≥95%``, ``28,800元（2.88万元）``, ``10–20户``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from pipeline.exports.published import plain
from pipeline.review.words import Speaker

_WAN = Decimal(10000)


def number(value: Decimal) -> str:
    """An exact number with its thousands set apart.

    >>> number(Decimal("28800.000")), number(Decimal("-0.5"))
    ('28,800', '-0.5')
    """
    whole, dot, rest = plain(value).partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits):,}{dot}{rest}"


def money(value: Decimal | None) -> str:
    """An amount in yuan; from ten thousand up with the figure in 万元 that the forms print.

    >>> money(Decimal("28800.00")), money(Decimal(100)), money(None)
    ('28,800元（2.88万元）', '100元', '')
    """
    if value is None:
        return ""
    said = f"{number(value)}元"
    return f"{said}（{number(value / _WAN)}万元）" if abs(value) >= _WAN else said


def wan(value: Decimal | None) -> str:
    """An amount in 万元, as short as it is exact.

    >>> wan(Decimal(200000)), wan(None)
    ('20', '–')
    """
    return "–" if value is None else number(value / _WAN)


def _bounds(part: Mapping[str, Any]) -> str:
    low, high = part["lower"], part["upper"]
    if low is not None and low == high:
        return number(low)
    if low is not None and high is not None:
        signs = ("" if part["lower_inclusive"] else "＞", "" if part["upper_inclusive"] else "＜")
        return f"{signs[0]}{number(low)}–{signs[1]}{number(high)}"
    if low is not None:
        return f"{'≥' if part['lower_inclusive'] else '＞'}{number(low)}"
    if high is not None:
        return f"{'≤' if part['upper_inclusive'] else '＜'}{number(high)}"
    return ""


def part_words(part: Mapping[str, Any]) -> str:
    """One quantity in words; ``part`` has the columns of the table ``quantities``."""
    words = _bounds(part)
    if part["date_start"] is not None:
        ends = {str(part["date_start"]), str(part["date_end"] or part["date_start"])}
        words = " – ".join(sorted(ends))
    elif part["date_end"] is not None:
        words = f"≤ {part['date_end']}"
    if part["approximate"]:
        words = f"{words}（{part['approximate_word'] or '约'}）"
    unit = part["unit"] or ""
    if unit == "元" and part["lower"] is not None and part["lower"] == part["upper"]:
        words, unit = money(part["lower"]), ""
    words = f"{words}{unit}"
    if part["per_unit"]:
        count = part["per_count"]
        words += f" / {plain(count) if count is not None and count != 1 else ''}{part['per_unit']}"
    return f"{part['label']}：{words}" if part["label"] else words


def value_words(
    say: Speaker, kind: str | None, direction: str | None, parts: Iterable[Mapping[str, Any]]
) -> str:
    """How a value was read: its quantities, or the direction of its words; empty where nothing was read."""
    said = "；".join(filter(None, map(part_words, parts)))
    if direction:
        said = "，".join(filter(None, (said, say("direction", direction))))
    if said or kind is None:
        return said
    return say("reading", "none") if kind == "other" else say("value_kind", kind)
