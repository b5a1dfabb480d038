"""What a form's own meaning says against numbers that OCR read: flagged, lowered, never changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extractors import find_forms, read
from extractors.grid import Cell, Confidence, Grid
from extractors.ocr.rules import load_rules
from extractors.source import SourceFile
from pipeline.records.build import document_records
from pipeline.records.confidence import thresholds
from pipeline.records.misread import lowered, one_slip
from pipeline.records.types import FormRecords
from tests.pipeline.conftest import FORM


def recognised(text: str, score: float | None = 0.98) -> FormRecords:
    """The records of a form as if OCR had read each of its cells with this score."""
    document = read(SourceFile.from_bytes(text.encode(), "2024.txt"))
    scored = replace(document, items=tuple(_scored(item, score) for item in document.items))
    [form] = document_records(scored, find_forms(scored), "2024.txt").forms
    return form


def _scored(item: object, score: float | None) -> object:
    if not isinstance(item, Grid):
        return item
    return replace(item, cells=tuple(replace(c, confidence=_measured(c, score)) for c in item.cells))


def _measured(cell: Cell, score: float | None) -> Confidence:
    return replace(cell.confidence, read=score if cell.text else None)


def suggestions(form: FormRecords) -> list[tuple[str | None, str | None]]:
    return [(i.suggestion, form.text(i.cell_id or "")) for i in form.issues if i.code == "misread_by_meaning"]


def test_a_form_read_right_raises_no_doubt() -> None:
    assert suggestions(recognised(FORM)) == []


@pytest.mark.parametrize(
    ("printed", "read_as", "likely"),
    [
        ("财政拨款\t12\t", "财政拨款\t48\t", None),  # no slip of a recogniser: the audit's business
        ("财政拨款\t12\t", "财政拨款\t345\t", None),
        ("≥90%", "≥908", "≥90%"),
        ("≥90%", "290%", "≥90%"),
        ("≥90%", "≥90", "≥90%"),
        ("≥90%", "≥90人", "≥90%"),
        ("100%", "1000%", ""),
        ("≥3公里", "≥3公里", None),
    ],
)
def test_doubts_of_rates_and_amounts(printed: str, read_as: str, likely: str | None) -> None:
    found = suggestions(recognised(FORM.replace(printed, read_as)))
    assert [s for s, _ in found] == ([] if likely is None else [likely or None])


@pytest.mark.parametrize(("total", "part", "likely"), [
    ("96.37", "9637", {"96.37", "9637"}),
    ("96.37", "98.37", {"96.37"}),
    ("93.37", "98.37", {"93.37", "98.37"}),
    ("120.5", "20.5", {"120.5", "20.5"}),
    ("12,500", "1250", {"1250", "12500"}),
])  # fmt: skip
def test_money_that_one_slip_would_add_up(total: str, part: str, likely: set[str]) -> None:
    text = FORM.replace("年度资金总额:\t12\t", f"年度资金总额:\t{total}\t").replace(
        "财政拨款\t12\t", f"财政拨款\t{part}\t"
    )
    form = recognised(text)
    found = suggestions(form)
    assert {s for s, _ in found} <= likely
    assert found or not one_slip(total.replace(",", ""), part)
    assert {cell for _, cell in found} <= {total, part}
    assert form.form.funding_total_yuan is not None  # published as read


def test_a_flagged_cell_is_graded_below_good_and_kept_as_read() -> None:
    form = recognised(FORM.replace("≥90%", "290%"))
    [issue] = [i for i in form.issues if i.code == "misread_by_meaning"]
    [row] = [r for r in form.indicators if r.indicator_id == issue.indicator_id]
    [cell] = [c for c in form.cells if c.cell_id == issue.cell_id]
    assert (row.target.raw, row.grade, cell.confidence_read) == ("290%", "fair", 0.6)
    assert "290%" in issue.message
    assert "“≥90%”" in issue.message


@pytest.mark.parametrize("score", [None, 1.0])
def test_text_that_nobody_recognised_is_left_to_the_audit(score: float | None) -> None:
    assert suggestions(recognised(FORM.replace("≥90%", "290%"), score)) == []


def test_every_doubt_claims_less_than_the_grade_good() -> None:
    limits = load_rules().limits
    doubts = limits.doubted, limits.weak, limits.disagree, limits.unread_ink
    assert all(one.value < thresholds().grades.good < limits.certain.value for one in doubts)
    assert lowered(0.98, ["a"], {"a"}) == limits.doubted.value
