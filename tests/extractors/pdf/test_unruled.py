"""Pages without a rule: a form is read or flagged, a table of contents never becomes a form."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from extractors import find_forms, read
from extractors.pdf.segments import Segments
from extractors.pdf.unruled import unruled

HERE = Path(__file__).parents[2] / "fixtures" / "pdf" / "unruled"


def test_a_form_without_rules_is_read_and_flagged() -> None:
    document = read(HERE / "form.pdf")
    assert [d.code for d in document.doubts] == ["second_reader_disagrees"]
    assert all((c.confidence.structure or 0) <= 0.7 for g in document.grids for c in g.cells)
    [form] = find_forms(document).forms
    assert form.fields["project_name"].text == "原州区电子政务中心及政务公开经费"
    rows = [(row.level2.node_id if row.level2 else None, row.slots["target"].text) for row in form.rows]
    assert rows[0] == ("output.quantity", "1个")
    assert len(rows) == 8
    # A level that is lost is left open and told, never guessed.
    lost = [row for row in form.rows if row.level1 is None or row.level2 is None]
    doubted = {d.row_no for d in form.doubts}
    assert all(row.row_no in doubted and row.structure < 0.7 for row in lost)


def test_contents_are_no_form() -> None:
    document = read(HERE / "contents.pdf")
    assert find_forms(document).forms == ()
    assert document.doubts == ()


def _segments(rows: list[list[tuple[float, float]]], labels: list[tuple[float, float]] = ()) -> Segments:  # type: ignore[assignment]
    """Texts (left, right) of rows 20 points apart, and labels (middle, left) in the first column."""
    boxes = [(x0, 20.0 * r, x1, 20.0 * r + 14) for r, row in enumerate(rows) for x0, x1 in row]
    boxes += [(left, y - 7, left + 40, y + 7) for y, left in labels]
    boxes.sort(key=lambda box: (box[1], box[0]))
    found = np.array(boxes)
    line = np.unique(found[:, 1], return_inverse=True)[1]
    return Segments(found, line, np.maximum(1, (found[:, 2] - found[:, 0]) // 10).astype(np.int64))


def test_a_label_half_way_between_rows_covers_them() -> None:
    rows = [
        [(0.0, 40.0), (80.0, 120.0), (200.0, 240.0)],
        *[[(80.0, 170.0), (200.0, 230.0)] for _ in range(8)],
    ]
    lattice = unruled(_segments(rows, [(20.0 * k + 17.0, 0.0) for k in (1, 3, 5, 7)]))
    assert lattice is not None
    assert lattice.upright.shape == (9, 4)
    assert lattice.level[1:, 0].tolist() == [True, False, True, False, True, False, True, False, True]
    assert lattice.level[1:, 1:].all()


def test_boxes_as_high_as_their_font_says_do_not_run_rows_together() -> None:
    rows = [[(0.0, 40.0), (80.0, 120.0), (200.0, 240.0)] for _ in range(10)]
    plain = _segments(rows)
    high = plain.boxes + np.array([0.0, -5.0, 0.0, 5.0])
    lattice = unruled(Segments(high, plain.line, plain.glyphs))
    assert lattice is not None
    assert lattice.upright.shape == (10, 4)


def test_a_page_of_one_column_is_no_table() -> None:
    assert unruled(_segments([[(0.0, 400.0)] for _ in range(30)])) is None
