"""What the row and the column add to a value: a missing unit or scale, never a correction."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from normalizers.numerals import SCALES, scale_of
from normalizers.quantity import Kind
from normalizers.text import fold
from normalizers.units import Unit
from normalizers.values.draft import ONE, Draft
from normalizers.values.lexicon import UNITS, WORDS, find_unit, simplify
from normalizers.values.number import per_name

_BRACKETED = re.compile(r"[(\[](?:单位:)?([^()\[\]]{1,12})[)\]]")
_SCALED = re.compile(rf"([{SCALES}]*)(.*)", re.DOTALL)
_YUAN, _PERCENT = UNITS["元"], UNITS["%"]
BOARDS = Unit("块", "count", Kind.COUNT)
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class ColumnUnit:
    """A unit printed outside the cell, split in scale and unit: 万元 → 10000, 元."""

    scale: Decimal
    unit: Unit
    source: str
    per: str | None = None  # 次/年


@dataclass(frozen=True, slots=True)
class Context:
    """What is known around a cell, reduced to what can fill a gap."""

    column: ColumnUnit | None = None
    money: bool = False  # a bare 15万 is money
    percent: bool = False  # a bare 95 is a percentage
    boards: bool = False  # 块 counts things
    bandwidth: bool = False


NOTHING = Context()


@lru_cache(maxsize=2048)
def split_unit(printed: str, source: str) -> ColumnUnit | None:
    """Read a printed column unit; None when it is no unit.

    Example:
        >>> split_unit("单位：万元", "column").scale, split_unit("亩", "column").unit.id
        (Decimal('10000'), '亩')
    """
    text = simplify(fold(printed)).strip("()[]").removeprefix("单位").removeprefix("计量").strip(":()[] ")
    unit = find_unit(text)
    if unit is not None:
        return ColumnUnit(ONE, unit, source)
    head, slash, tail = text.partition("/")
    if slash and find_unit(tail) is not None:
        whole = split_unit(head, source)
        return None if whole is None else replace(whole, per=per_name(tail))
    match = _SCALED.fullmatch(text)
    rest = find_unit(match[2]) if match and match[1] else None
    return ColumnUnit(scale_of(match[1]), rest, source) if match and rest is not None else None


@lru_cache(maxsize=2048)
def build(column_unit: str | None, label: str | None, level2: str | None) -> Context:
    """Reduce what surrounds a cell to a :class:`Context`. Labels repeat, so this is remembered."""
    name = simplify(fold(label)) if label else ""
    level = fold(level2) if level2 else ""
    column = split_unit(column_unit, "column") if column_unit else None
    if column is None:
        found = _BRACKETED.findall(name)
        column = split_unit(found[-1], "row") if found else None
    bare = _BRACKETED.sub("", name).rstrip("。.,;:")
    quantity = level in WORDS.quantity_levels.ids or level in WORDS.quantity_levels.words
    cost = level in WORDS.cost_levels.ids or level in WORDS.cost_levels.words
    money = cost or (not quantity and any(word in bare for word in WORDS.money_labels.words))
    return Context(
        column=column,
        money=money,
        percent=bare.endswith(WORDS.percent_labels.words),
        boards=not money and (quantity or any(word in bare for word in WORDS.board_labels.words)),
        bandwidth=any(word in bare for word in WORDS.bandwidth_labels.words),
    )


def fill(draft: Draft, context: Context) -> None:
    """Fill the unit and scale that ``draft`` lacks. What the cell printed is never touched."""
    if draft.unit is not None:
        if draft.unit_raw == "块" and (context.boards or draft.per_unit is not None):
            draft.unit = BOARDS
            draft.unit_source = "cell" if draft.per_unit is not None else "row"
        return
    if draft.kind is not None:
        return
    if context.column is not None:
        _fill_column(draft, context.column)
    elif context.money and draft.scale >= 10000:
        draft.unit, draft.unit_source, draft.parser = _YUAN, "row", "money"
    elif context.percent and draft.scale == ONE and _fraction_of_hundred(draft):
        draft.unit, draft.unit_source, draft.parser = _PERCENT, "row", "percent"
    elif context.bandwidth and (draft.unit_raw or "") == "M":
        draft.unit, draft.unit_source = UNITS["Mbps"], "row"


def _fill_column(draft: Draft, column: ColumnUnit) -> None:
    draft.unit, draft.unit_source = column.unit, column.source
    if column.per is not None and draft.per_unit is None:
        draft.per_unit, draft.per_count = column.per, ONE
    if draft.scale == ONE and column.scale != ONE:
        draft.times(column.scale)
        draft.scale = column.scale
        draft.scale_source = "column" if column.source == "column" else "row_label"


def _fraction_of_hundred(draft: Draft) -> bool:
    """Above 1 and up to 100: 95 is a percentage, 1 and 0.95 may be a fraction of one."""
    bounds = [bound for bound in (draft.lower, draft.upper) if bound is not None]
    return bool(bounds) and all(ONE < bound <= _HUNDRED for bound in bounds)
