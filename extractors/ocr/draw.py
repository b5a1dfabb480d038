"""What each step saw on a scanned page, drawn over the page as displayed, and the page as it was read."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from extractors.errors import Damaged
from extractors.imaging.decode import ImagePage, pages
from extractors.imaging.geometry import Colour, Points, Rect
from extractors.imaging.lattice import Lattice, find_lattices
from extractors.imaging.lines import text_lines
from extractors.imaging.prepare import Prepared, prepare
from extractors.imaging.render import pdf_pages
from extractors.imaging.rules import pieces
from extractors.imaging.seals import take_out_red
from extractors.ocr.base import OcrEngine
from extractors.ocr.page import ReadPage, read_page
from extractors.source import SourceFile

STEPS = ("seals", "mesh", "rules", "lines", "cells", "clean")
_COLORS = {"mesh": "#9334e6", "rules": "#1a73e8", "lines": "#e37400", "cells": "#188038", "doubt": "#d93025"}
_SEAL = "#f29900"  # seals are shaded, so that what is under them shows
_GOOD = 0.85  # cells read less surely are drawn in another colour (pipeline/grades.yaml)
_PIXELS = 2400  # the longer side of a picture at most
_MESH = 8  # lines of the mesh each way
_ALONG = 8  # stretches of one side of an outline


@dataclass(frozen=True)
class ScanTrace:
    """One page: its picture, what the imaging steps made of it (None: nothing like print), what was read."""

    number: int
    page: ImagePage
    prepared: Prepared | None
    lattices: tuple[Lattice, ...]
    read: ReadPage

    @property
    def points(self) -> tuple[float, float]:
        """Width and height of the page as displayed, in points."""
        scale = 72.0 / self.page.dpi
        return self.page.size[0] * scale, self.page.size[1] * scale


def scan_page(source: SourceFile, number: int) -> ImagePage:
    """Page ``number`` (1-based) of an image file or a PDF as pixels. Raises IndexError and ExtractionErrors."""
    if source.media_type == "application/pdf":
        found = dict(pdf_pages(source.data, source.name, [number])).get(number)
    else:
        found = next((p for n, p in enumerate(pages(source.data, source.name), 1) if n == number), None)
    if found is None:
        raise IndexError(f"{source.name}: there is no page {number}")
    if isinstance(found, str):
        raise Damaged(f"{source.name}: page {number} gives no picture ({found})")
    return found


def trace_scan(source: SourceFile, number: int, engine: OcrEngine) -> ScanTrace:
    """Read one page (1-based) and keep what each step saw. Raises IndexError and ExtractionErrors."""
    page = scan_page(source, number)
    read = read_page(page.pixels, engine)
    prepared = None if read.blank else prepare(page.pixels, read.turns)
    lattices = find_lattices(prepared.rules) if prepared is not None else []
    return ScanTrace(number, page, prepared, tuple(lattices), read)


def scan_image(source: SourceFile, number: int, scale: float) -> tuple[Any, float]:
    """A page as displayed as a PIL image with its seals shaded, and its scale in pixels a point.

    A page too large for ``scale`` is drawn smaller.
    """
    page, image, shrunk = _plain(source, number, scale)
    return _shaded(image, take_out_red(page.pixels).regions, shrunk), _printed(page) * shrunk


def plain_image(source: SourceFile, number: int, scale: float) -> tuple[Any, float]:
    """As :func:`scan_image`, with nothing drawn over it, and never larger than its own pixels.

    Raises IndexError and ExtractionErrors as :func:`scan_page`.
    """
    page, image, shrunk = _plain(source, number, scale, most=1.0)
    return image, _printed(page) * shrunk


def _plain(
    source: SourceFile, number: int, scale: float, most: float = math.inf
) -> tuple[ImagePage, Any, float]:
    """A page, its picture at a scale in pixels a point, and how much smaller that is than its pixels."""
    page = scan_page(source, number)
    image, shrunk = _reduced(_picture(page.pixels), min(scale / _printed(page), most))
    return page, image, shrunk


def _printed(page: ImagePage) -> float:
    """Pixels a point of a page as it is held."""
    return page.dpi * page.reduced / 72.0


def draw_scan(trace: ScanTrace, steps: tuple[str, ...] = STEPS) -> list[Any]:
    """PIL images: the page as displayed with ``steps`` drawn over it, and for ``clean`` the page as it was read."""
    image, scale = _reduced(_picture(trace.page.pixels), 1.0)
    if "seals" in steps:
        image = _shaded(image, trace.read.seals or take_out_red(trace.page.pixels).regions, scale)
    pen = ImageDraw.Draw(image)
    for step in steps:
        for color, path in _paths(trace, step):
            pen.line([(x * scale, y * scale) for x, y in path.tolist()], fill=color, width=2)
    found = [image]
    if "clean" in steps and trace.prepared is not None:
        found.append(_straight(trace.prepared, trace.lattices, steps))
    return found


def _paths(trace: ScanTrace, step: str) -> Iterator[tuple[str, Points]]:
    """Colours and lines of one step on the page as received."""
    prepared = trace.prepared
    if prepared is None:
        return
    if step == "cells":
        yield from _cells(trace, prepared)
        return
    own = {"mesh": _mesh, "rules": _rulings, "lines": _text}.get(step)
    if own is not None:
        for path in own(prepared, trace.lattices):
            yield _COLORS[step], prepared.trail.back(path)


def _cells(trace: ScanTrace, prepared: Prepared) -> Iterator[tuple[str, Points]]:
    """Cells as they lie on the page as received (upright without rulings), the doubtful ones last."""
    found = list(_outlined(trace, prepared))
    yield from sorted(found, key=lambda one: one[0] == _COLORS["doubt"])


def _outlined(trace: ScanTrace, prepared: Prepared) -> Iterator[tuple[str, Points]]:
    for number, table in enumerate(trace.read.tables):
        lattice = trace.lattices[number] if number < len(trace.lattices) else None
        ruled = lattice is not None and len(lattice.cells) == len(table.cells)
        for place, cell in enumerate(table.cells):
            sure = cell.reading.sure
            color = _COLORS["cells" if sure is None or sure >= _GOOD else "doubt"]
            if lattice is not None and ruled:
                yield color, prepared.trail.back(_around(lattice.cells[place].box))
            else:
                yield color, _around(cell.box)


def _mesh(prepared: Prepared, lattices: tuple[Lattice, ...]) -> Iterator[Points]:  # noqa: ARG001
    """Straight lines of the straightened page: on the page as received they show its skew and bend."""
    height, width = prepared.clean.shape
    along = np.linspace(0.0, 1.0, 40)
    for part in np.linspace(0.0, 1.0, _MESH + 1):
        yield np.column_stack([along * (width - 1), np.full(40, part * (height - 1))])
        yield np.column_stack([np.full(40, part * (width - 1)), along * (height - 1)])


def _rulings(prepared: Prepared, lattices: tuple[Lattice, ...]) -> Iterator[Points]:  # noqa: ARG001
    for mask, down in ((prepared.rules.across, False), (prepared.rules.down, True)):
        for piece in pieces(mask, down=down):
            at = np.arange(piece.start, piece.end, dtype=np.float64)
            kept = ~np.isnan(piece.trace)
            path = np.column_stack([at[kept], piece.trace[kept]])
            yield path[:, ::-1] if down else path


def _text(prepared: Prepared, lattices: tuple[Lattice, ...]) -> Iterator[Points]:
    rulings = np.maximum(prepared.rules.across, prepared.rules.down)
    for lattice in lattices:
        for cell in lattice.cells:
            for line in text_lines(prepared.clean, rulings, cell.box, prepared.rules.em):
                yield _around(line.box)


def _straight(prepared: Prepared, lattices: tuple[Lattice, ...], steps: tuple[str, ...]) -> Any:
    image, scale = _reduced(Image.fromarray(prepared.clean).convert("RGB"), 1.0)
    pen = ImageDraw.Draw(image)
    for step, paths in (("rules", _rulings), ("lines", _text)):
        for path in paths(prepared, lattices) if step in steps else ():
            pen.line([(x * scale, y * scale) for x, y in path.tolist()], fill=_COLORS[step], width=2)
    for lattice in lattices if "cells" in steps else ():
        for cell in lattice.cells:
            pen.rectangle([v * scale for v in cell.box], outline=_COLORS["cells"], width=2)
    return image


def _around(box: Rect) -> Points:
    """The outline of a box, with points along its sides: on a bent page they are no straight lines."""
    x0, y0, x1, y1 = box
    corners = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]], np.float64)
    at = np.linspace(0.0, 4.0, 4 * _ALONG + 1)
    return np.column_stack([np.interp(at, np.arange(5), corners[:, axis]) for axis in (0, 1)])


def _picture(pixels: Colour) -> Any:
    rgb = pixels[:, :, ::-1] if pixels.ndim == 3 else pixels
    return Image.fromarray(np.ascontiguousarray(rgb)).convert("RGB")


def _reduced(image: Any, scale: float) -> tuple[Any, float]:
    """The picture by ``scale``, or smaller where it would be too large, and the scale it has."""
    scale = min(scale, _PIXELS / max(image.size))
    if scale == 1.0:
        return image, 1.0
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS), scale


def _within(box: Rect, other: Rect) -> bool:
    inside = box[0] >= other[0] and box[1] >= other[1] and box[2] <= other[2] and box[3] <= other[3]
    return inside and box != other


def _shaded(image: Any, regions: tuple[Rect, ...], scale: float) -> Any:
    lit = Image.new("RGBA", image.size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(lit)
    outer = [box for box in regions if not any(_within(box, other) for other in regions)]
    for box in outer:
        x0, y0, x1, y1 = (v * scale for v in box)
        pen.rectangle([x0, y0, x1, y1], f"{_SEAL}38", _SEAL, 2)
        pen.text((x0 + 4, y0 + 2), "seal", _SEAL, font=ImageFont.load_default(15))
    return Image.alpha_composite(image.convert("RGBA"), lit).convert("RGB")
