"""A quantity with everything around its number: comparators, ranges, sums of units, frequencies."""

from __future__ import annotations

from decimal import Decimal

from normalizers.numerals import DIVIDE, EXACT, read_numeral
from normalizers.quantity import Kind
from normalizers.values.amount import Amount, read_amount
from normalizers.values.chain import add_smaller_units
from normalizers.values.draft import ONE, Draft
from normalizers.values.lexicon import (
    AFTER,
    AFTER_WORD,
    BEFORE,
    BEFORE_FIRST,
    BEFORE_RUN,
    BEFORE_WORD,
    BRACKET_UNIT,
    CONNECT,
    DEADLINE_WORDS,
    OPEN_FIRST,
    OPEN_WORDS,
    PER_AFTER,
    WORDS,
    find_unit,
)

_MYRIAD, _HUNDRED_MILLION = Decimal(10000), Decimal(100000000)
_WEAK = frozenset(WORDS.weak_range)
_COMPARED = WORDS.compared.sides


def read_quantity(text: str, at: int) -> Draft | None:
    """The quantity that begins exactly at ``at`` (comparator words included), or None."""
    begin, words = at, ()
    char = text[at]
    run = BEFORE_RUN.match(text, at) if char in BEFORE_FIRST else None
    if run is not None:
        begin, words = run.end(), tuple(BEFORE_WORD.findall(run.group()))
        if text.startswith(":", begin):
            begin += 1
    elif char in OPEN_FIRST and text.startswith(OPEN_WORDS, at):
        begin = at + (2 if char in "位介" else 1)
    first = read_amount(text, begin)
    if first is None:
        return None
    if run is None and begin > at and text[at] == "比":
        return _compared(text, at, first)
    draft = _with_range(text, at, first)
    _second_unit(text, draft)
    _after(text, draft)
    _before(draft, words)
    _per_after(text, draft)
    return draft


def _compared(text: str, at: int, first: Amount) -> Draft | None:
    """比170低."""
    side = _COMPARED.get(text[first.end : first.end + 1])
    if side is None:
        return None
    draft = _draft(at, first)
    draft.end += 1
    draft.bound(side)
    return draft


def _draft(at: int, amount: Amount) -> Draft:
    draft = Draft(at, amount.end)
    draft.point(amount.low, amount.high)
    draft.number_raw, draft.scale = amount.number_raw, amount.scale
    draft.scale_source = "cell" if amount.scale != ONE else None
    draft.unit, draft.unit_raw, draft.parser = amount.unit, amount.unit_raw, amount.parser
    draft.unit_source = "cell" if amount.unit is not None else None
    if amount.parser == "ratio" and amount.unit is None:
        draft.kind = Kind.RATIO
    if amount.word:
        draft.approximate_word = amount.word
        draft.upper = draft.upper_inclusive = None
        draft.lower_inclusive = False
    return draft


def _with_range(text: str, at: int, first: Amount) -> Draft:
    add_smaller_units(text, first)
    connect = CONNECT.match(text, first.end)
    start = first.end
    if connect is None:
        skipped = AFTER_WORD.match(text, first.end)  # 1万(含)-5万元
        if skipped and AFTER[skipped.group()] in ("included", "harmless"):
            start = skipped.end()
            connect = CONNECT.match(text, start)
    draft = _draft(at, first)
    if connect is None:
        return draft
    second = read_amount(text, connect.end())
    if second is None or not _joinable(first, second):
        return draft
    add_smaller_units(text, second)
    if connect.group() in _WEAK and not _between(text, second):
        return draft
    return _range(at, first, second) or draft


def _between(text: str, second: Amount) -> bool:
    """之间 or 间 stands behind (where 间 was taken for the unit of rooms, it is given back)."""
    if second.unit_raw == "间":
        second.unit = second.unit_raw = None
        second.end -= 1
    word = AFTER_WORD.match(text, second.end)
    return word is not None and AFTER[word.group()] == "between"


def _joinable(first: Amount, second: Amount) -> bool:
    if second.number_raw == "半" or first.word or second.parser == "ratio" != first.parser:
        return False
    if first.unit is None or second.unit is None or first.unit.id == second.unit.id:
        return True
    return (
        first.unit.base is not None
        and first.unit.base == second.unit.base
        and first.unit.kind is second.unit.kind
    )


def _range(at: int, first: Amount, second: Amount) -> Draft | None:
    unit, low, high = second.unit, first.low, second.low if second.high is None else second.high
    if first.unit is not None and second.unit is None:
        unit = first.unit
    elif first.unit is not None and second.unit is not None and first.unit.id != second.unit.id:
        if first.unit.factor is None or second.unit.factor is None:
            return None
        low = DIVIDE.divide(EXACT.multiply(low, first.unit.factor), second.unit.factor)
    elif first.unit is None:
        low = _elided_scale(first, second)
    if low > high:
        return None
    draft = _draft(at, second)
    draft.point(low, high)
    draft.unit, draft.unit_source = unit, "cell" if unit is not None else None
    draft.unit_raw = second.unit_raw or first.unit_raw
    draft.number_raw = f"{first.number_raw}-{second.number_raw}"
    draft.end = max(first.end, second.end)
    draft.approximate_word = second.word
    return draft


