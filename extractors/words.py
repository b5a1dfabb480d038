"""Recognised words of a page to grids and lines: the steps of the PDF path on glyphs cut from the words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from extractors.errors import TooLarge
from extractors.grid import Box, Doubt, Locator, Page
from extractors.pdf.blocks import lines_outside
from extractors.pdf.chars import Chars
from extractors.pdf.frame import Frame
from extractors.pdf.limits import PageLimits, PageTooComplexError
from extractors.pdf.page import Table, find_lattices, tables_of
from extractors.pdf.paths import Shapes
from extractors.readers.cells import Builder, Located

_SPACE, _SUPPOSED = 2, 1  # what stands after a glyph: a printed space, one that only Latin words confirm
_WIDE = 0.22  # of a word's height: systems part Chinese text into words that no space parts


@dataclass(frozen=True, slots=True)
class Word:
    """A recognised word: text, box in points (y down), score 0…1 if the system gives one."""

    text: str
    box: tuple[float, float, float, float]
    score: float | None = None


@dataclass(frozen=True, slots=True)
class WordPage:
    """A page of words: 1-based number, size in points, words in reading order, boxes of ruling lines."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    rules: tuple[tuple[float, float, float, float], ...] = ()


def add_page(builder: Builder, page: WordPage) -> None:
    """Add the grids and lines of a page to the builder. Raises TooLarge.

    A cell or line is as sure as the least sure word in it.
    """
    builder.pages.append(Page(page.number, page.width, page.height))
    limits = PageLimits()
    count = sum(len(word.text) for word in page.words)
    if count > limits.chars:
        raise TooLarge(f"{builder.source.name}: {count} characters on page {page.number}")
    if not count:
        return
    chars, owners = _glyphs(page.words)
    rules = np.array(page.rules, dtype=np.float64).reshape(len(page.rules), 4)
    shapes = Shapes(rules, np.zeros((0, 4)), np.zeros((0, 4)), len(rules))
    frame = Frame(page.width, page.height, 0, 0, 0.0, 0.0, page.width, page.height)
    try:
        found, _, _ = find_lattices(chars, shapes, frame, limits)
    except PageTooComplexError as error:
        builder.doubts.append(Doubt("page_too_complex", data={"page": str(page.number), "why": str(error)}))
        found = []
    tables, outside = tables_of(chars, found, lambda _: False)
    scores = np.array([np.nan if w.score is None else w.score for w in page.words])[owners]
    things: list[tuple[float, float, Table | tuple[str, tuple[float, float, float, float]]]] = []
    things += [(float(t.lattice.ys[0]), float(t.lattice.xs[0]), t) for t in tables]
    things += [(t.box[1], t.box[0], (t.text, t.box)) for t in lines_outside(outside, chars.take([]))]
    for _, _, thing in sorted(things, key=lambda entry: entry[:2]):
        if isinstance(thing, Table):
            _grid(builder, page.number, thing, (chars, scores))
        else:
            text, box = thing
            builder.block(text, Locator(page.number, Box(*box)), _least((chars, scores), box))


def _glyphs(words: tuple[Word, ...]) -> tuple[Chars, np.ndarray[tuple[int, ...], np.dtype[np.int64]]]:
    """Each word cut into glyphs of equal width; a wide gap after a word may be a space.

    Blanks inside a word (systems that give whole lines) are printed spaces.
    """
    codes: list[int] = []
    boxes: list[tuple[float, float, float, float]] = []
    gaps: list[int] = []
    owners: list[int] = []
    for number, word in enumerate(words):
        x0, y0, x1, y1 = word.box
        step = (x1 - x0) / max(len(word.text), 1)
        for k, char in enumerate(word.text):
            if char.isspace():
                if k:
                    gaps[-1] = _SPACE
                continue
            codes.append(ord(char))
            boxes.append((x0 + k * step, y0, x0 + (k + 1) * step, y1))
            gaps.append(0)
            owners.append(number)
        if gaps and number + 1 < len(words) and _apart(word, words[number + 1]):
            gaps[-1] = _SUPPOSED
    index = np.arange(len(codes), dtype=np.int64)
    chars = Chars(
        np.array(codes, dtype=np.uint32),
        np.array(boxes, dtype=np.float64).reshape(len(codes), 4),
        index,
        np.array(gaps, dtype=np.int8),
    )
    return chars, np.array(owners, dtype=np.int64)


def _apart(word: Word, after: Word) -> bool:
    """Whether the gap between two words of one line is as wide as a space."""
    height = min(word.box[3] - word.box[1], after.box[3] - after.box[1])
    return after.box[0] - word.box[2] > _WIDE * height


_Scored = tuple[Chars, np.ndarray[tuple[int, ...], np.dtype[np.float64]]]


def _least(scored: _Scored, box: tuple[float, float, float, float]) -> float | None:
    chars, scores = scored
    x = (chars.boxes[:, 0] + chars.boxes[:, 2]) / 2
    y = (chars.boxes[:, 1] + chars.boxes[:, 3]) / 2
    inside = (x >= box[0]) & (x <= box[2]) & (y >= box[1]) & (y <= box[3]) & ~np.isnan(scores)
    return float(scores[inside].min()) if inside.any() else None


def _grid(builder: Builder, number: int, table: Table, scored: _Scored) -> None:
    cells = []
    for place, box, text in zip(table.places, table.boxes.tolist(), table.texts, strict=True):
        at = Locator(number, Box(*box))
        sure = _least(scored, tuple(box)) if text else None
        cells.append(Located(place.row, place.col, place.row_span, place.col_span, text, at, sure))
    builder.located(cells, (table.rows, table.cols), table.lattice.how, number)
