"""How far a damaged text is from the wordings it may have been.

The damage believed is what happens to printed labels: characters lost (at an edge or inside) and
characters read wrong. A character too many is dear, since a longer text is usually another word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from normalizers.labels.index import Index, Wording, core, index
from normalizers.labels.model import RULES

_LOOKALIKE = str.maketrans({wrong: right for right, wrongs in RULES.confusions.items() for wrong in wrongs})
_GENERIC = frozenset("".join(RULES.generic))
_WEIGHTS = (int(RULES.damage.insertion), 1, 1)


@dataclass(frozen=True, slots=True)
class Near:
    """The nearest wording of one node: how many characters lie between, and how alike they are (0…1)."""

    wording: Wording
    distance: float
    score: float


def limit(length: int) -> int:
    """The most damaged characters believed in a label of this length.

    >>> limit(4), limit(7)
    (1, 2)
    """
    return next(most for longest, most in sorted(RULES.damage.limits.items()) if length <= longest)


def near(text: str, level: int | None, version: str | None) -> tuple[list[Near], float]:
    """Nodes the damaged ``text`` may stand for, nearest first, and the distance of the nearest look-alike."""
    shelf = _shelf(level, version)
    best: dict[str, Near] = {}
    for wording in shelf:
        found = _compare(text, wording, level)
        if found is None:
            continue
        known = best.get(wording.node_id)
        if known is None or (found.distance, -found.score) < (known.distance, -known.score):
            best[wording.node_id] = found
    order = sorted(best.values(), key=lambda n: (n.distance, -n.score, n.wording.node_id))
    return order, _nearest_decoy(text, order[0].distance) if order else 99.0


@lru_cache(maxsize=32)
def _shelf(level: int | None, version: str | None) -> tuple[Wording, ...]:
    table: Mapping[str, tuple[Wording, ...]] = index().wordings
    return tuple(w for found in table.values() for w in found if w.admits(level, version))


def _compare(text: str, wording: Wording, level: int | None) -> Near | None:
    label = wording.text
    if text == label or len(text) - len(label) > 1 or not _enough(text, label, level):
        return None
    most = limit(len(label))
    distance = _distance(label, text, most)
    if distance > most:
        if not _is_cut(text, label):
            return None
        distance = float(min(len(label) - len(text), most + 1))
    elif _is_compound(text, label):
        return None
    return Near(wording, distance, round(max(0.0, 1 - distance / (len(label) + 1)), 4))


def _distance(label: str, text: str, most: int) -> float:
    plain = Levenshtein.distance(label, text, weights=_WEIGHTS, score_cutoff=most + 1)
    repaired = text.translate(_LOOKALIKE)
    if repaired == text:
        return float(plain)
    mended = Levenshtein.distance(label, repaired, weights=_WEIGHTS, score_cutoff=most + 1)
    changed = sum(a != b for a, b in zip(text, repaired, strict=True))
    return float(min(plain, mended + 0.5 * min(changed, max(1, int(plain - mended)))))


def _enough(text: str, label: str, level: int | None) -> bool:
    """Something that tells this label from others must remain: one character, two where no level is asked."""
    own = set(core(label)) - _GENERIC if core(label) != label else set(label)
    kept = sum(char in own for char in text.translate(_LOOKALIKE))
    return kept >= (1 if level is not None or len(own) <= 2 else 2)


def _is_cut(text: str, label: str) -> bool:
    """The label's beginning or end alone, long enough to be nothing else."""
    if len(text) < max(3, RULES.damage.cut_share * len(label)):
        return False
    return label.startswith(text) or label.endswith(text)


def _is_compound(text: str, label: str) -> bool:
    """A whole core followed by something that is not 指标: another word (经济效益好), no damage."""
    head = core(label)
    if not text.startswith(head) or text == head:
        return False
    return not _GENERIC & set(text[len(head) :])


def _nearest_decoy(text: str, beat: float) -> float:
    """The distance of the nearest look-alike word, at most ``beat`` + 1."""
    words: Index = index()
    if text in words.decoys or core(text) in words.decoy_words:
        return 0.0
    most = int(beat) + 1
    nearest = 99.0
    for decoy in words.decoys:
        if abs(len(decoy) - len(text)) <= most:
            found = Levenshtein.distance(decoy, text, weights=_WEIGHTS, score_cutoff=most)
            if found <= most:
                nearest = min(nearest, float(found))
    return nearest
