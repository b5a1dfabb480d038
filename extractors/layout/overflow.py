"""Letters of a merged label that a page break pushed out of its cell, below the last rule of the page.

Browsers paint a vertical 绩效指标 in the middle of its rows; where a page ends there, 标 stands under the
table, in no cell at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from extractors.grid import Locator, TextBlock
from extractors.layout.lines import Spot

_LETTERS = 6  # characters that may stand outside
_SLACK = 2.0  # points by which they may stand left or right of the cell
_BELOW = 60.0  # points below the cell within which they stand


def may_be_letters(blocks: Sequence[TextBlock]) -> bool:
    """Whether texts below a table are few letters only.

    >>> may_be_letters([TextBlock("b", "标", Locator(page=1))]), may_be_letters([])
    (True, False)
    """
    return 0 < sum(len(block.text.strip()) for block in blocks) <= _LETTERS


def pushed_out(
    blocks: Sequence[TextBlock], spots: Iterable[Spot], completes: Callable[[str, str], bool]
) -> Spot | None:
    """The spot whose label the texts below it complete, or None.

    Args:
        blocks: the texts since the last row, in reading order.
        spots: the spots that reach the bottom of the table.
        completes: whether two pieces are one label.
    """
    tail = "".join(block.text.strip() for block in blocks)
    for spot in spots:
        if completes(spot.text, tail) and all(_is_below(block.at, spot.cell.at) for block in blocks):
            return spot
    return None


def _is_below(text: Locator, cell: Locator) -> bool:
    if text.box is None or cell.box is None or text.page != cell.page:
        return False
    inside = cell.box.x0 - _SLACK <= text.box.x0 and text.box.x1 <= cell.box.x1 + _SLACK
    return inside and cell.box.y1 < text.box.y1 <= cell.box.y1 + _BELOW
