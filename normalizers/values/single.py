"""The short way for the common cell: one sign, one Arabic number, one known unit (``≥95%``, ``2.88万元``).

It reads nothing that the full grammar reads otherwise; a test compares the two on every spec.
"""

from __future__ import annotations

import re
from decimal import Decimal

from normalizers.numerals import SCALES, scale_of
from normalizers.quantity import ParsedValue
from normalizers.text import Folded
from normalizers.units import Unit
from normalizers.values.context import Context, fill
from normalizers.values.draft import ONE, Draft, finish
from normalizers.values.lexicon import UNITS, WORDS

_SINGLE = re.compile(rf"([≥≤=<>]?)(\d{{1,18}}(?:\.\d{{1,12}})?)([{SCALES}]*)([余多]?)([^\d\s.,]*)")

# Units whose meaning hangs on their neighbours go the long way.
_CALENDAR = frozenset(WORDS.by_neighbour.words)


def _is_plain(surface: str, unit: Unit) -> bool:
    counted = surface[0] == "个" and unit.dimension == "count"  # 个 with a noun
    return surface not in _CALENDAR and unit.id != "度" and not counted


_PLAIN: dict[str, Unit | None] = {s: u for s, u in UNITS.items() if _is_plain(s, u)} | {"": None}
# 千米, 兆瓦 …: the scale character may belong to the unit, the full grammar decides.
_SCALE_UNITS = frozenset(surface[:2] for surface in UNITS if surface[0] in SCALES and len(surface) > 1)
_SCALES = {scale: scale_of(scale) for one in SCALES for scale in (one, *(one + two for two in SCALES))}


def read_single(raw: str, folded: Folded, text: str, context: Context) -> ParsedValue | None:
    """The parsed value of a one-quantity cell, or None when the full grammar must look."""
    match = _SINGLE.fullmatch(text)
    if match is None:
        return None
    sign, number, scale, more, surface = match.groups()
    factor = ONE
    if scale and not more and scale + surface in UNITS:
        surface, scale = scale + surface, ""
    elif scale:
        factor = _SCALES.get(scale)  # type: ignore[assignment]
        if factor is None or scale[-1] + surface[:1] in _SCALE_UNITS:
            return None
    if number[0] == "0" and number[1:2].isdigit():
        return None
    if surface not in _PLAIN or (not surface and not sign and len(number) == 8):
        return None
    unit = _PLAIN[surface]
    value = Decimal(number)
    draft = Draft(0, len(text))
    if factor is not ONE:
        value *= factor
        draft.scale, draft.scale_source = factor, "cell"
    _bounds(draft, value, sign, more)
    draft.number_raw, draft.unit = number, unit
    draft.unit_raw = scale + surface or None
    if unit is None:
        fill(draft, context)
    else:
        draft.unit_source = "cell"
    quantity = finish(draft, folded)
    return ParsedValue(raw, folded.text, quantity.kind, (quantity,), (), None, "", str(quantity.kind), ())


def _bounds(draft: Draft, value: Decimal, sign: str, more: str) -> None:
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
