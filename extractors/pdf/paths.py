"""Step 3: the drawn shapes of a page: thin ones are rules, fat filled ones fills, pictures apart.

A path is first judged by its box alone (one call): a thin box is a rule however many dashes it is
drawn with. Only fat paths are read point by point, and only while the limits allow.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from itertools import compress, repeat
from typing import Any

import numpy as np

from extractors.pdf import pdfium
from extractors.pdf.chars import Floats, Ints
from extractors.pdf.limits import Clock, PageLimits, at_most

THIN = 4.6  # points: a box this thin is a rule; a thick rule of 3 points is stroked to less than this
_SPECK = 0.05
_BEZIER, _MOVE = 1, 2
_IDENTITY = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Shapes:
    """Boxes (n, 4) of a page's drawn shapes: rules, fills and pictures, in one space.

    ``objects`` counts the page's objects, nested ones included.
    """

    rules: Floats
    fills: Floats
    images: Floats
    objects: int


@dataclass(slots=True)
class _Collected:
    rules: list[Floats] = field(default_factory=list)
    fills: list[Floats] = field(default_factory=list)
    images: list[Floats] = field(default_factory=list)
    objects: int = 0
    segments: int = 0


def _bounds(handles: list[int]) -> Floats:
    count = len(handles)
    buffer = np.zeros((count, 4), dtype=np.float32)
    base = buffer.ctypes.data
    # the call gives left, bottom, right, top
    columns = (range(base + 4 * k, base + 4 * k + 16 * count, 16) for k in range(4))
    pdfium.fill(pdfium.object_bounds, handles, *columns)
    return buffer.astype(np.float64)


def _modes(handles: list[int]) -> tuple[Ints, Ints]:
    """Fill mode and stroke flag of each path."""
    count = len(handles)
    buffer = np.zeros((count, 2), dtype=np.int32)
    base = buffer.ctypes.data
    columns = (range(base + 4 * k, base + 4 * k + 8 * count, 8) for k in range(2))
    pdfium.fill(pdfium.draw_mode, handles, *columns)
    return buffer[:, 0].astype(np.int64), buffer[:, 1].astype(np.int64)


def transform(boxes: Floats, matrix: Matrix) -> Floats:
    """Boxes under a PDF matrix (a b c d e f): the box around the four corners.

    >>> transform(np.array([[0.0, 0.0, 2.0, 1.0]]), (0.0, 1.0, -1.0, 0.0, 5.0, 0.0)).tolist()
    [[4.0, 0.0, 5.0, 2.0]]
    """
    if matrix == _IDENTITY or not len(boxes):
        return boxes
    a, b, c, d, e, f = matrix
    x, y = boxes[:, [0, 2, 0, 2]], boxes[:, [1, 1, 3, 3]]
    px, py = a * x + c * y + e, b * x + d * y + f
    return np.column_stack((px.min(1), py.min(1), px.max(1), py.max(1)))


def _chain(outer: Matrix, inner: Matrix) -> Matrix:
    """First ``inner``, then ``outer``."""
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _matrix(handle: int) -> Matrix:
    buffer = (ctypes.c_float * 6)()
    pdfium.object_matrix(handle, ctypes.addressof(buffer))
    return tuple(buffer)


def _points(handle: int, count: int) -> tuple[Floats, list[int]]:
    """The points (n, 2) of a path in the space of its own object, and the kind of each segment."""
    segments = list(map(pdfium.get_segment, repeat(handle), range(count)))
    buffer = np.zeros((count, 2), dtype=np.float32)
    base = buffer.ctypes.data
    pdfium.fill(
        pdfium.segment_point,
        segments,
        range(base, base + 8 * count, 8),
        range(base + 4, base + 4 + 8 * count, 8),
    )
    return buffer.astype(np.float64), list(map(pdfium.segment_type, segments))


def _subpaths(points: Floats, kinds: list[int], filled: bool) -> tuple[list[Floats], list[Floats]]:
    """Boxes of the straight pieces of a path: the sides of what is stroked, the rectangles of what is filled."""
    lines: list[Floats] = []
    areas: list[Floats] = []
    moves = [i for i, kind in enumerate(kinds) if kind == _MOVE] or [0]
    for start, end in zip(moves, [*moves[1:], len(kinds)], strict=True):
        part = points[start:end]
        if len(part) < 2 or _BEZIER in kinds[start + 1 : end]:
            continue
        box = np.concatenate((part.min(0), part.max(0)))
        if filled:
            corners = np.isclose(part, box[:2], atol=0.3) | np.isclose(part, box[2:], atol=0.3)
            if corners.all() and len(part) >= 4:
                areas.append(box[None])
            continue
        closed = np.concatenate((part, part[:1])) if len(part) >= 4 else part
        low, high = np.minimum(closed[:-1], closed[1:]), np.maximum(closed[:-1], closed[1:])
        lines.append(np.hstack((low, high)))
    return lines, areas


def _read_fat(handle: int, count: int, filled: bool, matrix: Matrix, out: _Collected) -> None:
    """Read one fat path point by point; its rectangles and level sides are kept."""
    points, kinds = _points(handle, count)
    whole = _chain(matrix, _matrix(handle))
    lines, areas = _subpaths(points, kinds, filled)
    if lines:
        out.rules.append(transform(np.concatenate(lines), whole))
    if areas:
        _sort_areas(transform(np.concatenate(areas), whole), out)


def _sort_areas(boxes: Floats, out: _Collected) -> None:
    thin = np.minimum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) <= THIN
    out.rules.append(boxes[thin])
    out.fills.append(boxes[~thin])


def _read_paths(
    handles: list[int], matrix: Matrix, limits: PageLimits, clock: Clock, out: _Collected
) -> None:
    boxes = _bounds(handles)
    thin = np.minimum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) <= THIN
    if thin.all():
        out.rules.append(transform(boxes, matrix))
        return
    out.rules.append(transform(boxes[thin], matrix))
    fat = list(compress(handles, (~thin).tolist()))
    fills, strokes = _modes(fat)
    counts = list(map(pdfium.count_segments, fat))
    at_most(out.segments + sum(counts), limits.segments, "path segments")
    out.segments += sum(counts)
    for handle, count, filled, stroked in zip(fat, counts, fills.tolist(), strokes.tolist(), strict=True):
        clock.check("paths")
        if count >= 2 and (filled or stroked):
            _read_fat(handle, count, bool(filled), matrix, out)
            if filled and stroked and count <= 6:
                _read_fat(handle, count, False, matrix, out)


def _walk(
    handles: list[int],
    types: list[int],
    matrix: Matrix,
    depth: int,
    job: tuple[PageLimits, Clock, _Collected],
) -> None:
    limits, clock, out = job
    out.objects += len(handles)
    at_most(out.objects, limits.objects, "objects")
    paths = [h for h, kind in zip(handles, types, strict=True) if kind == pdfium.PATH]
    if paths:
        _read_paths(paths, matrix, limits, clock, out)
    if pdfium.IMAGE in types:
        images = [h for h, kind in zip(handles, types, strict=True) if kind == pdfium.IMAGE]
        boxes = transform(_bounds(images), matrix)
        thin = np.minimum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) <= THIN
        out.rules.append(boxes[thin])  # some exporters draw a rule as a stretched pixel
        out.images.append(boxes[~thin])
    if pdfium.FORM in types and depth < limits.depth:
        for handle, kind in zip(handles, types, strict=True):
            if kind == pdfium.FORM:
                clock.check("form objects")
                count = max(0, pdfium.form_count(handle))
                at_most(out.objects + count, limits.objects, "objects")
                inner = list(map(pdfium.form_object, repeat(handle), range(count)))
                kinds = list(map(pdfium.object_type, inner))
                _walk(inner, kinds, _chain(matrix, _matrix(handle)), depth + 1, job)


def _joined(parts: list[Floats]) -> Floats:
    return np.concatenate(parts) if parts else np.zeros((0, 4))


def page_objects(page: int, limits: PageLimits) -> tuple[list[int], list[int]]:
    """The handles of a page's objects, and their types. Raises PageTooComplexError."""
    count = max(0, pdfium.count_objects(page))
    at_most(count, limits.objects, "objects")
    handles = list(map(pdfium.get_object, repeat(page), range(count)))
    return handles, list(map(pdfium.object_type, handles))


