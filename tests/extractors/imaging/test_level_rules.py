"""Tables of level rules alone: the rules part the rows, broken rules tell merged labels, empty cells are seen."""

from __future__ import annotations

import numpy as np

from extractors.imaging.geometry import Rect
from extractors.imaging.levels import levelled
from extractors.imaging.rules import Rules

EM = 24.0
XS, PITCH = (40, 200, 420, 760), 48


def page(rows: int, *, merged: tuple[int, int] = (0, 0), skip: int = 0) -> tuple[list[Rect], Rules]:
    """Lines of text and rules: one label for the rows ``merged`` (from, to), every rule but each ``skip``-th."""
    across = np.zeros((PITCH * rows + 100, 800), np.uint8)
    for row in range(rows + 1):
        if skip and 0 < row < rows and row % skip:
            continue
        left = XS[1] if merged[0] < row < merged[1] else XS[0]
        across[20 + PITCH * row : 22 + PITCH * row, left : XS[-1]] = 255
    boxes: list[Rect] = []
    for row in range(rows):
        y = 20 + PITCH * row + 12.0
        boxes += [(XS[1] + 20.0, y, XS[1] + 150.0, y + 24), (XS[2] + 90.0, y, XS[2] + 170.0, y + 24)]
        if not merged[0] <= row < merged[1]:
            boxes.append((XS[0] + 30.0, y, XS[0] + 120.0, y + 24))
    if merged[1]:
        y = 20 + PITCH * (merged[0] + merged[1]) / 2 - 12
        boxes.append((XS[0] + 30.0, y, XS[0] + 120.0, y + 24))
    return boxes, Rules(across, np.zeros_like(across), EM)


def test_rows_are_those_between_the_rules() -> None:
    table = levelled(*page(9))
    assert table is not None
    assert (table.rows, table.cols, len(table.blocks)) == (9, 3, 27)
    assert all(len(block.lines) == 1 for block in table.blocks)


def test_a_rule_that_stops_short_leaves_a_merged_label() -> None:
    table = levelled(*page(9, merged=(3, 6)))
    assert table is not None
    label = next(b for b in table.blocks if b.rows == (3, 5))
    assert label.cols == (0, 0)
    assert len(label.lines) == 1
    assert len(table.blocks) == 25


def test_an_empty_cell_is_a_cell() -> None:
    boxes, rules = page(9)
    table = levelled([box for box in boxes if not (box[0] > XS[2] and 200 < box[1] < 240)], rules)
    assert table is not None
    assert [b.cols for b in table.blocks if not b.lines] == [(2, 2)]


def test_two_lines_of_one_cell_stay_together() -> None:
    boxes, rules = page(9)
    first = boxes[2 * 3]
    boxes[2 * 3] = (first[0], first[1] - 11, first[2], first[3] - 11)
    boxes.append((first[0], first[1] + 12, first[2] - 40, first[3] + 12))
    table = levelled(boxes, rules)
    assert table is not None
    assert table.rows == 9
    assert max(len(b.lines) for b in table.blocks) == 2


def test_too_few_rules_are_left_to_the_texts() -> None:
    boxes, _ = page(12)
    across = np.zeros((700, 800), np.uint8)
    for y in (20, 68, 596):
        across[y : y + 2, XS[0] : XS[-1]] = 255
    assert levelled(boxes, Rules(across, np.zeros_like(across), EM)) is None
    assert levelled([], page(9)[1]) is None


def test_rules_that_part_groups_of_rows_are_cut_between_their_lines() -> None:
    table = levelled(*page(30, skip=6))
    assert table is not None
    assert (table.rows, table.cols) == (30, 3)
