"""The figures of the report, counted from the published tables in one pass each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.exports.published import rows
from pipeline.report.charts import Bar, Number, Series
from pipeline.report.words import Word, said, word, words
from pipeline.schema import TABLES

MOST = 12  # bars of one chart; the rest is one bar more


def read(clean: Path, table: str, *columns: str) -> Iterable[tuple[Any, ...]]:
    """Some columns of a published table, row by row."""
    return rows(clean, TABLES[table], columns)


def top(counts: Counter[Any], named: Callable[[Any], Word], most: int = MOST) -> list[Bar]:
    """The largest counts as bars, the remaining ones together in a last bar."""
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))
    found = [Bar(named(name), (count,)) for name, count in ordered[:most]]
    if len(ordered) > most:
        rest: Number = sum(count for _, count in ordered[most:])
        found.append(Bar(word("page", "others").filled(n=len(ordered) - most), (rest,), rest=True))
    return found


def named(group: str) -> Callable[[Any], Word]:
    """Names of coded values from a group of words."""
    return lambda name: word(group, name) if name else said(None)


def series(group: str) -> list[Series]:
    """One series for every word of a group; its name is its colour."""
    return [Series(w, name) for name, w in words()[group].items()]


def stacked(pairs: Iterable[tuple[Any, str]], group: str, label: Callable[[Any], Word]) -> list[Bar]:
    """Bars of (bar, part) pairs, largest first, with a part for every word of the group."""
    counts: dict[Any, Counter[str]] = defaultdict(Counter)
    for name, part in pairs:
        counts[name][part] += 1
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1].total(), str(pair[0])))
    kept, others = ordered[: MOST + 8], ordered[MOST + 8 :]
    found = [Bar(label(name), tuple(c[part] for part in words()[group])) for name, c in kept]
    if others:
        rest = tuple(sum(c[part] for _, c in others) for part in words()[group])
        found.append(Bar(word("page", "others").filled(n=len(others)), rest, rest=True))
    return found


def claims(clean: Path) -> Counter[str]:
    """Cells by who claims them: form, indicator, noise or issue."""
    return Counter(claim.partition(":")[0] for (claim,) in read(clean, "cells", "claimed_by"))


def money_kind(clean: Path) -> str:
    """The kind of form whose money is added up: the most frequent one with a readable total."""
    found = Counter(
        kind for kind, total in read(clean, "forms", "kind", "funding_total_yuan") if total is not None
    )
    return max(found, key=lambda kind: (found[kind], kind), default="target")


def money_by(clean: Path, kind: str, column: str) -> tuple[Counter[Any], int]:
    """Yuan by a column of forms of one kind, and how many of these forms have no readable total."""
    found: Counter[Any] = Counter()
    unread = 0
    for name, this, total in read(clean, "forms", column, "kind", "funding_total_yuan"):
        if this == kind and total is not None:
            found[name] += total
        elif this == kind:
            unread += 1
    return found, unread


def money_by_source(clean: Path, kind: str) -> Counter[str]:
    """Yuan by source over the money blocks of forms of one kind, at the stage printed most."""
    forms = {form for form, this in read(clean, "forms", "form_id", "kind") if this == kind}
    found: dict[str, Counter[str]] = defaultdict(Counter)
    lines: Counter[str] = Counter()
    for form, source, stage, amount in read(clean, "funding", "form_id", "source", "stage", "amount_yuan"):
        if form in forms and amount is not None:
            lines[stage] += 1
            if source != "total":
                found[stage][source] += amount
    return found[max(lines, key=lambda s: (lines[s], s))] if lines else Counter()


def comparator(low: Any, high: Any, low_in: Any, high_in: Any, about: Any) -> str | None:
    """The comparator of a target's first quantity, or None where it has no number.

    >>> comparator(Decimal(90), None, True, None, False), comparator(1, 1, True, True, False)
    ('at_least', 'exact')
    """
    if low is None and high is None:
        return None
    if about:
        return "approximate"
    if high is None:
        return "at_least" if low_in else "more"
    if low is None:
        return "at_most" if high_in else "less"
    return "exact" if low == high else "range"


def comparators(clean: Path) -> Counter[str]:
    """Targets with a number by comparator."""
    names = ("lower", "upper", "lower_inclusive", "upper_inclusive", "approximate")
    found = (comparator(*row) for row in read(clean, "indicators", *(f"target_{n}" for n in names)))
    return Counter(name for name in found if name)


def wording(kind: str | None) -> str:
    """Is a value kind words, numbers, blank, or none of these."""
    return {"qualitative": "words", "blank": "empty", None: "empty", "other": "unclear"}.get(kind, "numbers")


def total(counts: Counter[Any]) -> Decimal:
    """The sum of a counter of yuan."""
    return Decimal(sum(counts.values()))