def _elided_scale(first: Amount, second: Amount) -> Decimal:
    """八到九百亿: the left end borrows the scale of the right one when it then still lies below it."""
    tail = second.tail
    if tail is None or (first.tail is not None and first.tail >= _MYRIAD):
        return first.low
    tries = [tail] if first.tail is None else []
    tries += [big for big in (_HUNDRED_MILLION, _MYRIAD) if tail >= big and tail % big == 0]
    scaled = (EXACT.multiply(first.low, factor) for factor in tries)
    return next((low for low in scaled if low <= second.low), first.low)


def _after(text: str, draft: Draft) -> None:
    """Words behind the number: 以上, 以内, 左右, (含) …"""
    for _ in range(3):
        match = AFTER_WORD.match(text, draft.end)
        if match is None:
            return
        word = match.group()
        side = AFTER[word]
        following = text[match.end() : match.end() + 1]
        if word == "+" and ("0" <= following <= "9"):
            return
        if (
            len(word) == 1
            and side in ("le", "ge", "harmless", "approximate", "between")
            and not _ends(word, following)
        ):
            return
        if word in DEADLINE_WORDS and draft.unit is not None and draft.unit.kind is Kind.DURATION:
            draft.deadline = True
        draft.end = match.end()
        if side in ("ge", "gt", "le", "lt"):
            draft.bound(side) if (
                not draft.signed and draft.lower == draft.upper
            ) or draft.approximate_word else None
        elif side == "approximate":
            draft.approximate_word = draft.approximate_word or word
        elif side == "excluded":
            draft.upper_inclusive = False if draft.upper_inclusive else draft.upper_inclusive


def _second_unit(text: str, draft: Draft) -> None:
    """台(套): the unit in brackets is another name of the unit before it."""
    match = BRACKET_UNIT.match(text, draft.end) if draft.unit is not None else None
    if match is not None:
        draft.unit_raw = (draft.unit_raw or "") + match.group()
        draft.end = match.end()


def _ends(word: str, following: str) -> bool:
    """A one-character word counts only at the end of its phrase: 1小时内 but not 3年内部."""
    return (
        not following
        or not ("一" <= following <= "鿿")
        or word == "起"
        or following in "完办到响上拨回送发处反修并且以"
    )


def _before(draft: Draft, words: tuple[str, ...]) -> None:
    for word in reversed(words):
        side = BEFORE[word]
        if side == "approximate":
            draft.approximate_word = draft.approximate_word or word
        elif side == "plusminus" and draft.upper is not None:
            draft.lower, draft.lower_inclusive = -abs(draft.upper), True
            draft.upper, draft.upper_inclusive = abs(draft.upper), True
        elif side in ("ge", "gt") and not draft.signed:
            draft.lower = draft.lower if draft.lower is not None else draft.upper
            draft.bound(side)
        elif side in ("le", "lt") and not draft.signed:
            draft.upper = draft.upper if draft.upper is not None else draft.lower
            draft.bound(side)
    if draft.approximate_word and draft.lower is None and draft.upper is None:
        draft.approximate_word = None


def _per_after(text: str, draft: Draft) -> None:
    """元/人·月, 次/年, 千米每小时."""
    if draft.unit is None:
        return
    match = PER_AFTER.match(text, draft.end)
    if match is None or (match["n"] and text[draft.end] == "/"):
        return
    following = text[match.end() : match.end() + 1]
    if following.isdigit():
        return
    number = read_numeral(match["n"]) if match["n"] else None
    units = "·".join(per_name(surface) for surface in match.group("u", "u2") if surface)
    set_per(draft, units, number.low if number else ONE)
    draft.end = match.end()


def per_name(surface: str) -> str:
    """Name of a unit that something is counted per; nothing costs 12元 per 元, so 块 is a thing here."""
    unit = find_unit(surface)
    return surface if surface == "块" or unit is None else unit.id


def set_per(draft: Draft, unit: str, count: Decimal) -> None:
    """Note a frequency; a length per hour is a speed with its own unit."""
    if draft.unit is not None and count == ONE:
        speed = find_unit(f"{draft.unit.id}/{unit}") if draft.unit.dimension in ("length", "mass") else None
        if speed is not None:
            draft.unit = speed
            return
    draft.per_unit = f"{draft.per_unit}·{unit}" if draft.per_unit else unit
    draft.per_count = count
