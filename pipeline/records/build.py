"""A document's forms as records: the one module that joins what stands there with what it means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from extractors.grid import Cell, Document, TextBlock
from extractors.layout.forms import Form, Reading
from pipeline.records.cells import cell_rows
from pipeline.records.confidence import grade, lowest, read_score, weakest_part
from pipeline.records.header import field_cells, header_columns, text_of
from pipeline.records.ids import form_id as form_id_of
from pipeline.records.indicators import Where, blank_row, blank_values, indicator_row
from pipeline.records.meaning import quantities_in
from pipeline.records.misread import lowered, misreads
from pipeline.records.money import funding_rows, header_amount, number_of
from pipeline.records.notes import Notes
from pipeline.records.people import NOBODY, People, decided, spoken
from pipeline.records.types import DocumentRecords, FormRecords, RowReading
from pipeline.records.values import quantities
from pipeline.records.year import document_year, fiscal_year, note_year, told_year
from pipeline.schema import CellRow, FormRow, FundingRow, IndicatorRow, QuantityRow

SOURCES = ("total", "fiscal", "carryover", "other")


def document_records(
    document: Document, reading: Reading, path: str, people: Mapping[int, People] | None = None
) -> DocumentRecords:
    """All that a document says, as rows; doubts become issues, every non-empty cell a row of its own.

    ``path`` is how messages name the file, and one of the places that may name its year; ``people`` is
    what people said of the slots of each form, by ``form_no``.
    Raises UnknownIssueError when an extractor doubts with an unregistered code.
    """
    places = _places(document, reading)
    notes = Notes(path, document.document_id, places, _origins(document))
    forms = tuple(
        form_records(form, path, notes, (people or {}).get(form.form_no, NOBODY)) for form in reading.forms
    )
    year = document_year(tuple(f.form.fiscal_year for f in forms), path)
    notes.year = year
    for doubt in (*document.doubts, *reading.doubts):
        notes.doubt(doubt)
    inside = {cell.cell_id for form in forms for cell in form.cells}
    rest: list[Cell | TextBlock] = [*reading.outside_cells, *reading.outside_blocks]
    outside = [p for p in rest if p.id not in inside]
    known = inside | {p.id for p in outside}
    # Nothing may be lost: what neither a form nor the layout's remainder holds is still published.
    outside += [p for p in places.values() if p.id not in known]
    cells = tuple(cell_rows(outside, reading.claims, notes, year=year))
    return DocumentRecords(
        document_id=document.document_id,
        media_type=document.media_type,
        reader=document.reader,
        pages=len(document.pages) or None,
        fiscal_year=year,
        forms=forms,
        cells=cells,
        issues=notes.take(),
    )


def _places(document: Document, reading: Reading) -> dict[str, Cell | TextBlock]:
    """Every cell and block by id; the layout's repaired copies replace the reader's originals."""
    found: dict[str, Cell | TextBlock] = {b.id: b for b in document.blocks}
    found |= {c.id: c for g in document.grids for c in g.cells}
    for part in reading.forms:
        found |= {c.id: c for c in part.cells}
        found |= {b.id: b for b in part.blocks}
    found |= {c.id: c for c in reading.outside_cells}
    return found | {b.id: b for b in reading.outside_blocks}


def _origins(document: Document) -> dict[str, str]:
    """By which reader and engine each cell and block was read."""
    found = {b.id: b.origin or document.reader for b in document.blocks}
    for grid in document.grids:
        found |= dict.fromkeys((cell.id for cell in grid.cells), grid.origin or document.reader)
    return found


def form_records(form: Form, path: str, notes: Notes, people: People = NOBODY) -> FormRecords:
    """One form as rows, its own issues included."""
    key, told = form_id_of(notes.document_id, form.form_no), told_year(people)
    year = notes.year = fiscal_year(form, path) if told is None else told
    if told is None:
        note_year(form, path, key, notes)
    where = Where(key, notes.document_id, year, form.structure)
    named = [row for row in form.rows if not row.blank]
    indicators = [indicator_row(row, where, notes, people) for row in named]
    ids = {row.row_no: made.indicator_id for row, (made, _) in zip(named, indicators, strict=True)}
    for doubt in form.doubts:
        indicator = ids.get(doubt.row_no) if doubt.row_no is not None else None
        notes.doubt(doubt, form_id=key, indicator_id=indicator)
    funding = tuple(funding_rows(form.funding, key, year, notes, people))
    cells = tuple(
        cell_rows((*form.blocks, *form.cells), form.claims, notes, form_id=key, indicators=ids, year=year)
    )
    rows = tuple(made for made, _ in indicators)
    doubted = _contradicted(funding, indicators, key, notes)
    if doubted:
        cells = tuple(
            replace(c, confidence_read=lowered(c.confidence_read, (c.cell_id,), doubted)) for c in cells
        )
        rows = tuple(_doubtful_row(row, doubted) for row in rows)
    return FormRecords(
        form=_form_row(form, where, funding, rows, cells, notes, people, doubted),
        funding=funding,
        indicators=rows,
        quantities=tuple(q for _, reading in indicators for q in _quantities(reading, year)),
        blank_slots=tuple(blank_row(row, where) for row in form.rows if row.blank),
        cells=cells,
        readings=tuple(reading for _, reading in indicators),
        blank_values=tuple(value for row in form.rows if row.blank for value in blank_values(row)),
        goal=quantities_in(text_of(form, "goal", people) or ""),
        field_cells=field_cells(form),
        issues=notes.take(),
    )


def _contradicted(
    funding: tuple[FundingRow, ...],
    indicators: list[tuple[IndicatorRow, RowReading]],
    form_id: str,
    notes: Notes,
) -> frozenset[str]:
    """The recognised cells that the form's own meaning contradicts, each noted as an issue."""
    found = misreads(funding, indicators, notes.places)
    for one in found:
        notes.add(
            "misread_by_meaning",
            {"text": notes.places[one.cell_id].text, "why": one.why, "suggestion": one.suggestion},
            form_id=form_id,
            indicator_id=one.indicator_id,
            cell_id=one.cell_id,
        )
    return frozenset(one.cell_id for one in found)


