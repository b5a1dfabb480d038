"""What a row promised and what it reached: which way is better, and whether the promise was kept.

The way (正向, 反向) comes from the sign, the concept or the words of the row. Where none of them tells,
it is not guessed: no rule that rests on it speaks.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from normalizers.concepts import concept
from normalizers.quantity import ParsedValue, Quantity
from pipeline.audit.limits import limits
from pipeline.audit.subject import Line, is_calendar, is_money, is_percent, number

_LIMITS = limits("promise")
_DOWN = _LIMITS.pattern("down_words")
_UNCLEAR = _LIMITS.pattern("unclear_words")
_RATE = limits("shared").pattern("rate_words", r"(?:{})(?=[（(]|$)")
_COUNTED = frozenset(_LIMITS.words("counted_levels"))


class Way(StrEnum):
    """Which way is better: more (正向) or less (反向)."""

    UP = "up"
    DOWN = "down"


def way(line: Line, part: Quantity) -> Way | None:
    """Which way is better for a row whose target is this one quantity; None where nothing tells.

    A sign decides; else the concept, the words of the name, or the block the row stands in.
    """
    if (part.lower is None) != (part.upper is None):
        return Way.UP if part.upper is None else Way.DOWN
    if _UNCLEAR.search(line.name) or part.lower != part.upper:
        return None
    if line.is_cost or _DOWN.search(line.name):
        return Way.DOWN
    name = line.row.concept_id
    known = concept(name) if name is not None and not name.startswith("cost.") else None
    if known is not None and known.better in ("up", "down"):
        return Way(known.better)
    rate = is_percent(part) and _RATE.search(line.name) is not None
    return Way.UP if rate or (line.level2 in _COUNTED and not is_money(part)) else None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A promise and what came of it, in one unit."""

    way: Way
    promised: Decimal
    reached: Decimal

    @property
    def missed(self) -> bool:
        """Was less done than promised, or more where less is better?"""
        return self.reached < self.promised if self.way is Way.UP else self.reached > self.promised

    @property
    def share(self) -> Decimal | None:
        """Reached by promised (正向), promised by reached (反向), at most 1; None where that says nothing."""
        done, of = (self.reached, self.promised) if self.way is Way.UP else (self.promised, self.reached)
        return min(Decimal(1), done / of) if of > 0 and done >= 0 else None


def sole(value: ParsedValue | None) -> Quantity | None:
    """The one number a value states: no date, nothing approximate, no second part."""
    if value is None or len(value.parts) != 1 or value.parts[0].approximate:
        return None
    part = value.parts[0]
    return None if is_calendar(part) or number(part) is None else part


def comparable(one: Quantity, other: Quantity) -> bool:
    """Do two quantities count the same: one unit (per the same), or both money?"""
    if one.per_unit != other.per_unit:
        return False
    return one.unit == other.unit or (is_money(one) and is_money(other))


def outcome(line: Line) -> Outcome | None:
    """Target and result of a row, where both are one number in one unit and the better way is known."""
    target, actual = sole(line.target), sole(line.actual)
    if target is None or actual is None or not comparable(target, actual):
        return None
    better = way(line, target)
    promised, reached = number(target), number(actual)
    if better is None or promised is None or reached is None:
        return None
    return Outcome(better, promised, reached)
