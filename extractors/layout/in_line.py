"""Stages of money that stand in one row, each left of its amount (年初预算数 | 12 | 全年执行数 | 11.4)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from extractors.layout.label_index import LabelHit
from extractors.layout.lines import Line, Spot
from extractors.layout.printed import Indexes
from extractors.layout.shapes import Shapes, is_noise, shapes_of

BESIDE = ("rate", "weight", "score", "reason", "past", "forecast_rate")
PLANNED = ("target", "midterm")

Staged = tuple[Spot, LabelHit]


def in_line(line: Line, found: Sequence[Staged], index: Indexes) -> list[tuple[Spot, LabelHit, Spot]]:
    """The stages of a row with the amounts right of them; none where they are no such row.

    Args:
        line: the row.
        found: its cells that are labels of stages.
        index: the labels of the family.

    Returns:
        Label, what it names, and amount, from left to right.

    Example:
        >>> from extractors.layout.printed import indexes_of
        >>> in_line(Line(0, (), None, 0, None), [], indexes_of("generic"))
        []
    """
    shapes, labels = shapes_of(index.family.name), {spot.id: hit for spot, hit in found}
    pairs = [(one, labels[one.id], two) for one, two in pairwise(line.spots) if one.id in labels]
    if len(pairs) != len(found) or any(two.id in labels or not _is_value(two, shapes) for _, _, two in pairs):
        return []
    return [] if len(pairs) == 1 and not _alone(line, *found[0], index) else pairs


def _is_value(spot: Spot, shapes: Shapes) -> bool:
    return shapes.is_("money", spot.key) or shapes.is_("number", spot.key) or is_noise(spot.text)


def _alone(line: Line, spot: Spot, hit: LabelHit, index: Indexes) -> bool:
    """Whether the only stage of a row stands right of another amount and is no source: 预算金额 | 12 | 支出数 | 11."""
    others = (index.source(spot.text), index.money_section.find(spot.text))
    if hit.how == "fuzzy" or hit.slot in (*BESIDE, *PLANNED) or spot is line.spots[0]:
        return False
    return line.spots[-1].key[:1].isdigit() and not any(
        other is not None and other.how in ("exact", "bare") for other in others
    )
