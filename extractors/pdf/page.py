"""One page through all steps; every step's result is kept so that it can be drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from extractors.pdf import pdfium
from extractors.pdf.blocks import Line, lines_outside
from extractors.pdf.chars import Chars, Floats, Ints, page_codes, read_chars, text_of
from extractors.pdf.columns import column_lattices
from extractors.pdf.deep import SHALLOW, split_deep_rows
from extractors.pdf.edges import Edges, edges_of, sides_of
from extractors.pdf.fills import cell_fills, fills_outside
from extractors.pdf.frame import Frame, lies_across, page_frame, turned
from extractors.pdf.lattice import Lattice, Mask, Place, cells_of, compact, lattices, outside_of
from extractors.pdf.limits import Clock, PageLimits, at_most
from extractors.pdf.paths import Shapes, page_objects, read_shapes, read_with
from extractors.pdf.segments import segments_of
from extractors.pdf.text import fold_radicals, into_lines, radicals, texts_by_owner, without_twins
from extractors.pdf.triage import TextLayer, judge_text, traceless

_NO_BOXES = np.zeros((0, 4))
_BIG = 1.8  # times the usual height: a larger glyph may be a watermark
Draft = tuple[int, list[Place], Lattice]  # number of the first cell, the cells, their lattice


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the page: its lattice, its cells, their boxes (n, 4, reading frame) and texts."""

    lattice: Lattice
    places: tuple[Place, ...]
    boxes: Floats
    texts: tuple[str, ...]
    rows: int
    cols: int


@dataclass(frozen=True, slots=True)
class PageTrace:
    """What each step saw on a page (``number`` from 1), all in the reading frame but ``frame`` itself.

    ``traceless`` pages were passed over after a first look: their text is one line, the steps are empty.
    """

    number: int
    frame: Frame
    layer: TextLayer
    traceless: bool = False
    chars: Chars | None = None
    watermark: Chars | None = None
    shapes: Shapes | None = None
    level: Edges | None = None
    upright: Edges | None = None
    lattices: tuple[Lattice, ...] = ()
    tables: tuple[Table, ...] = ()
    lines: tuple[Line, ...] = ()


def _boxes(places: list[Place], lattice: Lattice) -> Floats:
    spans = np.array([(p.row, p.col, p.row + p.row_span, p.col + p.col_span) for p in places])
    return np.column_stack(
        (lattice.xs[spans[:, 1]], lattice.ys[spans[:, 0]], lattice.xs[spans[:, 3]], lattice.ys[spans[:, 2]])
    )


def _inside(chars: Chars, lattice: Lattice, taken: Ints) -> Ints:
    """The number of the cell in which the middle of each glyph lies, -1 outside the lattice."""
    x = (chars.boxes[:, 0] + chars.boxes[:, 2]) * 0.5
    y = (chars.boxes[:, 1] + chars.boxes[:, 3]) * 0.5
    row = np.searchsorted(lattice.ys, y, "right") - 1
    col = np.searchsorted(lattice.xs, x, "right") - 1
    rows, cols = taken.shape
    inside = (row >= 0) & (row < rows) & (col >= 0) & (col < cols)
    owner = np.full(len(chars), -1, dtype=np.int64)
    owner[inside] = taken[row[inside], col[inside]]
    return owner


def _oversized(chars: Chars, drafts: list[Draft], owner: Ints) -> Mask:
    """Glyphs far taller than the others and than the cell they lie in: a watermark set level over a table."""
    tall = chars.boxes[:, 3] - chars.boxes[:, 1]
    big = (tall > _BIG * np.median(tall)) & (owner >= 0) if len(chars) else np.zeros(0, dtype=bool)
    if not big.any():
        return big
    boxes = np.concatenate([_boxes(places, lattice) for _, places, lattice in drafts])
    mine = owner[big]
    big[big] = tall[big] > boxes[mine, 3] - boxes[mine, 1]
    return big


def _texts(chars: Chars, owner: Ints, sideways: Callable[[int], bool]) -> dict[int, str]:
    """The text of each cell; a label set sideways is read in the order of the content stream."""
    lines = into_lines(chars, owner)
    texts = texts_by_owner(lines)
    glyphs = np.bincount(owner)
    rows = np.bincount(lines.owner[np.append(True, np.diff(lines.line) != 0)], minlength=len(glyphs))
    stacked = np.flatnonzero((rows * 2 >= glyphs) & (rows >= 2))
    firsts = chars.index[lines.order[np.searchsorted(lines.owner, stacked)]]
    for cell, first in zip(stacked.tolist(), firsts.tolist(), strict=True):
        if sideways(first):
            texts[cell] = text_of(chars.codes[owner == cell])
    return texts


