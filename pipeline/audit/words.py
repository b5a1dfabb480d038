"""What the words of a row say in numbers, and whether two numbers say the same.

The quantities themselves come with the form's records; here is decided which of them speak for
the row as a whole (``办公经费60万``) and which name a price, a class or a date.
"""

from __future__ import annotations

import re
from decimal import Decimal

from normalizers.quantity import Quantity
from pipeline.audit.limits import limits
from pipeline.audit.subject import Line, is_calendar, is_money, number

_CLAUSE = re.compile(r"[，,。；;、：:（）()《》“”\s]")
_CLOSED = re.compile(r"\s*(?:$|[，,。；;、：:）)》”/+])")
_AMOUNT = limits("text_vs_target_amount")
_NOT_THE_ROW = _AMOUNT.pattern("not_the_row")
_AMOUNT_CLASS = _AMOUNT.pattern("category_words", r"\s*(?:{})")
_COUNT = limits("text_vs_target_count")
_GENERIC = frozenset(_COUNT.words("generic_units"))
_COUNT_CLASS = _COUNT.pattern("category_words", r"\s*(?:{})")
_ABOVE = limits("shared").number("approximate_above")
_AROUND = limits("shared").number("approximate_around")
_AROUND_WORDS = frozenset(limits("shared").words("around_words"))


def clause(text: str, at: int) -> tuple[int, int]:
    """Start and end of the clause of ``text`` around position ``at``.

    >>> clause("信访业务培训10次,40余人", 10)
    (10, 14)
    """
    start = max((m.end() for m in _CLAUSE.finditer(text, 0, at)), default=0)
    end = _CLAUSE.search(text, at)
    return start, end.start() if end else len(text)


def wording(text: str, quantity: Quantity) -> str:
    """The printed words of a quantity."""
    return text[quantity.start : quantity.end].strip()


_TEN = 10


def is_counted(quantity: Quantity) -> bool:
    """Is it a count in earnest: in digits, or in words above ten? ``一名`` is too often no count at all."""
    if any(c.isdigit() and c.isascii() for c in quantity.number_raw or ""):
        return True
    value = number(quantity)
    return value is not None and value > _TEN


def own_amounts(line: Line) -> list[Quantity]:
    """The amounts in the words of a row that are the row's own: no price per head, no class of things."""
    text, found = line.name, []
    for quantity in line.words:
        if not is_money(quantity) or _AMOUNT_CLASS.match(text, quantity.end):
            continue
        start, _ = clause(text, quantity.start)
        if not _NOT_THE_ROW.search(text, start, quantity.start):
            found.append(quantity)
    return found


def own_counts(line: Line, unit: str, per: str | None = None) -> list[Quantity]:
    """The counts in ``unit`` (for every ``per``) in the words of a row; empty when none is in earnest.

    Units that count anything (个, 人) speak for the row only where they close their phrase.
    """
    text, found = line.name, []
    for quantity in line.words:
        if (quantity.unit, quantity.per_unit) != (unit, per) or number(quantity) is None:
            continue
        if is_money(quantity) or is_calendar(quantity):
            continue
        if text[: quantity.start].endswith(("第", "每")) or _COUNT_CLASS.match(text, quantity.end):
            continue
        if unit not in _GENERIC or _CLOSED.match(text, quantity.end):
            found.append(quantity)
    return found if any(map(is_counted, found)) else []


def _span(quantity: Quantity) -> tuple[Decimal, Decimal] | None:
    """The numbers a quantity may mean when it is taken at its word (a bound is met as printed)."""
    lower = quantity.base_lower if quantity.base_lower is not None else quantity.lower
    upper = quantity.base_upper if quantity.base_upper is not None else quantity.upper
    low, high = (upper if lower is None else lower), (lower if upper is None else upper)
    if low is None or high is None:
        return None
    if not quantity.approximate:
        return low, high
    if quantity.approximate_word in _AROUND_WORDS:
        return low * (1 - _AROUND), high * (1 + _AROUND)
    return low, max(high, low * _ABOVE)


def agree(one: Quantity, other: Quantity) -> bool:
    """May two quantities say the same? ``100余次`` and ``100次`` may, ``60万`` and ``40万元`` may not.

    A sign is no licence: ``10次`` in the words and ``≥8次`` in the value do not agree.

    >>> hundred = Quantity(lower=Decimal(100), upper=Decimal(100), unit="次")
    >>> over = Quantity(lower=Decimal(100), approximate=True, approximate_word="余", unit="次")
    >>> agree(over, hundred), agree(hundred, Quantity(lower=Decimal(80), unit="次"))
    (True, False)
    """
    a, b = _span(one), _span(other)
    return a is not None and b is not None and a[0] <= b[1] and b[0] <= a[1]


_PLAIN = re.compile(r"[1-9]\d{0,8}(?:\.\d{1,4})?", re.ASCII)
_LEADING = frozenset(limits("misread_sign").words("leading_digit"))
_LIKELY = limits("misread_sign").number("likely_from")
_GROWTH = limits("misread_sign").pattern("growth_words")
_WHOLE = Decimal(100)
_MAY_EXCEED = limits("percent_over_100").pattern("may_exceed")


def sign_read_as_digit(line: Line, part: Quantity) -> str | None:
    """The number without its first digit where that digit looks like a misread ``≥``, else None.

    A percentage that begins with 2 and whose rest is at most 100 looks so, unless the name speaks of
    growth (and, for a small rest, of anything that may exceed the whole); a count only when the words of the row print the rest in the same unit.
    """
    printed = (part.number_raw or "").replace(",", "")
    rest = printed[1:]
    if printed[:1] not in _LEADING or not _PLAIN.fullmatch(rest) or part.approximate:
        return None
    if part.lower != part.upper or part.scale != 1:
        return None
    if part.unit == "%":
        over = number(part) or Decimal(0)
        likely = Decimal(rest) >= _LIKELY or not _MAY_EXCEED.search(line.name)
        fits = over > 1 and likely and Decimal(rest) <= _WHOLE and not _GROWTH.search(line.name)
        return rest if fits else None
    said = own_counts(line, part.unit) if part.unit else []
    return rest if any(q.number_raw == rest for q in said) else None
