"""What each step saw on a page, drawn over the page: for people who ask why a grid is as it is."""

from __future__ import annotations

from typing import Any

from PIL import ImageDraw

from extractors.errors import Damaged
from extractors.pdf.limits import PageLimits
from extractors.pdf.page import PageTrace, read_page
from extractors.pdf.pdfium import PdfFile, page_height, page_width
from extractors.source import SourceFile

STEPS = ("chars", "rules", "edges", "cells", "lines")
_COLORS = {"chars": "#9aa0a6", "rules": "#1a73e8", "edges": "#d93025", "cells": "#188038", "lines": "#e37400"}
_PIXELS = 2400  # the longer side of a picture at most


def trace_page(source: SourceFile, number: int, limits: PageLimits | None = None) -> PageTrace:
    """The trace of one page (1-based). Raises Encrypted, Damaged, IndexError and PageTooComplexError."""
    with PdfFile(source.data, source.name) as pdf:
        if not 1 <= number <= pdf.pages_checked():
            raise IndexError(f"{source.name}: there is no page {number}, it has {len(pdf)}")
        with pdf.page(number - 1) as handle:
            if not handle:
                raise Damaged(f"{source.name}: page {number} does not load")
            return read_page(handle, number, limits or PageLimits())


def page_image(data: bytes, name: str, number: int, scale: float = 1.5) -> tuple[Any, float]:
    """Page ``number`` (1-based) as displayed as a PIL image, and its scale in pixels a point.

    A page too large for ``scale`` is drawn smaller. Raises Encrypted, Damaged and IndexError.
    """
    with PdfFile(data, name) as pdf:
        if not 1 <= number <= pdf.pages_checked():
            raise IndexError(f"{name}: there is no page {number}, it has {len(pdf)}")
        with pdf.page(number - 1) as handle:
            if not handle:
                raise Damaged(f"{name}: page {number} does not load")
            longer = max(page_width(handle), page_height(handle), 1.0)
        scale = min(scale, _PIXELS / longer)
        return pdf.image(number - 1, scale), scale


def _boxes(trace: PageTrace, step: str) -> list[list[float]]:
    if step == "chars" and trace.chars is not None:
        return list(trace.chars.boxes.tolist())
    if step == "rules" and trace.shapes is not None:
        return [*trace.shapes.rules.tolist(), *trace.shapes.fills.tolist()]
    if step == "edges" and trace.level is not None and trace.upright is not None:
        level = zip(trace.level.low, trace.level.at, trace.level.high, trace.level.at, strict=True)
        upright = zip(trace.upright.at, trace.upright.low, trace.upright.at, trace.upright.high, strict=True)
        return [[float(v) for v in box] for box in (*level, *upright)]
    if step == "cells":
        return [box for table in trace.tables for box in table.boxes.tolist()]
    return [list(line.box) for line in trace.lines] if step == "lines" else []


def draw_steps(
    source: SourceFile, trace: PageTrace, steps: tuple[str, ...] = STEPS, scale: float = 1.5
) -> Any:
    """A PIL image of the page as displayed with the boxes of ``steps`` drawn over it.

    ``scale`` is pixels a point; a page too large for it is drawn smaller.
    """
    unknown = set(steps) - set(STEPS)
    if unknown:
        raise ValueError(f"no such step: {', '.join(sorted(unknown))}")
    image, scale = page_image(source.data, source.name, trace.number, scale)
    pen = ImageDraw.Draw(image)
    for step in steps:
        for box in _boxes(trace, step):
            shown = trace.frame.display(*box)
            corners = [shown.x0 * scale, shown.y0 * scale, shown.x1 * scale, shown.y1 * scale]
            pen.rectangle(corners, outline=_COLORS[step], width=2 if step in ("edges", "cells") else 1)
    return image
