"""What the header reader left: labels nobody knows, with their values. Kept as ``form:extra``, never silently."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from extractors.layout.account import LABEL, Ledger
from extractors.layout.lines import Line, Spot, block_spot
from extractors.layout.shapes import Shapes

EXTRA = "form:extra"
OUTSIDE = "noise:outside_form"
_LABEL = 24  # characters an unknown label may have


def claim_leftovers(lines: Sequence[Line], shapes: Shapes, ledger: Ledger) -> None:
    """Claim unknown labels of the header with what stands right of them.

    A text is such a label when it is short and stands left of another unclaimed text, or left of
    everything else in its row. One doubt ``unknown_field`` names all of them.

    Args:
        lines: the lines above (or below) the indicator block, after they were read.
        shapes: shape patterns; ``income`` are mere headings inside the money block.
        ledger: takes claims and the doubt.
    """
    found: list[Spot] = []
    for line in lines:
        if line.dropped:
            continue
        if line.block is not None and not ledger.claimed(line.block) and len(line.block.text) <= _LABEL:
            found.append(block_spot(line.block, line.no))
        for spot in line.spots:
            if not ledger.claimed(spot) and shapes.is_("income", spot.key):
                ledger.claim(spot, LABEL)
        found += _extra(line, ledger)
    for spot in found:
        ledger.claim(spot, EXTRA)
    if found:
        ledger.doubt(
            "unknown_field", found, None, text=" | ".join(spot.text.strip()[:20] for spot in found[:12])
        )


def claim_outside(lines: Iterable[Line], ledger: Ledger) -> None:
    """Claim texts beside the table that are no part of a form: over one without a title, and below one.

    Args:
        lines: lines above or below the indicator block, after they were read; rows are passed over.
        ledger: takes the claims.
    """
    for line in lines:
        if line.block is not None and not line.dropped:
            ledger.claim(line.block, OUTSIDE)


def claim_loose(lines: Sequence[Line], ledger: Ledger) -> None:
    """Claim what stands alone in a row below a form and is none of its fields: a note in it.

    Args:
        lines: the lines below the indicator block, after they were read.
        ledger: takes the claims.
    """
    for line in lines:
        if not line.dropped and line.block is None and len(line.spots) == 1:
            ledger.claim(line.spots[0], "form:note")


def _extra(line: Line, ledger: Ledger) -> list[Spot]:
    left = [spot for spot in line.spots if not ledger.claimed(spot)]
    if len(left) == 1 and left[0] is line.spots[-1] and left[0].key.endswith(":"):
        return left  # an unknown label whose value is empty
    if not left:
        return []
    if len(line.spots) < 2:
        return left if len(left[0].key) <= _LABEL else []
    first = left[0]
    if len(first.key) > _LABEL:
        return []
    if len(left) == len(line.spots) or first is line.spots[0]:
        return left
    return left if len(left) > 1 else []
