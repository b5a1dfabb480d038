"""Each tool as one function: PDF path -> per page a list of tables, a table a list of (row, col, rowspan, colspan, text)."""

from __future__ import annotations

import ctypes
import logging
import warnings
from collections.abc import Iterable
from pathlib import Path

Cell = tuple[int, int, int, int, str]
Pages = list[list[list[Cell]]]
Boxed = Iterable[tuple[tuple[float, float, float, float], str]]


def from_boxes(cells: Boxed) -> list[Cell]:
    """Rows and columns from the cells' own boxes (y down): a start within 2 points is the same start."""
    cells = [(box, text) for box, text in cells if box is not None]

    def places(values: Iterable[float]) -> list[float]:
        out: list[float] = []
        for value in sorted(values):
            if not out or value - out[-1] > 2.0:
                out.append(value)
        return out

    xs, ys = places(b[0] for b, _ in cells), places(b[1] for b, _ in cells)

    def at(starts: list[float], value: float) -> int:
        return sum(1 for s in starts if s < value - 2.0)

    return [
        (
            at(ys, y0),
            at(xs, x0),
            max(1, at(ys, y1) - at(ys, y0)),
            max(1, at(xs, x1) - at(xs, x0)),
            text,
        )
        for (x0, y0, x1, y1), text in cells
    ]


def floor(path: Path) -> Pages:
    """pdfium reading every character and every point of every path through pypdfium2's raw calls."""
    import pypdfium2  # noqa: F401
    import pypdfium2.raw as raw

    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    x, y = ctypes.c_float(), ctypes.c_float()
    document = raw.FPDF_LoadDocument(str(path).encode(), None)
    for number in range(raw.FPDF_GetPageCount(document)):
        page = raw.FPDF_LoadPage(document, number)
        text = raw.FPDFText_LoadPage(page)
        for k in range(raw.FPDFText_CountChars(text)):
            raw.FPDFText_GetUnicode(text, k)
            raw.FPDFText_GetCharBox(text, k, left, right, bottom, top)
        for k in range(raw.FPDFPage_CountObjects(page)):
            thing = raw.FPDFPage_GetObject(page, k)
            if raw.FPDFPageObj_GetType(thing) != raw.FPDF_PAGEOBJ_PATH:
                continue
            for s in range(raw.FPDFPath_CountSegments(thing)):
                segment = raw.FPDFPath_GetPathSegment(thing, s)
                raw.FPDFPathSegment_GetPoint(segment, x, y)
                raw.FPDFPathSegment_GetType(segment)
        raw.FPDFText_ClosePage(text)
        raw.FPDF_ClosePage(page)
    raw.FPDF_CloseDocument(document)
    return []


def load_only(path: Path) -> Pages:
    """pdfium loading page and text page."""
    import pypdfium2  # noqa: F401
    import pypdfium2.raw as raw

    document = raw.FPDF_LoadDocument(str(path).encode(), None)
    for number in range(raw.FPDF_GetPageCount(document)):
        page = raw.FPDF_LoadPage(document, number)
        text = raw.FPDFText_LoadPage(page)
        raw.FPDFText_ClosePage(text)
        raw.FPDF_ClosePage(page)
    raw.FPDF_CloseDocument(document)
    return []


def pdf_text(path: Path) -> Pages:
    """This project's reader."""
    from extractors.readers import read

    document = read(path)
    pages: Pages = [[] for _ in document.pages]
    for grid in document.grids:
        cells = [(c.row, c.col, c.row_span, c.col_span, c.text) for c in grid.cells]
        pages[(grid.page or 1) - 1].append(cells)
    return pages


def pdfplumber(path: Path) -> Pages:
    import pdfplumber as tool

    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    pages: Pages = []
    with tool.open(path) as pdf:
        for page in pdf.pages:
            tables = []
            for table in page.find_tables():
                words = table.extract()
                tables.append(
                    from_boxes(
                        (box, text or "")
                        for row, texts in zip(table.rows, words, strict=True)
                        for box, text in zip(row.cells, texts, strict=True)
                    )
                )
            pages.append(tables)
    return pages


def pymupdf(path: Path) -> Pages:
    import pymupdf as tool

    pages: Pages = []
    with tool.open(path) as pdf:
        for page in pdf:
            tables = []
            for table in page.find_tables(strategy="lines").tables:
                words = table.extract()
                tables.append(
                    from_boxes(
                        (box, text or "")
                        for row, texts in zip(table.rows, words, strict=True)
                        for box, text in zip(row.cells, texts, strict=True)
                    )
                )
            pages.append(tables)
    return pages


def tablers(path: Path) -> Pages:
    import tablers as tool

    document = tool.Document(str(path))
    pages: Pages = []
    for page in document.pages():
        tables = tool.find_tables(page)
        pages.append([from_boxes((tuple(c.bbox), c.text or "") for c in t.cells) for t in tables])
    document.close()
    return pages


def camelot_lattice(path: Path) -> Pages:
    import camelot as tool

    warnings.simplefilter("ignore")
    pages: Pages = []
    for table in tool.read_pdf(str(path), pages="all", flavor="lattice", suppress_stdout=True):
        while len(pages) < int(table.page):
            pages.append([])
        pages[int(table.page) - 1].append(_merged(table.cells))
    return pages


def _merged(grid: list[list[object]]) -> list[Cell]:
    """Camelot's cells with the walls they know: places without a wall between them are one cell."""
    out: list[Cell] = []
    seen: set[tuple[int, int]] = set()
    for r, row in enumerate(grid):
        for c in range(len(row)):
            if (r, c) in seen:
                continue
            width = depth = 1
            while c + width < len(row) and not grid[r][c + width - 1].right:
                width += 1
            while r + depth < len(grid) and not grid[r + depth - 1][c].bottom:
                depth += 1
            places = [(i, j) for i in range(r, r + depth) for j in range(c, c + width)]
            seen.update(places)
            out.append((r, c, depth, width, "".join(grid[i][j].text for i, j in places)))
    return out


TOOLS = {
    "load only": load_only,
    "floor": floor,
    "pdf_text": pdf_text,
    "tablers": tablers,
    "pymupdf lines": pymupdf,
    "pdfplumber": pdfplumber,
    "camelot lattice": camelot_lattice,
}
