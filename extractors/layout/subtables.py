"""Small tables inside the header: yearly tasks, how money was managed, what a cost is made of.

Their rows are kept as claims under their column's name; amounts of tasks go to the money block.
"""

from __future__ import annotations

from extractors.families.family import SmallTable
from extractors.layout.account import LABEL, Ledger
from extractors.layout.forms import Slot
from extractors.layout.lines import Line, Spot
from extractors.layout.money import MoneyBlock
from extractors.layout.printed import Indexes
from extractors.layout.shapes import key_of

_AMOUNT = "funding_"


class SmallTables:
    """Recognises the head of a small table and takes its rows until the header goes on."""

    def __init__(self, index: Indexes, ledger: Ledger, money: MoneyBlock | None) -> None:
        self.index = index
        self.ledger = ledger
        self.money = money
        self.name = ""
        self.heads: list[tuple[str, Spot]] = []
        self.sections: frozenset[str] = frozenset()
        self.scale: str | None = None  # the unit in the head that a second head row splits
        self.section: Spot | None = None
        self.totals = frozenset(map(key_of, index.family.list_totals))

    def take(self, line: Line) -> bool:
        """Whether the line belongs to a small table; its cells are claimed then."""
        if self.name and any(map(self._is_head, line.spots)) and self._split_amount(line):
            return True  # the second head row of a table whose merged heads are printed again
        bare = [_bare(spot.key) for spot in line.spots]
        for name, known in self.index.tables.items():
            heads = [(known[key], spot) for key, spot in zip(bare, line.spots, strict=True) if key in known]
            if len({slot for slot, _ in heads}) >= 2:
                self._open(name, self.index.family.tables[name], heads, line)
                return True
        if not self.name:
            return False
        if self._ends(line):
            self.name = ""
            return False
        if self._split_amount(line):
            return True
        total = next((spot for spot in line.spots if spot.key in self.totals), None)
        for spot in line.spots:
            self._claim(spot, total)
        return True

    def _open(self, name: str, facts: SmallTable, heads: list[tuple[str, Spot]], line: Line) -> None:
        self.name, self.heads, self.scale = name, heads, None
        self.sections = frozenset(key_of(word) for word in facts.sections)
        own = {spot.id for _, spot in heads}
        around = [spot for spot in (*line.spots, *line.covered) if spot.id not in own]
        self.section = next((spot for spot in around if _bare(spot.key) in self.sections), None)
        for spot in line.spots:
            self.ledger.claim(spot, LABEL)

    def _ends(self, line: Line) -> bool:
        if not line.spots:
            return True
        first = line.spots[0]
        if _bare(first.key) in self.sections or first.key in self.totals:
            return False
        if self.section is not None and first.col <= self.section.col < first.end:
            return True  # another section begins, whatever it is called
        field = self.index.fields.find(first.text)
        if field is not None and field.how != "fuzzy":
            return True
        return self.index.money_section.find(first.text) is not None

    def _is_head(self, spot: Spot) -> bool:
        """Whether a cell prints a head of the open table once more."""
        return any((head.col, head.key) == (spot.col, spot.key) for _, head in self.heads)

    def _split_amount(self, line: Line) -> bool:
        """A second head row that splits the amount column by source (总额 | 财政拨款 | 其他资金)."""
        spots = [
            spot for spot in line.spots if _bare(spot.key) not in self.sections and not self._is_head(spot)
        ]
        hits = [(spot, self.index.source(spot.text)) for spot in spots]
        if not spots or any(hit is None or hit.rest for _, hit in hits):
            return False
        over = [spot for slot, spot in self.heads if slot.startswith(_AMOUNT)]
        if over and self.money is not None:
            self.scale = self.money.scale_in(over[0].key)
        self.heads = [(slot, spot) for slot, spot in self.heads if not slot.startswith(_AMOUNT)]
        for spot, hit in hits:
            source = hit.slot if hit is not None else "total"
            suffix = "" if source == "total" else f"_{source}"
            self.heads.append((f"{_AMOUNT}{self.name}{suffix}", spot))
            self.ledger.claim(spot, LABEL)
        for spot in line.spots:
            self.ledger.claim(spot, LABEL)
        return True

    def _claim(self, spot: Spot, total: Spot | None) -> None:
        if _bare(spot.key) in self.sections or spot is total:
            self.ledger.claim(spot, LABEL)
            return
        over = next(((s, h) for s, h in self.heads if h.col < spot.end and spot.col < h.end), None)
        if over is None:
            self.ledger.claim(spot, f"form:{self.name}_item")
            return
        slot, head = over
        if slot.startswith(_AMOUNT) and total is not None and self.money is not None:
            source = slot.removeprefix(f"{_AMOUNT}{self.name}").removeprefix("_") or "total"
            if not any((a.source, a.stage) == (source, "target") for a in self.money.amounts):
                amount = Slot(spot.text, spot.cell, head.cell, 0.9, "row of sums")
                self.money.append(source, amount, head, self.scale)
            self.ledger.claim(spot, f"form:funding_{source}")
            return
        if slot.startswith(_AMOUNT) and self.money is not None:
            amount = Slot(spot.text, spot.cell, head.cell, 1.0, f"under the head {head.text[:20]}")
            self.money.append(slot.removeprefix(_AMOUNT), amount, head, self.scale)
        self.ledger.claim(spot, f"form:{slot}")


def _bare(key: str) -> str:
    return key[: key.find("(")] if "(" in key[1:] else key.rstrip(":")
