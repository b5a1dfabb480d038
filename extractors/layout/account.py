"""Step 5: who claims which cell. Nothing non-empty is left without a claim, on any input."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from extractors.grid import Cell, Doubt, TextBlock
from extractors.layout.lines import Line, Spot

LABEL = "noise:printed_label"
FILLER = "noise:filler"
UNCLAIMED = "issue:unclaimed_cell"


class Ledger:
    """Claims, doubts and marks of one form while it is being read; the first claim of a cell stands."""

    def __init__(self) -> None:
        self.claims: dict[str, str] = {}
        self.doubts: list[Doubt] = []
        self._marks: dict[str, tuple[str, ...]] = {}

    def claim(self, spot: Spot | Cell | TextBlock, what: str) -> None:
        """Note that ``what`` owns the cell or block; an earlier claim stands."""
        self.claims.setdefault(spot.id, what)

    def claimed(self, spot: Spot | Cell | TextBlock) -> bool:
        """Whether somebody owns the cell or block already."""
        return spot.id in self.claims

    def doubt(
        self, code: str, spots: Iterable[Spot | Cell | TextBlock] = (), row_no: int | None = None, **data: str
    ) -> None:
        """Record a doubt about our own reading."""
        self.doubts.append(Doubt(code, tuple(spot.id for spot in spots), row_no, data))

    def mark(self, spot: Spot | Cell, mark: str) -> None:
        """Note that a repair touched the cell (``shifted``, ``filled`` …)."""
        marks = self._marks.get(spot.id, ())
        if mark not in marks:
            self._marks[spot.id] = (*marks, mark)

    def marked(self, cell: Cell) -> Cell:
        """The cell with the marks noted for it."""
        new = [mark for mark in self._marks.get(cell.id, ()) if mark not in cell.inferred]
        return replace(cell, inferred=(*cell.inferred, *new)) if new else cell

    def settle(self, lines: Iterable[Line]) -> None:
        """Give every cell and block that nobody claimed the claim ``issue:unclaimed_cell`` and a doubt.

        >>> ledger = Ledger()
        >>> ledger.settle([])
        >>> ledger.claims
        {}
        """
        for line in lines:
            if line.dropped:
                for spot in line.spots:
                    self.claim(spot, f"noise:{line.dropped}")
            left: list[Spot | TextBlock] = [spot for spot in line.spots if not self.claimed(spot)]
            if line.block is not None and not self.claimed(line.block):
                left.append(line.block)
            if left:
                for item in left:
                    self.claim(item, UNCLAIMED)
                self.doubt("unclaimed_cell", left, text=" | ".join(item.text.strip()[:30] for item in left))
