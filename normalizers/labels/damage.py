"""How far a damaged text is from the wordings it may have been.

The damage believed is what happens to printed labels: characters lost (at an edge or inside) and
characters read wrong. A character too many is dear, since a longer text is usually another word.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from normalizers.labels.index import Wording, core, index
from normalizers.labels.model import RULES

_LOOKALIKE = str.maketrans({wrong: right for right, wrongs in RULES.confusions.items() for wrong in wrongs})
_GENERIC = frozenset("".join(RULES.generic))
_WEIGHTS = (int(RULES.damage.insertion), 1, 1)
_FAR = 99.0


@dataclass(frozen=True, slots=True)
class Near:
    """The nearest wording of one node: how many characters lie between, and how alike they are (0…1).

    ``lost_only``: characters are missing and none is wrong.
    """

    wording: Wording
    distance: float
    score: float
    lost_only: bool


@dataclass(frozen=True, slots=True)
class _Entry:
    """A wording prepared for comparison: bit masks over the alphabet of all labels."""

    wording: Wording
    limit: int
    mask: int
    own: int  # the characters that are not 指标/目标
    needed: int  # how many different characters a damaged form must share


def limit(length: int) -> int:
    """The most damaged characters believed in a label of this length.

    >>> limit(4), limit(7)
    (1, 2)
    """
    return next(most for longest, most in sorted(RULES.damage.limits.items()) if length <= longest)


def near(text: str, level: int | None, version: str | None) -> tuple[list[Near], float]:
    """Nodes the damaged ``text`` may stand for, nearest first, and the distance of the nearest look-alike."""
    if len(text) > _longest() + 1 or (len(text) < 3 and _GENERIC & set(text)):
        return [], _FAR
    repaired = text.translate(_LOOKALIKE)
    mask = _mask(repaired)
    best: dict[str, Near] = {}
    for entry in _shelf(level, version):
        if (mask & entry.mask).bit_count() < entry.needed:
            continue
        found = _compare(text, repaired, mask, entry, level)
        known = best.get(entry.wording.node_id)
        if found and (known is None or (found.distance, -found.score) < (known.distance, -known.score)):
            best[entry.wording.node_id] = found
    order = sorted(best.values(), key=lambda n: (n.distance, -n.score, n.wording.node_id))
    return order, _nearest_decoy(text, order[0].distance) if order else _FAR


@lru_cache(maxsize=1)
def _alphabet() -> dict[str, int]:
    chars = sorted({char for text in index().wordings for char in text})
    return {char: 1 << i for i, char in enumerate(chars)}


@lru_cache(maxsize=1)
def _longest() -> int:
    return max(map(len, index().wordings))


def _mask(chars: Iterable[str]) -> int:
    bits, mask = _alphabet(), 0
    for char in chars:
        mask |= bits.get(char, 0)
    return mask


@lru_cache(maxsize=32)
def _shelf(level: int | None, version: str | None) -> tuple[_Entry, ...]:
    every = (w for found in index().wordings.values() for w in found if w.admits(level, version))
    return tuple(_entry(w) for w in every if _believed(w, level))


def _believed(wording: Wording, level: int | None) -> bool:
    """Whether damage to this wording is believed: not to everyday words of two characters, and to what is
    itself the rest of a label only where the level is asked.
    """
    if len(wording.text) <= 2 and (wording.only_level or wording.damaged):
        return False
    return level is not None or not wording.damaged


def _entry(wording: Wording) -> _Entry:
    label = wording.text
    own = set(core(label)) - _GENERIC if core(label) != label else set(label)
    most = limit(len(label))
    kept = min(len(set(label)) - most, int(RULES.damage.cut_share * len(set(label))))
    return _Entry(wording, most, _mask(label), _mask(own), max(1, kept))


def _compare(text: str, repaired: str, mask: int, entry: _Entry, level: int | None) -> Near | None:
    label = entry.wording.text
    if len(text) - len(label) > 1 or not _enough(mask, entry, level):
        return None
    distance = _distance(label, text, repaired, entry.limit)
    if distance > entry.limit:
        if not _is_cut(text, label):
            return None
        distance = float(min(len(label) - len(text), entry.limit + 1))
    elif _is_compound(text, label):
        return None
    lost_only = distance == len(label) - len(text)
    return Near(entry.wording, distance, round(max(0.0, 1 - distance / (len(label) + 1)), 4), lost_only)


def _distance(label: str, text: str, repaired: str, most: int) -> float:
    plain = Levenshtein.distance(label, text, weights=_WEIGHTS, score_cutoff=most + 1)
    if repaired == text:
        return float(plain)
    mended = Levenshtein.distance(label, repaired, weights=_WEIGHTS, score_cutoff=most + 1)
    return float(mended) + 0.5 * max(0, int(plain) - int(mended))


def _enough(mask: int, entry: _Entry, level: int | None) -> bool:
    """Something that tells this label from others must remain: one character, two where no level is asked."""
    kept = (mask & entry.own).bit_count()
    return kept >= (1 if level is not None or entry.own.bit_count() <= 2 else 2)


def _is_cut(text: str, label: str) -> bool:
    """The label's beginning or end alone, long enough to be nothing else."""
    if len(text) < max(3, RULES.damage.cut_share * len(label)):
        return False
    return label.startswith(text) or label.endswith(text)


def _is_compound(text: str, label: str) -> bool:
    """Another word made with the label's own: a whole core before something that is not 指标 (经济效益好),
    or, where the label is nothing but its core, one half of it under two other characters (生态环境改善).
    """
    head = core(label)
    if head == label and len(text) == len(label):
        same = [a == b for a, b in zip(text, label, strict=True)]
        return (not any(same[:2]) and all(same[2:])) or (not any(same[-2:]) and all(same[:-2]))
    if not text.startswith(head) or text == head:
        return False
    return not _GENERIC & set(text[len(head) :])


def _nearest_decoy(text: str, beat: float) -> float:
    """The distance of the nearest look-alike word, if that is below ``beat``."""
    words = index()
    if text in words.decoys or core(text) in words.decoy_words:
        return 0.0
    most = int(beat)
    nearest = _FAR
    for decoy in words.written_decoys:
        if abs(len(decoy) - len(text)) <= most:
            found = Levenshtein.distance(decoy, text, weights=_WEIGHTS, score_cutoff=most)
            if found <= most:
                nearest = min(nearest, float(found))
    return nearest
