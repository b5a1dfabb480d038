"""The concept library: its model, and the tables built from ``reference/concepts.yaml``."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from normalizers.reference import Reference, ReferenceFileError, load_yaml

Better = Literal["up", "down", "range", "none"]


class _Entry(Reference):
    id: str
    name: str
    aliases: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    dimension: str
    better: Better
    level2: list[str]
    seen: str


class _Scores(Reference):
    exact: float
    end: float
    all: float
    any: float
    per_character: float
    level2: float
    dimension: float
    wrong_dimension: float
    accept: float
    margin: float
    fuzzy: float
    fuzzy_length: int


class _File(Reference):
    scores: _Scores
    heads: dict[str, str]
    concepts: list[_Entry]


@dataclass(frozen=True, slots=True, eq=False)
class Concept:
    """One concept of the library: of each id there is one object, told from others by identity.

    ``dimension`` is the expected dimension of its values (as in the units table), ``any`` where
    words, dates and numbers all occur, ``none`` where only words do. ``better`` is the direction
    that is better. ``level2`` lists the nodes it usually stands under.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    all: tuple[tuple[str, ...], ...]
    any: tuple[str, ...]
    none: tuple[str, ...]
    dimension: str
    better: Better
    level2: tuple[str, ...]

    @property
    def family(self) -> str:
        """The part of the id before its last dot: concepts of one family are near kin."""
        return self.id.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class Library:
    """The concepts by id, by wording and by key word; ``heads`` are the ends that rule a clause.

    ``sizes_by_end`` holds the lengths of the wordings with the same last two characters, longest first.
    """

    scores: _Scores
    heads: dict[str, str]
    by_id: dict[str, Concept]
    wordings: dict[str, Concept]
    longest: int
    keys: dict[str, tuple[Concept, ...]]
    key_pattern: re.Pattern[str]
    by_length: dict[int, list[str]]
    sizes_by_end: dict[str, tuple[int, ...]]


@lru_cache(maxsize=1)
def library() -> Library:
    """The library, read once.

    Raises:
        ReferenceFileError: the file breaks its model, or one wording names two concepts.
    """
    file = load_yaml("concepts.yaml", _File)
    wordings: dict[str, Concept] = {}
    keys: dict[str, list[Concept]] = defaultdict(list)
    concepts = [_concept(entry) for entry in file.concepts]
    for concept in concepts:
        for text in (concept.name, *concept.aliases):
            if wordings.setdefault(text, concept) is not concept:
                raise ReferenceFileError(f"concepts.yaml: {text} names {concept.id} and {wordings[text].id}")
        for word in (*(concept.all[0] if concept.all else ()), *concept.any):
            keys[word].append(concept)
    by_length: dict[int, list[str]] = defaultdict(list)
    sizes: dict[str, set[int]] = defaultdict(set)
    for text in wordings:
        by_length[len(text)].append(text)
        if len(text) > 1:
            sizes[text[-2:]].add(len(text))
    pattern = "|".join(map(re.escape, sorted(keys, key=len, reverse=True)))
    return Library(
        file.scores,
        file.heads,
        {c.id: c for c in concepts},
        wordings,
        max(map(len, wordings)),
        {word: tuple(found) for word, found in keys.items()},
        re.compile(f"(?=({pattern}))"),
        dict(by_length),
        {end: tuple(sorted(found, reverse=True)) for end, found in sizes.items()},
    )


def _concept(entry: _Entry) -> Concept:
    groups = tuple(tuple(sorted(group.split("|"), key=len, reverse=True)) for group in entry.all)
    return Concept(
        entry.id,
        entry.name,
        entry.aliases,
        groups,
        entry.any,
        entry.none,
        entry.dimension,
        entry.better,
        tuple(entry.level2),
    )


def concepts() -> tuple[Concept, ...]:
    """The whole library, in the order of the file.

    >>> len(concepts()) >= 120
    True
    """
    return tuple(library().by_id.values())


def concept(concept_id: str) -> Concept | None:
    """One concept by id.

    >>> concept("rate.completion").name
    '完成率'
    """
    return library().by_id.get(concept_id)
