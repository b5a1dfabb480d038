"""Signs that a level-2 label got lost above a row: the numbering starts again, or a kind is absent.

A row without a label of its own belongs to the one open above it. Whether a label stood there once can
only be suspected, and most forms leave out kinds they do not use; the words of the name decide.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise, takewhile

from extractors.layout.forms import FormRow
from extractors.layout.levels import siblings_after
from extractors.layout.rows import Open, ReadRow
from extractors.layout.shapes import Shapes, key_of

MISSING = "label_may_be_missing"
_RESTART = "ordinal_restart"
_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")


class LostLabels:
    """Knows the kinds one block prints and suspects the rows above which a label may be missing."""

    def __init__(self, read: Sequence[ReadRow], version: str, shapes: Shapes) -> None:
        self.version = version
        self.shapes = shapes
        self.present = {item.state.level2.node_id for item in read if item.state.level2}
        self.repeats = any(_prints_again(one, two) for one, two in pairwise(read))

    def codes(self, item: ReadRow, ordinal: int | None, name: str, last: FormRow | None) -> list[str]:
        """The codes of a row that stands under a label printed above it.

        Args:
            item: the row as read.
            ordinal: its number, where 指标N： stands before its name.
            name: its name.
            last: the row before it; the doubt of a restarted numbering stays until the next printed label.
        """
        two, reading = item.state.level2, item.reading
        if two is None or reading.level2 >= 0:
            return []
        if reading.level1 >= 0:  # labels are repeated row by row, but not this one
            lost = MISSING in item.notes and two.spot is not None
            return [MISSING] if lost and (self.repeats or self._other_kind(name, two)) else []
        if last is None or last.level2 is None or last.level2.node_id != two.node_id:
            return []
        if ordinal is not None and last.ordinal is not None and ordinal <= last.ordinal:
            return [_RESTART]
        if _RESTART in last.reasons or (MISSING in last.reasons and ordinal is not None):
            return [MISSING]
        covered = any(two.spot is not None and spot.id == two.spot.id for spot in item.line.covered)
        suspect = ordinal is None and bool(name) and not covered and self._other_kind(name, two)
        return [MISSING] if suspect else []

    def _other_kind(self, name: str, two: Open) -> bool:
        """Whether kinds are absent right behind the open one, and the name speaks not only its words."""
        following = siblings_after(two.node_id, self.version) if two.node_id else ()
        absent = list(takewhile(lambda kind: kind not in self.present, following))
        key = _BRACKETS.sub("", key_of(name))
        own = self.shapes.speaks(two.node_id or "", key)
        return bool(absent) and (not own or any(self.shapes.speaks(kind, key) for kind in absent))


def _prints_again(one: ReadRow, two: ReadRow) -> bool:
    """Whether two rows running both print the same level 2."""
    if one.reading.level2 < 0 or two.reading.level2 < 0:
        return False
    return one.state.level2 is not None and two.state.level2 is not None and one.state.key == two.state.key
