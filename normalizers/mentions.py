"""Quantities inside running words: names of indicators, goals, sentences.

:func:`find_quantities` reads less than a value cell is read: a number counts only with a unit, or
as an amount in 万 or 亿 beside a money word. Dates, document numbers, ordinals and words that merely
hold a numeral (第一书记, 二十大) are no quantities. Words and units come from ``reference/``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from pydantic import ConfigDict

from normalizers.numerals import ARABIC, DIGITS, EXACT, SCALES, read_numeral, scale_of
from normalizers.quantity import Kind, Quantity
from normalizers.reference import Reference, load_yaml
from normalizers.text import fold_map
from normalizers.units import Unit, trie_pattern, unit_table


class _Lists(Reference):
    model_config = ConfigDict(extra="ignore", frozen=True)
    words: Any = ()


class _Words(Reference):
    """The parts of ``words.yaml`` that running text needs."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    before: dict[str, Any]
    after: dict[str, Any]
    approximate_after_number: _Lists
    per: dict[str, Any]
    no_number: _Lists
    money_labels: _Lists


_SIDES = ("ge", "gt", "le", "lt", "approximate")
_DATE_UNITS = frozenset({"月", "日", "号", "点", "时"})
_BARRED_BEFORE = frozenset("第.-/#")
_NEAR = 12


@dataclass(frozen=True, slots=True)
class _Grammar:
    """The compiled patterns; one instance, built on first use."""

    token: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    per: re.Pattern[str]
    per_after: re.Pattern[str]
    closed: dict[str, str]
    money: re.Pattern[str]


def _sides(lists: dict[str, Any]) -> str:
    return "|".join(f"(?P<{side}>{trie_pattern(list(lists[side]))})" for side in _SIDES if lists.get(side))


@lru_cache(maxsize=1)
def _grammar() -> _Grammar:
    words = load_yaml("words.yaml", _Words)
    units = trie_pattern(list(unit_table()))
    closed = words.per["closed"]
    number = rf"(?:{ARABIC})[{SCALES}]*|[{DIGITS}{SCALES}]+"
    approximate = trie_pattern(list(words.approximate_after_number.words))
    return _Grammar(
        token=re.compile(
            rf"(?P<skip>{trie_pattern(words.no_number.words.split())})"
            rf"|(?P<low>{number})(?:[-~至到](?P<high>{number}))?"
            rf"(?P<approximate>{approximate})?(?P<scale>[{SCALES}]*) ?(?P<unit>{units})?"
        ),
        before=re.compile(rf"(?:{_sides(words.before)})$"),
        after=re.compile(_sides(words.after)),
        per=re.compile(rf"(?:每个?(?P<unit>{units})|(?P<closed>{trie_pattern(list(closed))}))[ :]?$"),
        per_after=re.compile(rf"/(?P<unit>{units})"),
        closed=dict(closed),
        money=re.compile(trie_pattern(list(words.money_labels.words))),
    )


_NUMERAL = re.compile(rf"[\d{DIGITS}十拾]")


def find_quantities(text: str) -> tuple[Quantity, ...]:
    """The quantities stated in running words, in printed order; spans count in ``text`` as given.

    Args:
        text: the name of an indicator, a goal, any sentence.

    Returns:
        Quantities with unit and base as :func:`parse_value` gives them; empty where none is stated.
        ``number_raw`` shows whether the number stood in digits or in Chinese numerals.

    Example:
        >>> [(q.number_raw, q.base_lower, q.unit) for q in find_quantities("聘用人员3名工资15万")]
        [('3', Decimal('3'), '名'), ('15万', Decimal('150000'), '元')]
        >>> find_quantities("2023年第一书记按永政办发[2014]131号文件贯彻党的二十大精神")
        ()
    """
    if not _NUMERAL.search(text):
        return ()
    folded, grammar = fold_map(text), _grammar()
    found = (_quantity(match, folded.text, grammar) for match in grammar.token.finditer(folded.text))
    return tuple(_placed(q, folded.span(q.start, q.end)) for q in found if q is not None)


def _placed(quantity: Quantity, span: tuple[int, int]) -> Quantity:
    if span == (quantity.start, quantity.end):
        return quantity
    values = {name: getattr(quantity, name) for name in Quantity.__slots__}
    return Quantity(**values | {"start": span[0], "end": span[1]})


