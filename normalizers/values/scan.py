"""One pass over a folded cell: quantities, dates, frequencies and the text between them.

At every position the readers bid; the longest reading wins, a tie is recorded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from normalizers.numerals import read_numeral
from normalizers.quantity import Kind
from normalizers.units import Unit
from normalizers.values.dates import read_date
from normalizers.values.draft import Draft
from normalizers.values.lexicon import NO_NUMBER, PER_BEFORE, TEMPLATE, WORDS, find_unit
from normalizers.values.number import read_quantity

_MAY_START = re.compile(r"[^\s,;、。:\"'\[\]()!?]")
_CJK = re.compile(r"[一-鿿]")
_UNKNOWN_UNIT = re.compile(r"[一-鿿]{1,4}(?=[,;、/+。()\"]|$)")
_BREAK = frozenset(",;、/+。;()[]\"'~-&:|!?=<>≥≤ ")


@dataclass(frozen=True, slots=True)
class Per:
    """A frequency before its quantity: 每2年, 每人每月, 人均."""

    start: int
    end: int
    unit: str
    count: Decimal


@dataclass(slots=True)
class Scan:
    """Items in printed order (drafts, frequencies, text spans) and what tied."""

    text: str
    items: list[Draft | Per | tuple[int, int]] = field(default_factory=list)
    ambiguous: list[str] = field(default_factory=list)
    template: bool = False


def scan(text: str) -> Scan:
    """Read ``text`` (folded, simplified) from left to right."""
    result = Scan(text)
    at, plain, length = 0, 0, len(text)
    while at < length:
        skip = NO_NUMBER.match(text, at)
        best = _best(text, at, plain, result)
        if best is not None and (skip is None or best.end > skip.end()):
            if plain < at:
                result.items.append((plain, at))
            result.items.append(best)
            at = plain = best.end
        else:
            at = skip.end() if skip is not None else at + 1
    if plain < length:
        result.items.append((plain, length))
    result.template = TEMPLATE.search(text) is not None
    return result


def _best(text: str, at: int, plain: int, result: Scan) -> Draft | Per | None:
    """The longest bid at ``at``. The date wins a tie against the number (2024年) and says so."""
    if not _MAY_START.match(text, at):
        return None
    quantity, period, per = read_quantity(text, at), read_date(text, at), _per(text, at)
    if quantity is not None and not _plausible(text, quantity, at, plain):
        quantity = None
    if period is not None and (quantity is None or period.end >= quantity.end):
        if quantity is not None and period.end == quantity.end:
            result.ambiguous.append("period|" + quantity.parser)
        return period
    if per is not None and (quantity is None or per.end >= quantity.end):
        return per
    return quantity


def _per(text: str, at: int) -> Per | None:
    match = PER_BEFORE.match(text, at)
    if match is None:
        return None
    if match["closed"]:
        return Per(at, match.end(), WORDS.per.closed[match["closed"]], Decimal(1))
    unit = find_unit(match["u"] or match["v"])
    number = read_numeral(match["n"]) if match["n"] else None
    if unit is None or (match["n"] and number is None):
        return None
    return Per(at, match.end(), unit.id, number.low if number else Decimal(1))


def _plausible(text: str, draft: Draft, at: int, plain: int) -> bool:
    """Whether Chinese numerals here are a number and not part of a word (一心, 三公, 四平八稳).

    Arabic digits always count. A Chinese numeral must stand free on the left (start of the cell,
    punctuation, a comparator, a unit before it) and on the right, or carry a unit and stand free
    on one side.
    """
    raw = draft.number_raw or ""
    if any("0" <= char <= "9" for char in raw) or draft.signed or draft.approximate_word:
        _adopt_unit(text, draft)
        return True
    left = at == plain or not _CJK.match(text[at - 1])
    right = draft.end >= len(text) or text[draft.end] in _BREAK or not _CJK.match(text[draft.end])
    if draft.unit is not None:
        return right or left
    return left and right


def _adopt_unit(text: str, draft: Draft) -> None:
    """An unknown word of one to four characters right behind an Arabic number counts as its unit (3咖)."""
    if draft.unit is not None or draft.kind is Kind.RATIO or draft.end >= len(text):
        return
    match = _UNKNOWN_UNIT.match(text, draft.end)
    if match is None:
        return
    word = match.group()
    draft.unit = Unit(word, "count", Kind.COUNT)
    draft.unit_raw = (draft.unit_raw or "") + word
    draft.unit_source = "cell"
    draft.end = match.end()
