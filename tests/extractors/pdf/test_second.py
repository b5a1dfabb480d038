"""Second readers: agreement changes nothing, disagreement names both readings and lowers confidence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from extractors import read
from extractors.grid import Cell, Confidence, Document, Grid, Locator, Page
from extractors.pdf.draw import STEPS, draw_steps, trace_page
from extractors.readers import pdf_second
from extractors.readers.opinions import AUTOMATIC, with_opinions
from extractors.readers.pdf_second import likeness, lowered, plumber_grids, second_opinion
from extractors.source import SourceFile

HERE = Path(__file__).parents[2] / "fixtures" / "pdf"


def test_agreement() -> None:
    source = SourceFile.from_path(HERE / "d02_full_lo.pdf")
    document = read(source)
    assert second_opinion(document, source, 2) == []
    assert lowered(document, []) is document


def test_disagreement_is_named_and_lowers(make: ModuleType) -> None:
    pdf = make.Pdf()
    xs, ys = [100, 200, 300], [700, 680, 660, 640]
    rules = "".join(make.line(100, y, 300, y) for y in ys)
    pdf.page(rules + make.words_in(xs, ys, [["a", "b"], ["c", "d"], ["e", "f"]]))
    source = SourceFile.from_bytes(pdf.bytes(), "level.pdf")
    document = read(source)
    doubts = second_opinion(document, source, 1)
    assert [d.code for d in doubts] == ["second_reader_disagrees"]
    assert (doubts[0].data["ours"], doubts[0].data["theirs"]) == ("3×2", "no table")
    after = lowered(document, doubts)
    before = {c.id: c.confidence.structure for g in document.grids for c in g.cells}
    assert all((c.confidence.structure or 0) < (before[c.id] or 0) for g in after.grids for c in g.cells)


def test_likeness_bounds() -> None:
    source = SourceFile.from_path(HERE / "d02_full_lo.pdf")
    grids = plumber_grids(source, 2)
    assert likeness(grids, grids) == 1.0
    assert likeness(grids, []) == 0.0


def test_a_reader_that_fails_has_no_opinion() -> None:
    source = SourceFile.from_path(HERE / "d02_full_lo.pdf")
    assert second_opinion(read(source), source, 99) == []


def test_draws_every_step() -> None:
    source = SourceFile.from_path(HERE / "d02_full_lo.pdf")
    trace = trace_page(source, 2)
    bare = draw_steps(source, trace, (), 1.0)
    for step in STEPS:
        drawn = draw_steps(source, trace, (step,), 1.0)
        assert drawn.size == bare.size
        assert (drawn.tobytes() != bare.tobytes()) or step == "lines"


def asked(monkeypatch: pytest.MonkeyPatch, reader: str = "pdfplumber") -> list[int]:
    pages: list[int] = []

    def note(source: SourceFile, page: int) -> list[Grid]:
        pages.append(page)
        return []

    monkeypatch.setitem(pdf_second.READERS, reader, note)
    return pages


def unruled(source: SourceFile, origin: str, pages: int) -> Document:
    """A document whose pages show the labels of a form in one grid each."""
    texts = ["项目名称", "主管部门", "数量指标", "质量指标", "绩效目标"]
    grids = tuple(
        Grid(
            tuple(
                Cell(f"{p}{n}", text, n, 0, 1, 1, Locator(p), Confidence(1.0, 0.7))
                for n, text in enumerate(texts)
            ),
            len(texts),
            1,
            p,
            origin,
        )
        for p in range(1, pages + 1)
    )
    sheets = tuple(Page(p, 595.0, 842.0) for p in range(1, pages + 1))
    return Document(source.document_id, source.media_type, "pdf_text/1", grids, sheets)


def test_asked_unbidden_only_where_a_form_has_no_sure_grid(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = asked(monkeypatch)
    source = SourceFile.from_path(HERE / "d02_full_lo.pdf")
    read(source)
    assert pages == []
    with_opinions(unruled(source, "pdf_text/1:columns", 2), source)
    assert pages == []
    found = with_opinions(unruled(source, "pdf_text/1:text", 9), source)
    assert pages == list(range(1, AUTOMATIC + 1))
    assert [d.data["page"] for d in found.doubts] == ["1", "2", "3"]
    assert {c.confidence.structure for g in found.grids[:3] for c in g.cells} == {0.6}
    assert {c.confidence.structure for g in found.grids[3:] for c in g.cells} == {0.7}
    assert found.reader == "pdf_text/1"


def test_asked_about_every_table_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = asked(monkeypatch, "camelot")
    source = replace(SourceFile.from_path(HERE / "d02_full_lo.pdf"), second_opinion="camelot")
    document = read(source)
    assert pages == list(range(1, 7))
    assert document.reader == "pdf_text/1+camelot"
    assert {d.data["theirs"] for d in document.doubts} == {"no table"}
    assert all(c.confidence.structure == 0.6 for g in document.grids for c in g.cells)
