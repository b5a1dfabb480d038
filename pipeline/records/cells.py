"""Every non-empty cell as a row that says who claims it; an unclaimed one is itself an issue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from extractors.grid import Cell, TextBlock
from normalizers.frozen import maker
from pipeline.records.notes import Notes
from pipeline.schema import CellRow

_ROW = maker(CellRow)
UNCLAIMED = "cell_unclaimed"


def claim_of(claim: str, indicators: dict[int, str]) -> str:
    """A layout's claim as published: rows by number become indicators by id (``indicators``).

    A slot of a row that is no indicator (a printed empty slot) belongs to the form.

    >>> claim_of("row:3:target", {3: "9f"}), claim_of("row:4:target", {}), claim_of("noise:filler", {})
    ('indicator:9f:target', 'form:blank_slot', 'noise:filler')
    """
    if not claim.startswith("row:"):
        return claim
    _, row_no, slot = claim.split(":", 2)
    indicator = indicators.get(int(row_no))
    return "form:blank_slot" if indicator is None else f"indicator:{indicator}:{slot}"


def cell_rows(
    places: Iterable[Cell | TextBlock],
    claims: dict[str, str],
    notes: Notes,
    *,
    form_id: str | None = None,
    indicators: dict[int, str] | None = None,
    year: int = 0,
) -> Iterator[CellRow]:
    """One row for each non-empty cell or block; empty ones are not published."""
    for place in places:
        if not place.text.strip():
            continue
        claim = claims.get(place.id)
        if not claim:
            notes.add(UNCLAIMED, {"text": place.text[:40]}, form_id=form_id, cell_id=place.id)
            claim = f"issue:{UNCLAIMED}"
        yield cell_row(place, claim_of(claim, indicators or {}), notes, form_id, year)


def cell_row(place: Cell | TextBlock, claim: str, notes: Notes, form_id: str | None, year: int) -> CellRow:
    """The row of one cell or text block; row and column are null for text outside tables."""
    at, box = place.at, place.at.box
    inside = place if isinstance(place, Cell) else None
    return _ROW(
        cell_id=place.id,
        document_id=notes.document_id,
        form_id=form_id,
        page=at.page,
        sheet=at.sheet,
        ref=at.ref,
        line=at.line,
        x0=box.x0 if box else None,
        y0=box.y0 if box else None,
        x1=box.x1 if box else None,
        y1=box.y1 if box else None,
        row=inside.row if inside else None,
        col=inside.col if inside else None,
        row_span=inside.row_span if inside else None,
        col_span=inside.col_span if inside else None,
        text=place.text,
        reader=notes.origins.get(place.id),
        confidence_read=place.confidence.read,
        inferred=inside.inferred if inside else (),
        claimed_by=claim,
        fiscal_year=year,
    )
