"""The types of a value: what one 指标值 cell says once it is read.

A cell is a :class:`ParsedValue`; each number in it with its unit is a :class:`Quantity`;
a direction word (逐步提升) is a :class:`State`. Nothing here reads text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """What sort of value a cell holds (published as ``target_kind`` / ``actual_kind``)."""

    COUNT = "count"
    PERCENT = "percent"
    MONEY = "money"
    RATIO = "ratio"
    DURATION = "duration"
    DATE_PERIOD = "date_period"
    DEADLINE = "deadline"
    MEASURE = "measure"
    QUALITATIVE = "qualitative"
    COMPOUND = "compound"
    BLANK = "blank"
    OTHER = "other"


class Direction(StrEnum):
    """Which way a qualitative word points (有所提升 up, 有所下降 down, 长期有效 maintain, 达标 reach)."""

    UP = "up"
    DOWN = "down"
    MAINTAIN = "maintain"
    REACH = "reach"


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity inside a value.

    ``lower`` and ``upper`` are fully scaled and in ``unit`` (``2.88万元`` is 28800 元); an open end
    is None. ``base_lower``/``base_upper`` are the same bounds in ``base_unit`` (percent → a
    fraction with base unit ``1``; 小时 → 秒; 年 → 月; money → 元; counts keep their unit).
    ``start``/``end`` are a half-open span in the **raw** text. For calendar spans (``2024年全年``)
    the bounds are None and ``date_start``/``date_end`` hold the first and last day, both inclusive.
    """

    lower: Decimal | None = None
    upper: Decimal | None = None
    lower_inclusive: bool | None = None
    upper_inclusive: bool | None = None
    approximate: bool = False
    approximate_word: str | None = None
    number_raw: str | None = None
    scale: Decimal = Decimal(1)
    scale_source: str | None = None  # cell | row_label | column | form
    unit_raw: str | None = None
    unit: str | None = None
    unit_source: str | None = None  # cell | row | column
    dimension: str | None = None
    base_lower: Decimal | None = None
    base_upper: Decimal | None = None
    base_unit: str | None = None
    per_count: Decimal | None = None
    per_unit: str | None = None
    label: str | None = None
    joiner: str | None = None  # how it hangs on the part before: "/", "+", ",", "per" …; None for the first
    date_start: date | None = None
    date_end: date | None = None
    kind: Kind = Kind.COUNT
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class State:
    """One qualitative word: its printed form, direction, strength (``slight``/``strong``…) and horizon (``gradual``/``long_term``…)."""

    word: str
    direction: Direction | None = None
    strength: str | None = None
    horizon: str | None = None
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class ParsedValue:
    """One read cell.

    ``parts`` are the quantities in printed order; ``states`` the qualitative words; ``residue`` the
    folded text that no reader claimed (non-empty residue with no number makes the kind ``other``);
    ``parser`` names the reader that won; ``ambiguous`` names readers that tied with it.
    """

    raw: str
    folded: str
    kind: Kind
    parts: tuple[Quantity, ...] = ()
    states: tuple[State, ...] = ()
    direction: Direction | None = None
    residue: str = ""
    parser: str = ""
    ambiguous: tuple[str, ...] = ()
