"""Which forms are worth comparing: keys sorted beside each other, in bounded buckets, so near-linear.

Every function takes a :class:`~pipeline.audit.sheaf.Field` and gives pairs ``(earlier, later)`` of
form numbers, sorted, each once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.audit.goals import LONG
from pipeline.audit.limits import limits
from pipeline.audit.sheaf import DOORS, PHASES, Field, Numbers, Words

_ROWS = limits("copied_indicators")
_COMMON_FORMS = int(_ROWS.number("common_forms"))
_COMMON_SHARE = float(_ROWS.number("common_share"))
_TEMPLATE_ROWS = int(_ROWS.number("template_rows"))
_GOALS = limits("copied_goal")
_GOAL_BUCKET = int(_GOALS.number("common_forms"))
_LIFE_BUCKET = int(limits("life").number("bucket"))
_SMALL_ARCHIVE = 10
# Below two rows word for word, rows that are merely alike prove nothing.
LEAST_EXACT = 2


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of form numbers: ``earlier[n] < later[n]``."""

    earlier: Numbers
    later: Numbers

    def __len__(self) -> int:
        return len(self.earlier)


_NONE = Pairs(np.array([], np.int64), np.array([], np.int64))


Wanted = Callable[[Numbers, Numbers], Any]
"""Which of some pairs are wanted at all: a flag each."""


def _all(left: Numbers, right: Numbers) -> Any:  # noqa: ARG001 - as any other choice
    return np.ones(len(left), bool)


def _buckets(values: Words, owners: Numbers, most: int, wanted: Wanted = _all) -> tuple[Numbers, Numbers]:
    """All wanted pairs of forms that share a value which at most ``most`` forms have, once a value.

    Others are dropped as they are met, so that only the wanted ones take memory.
    """
    order = np.lexsort((owners, values))
    values, owners = values[order], owners[order]
    _, size = np.unique(values, return_counts=True)
    small = np.repeat(size, size) <= most
    values, owners = values[small], owners[small]
    left, right = [], []
    at, apart = np.arange(len(values)), 0
    while len(at):
        apart += 1
        at = at[at + apart < len(values)]
        at = at[values[at] == values[at + apart]]
        keep = at[wanted(owners[at], owners[at + apart])]
        left.append(owners[keep])
        right.append(owners[keep + apart])
    if not left:
        return _NONE.earlier, _NONE.later
    return np.concatenate(left), np.concatenate(right)


def _counted(left: Numbers, right: Numbers, forms: int, least: int) -> Pairs:
    """The pairs met at least so many times."""
    code, count = np.unique(left * forms + right, return_counts=True)
    code = code[count >= least]
    return Pairs(code // forms, code % forms) if forms else _NONE


def _joined(forms: int, *several: Pairs) -> Pairs:
    return _counted(
        np.concatenate([p.earlier for p in several]), np.concatenate([p.later for p in several]), forms, 1
    )


def common_names(field: Field) -> Words:
    """The names that too many forms print for a copy of them to mean anything, sorted."""
    most = _COMMON_FORMS
    if len(field) >= _SMALL_ARCHIVE:
        most = min(most, max(2, int(_COMMON_SHARE * len(field))))
    name, forms = np.unique(field.ragged["names"].values, return_counts=True)
    return name[forms > most]


def row_pairs(field: Field, common: Words) -> Pairs:
    """Pairs that share at least two names that are not common, and forms that may follow one template."""
    names = field.ragged["names"]
    rare = ~np.isin(names.values, common)
    left, right = _buckets(names.values[rare], names.owners()[rare], len(field))
    return _joined(len(field), _counted(left, right, len(field), LEAST_EXACT), _alike(field))


def _alike(field: Field) -> Pairs:
    """Each form beside the first form that shares most of its smallest row keys.

    A template filled in hundreds of times makes its rows common; yet two forms that share most of
    their rows share a smallest key too. Only one earlier form is met: the work stays linear.
    """
    names = field.ragged["names"]
    owners = names.owners()
    rank = np.arange(len(owners)) - names.starts[owners]
    wide = (np.diff(names.starts) >= _TEMPLATE_ROWS)[owners] & (rank < DOORS)
    door, form = names.values[wide], owners[wide]
    first = _first_with(door, form)
    met = first != form
    code, count = np.unique(form[met] * len(field) + first[met], return_counts=True)
    if not len(code):
        return _NONE
    later, earlier = code // len(field), code % len(field)
    best = np.lexsort((earlier, -count, later))
    later, earlier = later[best], earlier[best]
    head = np.concatenate(([True], later[1:] != later[:-1]))
    return Pairs(earlier[head], later[head])


def _first_with(values: Words, owners: Numbers) -> Numbers:
    """For each entry the first form that has its value; entries come in the order of the forms."""
    _, first, which = np.unique(values, return_index=True, return_inverse=True)
    found: Numbers = owners[first][which]
    return found


def goal_pairs(field: Field) -> Pairs:
    """Pairs of goals that may be alike: the same text as the first that had it, or two shared doors.

    Goals that are short, though full of figures, are only held against the very same text.
    """
    usable = np.flatnonzero(field.plain["goal_telling"])
    first = _first_with(field.plain["goal"][usable], usable)
    again = first != usable
    same = Pairs(first[again], usable[again])
    doors = field.ragged["doors"]
    leading = np.zeros(len(field), bool)
    leading[usable[~again]] = True
    leading &= field.plain["goal_length"] >= LONG
    owners = doors.owners()
    wanted = leading[owners]
    left, right = _buckets(doors.values[wanted], owners[wanted], _GOAL_BUCKET)
    return _joined(len(field), same, _counted(left, right, len(field), 2))


def life_pairs(field: Field) -> Pairs:
    """Pairs that may be steps in the life of one project: a shared key, and kinds and years that follow."""
    lives = field.ragged["lives"]
    year, phase, scope = (field.plain[name] for name in ("year", "phase", "scope"))

    def follow(a: Numbers, b: Numbers) -> Any:
        told = (year[a] > 0) & (scope[a] == scope[b]) & (phase[a] >= 0) & (phase[b] >= 0)
        apart, low = year[b] - year[a], np.minimum(phase[a], phase[b])
        step = (apart == 0) & (phase[a] != phase[b]) & (low <= PHASES.index("target"))
        return told & (step | ((apart == 1) & (phase[a] == phase[b])))

    left, right = _buckets(lives.values, lives.owners(), _LIFE_BUCKET, follow)
    return _counted(left, right, len(field), 1)
