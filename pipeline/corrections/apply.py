"""A document's records with the decisions about it: those that hold are applied, the others say why not.

A decision holds where what was seen is what the machine reads, or what it reads once the other
decisions are carried out: somebody who corrected a name and then a value saw the corrected name.
So they are carried out in rounds until no more of them hold, in a round in the order of their times.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from extractors.grid import Document, Doubt
from extractors.layout.forms import Form, Reading
from pipeline.corrections.dismiss import Find, with_dismissals
from pipeline.corrections.locate import Standing, form_of, slot_of, standing
from pipeline.corrections.reshape import CLAIM, ImpossibleError, Place, reshaped
from pipeline.corrections.types import Action, Correction, Kind, Seen
from pipeline.corrections.verdicts import APPLIED, CONFLICT, ORPHANED, STALE, issue_of, verdict
from pipeline.corrections.words import word_of
from pipeline.records.build import document_records
from pipeline.records.people import Word, amount_key
from pipeline.records.types import DocumentRecords
from pipeline.schema import CorrectionRow


@dataclass(frozen=True, slots=True)
class Held:
    """A decision that holds: where, and what stands there without it."""

    made: Correction
    place: Place
    form: Standing
    now: Seen


@dataclass(slots=True)
class _Work:
    """One document, and what is known about its decisions so far; ``refused`` says why it cannot be."""

    document: Document
    reading: Reading
    path: str
    machine: tuple[Standing, ...]
    naturals: dict[tuple[str, int | None], set[tuple[int, str, str]]]
    clashing: set[Correction]
    refused: dict[Correction, str] = field(default_factory=dict)


def decided_records(
    document: Document, reading: Reading, path: str, corrections: Sequence[Correction] = ()
) -> DocumentRecords:
    """The records of a document with people's decisions about it.

    ``corrections`` are all that may be about it. Each becomes a row of ``corrections``: applied,
    stale, orphaned or in conflict; those about findings wait in ``FormRecords.dismissals``.
    """
    machine = document_records(document, reading, path)
    if not corrections:
        return machine
    naturals: dict[tuple[str, int | None], set[tuple[int, str, str]]] = defaultdict(set)
    for one in corrections:
        naturals[one.target.document, one.target.form_no].add(one.target.natural)
    keys = Counter(c.target.key for c in corrections)
    forms = tuple(standing(form) for form in machine.forms)
    work = _Work(document, reading, path, forms, naturals, {c for c in corrections if keys[c.target.key] > 1})
    plain = [c for c in corrections if c.kind is not Kind.DISMISS]
    held, records = _settled(work, plain, machine)
    rows = [_verdict(work, one, held.get(one), machine, records) for one in plain]
    dismissed = [c for c in corrections if c.kind is Kind.DISMISS]
    records, more = with_dismissals(records, dismissed, work.clashing, _finder(work, records))
    return _published(records, [*rows, *more], path)


def _finder(work: _Work, records: DocumentRecords) -> Find:
    """How the form of a decision is found among these records.

    Its names are first looked for as the machine reads them, then as they stand with other decisions.
    """
    now = tuple(standing(form) for form in records.forms)
    by_number = {form.form_no: form for form in now}

    def find(one: Correction) -> Standing | None:
        target = one.target
        naturals = work.naturals[target.document, target.form_no]
        for forms in (work.machine, now):
            found = form_of(target, naturals, work.document.document_id, forms)
            if found is not None:
                return by_number.get(found.form_no)
        return None

    return find


def _settled(
    work: _Work, plain: Sequence[Correction], machine: DocumentRecords
) -> tuple[dict[Correction, Held], DocumentRecords]:
    """The decisions that hold, and the records with them."""
    while True:
        held: dict[Correction, Held] = {}
        records = machine
        pending = [c for c in plain if c not in work.clashing and c not in work.refused]
        clash: set[Correction] = set()
        while pending and not clash:
            found = _holding(work, pending, records)
            clash = _clashes([*held.values(), *found])
            if not found or clash:
                break
            held |= {one.made: one for one in found}
            pending = [c for c in pending if c not in held]
            made = _carried_out(work, held.values())
            if made is None:
                break  # one of them turned out to be impossible: once more without it
            records = made
        else:
            if not clash:
                return held, records
        if clash:
            work.clashing |= clash
        elif not any(c in work.refused for c in held):
            return held, records


def _holding(work: _Work, pending: Iterable[Correction], records: DocumentRecords) -> list[Held]:
    find = _finder(work, records)
    found = []
    for one in pending:
        form = find(one)
        slot = slot_of(one.target, one.seen, form) if form is not None else None
        if form is not None and slot is not None:
            found.append(Held(one, form.place(slot), form, form.seen[slot]))
    return sorted(found, key=lambda h: (datetime.fromisoformat(h.made.when), h.made.id))


def _clashes(held: Iterable[Held]) -> set[Correction]:
    """The decisions that meet in one slot."""
    places: dict[tuple[int, str], list[Correction]] = defaultdict(list)
    for one in held:
        places[one.place.form_no, one.place.slot].append(one.made)
    return {made for found in places.values() if len(found) > 1 for made in found}


def _carried_out(work: _Work, held: Iterable[Held]) -> DocumentRecords | None:
    """The records with these decisions; None where one cannot be carried out, which is then noted."""
    forms = {form.form_no: form for form in work.reading.forms}
    people: dict[int, dict[str, Word]] = defaultdict(dict)
    for one in held:
        number = one.place.form_no
        try:
            forms[number] = reshaped(forms[number], one.place, one.made)
        except ImpossibleError as error:
            work.refused[one.made] = str(error)
            return None
        people[number] |= _words(one)
    gone = {one.place.form_no for one in held if one.made.set.action is Action.NO_FORM}
    reading = _reading(work.reading, forms, gone)
    return document_records(work.document, reading, work.path, people)


def _words(one: Held) -> dict[str, Word]:
    """What the records are told, by slot; a decision about a whole row marks what it touched."""
    slot, place, given = one.place.slot, one.place, one.made.set
    if slot.startswith("funding:"):
        _, source, stage, *beside = slot.split(":")
        at = amount_key(source, stage.partition("#")[0], str(place.amount))
        return {":".join((at, *beside)): word_of(one.made, slot)}
    if given.action is Action.MOVE:
        return {slot: Word(), str(given.to): Word()}
    if given.action is Action.UNDER:
        return {f"{slot}:level2": Word()}
    if given.action is Action.JOIN_NEXT:
        return {f"{slot}:name": Word()}
    return {slot: word_of(one.made, slot)}


def _reading(reading: Reading, forms: dict[int, Form], gone: set[int]) -> Reading:
    """The reading with the reshaped forms; cells of what is no form lie outside, claimed by the person."""
    kept = tuple(forms[form.form_no] for form in reading.forms if form.form_no not in gone)
    dropped = [form for form in reading.forms if form.form_no in gone]
    claims = dict(reading.claims)
    doubts: list[Doubt] = []
    for form in dropped:
        claims |= dict.fromkeys([c.id for c in form.cells] + [b.id for b in form.blocks], CLAIM)
        doubts += [replace(doubt, row_no=None) for doubt in form.doubts]
    return Reading(
        kept,
        (*reading.outside_cells, *(c for form in dropped for c in form.cells)),
        (*reading.outside_blocks, *(b for form in dropped for b in form.blocks)),
        claims,
        (*reading.doubts, *doubts),
    )


def _verdict(
    work: _Work,
    one: Correction,
    held: Held | None,
    machine: DocumentRecords,
    records: DocumentRecords,
) -> CorrectionRow:
    """What became of a decision; ids of a form or row that it did away with are left out."""
    if held is not None:
        here = next((f for f in records.forms if f.form.form_no == held.place.form_no), None)
        year = here.form.fiscal_year if here else records.fiscal_year
        made = verdict(
            one,
            APPLIED,
            form=held.form,
            slot=held.place.slot,
            cell_id=held.place.cell_id,
            now=held.now,
            year=year,
        )
        ids = {row.indicator_id for row in here.indicators} if here else set()
        gone = made.indicator_id is not None and made.indicator_id not in ids
        return replace(
            made, form_id=made.form_id if here else None, indicator_id=None if gone else made.indicator_id
        )
    form = _finder(work, records)(one)
    status = CONFLICT if one in work.clashing else STALE
    if form is None:
        return verdict(one, status if status == CONFLICT else ORPHANED, year=machine.fiscal_year)
    now = form.seen.get(one.target.slot)
    cell = form.place(one.target.slot).cell_id
    return verdict(
        one, status, form=form, cell_id=cell, now=now, why=work.refused.get(one, ""), year=form.natural[0]
    )


def _published(records: DocumentRecords, rows: Sequence[CorrectionRow], path: str) -> DocumentRecords:
    issues = tuple(issue_of(row, path, records.document_id) for row in rows if row.status != APPLIED)
    return replace(records, corrections=tuple(rows), issues=(*records.issues, *issues))
