"""What a row promised and what it reached: which way is better, and whether the promise was kept.

The way (正向, 反向) comes from the sign, the concept or the words of the row. Where none of them tells,
it is not guessed: no rule that rests on it speaks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from normalizers.concepts import concept
from normalizers.quantity import Kind, ParsedValue, Quantity
from pipeline.audit.limits import limits
from pipeline.audit.phrase import plain
from pipeline.audit.subject import Line, is_calendar, is_money, is_percent, number
from pipeline.audit.words import sign_read_as_digit

_LIMITS = limits("promise")
_DOWN = _LIMITS.pattern("down_words")
_UNCLEAR = _LIMITS.pattern("unclear_words")
_RATE = limits("shared").pattern("rate_words", r"(?:{})(?=[（(]|$)")
_CONVERTED = _LIMITS.number("converted")
_COUNTED = frozenset(_LIMITS.words("counted_levels"))
_LONGEST_SCORE = 4


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
    return None if part.lower != part.upper else _named_way(line, part)


def _named_way(line: Line, part: Quantity) -> Way | None:
    """The way that concept, words or block tell; None where the words speak of a change."""
    if _UNCLEAR.search(line.name):
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
    """A promise and what came of it, in one unit.

    ``promised`` of an interval is the end that was missed, or that would be; no formula goes with it, nor
    with a deadline, whose days are counted from any day.
    """

    way: Way
    promised: Decimal
    reached: Decimal
    interval: bool = False
    written: tuple[str, str] = ("", "")

    @property
    def figures(self) -> tuple[str, str]:
        """Both as they stand among the numbers of a finding; dates as 2023-08-31."""
        return self.written if self.written[0] else (plain(self.promised), plain(self.reached))

    @property
    def missed(self) -> bool:
        """Was less done than promised, or more where less is better?"""
        return self.reached < self.promised if self.way is Way.UP else self.reached > self.promised

    @property
    def share(self) -> Decimal | None:
        """Reached by promised (正向), promised by reached (反向), at most 1; None where that says nothing."""
        if self.interval:
            return None
        done, of = (self.reached, self.promised) if self.way is Way.UP else (self.promised, self.reached)
        return min(Decimal(1), done / of) if of > 0 and done >= 0 else None


def sole(value: ParsedValue | None) -> Quantity | None:
    """The one number a value states: no date, nothing approximate, no second part."""
    if value is None or len(value.parts) != 1 or value.parts[0].approximate:
        return None
    part = value.parts[0]
    return None if is_calendar(part) or number(part) is None else part


def deadline(value: ParsedValue | None) -> date | None:
    """The last day of a value that says by when (2023年8月底前); None without a year, or for any other date."""
    if value is None or len(value.parts) != 1 or value.parts[0].kind is not Kind.DEADLINE:
        return None
    return value.parts[0].date_end


def day(value: ParsedValue | None) -> date | None:
    """The first day that a date means (2023年10月: the first of October): no earlier was it done."""
    if value is None or len(value.parts) != 1 or value.parts[0].kind is not Kind.DATE_PERIOD:
        return None
    part = value.parts[0]
    return part.date_start if part.date_start and part.date_end and _one_month(part) else None


def _one_month(part: Quantity) -> bool:
    start, end = part.date_start, part.date_end
    return start is not None and end is not None and (start.year, start.month) == (end.year, end.month)


def comparable(one: Quantity, other: Quantity) -> bool:
    """Do two quantities count the same: one unit (per the same), both money, or of one base (公里 and 米)?"""
    if one.per_unit != other.per_unit:
        return False
    if one.unit == other.unit or (is_money(one) and is_money(other)):
        return True
    return one.base_unit is not None and (one.base_unit, one.dimension) == (other.base_unit, other.dimension)


def differ(one: Quantity, other: Quantity) -> bool:
    """Do two comparable numbers differ by more than a conversion (12亩, 8000平方米) may cost?"""
    was, now = number(one), number(other)
    if was is None or now is None:
        return False
    return abs(was - now) > (_CONVERTED * abs(was) if one.unit != other.unit else 0)


def bare_number(text: str | None) -> Decimal | None:
    """The number of a cell that holds nothing but a few digits, perhaps with 分.

    >>> bare_number("10分"), bare_number("10次")
    (Decimal('10'), None)
    """
    plain_text = (text or "").strip().removesuffix("分")
    digits = plain_text.replace(".", "", 1)
    short = digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_SCORE
    return Decimal(plain_text) if short else None


def is_score(line: Line, role: str) -> bool:
    """Does a value (``target`` or ``actual``) look like the points of its row?

    It is a bare number, the row's points or score, and the row's other value has a unit or is words.
    """
    printed, other = line.row.target, line.actual
    if role == "actual":
        printed, other = line.row.actual, line.target
    found = bare_number(printed.raw)
    if found is None or found not in (line.row.weight, line.row.score):
        return False
    if other is None or not other.parts:
        return other is not None and other.kind is Kind.QUALITATIVE
    part = sole(other)
    return part is not None and part.unit not in (None, "分") and part.lower != found


def misread(line: Line, value: ParsedValue | None) -> bool:
    """May the number of a value be a sign read as a digit (``292%``)? Then nothing is concluded from it."""
    return value is not None and any(sign_read_as_digit(line, part) for part in value.parts)


def outcome(line: Line) -> Outcome | None:
    """Target and result of a row, where both are in one unit, the result is one number, and the way is known.

    None, too, where one of them looks misread or like the row's points: other rules say so.
    """
    due, done = deadline(line.target), day(line.actual)
    if due is not None and done is not None:
        written = due.isoformat(), done.isoformat()
        return Outcome(Way.DOWN, Decimal(due.toordinal()), Decimal(done.toordinal()), True, written)
    actual = sole(line.actual)
    target = line.target.parts[0] if line.target is not None and len(line.target.parts) == 1 else None
    if target is None or actual is None or not comparable(target, actual):
        return None
    if misread(line, line.target) or misread(line, line.actual) or is_score(line, "actual"):
        return None
    reached = number(actual)
    if reached is None:
        return None
    if target.lower is not None and target.upper is not None and target.lower != target.upper:
        return _within(line, target, reached)
    better, promised = way(line, target), number(target)
    if sole(line.target) is None or better is None or promised is None:
        return None
    return Outcome(better, promised, reached if differ(target, actual) else promised)


def _within(line: Line, target: Quantity, reached: Decimal) -> Outcome | None:
    """The outcome of a promise with two ends (90%-95%, ±3%).

    Beyond one end is missed only where that end is known to be the bad one; below the lower end also
    where nothing tells, as a bare number is a floor. On both sides only for a deviation around nought.
    """
    low = target.base_lower if target.base_lower is not None else target.lower
    high = target.base_upper if target.base_upper is not None else target.upper
    if low is None or high is None or target.approximate or is_calendar(target):
        return None
    if low == -high:
        side = Way.DOWN if reached > high else Way.UP
    elif _UNCLEAR.search(line.name):
        return None
    else:
        side = _named_way(line, target) or Way.UP
    return Outcome(side, high if side is Way.DOWN else low, reached, interval=True)
