"""A page image → tables and lines of text with their places on the page as received."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np

from extractors.imaging.align import Block, align
from extractors.imaging.consistent import doubtful
from extractors.imaging.geometry import Colour, Gray, Rect
from extractors.imaging.gutters import part
from extractors.imaging.lattice import Lattice, find_lattices
from extractors.imaging.levels import levelled
from extractors.imaging.outside import outside_boxes, tight_box
from extractors.imaging.prepare import Prepared, prepare
from extractors.ocr.base import OcrEngine
from extractors.ocr.cells import CellReading, cell_reading, join_lines
from extractors.ocr.rounds import Reading, together
from extractors.ocr.rules import limit

# Reading stops to ask whether the page is turned when its first cells read worse than this.
_UPRIGHT = 0.80
_PROBE = 6
_PROBED = 12  # so many cells are read one by one while the question stands
_SURELY_UPRIGHT = 0.93
_ALIGNED = 0.7  # how far columns made of gaps alone are to be trusted
_LEVELLED = 0.8  # the same where level rules part the rows
_LINE_HEIGHT, _ONE_LINE = 1.5, 4.0  # a line's box and the tallest single line, in character heights
_TEXT = 0.5  # a line outside every table that reads worse is dust, not text


@dataclass(frozen=True)
class PlacedCell:
    """One cell: its place and spans, its box on the page as received (pixels), its reading, its borders' sureness."""

    row: int
    col: int
    row_span: int
    col_span: int
    box: Rect
    reading: CellReading
    structure: float


@dataclass(frozen=True)
class Table:
    """One table of a page; ``how`` is ``ruled`` or ``aligned``; ``repaired`` when borders were guessed."""

    rows: int
    cols: int
    cells: tuple[PlacedCell, ...]
    box: Rect
    how: str
    repaired: bool = False


@dataclass(frozen=True)
class TextLineRead:
    """One line outside any table: its box on the page as received (pixels) and its reading."""

    box: Rect
    reading: CellReading


@dataclass(frozen=True)
class ReadPage:
    """All that was read on one page. ``turns`` × 90° clockwise made it upright; ``unread`` lines were given up.

    ``unfit`` says why the grid does not fit the page ("" where it does): ``outside``, ``patchy``, ``crossed``.
    """

    tables: tuple[Table, ...] = ()
    lines: tuple[TextLineRead, ...] = ()
    seals: tuple[Rect, ...] = ()
    turns: int = 0
    unread: int = 0
    blank: bool = False
    unfit: str = ""


class _TurnedError(Exception):
    """The first cells read so badly that the page may be turned."""


def read_page(image: Colour, engine: OcrEngine) -> ReadPage:
    """Read a page image (BGR or grey): every ruled table cell by cell, else by the text's alignment."""
    page = prepare(image)
    if page is None:
        return ReadPage(blank=True)
    if not page.sideways:
        try:
            return _read(page, engine, 0, probe=True)
        except _TurnedError:
            pass
    page, turns = _best_turn(image, engine, page)
    return _read(page, engine, turns, probe=False)


def _best_turn(image: Colour, engine: OcrEngine, page: Prepared) -> tuple[Prepared, int]:
    """The page turned the way it reads best, and the turns; the most likely turns are tried first."""
    best, best_turns = page, 0
    best_score = _probe(page, engine) if not page.sideways else 0.0
    for turns in (1, 3, 2) if page.sideways else (2, 1, 3):
        turned = prepare(image, turns)
        if turned is None or turned.sideways:
            continue
        score = _probe(turned, engine)
        if score > best_score:
            best, best_turns, best_score = turned, turns, score
        if score > _SURELY_UPRIGHT:
            break
    return best, best_turns


def _probe(page: Prepared, engine: OcrEngine) -> float:
    """How well the page's first longer lines read as it stands: mean score × share of lines read."""
    lines = _probe_boxes(page, engine)[:_PROBE]
    if not lines:
        return 0.0
    rulings = _rulings(page)
    readings = together([cell_reading(page, rulings, box) for box in lines], engine)
    return float(np.mean([_mean_score(reading) for reading in readings]))


def _probe_boxes(page: Prepared, engine: OcrEngine) -> list[Rect]:
    em = page.rules.em
    boxes = [cell.box for table in find_lattices(page.rules) for cell in table.cells]
    if len(boxes) < 4:
        boxes = [box for box in engine.find(page.clean) if box[3] - box[1] > em * 0.7]
    wide = [box for box in boxes if box[2] - box[0] > 3 * em and box[3] - box[1] < 6 * em]
    return sorted(wide, key=lambda box: abs((box[2] - box[0]) - 8 * em))


def _mean_score(reading: CellReading) -> float:
    if reading.sure is None:
        return 0.9  # an empty cell tells nothing
    return reading.sure if len(reading.text) > 1 else 0.5


def _rulings(page: Prepared) -> Gray:
    return np.maximum(page.rules.across, page.rules.down)


