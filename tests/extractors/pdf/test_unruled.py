"""Pages without a rule: a form is read or flagged, a table of contents never becomes a form."""

from __future__ import annotations

from pathlib import Path

from extractors import find_forms, read

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
