"""Items follow each other as on the upright page, however the page was received."""

from __future__ import annotations

import numpy as np
import pytest

from extractors.grid import TextBlock
from extractors.imaging.geometry import quarter_turns
from extractors.ocr.cells import CellReading
from extractors.ocr.document import ScanBuilder
from extractors.ocr.page import ReadPage, TextLineRead
from extractors.source import SourceFile

# Places of three lines on the upright page of 400 × 600 pixels, in reading order.
_LINES = {"标题": (100, 20, 300, 50), "左": (20, 100, 80, 120), "右": (200, 100, 280, 120)}


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_turned_page_is_read_from_its_own_top(turns: int) -> None:
    size = (400, 600) if turns % 2 == 0 else (600, 400)
    step, _ = quarter_turns(size, turns)
    lines = []
    for text, (x0, y0, x1, y1) in reversed(_LINES.items()):
        corners = step.back(np.array([[x0, y0], [x1, y1]], np.float64))
        (left, top), (right, bottom) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
        lines.append(TextLineRead((left, top, right, bottom), CellReading(text, 0.99)))
    builder = ScanBuilder(SourceFile.from_bytes(b"", "page.png"), "image/1")
    builder.page(1, size, 200.0, ReadPage(lines=tuple(lines), turns=turns))
    assert [item.text for item in builder.items if isinstance(item, TextBlock)] == list(_LINES)
