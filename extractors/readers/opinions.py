"""When a second reader is asked about the tables of a PDF, and what its disagreement changes.

By itself only about pages that show the labels of a form but no grid made of rules, fills or level
rules, and at most ``AUTOMATIC`` of them a document: a second reader takes as long as some twenty
pages of ours (benchmarks/pdf). About every page with a table when ``SourceFile.second_opinion`` names a reader.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from extractors.grid import Document, Grid
from extractors.source import SourceFile

AUTOMATIC = 3  # pages of one document asked about unbidden
ASKED = 200  # pages of one document asked about when told to
_OURS = "pdf_text/"
_WEAK = ":text"  # the origin of grids made of text alone


def with_opinions(document: Document, source: SourceFile) -> Document:
    """The document after a second reader was asked about its doubtful pages; unchanged where it agrees.

    Disagreement adds a doubt ``second_reader_disagrees`` with both readings and lowers the structure
    confidence of the page's cells. A document read on request says so in ``reader``
    (``pdf_text/1+camelot``), since other results may follow from it.

    >>> with_opinions(Document("0" * 64, "text/plain", "t", ()), SourceFile.from_bytes(b"x", "x.txt")).reader
    't'
    """
    if not document.reader.startswith(_OURS):
        return document
    asked = source.second_opinion
    pages = list(_with_tables(document) if asked else _doubtful(document))
    if pages:
        from extractors.readers.pdf_second import lowered, second_opinion

        reader, most = (asked, ASKED) if asked else ("pdfplumber", AUTOMATIC)
        doubts = [d for page in pages[:most] for d in second_opinion(document, source, page, reader)]
        document = lowered(document, doubts)
    return replace(document, reader=f"{document.reader}+{asked}") if asked else document


def _with_tables(document: Document) -> Iterator[int]:
    signs = set(_doubtful(document))
    tables = {grid.page for grid in document.grids}
    for page in document.pages:
        if page.number in tables or page.number in signs:
            yield page.number


def _doubtful(document: Document) -> Iterator[int]:
    """Pages that look like a form and of which no grid is made of anything but text."""
    from extractors.pdf.triage import form_signs

    sure = {grid.page for grid in document.grids if not grid.origin.endswith(_WEAK)}
    texts: dict[int | None, list[str]] = {}
    for item in document.items:
        page = item.page if isinstance(item, Grid) else item.at.page
        if page not in sure:
            found = [cell.text for cell in item.cells] if isinstance(item, Grid) else [item.text]
            texts.setdefault(page, []).extend(found)
    for sheet in document.pages:
        if not sheet.needs_ocr and form_signs(texts.get(sheet.number, ())):
            yield sheet.number
