"""The 总分 row under the indicator rows: the points to be had and the points reached."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.layout.account import LABEL, Ledger
from extractors.layout.columns import Head, Heads
from extractors.layout.forms import Slot
from extractors.layout.lines import Line, Spot
from extractors.layout.printed import Indexes
from extractors.layout.shapes import Shapes

_POINTS = ("weight", "score")


def read_totals(
    lines: Sequence[Line], heads: Heads | None, index: Indexes, shapes: Shapes, ledger: Ledger
) -> dict[str, Slot]:
    """``total_weight`` and ``total_score`` from the last total row; empty where there is none.

    A number belongs to the points column it stands in. Two numbers that stand elsewhere are weight
    and score in this order; a single one is the score.
    """
    for line in reversed(lines):
        hit = index.fields.find(line.spots[0].text) if line.spots else None
        if hit is None or hit.slot != "total_score" or hit.rest:
            continue
        label = line.spots[0]
        numbers = [spot for spot in line.spots[1:] if shapes.is_("number", spot.key)]
        columns = [head for head in heads.columns if head.role in _POINTS] if heads else []
        totals = _by_column(numbers, columns) or _by_order(numbers, columns)
        if totals:
            for spot in (s for s in line.spots if s.key == label.key):
                ledger.claim(spot, LABEL)  # written out into every column it covers
        found: dict[str, Slot] = {}
        for role, spot in totals.items():
            ledger.claim(spot, f"form:total_{role}")
            found[f"total_{role}"] = Slot(spot.text, spot.cell, label.cell, 1.0, "total row")
        for spot in line.spots[1:]:
            if shapes.is_("grade", spot.key) and spot.id not in {s.id for s in totals.values()}:
                ledger.claim(spot, "form:conclusion")
                found.setdefault("conclusion", Slot(spot.text, spot.cell, label.cell, 0.9, "total row"))
        return found
    return {}


def claim_subtotals(lines: Sequence[Line], index: Indexes, shapes: Shapes, ledger: Ledger) -> None:
    """Claim the points of rows of sums between the indicators; they say nothing that the rows do not."""
    for line in lines:
        hit = index.fields.find(line.spots[0].text) if line.spots else None
        if hit is None or hit.slot != "subtotal":
            continue
        ledger.claim(line.spots[0], LABEL)
        for spot in line.spots[1:]:
            if shapes.is_("number", spot.key):
                ledger.claim(spot, "form:subtotal")


def _by_column(numbers: Sequence[Spot], columns: Sequence[Head]) -> dict[str, Spot]:
    placed = {
        head.role: spot for spot in numbers for head in columns if head.col < spot.end and spot.col < head.end
    }
    return placed if len(placed) == len(numbers) else {}


def _by_order(numbers: Sequence[Spot], columns: Sequence[Head]) -> dict[str, Spot]:
    if len(numbers) == 1:
        return {"score": numbers[0]}
    order = [head.role for head in columns] or list(_POINTS)
    return dict(zip(order, numbers, strict=True)) if len(numbers) == len(order) else {}
