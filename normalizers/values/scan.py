"""One pass over a folded cell: quantities, dates, frequencies and the text between them.

At every position the readers bid; the longest reading wins, a tie is recorded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from normalizers.numerals import DIGITS, SCALES, read_numeral
from normalizers.quantity import Kind
from normalizers.units import Unit
from normalizers.values.dates import DATE_BEGIN, DATE_FIRST, read_date
from normalizers.values.draft import Draft
from normalizers.values.lexicon import (
    NO_NUMBER,
    NO_NUMBER_FIRST,
    NUMERAL_CHARS,
    PER_BEFORE,
    PER_FIRST,
    QUANTITY_FIRST,
    TEMPLATE,
    WORDS,
)
from normalizers.values.number import per_name, read_quantity
from normalizers.values.single import PLAIN_FIRST, read_plain

_CJK = re.compile(r"[一-鿿]")
_UNKNOWN_UNIT = re.compile(r"[一-鿿]{1,4}(?=[,;、/+。()\"]|$)")
# After anything else + and - join two quantities, they are no sign of a number.
_OPENERS = frozenset("(:,;、=≥≤<>~约 ")
# A cell prints a handful of quantities. Behind this many it is a table or damage: the rest is residue.
MOST_PARTS = 64
_GROWTH = re.compile(r"(?:增长|增速|增幅|下降|降幅|变化|变动|率)\Z")
_RUN_ON = re.compile(r" \d")
_BREAK = frozenset(",;、/+。;()[]\"'~-&:|!?=<>≥≤ ")


_NUMBER_SIGN = re.compile(rf"[\d每均{DIGITS}{SCALES}廿卅卌半几数{DATE_BEGIN}]|" + TEMPLATE.pattern)


# Where a reader, or a word that holds no number, can begin. Punctuation never begins one.
_BEGIN = sorted(QUANTITY_FIRST | PER_FIRST | NO_NUMBER_FIRST | set(DATE_FIRST))
_START = re.compile(f"[\\d{re.escape(''.join(_BEGIN))}]")


def may_begin(char: str) -> bool:
    """Whether :func:`scan` stops at ``char`` to look what begins there."""
    return _START.match(char) is not None


def has_number(text: str) -> bool:
    """Whether anything in ``text`` could begin a quantity, a date, a frequency or a template slot."""
    return _NUMBER_SIGN.search(text) is not None


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
    template: bool = False  # only asked where there is no quantity
    quantities: int = 0
    rest: int | None = None  # where reading stopped: more than MOST_PARTS quantities


def scan(text: str) -> Scan:
    """Read ``text`` (folded, simplified) from left to right."""
    result = Scan(text)
    at, plain, length = 0, 0, len(text)
    while (start := _START.search(text, at)) is not None:
        at = start.start()
        skip = NO_NUMBER.match(text, at) if text[at] in NO_NUMBER_FIRST or text[at].isdecimal() else None
        best = _best(text, at, plain, result)
        if best is not None and (skip is None or best.end > skip.end()):
            if plain < at:
                result.items.append((plain, at))
            result.items.append(best)
            at = plain = best.end
            result.quantities += isinstance(best, Draft)
            if result.quantities >= MOST_PARTS:
                break
        else:
            at = skip.end() if skip is not None else at + 1
    if result.quantities >= MOST_PARTS and _START.search(text, plain):
        result.rest = plain
    elif plain < length:
        result.items.append((plain, length))
    result.template = not result.quantities and TEMPLATE.search(text) is not None
    return result


def _best(text: str, at: int, plain: int, result: Scan) -> Draft | Per | None:
    """What is read at ``at``: the short way where it can, else the full grammar."""
    first = text[at]
    if first in "+-" and not _sign_allowed(text, at, plain):
        return None
    if at > plain and first in NUMERAL_CHARS and text[at - 1] in NUMERAL_CHARS:
        return None  # the rest of a numeral that could not be read is no number of its own
    if first in PLAIN_FIRST and (draft := read_plain(text, at)) is not None:
        return draft
    return read_fully(text, at, plain, result)


def read_fully(text: str, at: int, plain: int, result: Scan) -> Draft | Per | None:
    """The longest bid at ``at``; text since ``plain`` is not claimed yet.

    The date wins a tie against the number (2024年) and says so.
    """
    period = read_date(text, at)
    if period is not None and text.startswith("年", at + 4) and _ends(text, period.end):
        return period  # 2024年3月底前: no amount of years and months reaches farther
    quantity = read_quantity(text, at)
    per = _per(text, at) if text[at] in PER_FIRST else None
    if quantity is not None and not _plausible(text, quantity, at, plain):
        quantity = None
    if period is not None and (quantity is None or period.end >= quantity.end):
        if quantity is not None and period.end == quantity.end and quantity.unit is None:
            result.ambiguous.append(quantity.parser)
        return period
    if per is not None and (quantity is None or per.end >= quantity.end):
        return per
    return quantity


def _ends(text: str, at: int) -> bool:
    return at >= len(text) or text[at] in ",;、。"


def _sign_allowed(text: str, at: int, plain: int) -> bool:
    """Whether + or - at ``at`` can be the sign of a number: at the start, after a comparator, after 增长 or 率."""
    if not at or text[at - 1] in _OPENERS:
        return True
    return text[at] == "-" and plain < at and _GROWTH.search(text, plain, at) is not None


def _per(text: str, at: int) -> Per | None:
    match = PER_BEFORE.match(text, at)
    if match is None:
        return None
    if match["closed"]:
        return Per(at, match.end(), WORDS.per.closed[match["closed"]], Decimal(1))
    number = read_numeral(match["n"]) if match["n"] else None
    if match["n"] and number is None:
        return None
    return Per(at, match.end(), per_name(match["u"] or match["v"]), number.low if number else Decimal(1))


def _plausible(text: str, draft: Draft, at: int, plain: int) -> bool:
    """Whether Chinese numerals here are a number and not part of a word (一心, 三公, 四平八稳).

    Arabic digits always count. A Chinese numeral must stand free on the left (start of the cell,
    punctuation, a comparator, a unit before it) and on the right, or carry a unit and stand free
    on one side.
    """
    raw = draft.number_raw or ""
    if draft.unit is None and _RUN_ON.match(text, draft.end):
        return False  # 1 000人: one number or two, nobody can say
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
