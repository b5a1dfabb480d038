"""Pages without a text layer are read by OCR, beside pages that have one."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from extractors import read
from extractors.source import SourceFile

FIXTURES = Path(__file__).parents[2] / "fixtures"


@pytest.fixture(scope="module")
def mixed() -> bytes:
    """A PDF whose first page is born digital and whose second is a picture of it."""
    [source, *_] = sorted((FIXTURES / "pdf").glob("*.pdf"))
    pdf = pypdfium2.PdfDocument(source.read_bytes())
    picture = pdf[0].render(scale=150 / 72).to_pil().convert("L")
    scan = io.BytesIO()
    Image.Image.save(picture, scan, "PDF", resolution=150)
    out = pypdfium2.PdfDocument.new()
    out.import_pages(pdf, [0])
    out.import_pages(pypdfium2.PdfDocument(scan.getvalue()))
    data = io.BytesIO()
    out.save(data)
    return data.getvalue()


def test_only_the_scanned_page_is_read_by_ocr(mixed: bytes) -> None:
    document = read(SourceFile.from_bytes(mixed, "mixed.pdf"))
    assert document.reader.startswith("pdf_text/")
    assert "+pdf_scan/" in document.reader
    digital, scanned = document.grids
    assert (digital.page, scanned.page) == (1, 2)
    assert not any(page.needs_ocr for page in document.pages)
    assert digital.origin.startswith("pdf_text/")
    assert scanned.origin.startswith("pdf_scan/")
    shape = [(c.row, c.col, c.row_span, c.col_span) for c in digital.cells]
    assert [(c.row, c.col, c.row_span, c.col_span) for c in scanned.cells] == shape
    printed = ["".join(c.text.split()) for c in digital.cells]
    seen = ["".join(c.text.split()) for c in scanned.cells]
    alike = sum(a == b for a, b in zip(printed, seen, strict=True))
    assert alike >= 0.9 * len(printed)
    assert not {c.id for c in digital.cells} & {c.id for c in scanned.cells}
