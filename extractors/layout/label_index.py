"""One group of printed labels: exact, without its brackets, before a colon, glued to its value, or fuzzy.

Answers are cached by text, so that a label printed in a thousand forms is looked up once.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from extractors.families.family import Labels
from extractors.layout.shapes import key_of
from normalizers.nearness import Nearness
from normalizers.text import fold, fold_map, simplified

BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
_LEADING_BRACKET = re.compile(r"[(\[][^()\[\]]{0,20}[)\]]")
_GLUED_AMOUNT = re.compile(r"[0-9][0-9.,]*(?:亿|万|千)?元?")
_MARKS = "*★▲ "  # before a label that must be filled in
LONGEST = 26
_NUMBERED = re.compile(r"\s*[(（]?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[)）、.．:]\s*(?=\D)")
_READ = 120  # characters of a cell in which a label can stand
_CACHE_LIMIT = 100_000


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    """What all indexes compare by: they are asked about the same cell one after the other."""
    return simplified(fold(text[:_READ]))


def unnumbered(text: str) -> str:
    """A label without the number of its chapter.

    >>> unnumbered("二、资金情况（万元）"), unnumbered("1.5万元")
    ('资金情况（万元）', '1.5万元')
    """
    match = _NUMBERED.match(text)
    return text[match.end() :] if match else text


def bracket_of(key: str) -> str:
    """What the brackets of a folded label hold.

    >>> bracket_of("项目资金(万元)")
    '万元'
    """
    return "".join(match.group()[1:-1] for match in BRACKETS.finditer(key))


@dataclass(frozen=True, slots=True)
class LabelHit:
    """A label found in a cell: its slot, how sure, the value glued behind it, the bracket it carries.

    ``rest`` is the raw text after the label (empty where the cell is the label alone);
    ``bracket`` the folded bracket of the label (``万元`` of ``项目资金(万元)``).
    """

    slot: str
    how: str  # exact | bare | words | fuzzy
    score: float
    rest: str = ""
    bracket: str = ""


Words = tuple[tuple[re.Pattern[str], str], ...]


class LabelIndex:
    """The labels of one group, by folded text.

    Args:
        group: the labels of each slot.
        words: patterns of whole labels that name their slot where none is known.
        units: where given, words name a slot only with one of these in their bracket.
    """

    def __init__(self, group: Mapping[str, Labels], words: Words = (), units: Sequence[str] = ()) -> None:
        self._words, self._units = words, units
        self._exact: dict[str, str] = {}
        for slot, facts in group.items():
            for label in facts.labels:
                self._exact.setdefault(key_of(label), slot)
        for label, slot in list(self._exact.items()):
            self._exact.setdefault(BRACKETS.sub("", label), slot)
        self._sizes = _sizes(self._exact)
        self._by_length = sorted(self._exact, key=len, reverse=True)
        self._lengths: dict[tuple[int, int], Nearness] = {}
        self._cache: dict[str, LabelHit | None] = {}

    def find(self, text: str) -> LabelHit | None:
        """The label a cell begins with, or None.

        >>> from extractors.layout.printed import indexes_of
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
        bare = unnumbered(whole)
        hit = (self._whole(whole) or self._whole(bare)) if len(text) <= _READ else None
        if hit or not key:
            return hit
        inside = self._prefix(key)
        if inside:
            at, slot, how, score, bracket = inside
            skipped = len(marked) - len(key)
            rest = text[fold_map(text[:_READ]).span(at + skipped, len(marked))[0] :].strip()
            return LabelHit(slot, how, score, rest, bracket)
        if len(text) > _READ:
            return None
        return self._named(bare) or self._fuzzy(whole)

    def _named(self, whole: str) -> LabelHit | None:
        """The slot that a label's words name, however it is put together (项目支出名称)."""
        key = BRACKETS.sub("", whole) if self._words and len(whole) <= LONGEST else ""
        slot = next((slot for pattern, slot in self._words if pattern.fullmatch(key)), None) if key else None
        if slot is None:
            return None
        bracket = bracket_of(whole)
        if self._units and not any(unit in bracket for unit in self._units):
            return None
        return LabelHit(slot, "words", 0.9, "", bracket)

    def _whole(self, whole: str) -> LabelHit | None:
        slot = self._exact.get(whole)
        if slot is None and "(" not in whole and "[" not in whole:
            return None
        bracket = bracket_of(whole)
        if slot:
            return LabelHit(slot, "exact", 1.0, "", bracket)
        slot = self._exact.get(BRACKETS.sub("", whole)) if bracket else None
        return LabelHit(slot, "bare", 0.97, "", bracket) if slot else None

    def _prefix(self, key: str) -> tuple[int, str, str, float, str] | None:
        """A label at the start of ``key`` with a value behind it: (offset, slot, how, score, bracket)."""
        longest = min(len(key) - 1, LONGEST)
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
        left, colon, _ = key[:LONGEST].partition(":")
        named = self._named(left.replace(" ", "")) if colon else None
        if named is not None:
            return len(left) + 1, named.slot, "words", named.score, named.bracket
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
        bare = BRACKETS.sub("", whole)
        if not 3 <= len(bare) <= LONGEST:
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
