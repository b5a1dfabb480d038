"""Which goal is the year's and which the whole term's, where a form prints two."""

from __future__ import annotations

from dataclasses import replace

from extractors.layout.forms import Slot
from extractors.layout.label_index import LabelHit
from extractors.layout.shapes import Shapes, key_of

_YEAR, _TERM = "goal", "goal_midterm"


def of_term(hit: LabelHit, shapes: Shapes) -> LabelHit:
    """A goal whose bracket names several years (总体绩效目标（2024-2026年期间）) as one of the term.

    >>> from extractors.layout.shapes import shapes_of
    >>> of_term(LabelHit("goal", "bare", 0.97, "", "2024-2026年期间"), shapes_of("generic")).slot
    'goal_midterm'
    """
    return replace(hit, slot=_TERM) if hit.slot == _YEAR and shapes.is_("term", hit.bracket) else hit


def goal_slot(slot: str, label: str, fields: dict[str, Slot], shapes: Shapes) -> str:
    """The slot of a goal beside the one known: a label of the whole (总体绩效目标) against one of the year.

    Args:
        slot: the slot the label names.
        label: the label as printed, empty where there is none.
        fields: what was read so far; a goal known as the year's moves when the new one is that.
        shapes: ``goal_of_term`` and ``goal_of_year`` tell the labels.

    Returns:
        The slot to fill; ``slot`` itself for anything but a second goal.

    Example:
        >>> from extractors.layout.shapes import shapes_of
        >>> goal_slot("goal", "年度绩效目标", {}, shapes_of("generic"))
        'goal'
    """
    known = fields.get(_YEAR)
    if slot != _YEAR or known is None or known.label_cell is None or not label or _TERM in fields:
        return slot
    one, two = key_of(known.label_cell.text), key_of(label)
    if _is_whole(two, shapes) and not _is_whole(one, shapes):
        return _TERM
    if _is_whole(one, shapes) and shapes.is_("goal_of_year", two):
        fields[_TERM] = fields.pop(_YEAR)
    return slot


def _is_whole(label: str, shapes: Shapes) -> bool:
    return shapes.is_("goal_of_term", label) and not shapes.is_("goal_of_year", label)
