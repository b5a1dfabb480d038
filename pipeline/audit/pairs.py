"""Which forms are worth comparing: inverted indexes whose buckets are bounded, so near-linear."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

from pipeline.audit.fingerprint import Fingerprint
from pipeline.audit.limits import limits
from pipeline.audit.similarity import hashes

Pair = tuple[int, int]

_ROWS = limits("copied_indicators")
_COMMON_FORMS = int(_ROWS.number("common_forms"))
_COMMON_SHARE = float(_ROWS.number("common_share"))
_TEMPLATE_ROWS = int(_ROWS.number("template_rows"))
_GOALS = limits("copied_goal")
_GOAL_BUCKET = int(_GOALS.number("common_forms"))
_SMALL_ARCHIVE = 10
# The smallest hashes of a sketch, by which it is looked up: two goals that share 80 % of their pieces
# share two of the six smallest with a probability above 0.98, two strangers hardly ever.
_DOORS = 6


def common_names(prints: Sequence[Fingerprint]) -> frozenset[int]:
    """The names that too many forms print for a copy of them to mean anything."""
    seen = Counter(name for p in prints for name in {row.name for row in p.rows})
    most = _COMMON_FORMS
    if len(prints) >= _SMALL_ARCHIVE:
        most = min(most, max(2, int(_COMMON_SHARE * len(prints))))
    return frozenset(name for name, forms in seen.items() if forms > most)


def row_pairs(prints: Sequence[Fingerprint], common: frozenset[int], least: int) -> list[Pair]:
    """Pairs that share at least ``least`` names that are not common, and forms that may follow one template."""
    index: dict[int, list[int]] = defaultdict(list)
    for number, p in enumerate(prints):
        for name in {row.name for row in p.rows} - common:
            index[name].append(number)
    shared: Counter[Pair] = Counter()
    for bucket in index.values():
        shared.update(combinations(bucket, 2))
    pairs = {pair for pair, count in shared.items() if count >= least}
    return sorted(pairs | set(_alike(prints)))


def _alike(prints: Sequence[Fingerprint]) -> Iterable[Pair]:
    """Each form beside the first form that shares most of its smallest row keys.

    A template filled in hundreds of times makes its rows common; yet two forms that share most of
    their rows share a smallest key too. Only one earlier form is met: the work stays linear.
    """
    first: dict[int, int] = {}
    for number, p in enumerate(prints):
        names = sorted({row.name for row in p.rows})
        if len(names) < _TEMPLATE_ROWS:
            continue
        met = Counter(first.setdefault(door, number) for door in names[:_DOORS])
        del met[number]
        if met:
            yield min(met, key=lambda other: (-met[other], other)), number


def goal_pairs(prints: Sequence[Fingerprint], usable: Sequence[int]) -> list[Pair]:
    """Pairs of goals that may be alike: the same text as the first that had it, or two shared doors."""
    first: dict[int, int] = {}
    pairs: set[Pair] = set()
    shared: Counter[Pair] = Counter()
    doors: dict[int, list[int]] = defaultdict(list)
    for number in usable:
        p = prints[number]
        if first.setdefault(p.goal_key, number) != number:
            pairs.add((first[p.goal_key], number))
            continue
        for door in hashes(p.goal)[:_DOORS]:
            doors[door].append(number)
    for bucket in doors.values():
        if len(bucket) <= _GOAL_BUCKET:
            shared.update(combinations(bucket, 2))
    return sorted(pairs | {pair for pair, count in shared.items() if count > 1})
