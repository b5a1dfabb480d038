"""``match_concept``: a printed name to a concept of the library, with the reason, or nothing.

A name is looked at clause by clause: the longest known wording at a clause's end wins, since the
head of a Chinese noun phrase stands last; names that are sentences are found by key words, checked
against word boundaries. It abstains when unsure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from normalizers.concepts import segment
from normalizers.concepts.catalogue import Concept, library
from normalizers.nearness import Nearness
from normalizers.text import strip_ordinal


@dataclass(frozen=True, slots=True)
class ConceptMatch:
    """The concept a name was taken for, or None, with score 0…1, the next best, and why in words."""

    raw: str
    folded: str
    concept_id: str | None
    score: float = 0.0
    runner_up: str | None = None
    runner_up_score: float = 0.0
    reason: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Hit:
    concept: Concept
    base: float
    words: tuple[str, ...]
    how: str
    score: float = 0.0


_CLAUSE = re.compile(r"[,，;；。!?:：]+")
_PART = re.compile(r"[、和及与]|以及")
_BRACKET = re.compile(r"[(\[][^()\[\]]*[)\]]?$")
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(
    r"(?:约|达到?|不少于|不低于|不超过|控制在|[≥≤=<>])*(?:\d[\d.,~-]*)(?:[余多几]|%|[万亿千百])*[^\d,，。]{0,4}$"
)


@lru_cache(maxsize=16384)
def match_concept(name: str, *, level2: str | None = None, unit_dimension: str | None = None) -> ConceptMatch:
    """The concept an indicator's name stands for; abstains when unsure.

    Args:
        name: a level-3 name as printed, with or without 指标N：.
        level2: canonical level-2 id of the row; agreement counts for a concept, disagreement against.
        unit_dimension: dimension of the row's value (``percent``, ``count``, ``money`` …), if known.

    Example:
        >>> match_concept("指标1：信访案件办结率").concept_id
        'rate.closure'
        >>> match_concept("党政机关网络租赁费", unit_dimension="money").words
        ('网络租赁费',)
        >>> match_concept("其他").concept_id is None
        True
    """
    folded = strip_ordinal(name)[1].rstrip("。；;，,、.:：")
    if not folded:
        return ConceptMatch(name, folded, None, reason="the name is empty")
    lib = library()
    exact = lib.wordings.get(folded)
    hits = [_Hit(exact, lib.scores.exact, (folded,), "exact")] if exact else _search(folded)
    scored = sorted(
        (replace(hit, score=_score(hit, level2, unit_dimension)) for hit in _best(hits)),
        key=lambda hit: (-hit.score, hit.concept.id),
    )
    return _decide(name, folded, scored)


def _search(folded: str) -> list[_Hit]:
    hits: list[_Hit] = []
    clauses = [clause for clause in _CLAUSE.split(folded[:200]) if clause]
    for clause in clauses:
        ends = [hit for part in _parts(clause) if (hit := _end(part))]
        hits += ends
        hits += _by_words(clause, ends)
    return _only_special(hits) or [hit for clause in clauses for hit in _alike(_stem(clause))]


def _parts(clause: str) -> Iterable[str]:
    """The clause and, where it joins nouns, its parts: each may end in a wording of its own."""
    yield _stem(clause)
    yield from (_stem(part) for part in _PART.split(clause)[:-1] if len(part) > 2)


@lru_cache(maxsize=512)
def _stem(clause: str) -> str:
    """A clause without the amount or bracket at its end: 编发简报30期 → 编发简报."""
    bare = (_BRACKET.sub("", clause) or clause) if "(" in clause or "[" in clause else clause
    return (_NUMBER.sub("", bare) or bare) if _DIGIT.search(bare) else bare


def _end(stem: str) -> _Hit | None:
    """The longest known wording the stem ends in."""
    lib = library()
    for size in lib.sizes_by_end.get(stem[-2:], ()):
        found = lib.wordings.get(stem[-size:]) if size <= len(stem) else None
        if found:
            if any(word in stem for word in found.none):
                return None
            return _Hit(found, lib.scores.end, (stem[-size:],), "end")
    return None


def _by_words(clause: str, ends: list[_Hit]) -> list[_Hit]:
    """Concepts whose key words stand in the clause, if its head does not measure something else."""
    lib = library()
    words = {found.group(1) for found in lib.key_pattern.finditer(clause)}
    stem = _stem(clause)
    head = next((dim for end, dim in lib.heads.items() if stem.endswith(end)), None)
    hits: list[_Hit] = []
    for candidate in dict.fromkeys(c for word in words for c in lib.keys[word]):
        if head and candidate.dimension not in {head, "any"}:
            continue
        hit = _key_hit(candidate, clause)
        if hit:
            hits.append(replace(hit, base=lib.scores.end) if _kin(candidate, clause, ends) else hit)
    return hits


def _kin(candidate: Concept, clause: str, ends: list[_Hit]) -> bool:
    """The clause ends in a wording of the same family: a general one, or one joined to others (培训、宣传费用)."""
    joined = len(_PART.split(clause)) > 1
    return any(
        e.concept.family == candidate.family and (joined or e.concept.id.endswith(".general")) for e in ends
    )


def _key_hit(candidate: Concept, clause: str) -> _Hit | None:
    found = _of_each(candidate.all, clause)
    loose = () if found else tuple([word for word in candidate.any if word in clause])
    if not (found or loose) or any(word in clause for word in candidate.none):
        return None
    scores = library().scores
    return _Hit(candidate, scores.all, found, "all") if found else _Hit(candidate, scores.any, loose, "any")


def _of_each(groups: tuple[tuple[str, ...], ...], clause: str) -> tuple[str, ...]:
    """Of each group the first word that stands in the clause; nothing where one has none there."""
    found = []
    for group in groups:
        for word in group:
            if word in clause:
                found.append(word)
                break
        else:
            return ()
    return tuple(found)


def _only_special(hits: list[_Hit]) -> list[_Hit]:
    """A family's general concept steps back where a special one of the family was found."""
    special = {h.concept.family for h in hits if not h.concept.id.endswith(".general")}
    return [h for h in hits if not h.concept.id.endswith(".general") or h.concept.family not in special]


