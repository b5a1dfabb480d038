"""Second opinions on a PDF's tables: pdfplumber and camelot, called only when somebody asks.

They are slower by one and two orders of magnitude and read fewer kinds of tables; but where they see
another grid than we do, somebody should look. Agreement never raises a confidence, disagreement
lowers it. Camelot's frames become grids at this door and are not seen beyond it.
"""

from __future__ import annotations

import io
import logging
import re
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from extractors.grid import Box, Cell, Confidence, Document, Doubt, Grid, Locator, item_id
from extractors.source import SourceFile

_AGREE = 0.9  # share of cells that must be alike for two readings to agree
_LOWERED = 0.6  # the structure confidence of a grid that another reader sees otherwise
_SPACES = re.compile(r"\s+")


def _grid(
    source: SourceFile, page: int, origin: str, rows: list[list[tuple[str, Box | None]]], no: int
) -> Grid:
    cells = [
        Cell(item_id(source.document_id, origin, page, no, r, c), text, r, c, 1, 1, Locator(page, box))
        for r, row in enumerate(rows)
        for c, (text, box) in enumerate(row)
    ]
    return Grid(tuple(cells), len(rows), max((len(row) for row in rows), default=0), page, origin)


def plumber_grids(source: SourceFile, page: int) -> list[Grid]:
    """The tables of one page (1-based) as pdfplumber reads them; a merged cell stands once, at its top left.

    >>> plumber_grids.__name__
    'plumber_grids'
    """
    import pdfplumber

    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it complains about each font, each time
    with pdfplumber.open(io.BytesIO(source.data)) as pdf:
        sheet = pdf.pages[page - 1]
        out = []
        for no, table in enumerate(sheet.find_tables()):
            texts = table.extract()
            rows: list[list[tuple[str, Box | None]]] = [
                [
                    (text or "", Box(*map(float, box)))
                    for text, box in zip(words, row.cells, strict=True)
                    if box is not None
                ]
                for words, row in zip(texts, table.rows, strict=True)
            ]
            out.append(_grid(source, page, "pdfplumber", rows, no))
        return out


def camelot_grids(source: SourceFile, page: int, flavor: str = "lattice") -> list[Grid]:
    """The tables of one page (1-based) as camelot reads them; covered places are empty cells."""
    import camelot.io

    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = Path(folder) / "page.pdf"
        path.write_bytes(source.data)
        tables = camelot.io.read_pdf(str(path), pages=str(page), flavor=flavor, suppress_stdout=True)
        return [
            _grid(source, page, f"camelot-{flavor}", [[(str(v), None) for v in row] for row in t.data], no)
            for no, t in enumerate(tables)
        ]


READERS: dict[str, Callable[[SourceFile, int], list[Grid]]] = {
    "pdfplumber": plumber_grids,
    "camelot": camelot_grids,
}


def _bare(text: str) -> str:
    """A text as it is compared: no white space, radical code points as ordinary characters."""
    from extractors.pdf.text import radicals

    return _SPACES.sub("", text).translate(radicals())


def _words(grid: Grid) -> list[str]:
    ordered = sorted(grid.cells, key=lambda cell: (cell.row, cell.col))
    return [text for cell in ordered if (text := _bare(cell.text))]


def likeness(one: list[Grid], other: list[Grid]) -> float:
    """How alike two readings of a page are: 2·common / all of their non-empty cell texts, 0…1.

    >>> likeness([], [])
    1.0
    """
    mine, theirs = (Counter(w for grid in grids for w in _words(grid)) for grids in (one, other))
    total = sum(mine.values()) + sum(theirs.values())
    return 2 * sum((mine & theirs).values()) / total if total else 1.0


def _told(grids: list[Grid]) -> str:
    return "; ".join(f"{grid.rows}×{grid.cols}" for grid in grids) or "no table"


def second_opinion(
    document: Document, source: SourceFile, page: int, reader: str = "pdfplumber"
) -> list[Doubt]:
    """Ask another reader about one page (1-based); a Doubt ``second_reader_disagrees`` where it differs.

    The doubt names both readings and the cells of ours that the other did not find. A reader that
    fails has no opinion.
    """
    ours = [grid for grid in document.grids if grid.page == page]
    try:
        theirs = READERS[reader](source, page)
    except Exception:  # noqa: BLE001  (a foreign parser may raise anything; it then has no opinion)
        return []
    score = likeness(ours, theirs)
    if score >= _AGREE:
        return []
    seen = {word for grid in theirs for word in _words(grid)}
    missed = [cell.id for grid in ours for cell in grid.cells if cell.text and _bare(cell.text) not in seen]
    data = {
        "page": str(page),
        "ours": _told(ours),
        "theirs": _told(theirs),
        "reader": reader,
        "likeness": f"{score:.2f}",
    }
    return [Doubt("second_reader_disagrees", tuple(missed[:200]), data=data)]


def lowered(document: Document, doubts: list[Doubt]) -> Document:
    """The document with the structure confidence lowered on the pages that doubts name, the doubts added."""
    pages = {int(d.data["page"]) for d in doubts if d.code == "second_reader_disagrees"}
    if not pages:
        return document
    items = tuple(
        _lower(item) if isinstance(item, Grid) and item.page in pages else item for item in document.items
    )
    return replace(document, items=items, doubts=(*document.doubts, *doubts))


def _lower(grid: Grid) -> Grid:
    cells = tuple(
        replace(
            cell, confidence=Confidence(cell.confidence.read, min(cell.confidence.structure or 1.0, _LOWERED))
        )
        for cell in grid.cells
    )
    return replace(grid, cells=cells)
