"""The short way for the common quantity: one sign, one Arabic number, one known unit (``≥95%``, ``2.88万元``).

It reads nothing that the full grammar reads otherwise; a test compares the two. :func:`read_single`
takes a whole cell at once, :func:`read_plain` one quantity of a longer cell.
"""

from __future__ import annotations

import re
from decimal import Decimal

from normalizers.numerals import SCALES, scale_of
from normalizers.quantity import Kind, ParsedValue
from normalizers.text import Folded
from normalizers.units import Unit
from normalizers.values.context import Context, fill
from normalizers.values.dates import DATE_TAILS
from normalizers.values.draft import Draft, finish, make_value
from normalizers.values.lexicon import UNITS, WORDS

_NUMBER = rf"([≥≤=<>]?)(\d{{1,18}}(?:\.\d{{1,12}})?)([{SCALES}]*)(?:([余多])([{SCALES}]*))?"
_SINGLE = re.compile(_NUMBER + r"([^\d\s.,]*)")
# Behind the unit the cell ends or a sign stands that no reader of quantities goes on over.
_INSIDE = re.compile(_NUMBER + r"(?:([^\W\d]{1,12}|[%‰])(?=[,;、。)]|[/+]\d|\Z)|\Z)")
PLAIN_FIRST = frozenset("0123456789≥≤=<>")

# Units whose meaning hangs on their neighbours go the long way.
_CALENDAR = frozenset(WORDS.by_neighbour.words) - {"个"}


def _is_plain(surface: str, unit: Unit) -> bool:
    counted = surface[0] == "个" and unit.dimension == "count" and surface != "个"  # 个 with a noun
    return surface not in _CALENDAR and unit.id != "度" and not counted


_PLAIN: dict[str, Unit | None] = {s: u for s, u in UNITS.items() if _is_plain(s, u)} | {"": None}
# What 块 is (money or boards) is settled among all quantities of the cell.
_AMONG = _PLAIN | {"块": UNITS["块"]}
# 千米, 兆瓦 …: the scale character may belong to the unit, the full grammar decides.
_SCALE_UNITS = frozenset(surface[:2] for surface in UNITS if surface[0] in SCALES and len(surface) > 1)
_SCALES = {scale: scale_of(scale) for one in SCALES for scale in (one, *(one + two for two in SCALES))}


def read_single(raw: str, folded: Folded, text: str, context: Context) -> ParsedValue | None:
    """The parsed value of a one-quantity cell, or None when the full grammar must look."""
    match = _SINGLE.fullmatch(text)
    if match is None or (not match[1] and not match[6] and len(match[2]) == 8):
        return None  # 20240501 is a date
    draft = _draft(match, 0, _PLAIN)
    if draft is None:
        return None
    if draft.unit is None:
        fill(draft, context)
    quantity = finish(draft, folded)
    return make_value(raw, folded.text, quantity.kind, (quantity,), (), None, "", str(quantity.kind), ())


def read_plain(text: str, at: int) -> Draft | None:
    """The quantity that begins at ``at``, if it is a plain one and nothing behind it can belong to it."""
    match = _INSIDE.match(text, at)
    if match is None or (match[6] is None and len(match[2]) == 8):
        return None
    if match[6] in DATE_TAILS and "." in match[2]:
        return None  # 2023.12份
    draft = _draft(match, at, _AMONG)
    if draft is None or (text.startswith("+", draft.end) and _goes_on(draft.unit)):
        return None
    return draft


def _goes_on(unit: Unit | None) -> bool:
    """Whether smaller units may be added: 5元+3角."""
    return unit is not None and (unit.factor is not None or unit.kind is Kind.MONEY)


def _draft(match: re.Match[str], at: int, units: dict[str, Unit | None]) -> Draft | None:
    sign, number, scale, more, scale_behind, surface = match.groups("")
    if scale and not more and scale + surface in UNITS:
        surface, scale = scale + surface, ""
    if surface not in units or (number[0] == "0" and number[1:2].isdigit()):
        return None
    unit = units[surface]
    value = Decimal(number)
    draft = Draft(at, match.end())
    if scale or scale_behind:
        factor = _factor(scale, scale_behind, surface)
        if factor is None:
            return None
        value *= factor
        draft.scale, draft.scale_source = factor, "cell"
    _bounds(draft, value, sign, more)
    draft.number_raw, draft.unit = number, unit
    draft.unit_raw = scale + scale_behind + surface or None
    if unit is not None:
        draft.unit_source = "cell"
        if unit.id == "元" and unit.factor == 1 and unit.kind is Kind.MONEY:
            draft.parser = "money"
    return draft


def _factor(scale: str, behind: str, surface: str) -> Decimal | None:
    """What the scale characters multiply by; None when they may belong to the unit or stand twice (5万余千)."""
    chars = scale or behind
    if (scale and behind) or chars[-1] + surface[:1] in _SCALE_UNITS:
        return None
    return _SCALES.get(chars)


def _bounds(draft: Draft, value: Decimal, sign: str, more: str) -> None:
    draft.signed = sign not in ("", "=")
    if more:
        draft.approximate_word = more
        if sign in ("≤", "<"):
            draft.upper, draft.upper_inclusive = value, sign == "≤"
        else:
            draft.lower, draft.lower_inclusive = value, sign == "≥"
    elif sign in ("≥", ">"):
        draft.lower, draft.lower_inclusive = value, sign == "≥"
    elif sign in ("≤", "<"):
        draft.upper, draft.upper_inclusive = value, sign == "≤"
    else:
        draft.lower = draft.upper = value
        draft.lower_inclusive = draft.upper_inclusive = True
