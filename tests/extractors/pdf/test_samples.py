"""Typeset forms with truth: every ruled one exact, level rules alone nearly so."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import pytest

from extractors import read

HERE = Path(__file__).parents[2] / "fixtures" / "pdf"
SHARED = Path(__file__).parents[4] / "shared" / "samples" / "pdf"


def _check(path: Path, scoring: ModuleType) -> None:
    truth = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    document = read(path)
    found = scoring.score(document.grids, truth["pages"])
    assert len(document.pages) == len(truth["pages"])
    if "hlines" in path.name:
        assert found.f1_places >= 0.95
    else:
        assert found.f1 >= 0.995
    assert not document.doubts


@pytest.mark.parametrize("path", sorted(HERE.glob("*.pdf")), ids=lambda p: p.stem)
def test_fixture(path: Path, scoring: ModuleType) -> None:
    _check(path, scoring)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared samples are not beside the repository")
@pytest.mark.parametrize("path", sorted(SHARED.glob("*.pdf")), ids=lambda p: p.stem)
def test_shared_sample(path: Path, scoring: ModuleType) -> None:
    _check(path, scoring)


def test_every_cell_has_a_place_on_its_page() -> None:
    document = read(HERE / "d02_full_lo.pdf")
    for grid in document.grids:
        page = document.pages[(grid.page or 0) - 1]
        for cell in grid.cells:
            box = cell.at.box
            assert cell.at.page == grid.page and box is not None
            assert 0 <= box.x0 < box.x1 <= page.width and 0 <= box.y0 < box.y1 <= page.height
    ids = [cell.id for grid in document.grids for cell in grid.cells] + [b.id for b in document.blocks]
    assert len(ids) == len(set(ids))


def test_no_glyph_is_lost_or_doubled(scoring: ModuleType) -> None:
    """All that pdfium gives as text stands in exactly one cell or block (no fake bold in this file)."""
    import pypdfium2

    path = HERE / "d02_full_lo.pdf"
    document = read(path)
    with pypdfium2.PdfDocument(path) as pdf:
        for number, page in enumerate(pdf, 1):
            text = sorted(scoring.bare(page.get_textpage().get_text_range()))
            cells = [c.text for g in document.grids if g.page == number for c in g.cells]
            blocks = [b.text for b in document.blocks if b.at.page == number]
            assert sorted(scoring.bare("".join(cells + blocks))) == text
