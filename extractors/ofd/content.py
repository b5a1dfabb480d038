"""The content of an OFD page: glyphs with boxes, rules and fills, in points."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from unicodedata import east_asian_width

import numpy as np

from extractors.errors import TooLarge
from extractors.ofd.geometry import POINTS, Placement, deltas, numbers, outlines, placement, sides
from extractors.parts import attribute, local
from extractors.pdf.chars import Chars
from extractors.pdf.paths import THIN, Shapes

_ASCENT, _DESCENT = 0.86, 0.14  # of the size: a Chinese glyph's square about its baseline
_LINE_WIDTH = 0.353  # mm, where none is given (GB/T 33190, 8.2)
_NEW_LINE, _SPACE, _SUPPOSED = 3, 2, 1
_DEPTH = 32
_BENT = frozenset("QBAqba")  # steps of a path that are no straight lines


@dataclass(slots=True)
class Content:
    """What was drawn so far: codes, boxes and gaps of glyphs, boxes of rules and fills; pictures counted.

    ``slanted`` marks the glyphs of watermarks. ``curves`` counts filled shapes with bent sides, of which a page
    whose text was turned into outlines has many. ``units`` are the composite objects by their id.
    """

    codes: list[int] = field(default_factory=list)
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)
    gaps: list[int] = field(default_factory=list)
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)
    fills: list[tuple[float, float, float, float]] = field(default_factory=list)
    slanted: list[bool] = field(default_factory=list)
    images: int = 0
    curves: int = 0
    skipped: int = 0
    objects: int = 0
    units: dict[str, Any] = field(default_factory=dict)

    def chars(self) -> Chars:
        """The glyphs as the grid steps take them."""
        count = len(self.codes)
        return Chars(
            np.array(self.codes, dtype=np.uint32),
            np.array(self.boxes, dtype=np.float64).reshape(count, 4) * POINTS,
            np.arange(count, dtype=np.int64),
            np.array(self.gaps, dtype=np.int8),
        )

    def shapes(self) -> Shapes:
        """The drawn shapes as the grid steps take them."""
        rules = np.array(self.rules, dtype=np.float64).reshape(len(self.rules), 4) * POINTS
        fills = np.array(self.fills, dtype=np.float64).reshape(len(self.fills), 4) * POINTS
        return Shapes(rules, fills, np.zeros((0, 4)), len(rules) + len(fills))


def draw(content: Content, element: Any, most: int, depth: int = 0, outer: Placement | None = None) -> None:
    """Add all objects below an element. Raises TooLarge beyond ``most`` glyphs or shapes."""
    if depth > _DEPTH:
        content.skipped += 1
        return
    for child in element:
        kind = local(child)
        content.objects += 1  # composite objects may hold each other many times over
        if attribute(child, "Visible").lower() in ("false", "0"):
            continue
        if kind == "TextObject":
            _text(content, child, outer)
        elif kind == "PathObject":
            _path(content, child, outer)
        elif kind == "ImageObject":
            content.images += 1
        elif kind == "CompositeObject":
            unit = content.units.get(attribute(child, "ResourceID"))
            inner = placement(attribute(child, "Boundary"), attribute(child, "CTM"), outer)
            content.skipped += unit is None
            draw(content, () if unit is None else unit, most, depth + 1, inner)
        else:
            draw(content, child, most, depth + 1, outer)
        if max(len(content.codes), len(content.rules) + len(content.fills), content.objects // 4) > most:
            raise TooLarge(f"a page of more than {most} glyphs or shapes")


def _text(content: Content, element: Any, outer: Placement | None) -> None:
    size = (numbers(attribute(element, "Size")) or [4.0])[0]
    stretch = (numbers(attribute(element, "HScale")) or [1.0])[0]
    where = placement(attribute(element, "Boundary"), attribute(element, "CTM"), outer)
    x = y = 0.0
    for code in element:
        if local(code) != "TextCode":
            continue
        x = (numbers(attribute(code, "X")) or [x])[0]  # the last one holds where none is given
        y = (numbers(attribute(code, "Y")) or [y])[0]
        steps = deltas(attribute(code, "DeltaX")), deltas(attribute(code, "DeltaY"))
        _glyphs(content, code.text or "", (x, y), steps, (size, stretch, where))


def _glyphs(
    content: Content,
    text: str,
    start: tuple[float, float],
    steps: tuple[list[float], list[float]],
    font: tuple[float, float, Placement],
) -> None:
    size, stretch, where = font
    x, y = start
    fresh = True
    slanted = where.slanted
    for i, char in enumerate(text):
        natural = size * stretch * (1.0 if east_asian_width(char) in "WFA" else 0.5)
        if char.isspace():
            if content.gaps and char not in "\r\n":
                content.gaps[-1] = max(content.gaps[-1], _SPACE)
        else:
            width = min(natural, steps[0][i]) if i < len(steps[0]) and steps[0][i] > 0 else natural
            box = where.box(x, y - size * _ASCENT, x + width, y + size * _DESCENT)
            if fresh:
                _gap(content, box, size * where.scale)
                fresh = False
            content.codes.append(ord(char))
            content.boxes.append(box)
            content.gaps.append(0)
            content.slanted.append(slanted)
        x += steps[0][i] if i < len(steps[0]) else (0.0 if steps[1] else natural)
        y += steps[1][i] if i < len(steps[1]) else 0.0


def _gap(content: Content, box: tuple[float, float, float, float], size: float) -> None:
    """What stands between the last glyph of one text and the first of the next."""
    if not content.boxes or content.gaps[-1]:
        return
    last = content.boxes[-1]
    if abs(last[1] - box[1]) > size / 2:
        content.gaps[-1] = _NEW_LINE
    elif box[0] - last[2] > size / 4:
        content.gaps[-1] = _SUPPOSED


def _path(content: Content, element: Any, outer: Placement | None) -> None:
    where = placement(attribute(element, "Boundary"), attribute(element, "CTM"), outer)
    half = (numbers(attribute(element, "LineWidth")) or [_LINE_WIDTH])[0] / 2 * where.scale
    stroked = attribute(element, "Stroke", "true").lower() not in ("false", "0")
    filled = attribute(element, "Fill").lower() in ("true", "1")
    for data in element:
        if local(data) != "AbbreviatedData":
            continue
        content.curves += filled and not _BENT.isdisjoint(data.text or "")
        for polygon in outlines(data.text or ""):
            points = [where.at(*point) for point in polygon]
            if filled and len(points) > 2:
                _fill(content, points)
            if stroked:
                content.rules += [
                    (x0 - half, y0 - half, x1 + half, y1 + half)
                    for x0, y0, x1, y1 in sides(points)
                    if min(x1 - x0, y1 - y0) * POINTS <= THIN - 2 * half  # slanted strokes bound no cell
                ]


def _fill(content: Content, points: list[tuple[float, float]]) -> None:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    box = min(xs), min(ys), max(xs), max(ys)
    thin = min(box[2] - box[0], box[3] - box[1]) * POINTS <= THIN
    (content.rules if thin else content.fills).append(box)