def tables_of(
    chars: Chars, found: list[Lattice], sideways: Callable[[int], bool]
) -> tuple[list[Table], Chars]:
    """Tables of lattices that hold text in at least two cells; and the glyphs that lie in none."""
    owner = np.full(len(chars), -1, dtype=np.int64)
    drafts: list[Draft] = []
    base = 0
    for lattice in found:
        places, taken = cells_of(lattice)
        if len(places) < 2:
            continue
        local = _inside(chars, lattice, taken)
        mine = (local >= 0) & (owner < 0)
        if not mine.any():
            continue
        owner[mine] = local[mine] + base
        drafts.append((base, places, lattice))
        base += len(places)
    owner[_oversized(chars, drafts, owner)] = -1
    within = owner >= 0
    texts = _texts(chars.take(within), owner[within], sideways) if drafts else {}
    tables = []
    for base, places, lattice in drafts:
        tidy, rows, cols = compact(places, lattice)
        words = tuple(texts.get(base + k, "") for k in range(len(places)))
        tables.append(Table(lattice, tuple(tidy), _boxes(places, lattice), words, rows, cols))
    return tables, chars.take(~within)


def _edges(shapes: Shapes, limits: PageLimits) -> tuple[Edges, Edges]:
    level, upright = edges_of(shapes.rules, _NO_BOXES)
    at_most(len(level) + len(upright), limits.edges, "edges")
    return level, upright


def find_lattices(
    chars: Chars, shapes: Shapes, frame: Frame, limits: PageLimits
) -> tuple[list[Lattice], Edges, Edges]:
    """All lattices of a page: of rules, then of fills, then of level rules and text alone."""
    level, upright = _edges(shapes, limits)
    found, free = lattices(level, upright, "rules")
    fills = fills_outside(cell_fills(shapes.fills, frame.size), found)
    loose, pieces = level.take(free), shapes.rules
    if len(fills) > 1:
        pieces = np.concatenate((shapes.rules, sides_of(fills)))
        beside = edges_of(shapes.rules, sides_of(fills))
        more, unused = lattices(*beside, "fills", least=2)
        found += [one for one in more if not any(_overlap(one, other) for other in found)]
        # Stripes of single rows are no lattice, but their sides part the rows as rules do.
        loose = beside[0].take(unused & outside_of(beside[0], found))
    for lattice in found:
        at_most(lattice.level.size, limits.places, "places of one lattice")
    if any(len(lattice.ys) <= SHALLOW for lattice in found):
        segments = segments_of(chars)
        found = [split_deep_rows(lattice, segments) for lattice in found]
    found += column_lattices(chars, loose, pieces, found, frame.size)
    found.sort(key=lambda one: (float(one.ys[0]), float(one.xs[0])))
    return found, level, upright


def _whole_page(codes: NDArray[np.uint32], frame: Frame) -> tuple[Line, ...]:
    """The text of a page that was passed over, as one line."""
    text = text_of(codes).replace("\r\n", "\n").translate(radicals()).strip()
    return (Line(text, (0.0, 0.0, frame.width, frame.height)),) if text else ()


def _overlap(one: Lattice, other: Lattice) -> bool:
    ax0, ay0, ax1, ay1 = one.box
    bx0, by0, bx1, by1 = other.box
    return min(ax1, bx1) - max(ax0, bx0) > 2.0 and min(ay1, by1) - max(ay0, by0) > 2.0


def read_page(page: int, number: int, limits: PageLimits) -> PageTrace:
    """Read page ``number`` (from 1), whose raw handle is ``page``. Raises PageTooComplexError."""
    clock = Clock(limits.seconds)
    handles, types = page_objects(page, limits)
    frame = page_frame(page)
    with pdfium.text_page(page) as text:
        codes = page_codes(text, limits)
        layer = judge_text(text, codes, types, handles, lambda: frame.width * frame.height)
        if layer.needs_ocr:
            return PageTrace(number, frame, layer)
        if traceless(codes, types):
            return PageTrace(number, frame, layer, True, lines=_whole_page(codes, frame))
        chars = read_chars(text, codes, clock)
        frame, chars, slanted = turned(frame, text, chars)
        shapes = read_with(read_shapes(handles, types, limits, clock), frame.read)
        return _understood(number, frame, layer, chars, slanted, shapes, (text, limits, clock))


def _understood(
    number: int,
    frame: Frame,
    layer: TextLayer,
    chars: Chars,
    slanted: Chars,
    shapes: Shapes,
    job: tuple[int, PageLimits, Clock],
) -> PageTrace:
    """The steps after reading: everything is in memory but the angle of a glyph."""
    text, limits, clock = job
    chars = fold_radicals(without_twins(replace(chars, boxes=frame.read(chars.boxes))))
    slanted = replace(slanted, boxes=frame.read(slanted.boxes))
    clock.check("edges")
    found, level, upright = find_lattices(chars, shapes, frame, limits)
    clock.check("tables")
    tables, outside = tables_of(chars, found, lambda index: lies_across(frame, text, index))
    lines = lines_outside(outside, slanted)
    return PageTrace(
        number,
        frame,
        layer,
        False,
        chars,
        slanted,
        shapes,
        level,
        upright,
        tuple(found),
        tuple(tables),
        lines,
    )
