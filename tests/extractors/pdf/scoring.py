"""How a reading is compared with the truth of a page.

A cell is right when row, column, both spans and the text are (white space removed, radical code
points folded). Rows and columns in which no cell starts are dropped on both sides before.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from extractors.grid import Grid
from extractors.pdf.text import radicals

Key = tuple[int, int, int, int, str]


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text.translate(radicals()))


def tidy(cells: Iterable[tuple[int, int, int, int, str]]) -> Counter[Key]:
    cells = list(cells)
    rows, cols = sorted({c[0] for c in cells}), sorted({c[1] for c in cells})

    def place(starts: list[int], at: int) -> int:
        return sum(1 for s in starts if s < at)

    return Counter(
        (
            place(rows, r),
            place(cols, c),
            place(rows, r + rs) - place(rows, r),
            place(cols, c + cs) - place(cols, c),
            bare(text),
        )
        for r, c, rs, cs, text in cells
    )


def of_grid(grid: Grid) -> Counter[Key]:
    return tidy((c.row, c.col, c.row_span, c.col_span, c.text) for c in grid.cells)


def without_spans(cells: Counter[Key]) -> Counter[tuple[int, int, str]]:
    return Counter((r, c, text) for r, c, _, _, text in cells.elements())


class Score:
    """Counts over pages; ``f1`` with spans, ``f1_places`` with row and column only."""

    def __init__(self) -> None:
        self.hit = self.hit_places = self.ours = self.truth = 0

    def add(self, truth: Counter[Key], ours: Counter[Key]) -> None:
        self.hit += (truth & ours).total()
        self.hit_places += (without_spans(truth) & without_spans(ours)).total()
        self.ours += ours.total()
        self.truth += truth.total()

    @property
    def f1(self) -> float:
        return 2 * self.hit / (self.ours + self.truth) if self.ours + self.truth else 1.0

    @property
    def f1_places(self) -> float:
        return 2 * self.hit_places / (self.ours + self.truth) if self.ours + self.truth else 1.0


def score(grids: Iterable[Grid], pages: list[list[dict[str, list[Key]]]]) -> Score:
    """Score the grids of a document against the tables of its pages, in reading order."""
    total = Score()
    grids = list(grids)
    for number, tables in enumerate(pages, 1):
        ours = [of_grid(g) for g in grids if g.page == number]
        truth = [tidy(t["cells"]) for t in tables]
        for k in range(max(len(ours), len(truth))):
            empty: Counter[Key] = Counter()
            total.add(truth[k] if k < len(truth) else empty, ours[k] if k < len(ours) else empty)
    return total
