"""Second readers: agreement changes nothing, disagreement names both readings and lowers confidence."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from extractors import read
from extractors.pdf.draw import STEPS, draw_steps, trace_page
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