def _alike(stem: str) -> list[_Hit]:
    """A damaged name: very like one known wording of about its length."""
    lib = library()
    if not lib.scores.fuzzy_length <= len(stem) <= lib.longest + 1:
        return []
    wordings = _near(len(stem)).candidates(stem)
    if not wordings:
        return []
    found = process.extractOne(
        stem, wordings, scorer=Levenshtein.normalized_similarity, score_cutoff=lib.scores.fuzzy
    )
    if not found:
        return []
    text, likeness = found[0], float(found[1])
    return [_Hit(lib.wordings[text], lib.scores.end * likeness, (text,), "fuzzy")]


@lru_cache(maxsize=64)
def _near(length: int) -> Nearness:
    """The known wordings of about this length."""
    lib = library()
    wordings = (text for size in (-1, 0, 1) for text in lib.by_length.get(length + size, ()))
    faults = round((1 - lib.scores.fuzzy) * (length + 1), 6)  # of the longest of them; 2 is not 1.9999
    return Nearness(wordings, int(faults))


def _best(hits: list[_Hit]) -> list[_Hit]:
    best: dict[str, _Hit] = {}
    for hit in hits:
        old = best.get(hit.concept.id)
        if old is None or (hit.base, len("".join(hit.words))) > (old.base, len("".join(old.words))):
            best[hit.concept.id] = hit
    return list(best.values())


def _score(hit: _Hit, level2: str | None, dimension: str | None) -> float:
    scores = library().scores
    total = hit.base + scores.per_character * min(8, sum(map(len, hit.words)))
    if level2:
        total += scores.level2 if level2 in hit.concept.level2 else -2 * scores.level2
    wanted = hit.concept.dimension
    if dimension and wanted not in {"any", "none"}:
        total += scores.dimension if dimension == wanted else -scores.wrong_dimension
    return round(min(1.0, max(0.0, total)), 4)


def _decide(raw: str, folded: str, order: list[_Hit]) -> ConceptMatch:
    scores = library().scores
    standing = (hit for hit in order if hit.how not in {"all", "any"} or _whole_words(folded, hit))
    order = list(islice(standing, 2))
    if not order:
        return ConceptMatch(raw, folded, None, reason="no known wording and no key words stand in the name")
    best, second = order[0], order[1] if len(order) > 1 else None
    next_id, next_score = (second.concept.id, second.score) if second else (None, 0.0)
    if best.score < scores.accept:
        why = f"the best guess, {best.concept.name}, is too weak ({best.score:.2f})"
        return ConceptMatch(raw, folded, None, best.score, best.concept.id, best.score, why, best.words)
    if second and best.score - second.score < scores.margin and best.how != "exact":
        return _tie(raw, folded, best, second)
    return ConceptMatch(raw, folded, best.concept.id, best.score, next_id, next_score, _why(best), best.words)


def _tie(raw: str, folded: str, best: _Hit, second: _Hit) -> ConceptMatch:
    """Two concepts alike: the family's general one where there is one, else none."""
    words = tuple(dict.fromkeys((*best.words, *second.words)))
    general = library().by_id.get(f"{best.concept.family}.general")
    said = f"{best.concept.name} and {second.concept.name} fit alike"
    if general and best.concept.family == second.concept.family:
        why = f"{said}; {general.name} covers both"
        return ConceptMatch(raw, folded, general.id, best.score, second.concept.id, second.score, why, words)
    return ConceptMatch(raw, folded, None, best.score, second.concept.id, second.score, said, words)


def _why(hit: _Hit) -> str:
    what = {
        "exact": "is the known wording",
        "end": "ends in the known wording",
        "fuzzy": "is very like the wording",
        "all": "holds the key words",
        "any": "holds the key word",
    }[hit.how]
    return f"the name {what} {', '.join(hit.words)} of {hit.concept.name}"


def _whole_words(text: str, hit: _Hit) -> bool:
    """No key word may be cut out of the middle of two others (会议 out of 社会议题)."""
    words = [word for word in hit.words if len(word) > 1]
    return all(segment.whole(text, word) for word in words)