def _is_no_quantity(match: re.Match[str], text: str) -> bool:
    """A date, an ordinal, a document number, a part of a longer sign?"""
    low, unit, before = match["low"], match["unit"], text[max(0, match.start() - 1) : match.start()]
    if (before in _BARRED_BEFORE and before) or (before.isascii() and before.isalnum()):
        return True
    if unit in _DATE_UNITS:
        return True
    if unit in ("年", "年度") and (
        (low.isdigit() and len(low) == 4) or text[match.end() : match.end() + 1] in ("度", "级")
    ):
        return True
    return not any(c.isdigit() or c in DIGITS or c in "十拾" for c in low)


def _unit(match: re.Match[str], text: str, grammar: _Grammar) -> Unit | None:
    """The printed unit; 元 for a bare amount in 万 or 亿 that closes a phrase about money."""
    if match["unit"]:
        return unit_table()[match["unit"]]
    number = match["low"] + (match["high"] or "") + match["scale"]
    follows = text[match.end() : match.end() + 1]
    if not number.endswith(("万", "亿")) or "一" <= follows <= "鿿":
        return None
    near = grammar.money.search(text, max(0, match.start() - _NEAR), match.start())
    return unit_table()["元"] if near else None


def _numbers(match: re.Match[str]) -> tuple[Decimal, Decimal] | None:
    low = read_numeral(match["low"])
    high = read_numeral(match["high"]) if match["high"] else low
    if low is None or high is None or low.high is not None or high.high is not None:
        return None
    scale = scale_of(match["scale"]) if match["scale"] else Decimal(1)
    return EXACT.multiply(low.low, scale), EXACT.multiply(high.low, scale)


def _side(match: re.Match[str], text: str, grammar: _Grammar) -> tuple[str | None, str | None]:
    """Which bound the words around say (ge gt le lt), and the word that makes it approximate."""
    side = approximate = None
    for found in (
        grammar.before.search(text, max(0, match.start() - 6), match.start()),
        grammar.after.match(text, match.end()),
    ):
        if found is None or found.lastgroup is None:
            continue
        if found.lastgroup == "approximate":
            approximate = found.group()
        else:
            side = found.lastgroup
    return side, approximate


def _per(match: re.Match[str], text: str, grammar: _Grammar) -> str | None:
    before = grammar.per.search(text, max(0, match.start() - 5), match.start())
    if before is not None:
        return grammar.closed[before["closed"]] if before["closed"] else unit_table()[before["unit"]].id
    after = grammar.per_after.match(text, match.end())
    return unit_table()[after["unit"]].id if after else None


def _quantity(match: re.Match[str], text: str, grammar: _Grammar) -> Quantity | None:
    if match["skip"] or _is_no_quantity(match, text):
        return None
    unit = _unit(match, text, grammar)
    numbers = _numbers(match) if unit is not None else None
    if unit is None or numbers is None:
        return None
    side, around = _side(match, text, grammar)
    more = match["approximate"]
    lower = None if side in ("le", "lt") else numbers[0]
    upper = None if side in ("ge", "gt") or more else numbers[1]
    factor = unit.factor
    return Quantity(
        lower=lower,
        upper=upper,
        lower_inclusive=None if lower is None else side != "gt",
        upper_inclusive=None if upper is None else side != "lt",
        approximate=bool(more or around),
        approximate_word=more or around,
        number_raw="-".join(n for n in match.group("low", "high") if n) + match["scale"],
        unit_raw=match["unit"],
        unit=unit.id,
        unit_source="cell" if match["unit"] else None,
        dimension=unit.dimension,
        base_lower=_based(lower, factor),
        base_upper=_based(upper, factor),
        base_unit=unit.base or unit.id,
        per_unit=_per(match, text, grammar),
        kind=unit.kind if isinstance(unit.kind, Kind) else Kind.COUNT,
        start=match.start("low"),
        end=match.end(),
    )


def _based(number: Decimal | None, factor: Decimal | None) -> Decimal | None:
    return number if number is None or factor is None else EXACT.multiply(number, factor)
