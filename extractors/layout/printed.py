"""Finding printed labels: exact, without its brackets, before a colon, glued to its value, or fuzzy.

One :class:`LabelIndex` per group of labels (fields, money sources, stages, column heads); answers
are cached by text, so that a label printed in a thousand forms is looked up once.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TypeVar

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from extractors.families.family import FALLBACK, Family, Labels, family_names, load_family
from extractors.layout.shapes import key_of
from normalizers.nearness import Nearness
from normalizers.text import fold, fold_map, simplified

_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
_LEADING_BRACKET = re.compile(r"[(\[][^()\[\]]{0,20}[)\]]")
_GLUED_AMOUNT = re.compile(r"[0-9][0-9.,]*(?:亿|万|千)?元?")
_MARKS = "*★▲ "  # before a label that must be filled in
_LONGEST = 26
_READ = 120  # characters of a cell in which a label can stand
_CACHE_LIMIT = 100_000


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    """What all indexes compare by: they are asked about the same cell one after the other."""
    return simplified(fold(text[:_READ]))


@dataclass(frozen=True, slots=True)
class LabelHit:
    """A label found in a cell: its slot, how sure, the value glued behind it, the bracket it carries.

    ``rest`` is the raw text after the label (empty where the cell is the label alone);
    ``bracket`` the folded bracket of the label (``万元`` of ``项目资金(万元)``).
    """

    slot: str
    how: str  # exact | bare | fuzzy
    score: float
    rest: str = ""
    bracket: str = ""


class LabelIndex:
    """The labels of one group, by folded text."""

    def __init__(self, group: Mapping[str, Labels]) -> None:
        self._exact: dict[str, str] = {}
        for slot, facts in group.items():
            for label in facts.labels:
                self._exact.setdefault(key_of(label), slot)
        for label, slot in list(self._exact.items()):
            self._exact.setdefault(_BRACKETS.sub("", label), slot)
        self._sizes = _sizes(self._exact)
        self._by_length = sorted(self._exact, key=len, reverse=True)
        self._lengths: dict[tuple[int, int], Nearness] = {}
        self._cache: dict[str, LabelHit | None] = {}

    def find(self, text: str) -> LabelHit | None:
        """The label a cell begins with, or None.

        >>> index = indexes_of("generic").sources
        >>> hit = index.find("年度资金总额(含本级) 20万")
        >>> hit.slot, hit.rest
        ('total', '20万')
        >>> index.find("督办工作经费") is None
        True
        """
        if text not in self._cache:
            if len(self._cache) > _CACHE_LIMIT:
                self._cache.clear()
            self._cache[text] = self._find(text)
        return self._cache[text]

    def _find(self, text: str) -> LabelHit | None:
        marked = _folded(text)
        key = marked.lstrip(_MARKS)
        whole = key.replace(" ", "").rstrip(":")
        hit = self._whole(whole) if len(text) <= _READ else None
        if hit or not key:
            return hit
        inside = self._prefix(key)
        if inside:
            at, slot, how, score, bracket = inside
            skipped = len(marked) - len(key)
            rest = text[fold_map(text[:_READ]).span(at + skipped, len(marked))[0] :].strip()
            return LabelHit(slot, how, score, rest, bracket)
        return self._fuzzy(whole) if len(text) <= _READ else None

    def _whole(self, whole: str) -> LabelHit | None:
        slot = self._exact.get(whole)
        if slot is None and "(" not in whole and "[" not in whole:
            return None
        bracket = "".join(m.group()[1:-1] for m in _BRACKETS.finditer(whole))
        if slot:
            return LabelHit(slot, "exact", 1.0, "", bracket)
        slot = self._exact.get(_BRACKETS.sub("", whole)) if bracket else None
        return LabelHit(slot, "bare", 0.97, "", bracket) if slot else None

    def _prefix(self, key: str) -> tuple[int, str, str, float, str] | None:
        """A label at the start of ``key`` with a value behind it: (offset, slot, how, score, bracket)."""
        longest = min(len(key) - 1, _LONGEST)
        for length in self._sizes.get(key[:2], ()):
            slot = self._exact.get(key[:length]) if length <= longest else None
            if slot is None:
                continue
            at, bracket = length, ""
            match = _LEADING_BRACKET.match(key, at)
            if match:
                at, bracket = match.end(), match.group()[1:-1]
            if key[at : at + 1] == ":":
                return at + 1, slot, "exact", 1.0, bracket
            if _GLUED_AMOUNT.fullmatch(key, at):
                return at, slot, "exact", 0.95, bracket
        left, colon, _ = key[:_LONGEST].partition(":")
        near = self._fuzzy(left) if colon and len(left) > 3 else None
        return (len(left) + 1, near.slot, "fuzzy", near.score, "") if near else None

    def _near(self, length: int, allowed: int) -> Nearness:
        """The labels whose length alone does not put them further away than allowed."""
        near = self._lengths.get((length, allowed))
        if near is None:
            labels = [label for label in self._by_length if abs(len(label) - length) <= allowed]
            near = self._lengths[length, allowed] = Nearness(labels, allowed)
        return near

    def _fuzzy(self, whole: str) -> LabelHit | None:
        """One character wrong, lost or too many (two from eight on); a tie between slots is no match."""
        bare = _BRACKETS.sub("", whole)
        if not 3 <= len(bare) <= _LONGEST:
            return None
        allowed = 2 if len(bare) >= 8 else 1
        candidates = self._near(len(bare), allowed).candidates(bare)
        if not candidates:
            return None
        near = process.extract(bare, candidates, scorer=Levenshtein.distance, score_cutoff=allowed, limit=4)
        labels = [(str(label), int(distance)) for label, distance, _ in near if len(label) >= 4]
        best = min((distance for _, distance in labels), default=None)
        slots = {self._exact[label] for label, distance in labels if distance == best}
        if best is None or len(slots) != 1:
            return None
        return LabelHit(slots.pop(), "fuzzy", round(1 - best / max(len(bare), 4), 3))


def _sizes(labels: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """The lengths of the labels that begin with the same two characters, longest first."""
    found: dict[str, set[int]] = defaultdict(set)
    for label in labels:
        if len(label) > 1:
            found[label[:2]].add(len(label))
    return {start: tuple(sorted(sizes, reverse=True)) for start, sizes in found.items()}


@dataclass(frozen=True, slots=True)
class Indexes:
    """The label groups of one family; ``tables`` are the heads of its small tables, by name."""

    family: Family
    fields: LabelIndex
    sources: LabelIndex
    stages: LabelIndex
    columns: LabelIndex
    money_section: LabelIndex
    own_labels: LabelIndex
    list_columns: LabelIndex
    groups: frozenset[str]
    midterm: frozenset[str]
    tables: dict[str, dict[str, str]]
    words: tuple[tuple[re.Pattern[str], str], ...] = ()
    lead: re.Pattern[str] | None = None

    def source(self, text: str) -> LabelHit | None:
        """The source of money a label names, numbered or led by the words of its group.

        >>> indexes_of("generic").source("1、资金来源：（1）政府预算资金").slot
        'government_budget'
        """
        hit = self.sources.find(text)
        lead = self.lead.match(text) if self.lead and (hit is None or hit.how == "fuzzy") else None
        return (self.sources.find(text[lead.end() :]) or hit) if lead and lead.end() else hit

    def head(self, text: str) -> LabelHit | None:
        """What a column head stands for: a known head, else the role its words name, else a near one.

        >>> indexes_of("generic").head("自评分值（分）").slot, indexes_of("generic").head("适用范围") is None
        ('score', True)
        """
        hit = self.columns.find(text)
        if hit is not None and hit.how != "fuzzy":
            return hit
        key = _BRACKETS.sub("", key_of(text)).rstrip(":")
        named = next((slot for pattern, slot in self.words if pattern.fullmatch(key)), None)
        return LabelHit(named, "words", 0.9) if named and len(key) <= _LONGEST else hit


@cache
def indexes_of(name: str) -> Indexes:
    """The label indexes of the family with this name."""
    return _indexes(load_family(name))


@cache
def scanning_indexes() -> Indexes:
    """The labels of all families together, for finding forms before their family is known.

    Where two families use one word for two slots, the family of last resort has the say.
    """
    known = load_family(FALLBACK)
    fields, columns = dict(known.fields), dict(known.columns)
    for name in family_names():
        family = load_family(name)
        for slot, facts in family.fields.items():
            fields[slot] = _joined(fields.get(slot, facts), facts)
        for role, column in family.columns.items():
            columns[role] = _joined(columns.get(role, column), column)
    return _indexes(known.model_copy(update={"fields": fields, "columns": columns}))


F = TypeVar("F", bound=Labels)


def _joined(one: F, two: F) -> F:
    return one.model_copy(update={"labels": tuple(dict.fromkeys((*one.labels, *two.labels)))})


def _indexes(family: Family) -> Indexes:
    own = {slot: Labels(labels=labels, seen="own_labels") for slot, labels in family.own_labels.items()}
    return Indexes(
        family=family,
        fields=LabelIndex(family.fields),
        sources=LabelIndex(family.money.sources),
        stages=LabelIndex(family.money.stages),
        columns=LabelIndex(family.columns),
        money_section=LabelIndex({"money": family.money.section}),
        own_labels=LabelIndex(own),
        list_columns=LabelIndex(family.list_columns),
        groups=frozenset(map(key_of, family.group_heads)),
        midterm=frozenset(map(key_of, family.midterm_heads)),
        tables={
            name: {key_of(word): slot for slot, words in facts.heads.items() for word in words}
            for name, facts in family.tables.items()
        },
        lead=_lead(family.money.lead_words),
        words=tuple((re.compile("|".join(facts.words)), facts.role) for facts in family.head_words),
    )


def _lead(words: tuple[str, ...]) -> re.Pattern[str]:
    """What may stand before a source: a number, the words of its group, a number in brackets."""
    number = r"(?:[0-9一二三四五六七八九十]{1,2}[、.．]|[(（][0-9一二三四五六七八九十]{1,2}[)）])?\s*"
    return re.compile(rf"\s*{number}(?:(?:{'|'.join(words)})[：:]\s*)?{number}")