def _read(page: Prepared, engine: OcrEngine, turns: int, *, probe: bool) -> ReadPage:
    rulings = _rulings(page)
    lattices = find_lattices(page.rules)
    unfit = ""
    tables = [_ruled(page, rulings, lattice, engine, probe=probe) for lattice in lattices]
    if tables:
        boxes = outside_boxes(page.clean, rulings, [lattice.box for lattice in lattices], page.rules.em)
        lines = list(_lines(page, np.zeros_like(rulings), boxes, engine))
        texts = sum(1 for table in tables for cell in table.cells if cell.reading.text)
        read = [line.box for line in lines if (line.reading.sure or 0.0) >= _TEXT]
        unfit = doubtful(page.clean, rulings, lattices, texts, read, page.rules.em)
        tables = [_distrusted(table) for table in tables] if unfit else tables
    else:
        tables, lines = _unruled(page, rulings, engine, probe=probe)
    good = [line for line in lines if (line.reading.sure or 0.0) >= _TEXT]
    unread = sum(1 for line in lines if line.reading.sure is not None) - len(good)
    return ReadPage(tuple(tables), tuple(good), page.seals, turns, unread, unfit=unfit)


def _distrusted(table: Table) -> Table:
    return replace(
        table,
        cells=tuple(replace(cell, structure=min(cell.structure, limit("doubted"))) for cell in table.cells),
    )


def _ruled(page: Prepared, rulings: Gray, lattice: Lattice, engine: OcrEngine, *, probe: bool) -> Table:
    cells: list[PlacedCell] = []
    seen: list[float] = []
    wanted = [cell_reading(page, rulings, cell.box) for cell in lattice.cells]
    for cell, reading in zip(lattice.cells, _in_turn(wanted, engine, probe=probe), strict=True):
        cells.append(
            PlacedCell(
                cell.row, cell.col, cell.row_span, cell.col_span, page.trail.box(cell.box), reading, cell.sure
            )
        )
        if reading.sure is not None and len(reading.text) > 1:
            seen.append(reading.sure)
        if probe and len(seen) == _PROBE and float(np.mean(seen)) < _UPRIGHT:
            raise _TurnedError
    # A small table has too few cells to stop at: all of them speak.
    if probe and 2 < len(seen) < _PROBE and float(np.mean(seen)) < _UPRIGHT:
        raise _TurnedError
    rows, cols = len(lattice.rows) - 1, len(lattice.cols) - 1
    return Table(rows, cols, tuple(cells), page.trail.box(lattice.box), "ruled", lattice.repaired)


def _unruled(
    page: Prepared, rulings: Gray, engine: OcrEngine, *, probe: bool
) -> tuple[list[Table], list[TextLineRead]]:
    em = page.rules.em
    ruled_out = cv2.max(page.clean, cv2.dilate(rulings, np.ones((3, 3), np.uint8))).astype(np.uint8)
    boxes = [tight_box(page.clean, rulings, box, em) for box in engine.find(ruled_out)]
    boxes = part(page.clean, rulings, boxes, em)
    lines: list[TextLineRead] = []
    seen: list[float] = []
    for line in _lines(page, rulings, boxes, engine, probe=probe):
        lines.append(line)
        if line.reading.sure is not None:
            seen.append(line.reading.sure)
        if probe and len(seen) == _PROBE and float(np.mean(seen)) < _UPRIGHT:
            raise _TurnedError
    aligned, structure = levelled(boxes, page.rules), _LEVELLED
    if aligned is None:
        aligned, structure = align(boxes, em), _ALIGNED
    if aligned is None:
        return [], lines
    cells = tuple(_aligned_cell(page, block, lines, structure) for block in aligned.blocks)
    box = _around([cell.box for cell in cells])
    table = Table(aligned.rows, aligned.cols, cells, box, "aligned")
    return [table], [lines[i] for i in aligned.outside]


def _aligned_cell(page: Prepared, block: Block, lines: list[TextLineRead], structure: float) -> PlacedCell:
    readings = [lines[i].reading for i in block.lines]
    sures = [reading.sure for reading in readings if reading.sure is not None]
    reasons = tuple(dict.fromkeys(reason for reading in readings for reason in reading.reasons))
    text = join_lines([reading.text for reading in readings])
    sealed = any(reading.sealed for reading in readings)
    looks = tuple(dict.fromkeys(look for reading in readings for look in reading.looks))
    reading = CellReading(text, min(sures, default=None), "", reasons, sealed, looks)
    spans = (block.rows[1] - block.rows[0] + 1, block.cols[1] - block.cols[0] + 1)
    return PlacedCell(block.rows[0], block.cols[0], *spans, page.trail.box(block.box), reading, structure)


def _around(boxes: list[Rect]) -> Rect:
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def _lines(
    page: Prepared, rulings: Gray, boxes: list[Rect], engine: OcrEngine, *, probe: bool = False
) -> Iterator[TextLineRead]:
    wanted = [cell_reading(page, rulings, box, _line_em(box, page.rules.em)) for box in boxes]
    for box, reading in zip(boxes, _in_turn(wanted, engine, probe=probe), strict=True):
        yield TextLineRead(page.trail.box(box), reading)


def _line_em(box: Rect, em: float) -> float | None:
    """One line stands in a low box: its height is its characters' (a title's are larger than the page's)."""
    height = box[3] - box[1]
    return max(em, height / _LINE_HEIGHT) if height < _ONE_LINE * em else None


def _in_turn(wanted: list[Reading[CellReading]], engine: OcrEngine, *, probe: bool) -> Iterator[CellReading]:
    """The readings in order: the first one by one where they may stop the page, all others together."""
    alone = _PROBED if probe else 0
    for reading in wanted[:alone]:
        yield from together([reading], engine)
    yield from together(wanted[alone:], engine)
