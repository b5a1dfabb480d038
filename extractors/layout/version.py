"""Which indicator tree a form follows: the printed level labels, gathered for ``decide_version``."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.layout.columns import Heads
from extractors.layout.levels import level_hit
from extractors.layout.lines import Line, Spot
from normalizers.labels.version import decide_version


def tree_version(lines: Sequence[Line], heads: Heads) -> tuple[str, str]:
    """The taxonomy version of an indicator block and the reason, told from its labels alone.

    A word that names a level 1 in one tree and a level 2 in another (成本指标) goes by its place: with a
    level-2 label behind it, or left of the level-2 column, it is offered as a level 1.
    """
    level2 = heads.by_role("level2")
    border = level2.col if level2 is not None and level2.col >= 0 else 1 << 20
    evidence: list[tuple[str | None, list[str]]] = []
    for line in lines:
        labels = [s for s in line.spots if level_hit(s.text, 1) or level_hit(s.text, 2)]
        if labels:
            _gather(labels[:2], border, evidence)
    return decide_version([(head, tuple(below)) for head, below in evidence])


def _gather(labels: Sequence[Spot], border: int, evidence: list[tuple[str | None, list[str]]]) -> None:
    first, *rest = labels
    can_head = level_hit(first.text, 1) is not None
    can_follow = level_hit(first.text, 2) is not None
    if can_head and (rest or not can_follow or first.col < border):
        if not evidence or evidence[-1][0] != first.text:
            evidence.append((first.text, []))
        below = rest
    else:
        below = list(labels)
    if not evidence:
        evidence.append((None, []))
    known = evidence[-1][1]
    known += [spot.text for spot in below if spot.text not in known and level_hit(spot.text, 2)]