def _doubtful_row(row: IndicatorRow, doubted: frozenset[str]) -> IndicatorRow:
    read = lowered(row.confidence_read, (row.target.cell_id, row.actual.cell_id), doubted)
    if read == row.confidence_read:
        return row
    earned = grade(read, row.confidence_structure, row.confidence_meaning)
    return replace(row, confidence_read=read, grade=earned)


def _quantities(reading: RowReading, year: int) -> Iterator[QuantityRow]:
    yield from quantities(reading.indicator_id, "target", reading.target, year)
    yield from quantities(reading.indicator_id, "actual", reading.actual, year)


def _form_row(
    form: Form,
    where: Where,
    funding: tuple[FundingRow, ...],
    indicators: tuple[IndicatorRow, ...],
    cells: tuple[CellRow, ...],
    notes: Notes,
    people: People,
    doubted: frozenset[str],
) -> FormRow:
    score = spoken(form.fields.get("total_score"), people.get("field:total_score"))
    slots = form.fields.values()
    read = lowest([read_score(s.cell for s in slots), weakest_part(i.confidence_read for i in indicators)])
    read = lowered(read, (f.cell_id for f in funding), doubted)
    structure = lowest([form.structure, weakest_part(i.confidence_structure for i in indicators)])
    meaning = weakest_part(i.confidence_meaning for i in indicators)
    amounts: dict[str, Any] = {
        f"funding_{s}_yuan": header_amount(funding, s, where.form_id, notes) for s in SOURCES
    }
    return FormRow(
        form_id=where.form_id,
        document_id=where.document_id,
        form_no=form.form_no,
        kind=form.kind,
        family=form.family,
        **header_columns(form, where.form_id, where.year, notes, people),
        **amounts,
        total_score=number_of(score, "total_score", notes, form_id=where.form_id),
        taxonomy_version=form.taxonomy_version,
        page_first=min(form.pages, default=None),
        page_last=max(form.pages, default=None),
        cells_total=len(cells),
        cells_claimed=sum(1 for c in cells if c.claimed_by != "issue:cell_unclaimed"),
        confidence_read=read,
        confidence_structure=structure,
        confidence_meaning=meaning,
        grade=grade(read, structure, meaning),
        corrected=decided(people, "field"),
        fiscal_year=where.year,
    )