def image_boxes(handles: list[int], types: list[int], depth: int = 2) -> Floats:
    """The boxes (n, 4) of the pictures on a page, those inside form objects (a few levels) included."""
    found = [_bounds([h for h, kind in zip(handles, types, strict=True) if kind == pdfium.IMAGE])]
    for handle, kind in zip(handles, types, strict=True):
        if kind == pdfium.FORM and depth:
            inner = list(map(pdfium.form_object, repeat(handle), range(min(100, pdfium.form_count(handle)))))
            boxes = image_boxes(inner, list(map(pdfium.object_type, inner)), depth - 1)
            found.append(transform(boxes, _matrix(handle)))
    return np.concatenate(found)


def read_shapes(handles: list[int], types: list[int], limits: PageLimits, clock: Clock) -> Shapes:
    """The drawn shapes of a page, form objects opened, in the page's own space (y up).

    Raises PageTooComplexError.
    """
    out = _Collected()
    _walk(handles, types, _IDENTITY, 0, (limits, clock, out))
    rules = _joined(out.rules)
    extent = np.maximum(rules[:, 2] - rules[:, 0], rules[:, 3] - rules[:, 1])
    return Shapes(rules[extent > _SPECK], _joined(out.fills), _joined(out.images), out.objects)


def read_with(shapes: Shapes, read: Any) -> Shapes:
    """The same shapes in another space; ``read`` maps boxes (n, 4) to boxes (n, 4)."""
    return Shapes(read(shapes.rules), read(shapes.fills), read(shapes.images), shapes.objects)
