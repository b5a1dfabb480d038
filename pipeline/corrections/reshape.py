"""Decisions about text, labels and structure, done to the layout's form before records are built.

Cells are never touched: a slot gets the person's text, or another row; the ``cells`` table keeps
what the machine read. A slot that a person decided is as sure as a person is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from extractors.grid import Cell, Confidence, TextBlock
from extractors.layout.forms import Form, FormRow, FundingItem, LevelLabel, Slot
from extractors.layout.shapes import cut_name
from extractors.layout.wording import clean_text, one_line
from normalizers import match_label
from normalizers.taxonomy import level_of, parent_id
from pipeline.corrections.types import Action, Correction, Kind

PERSON = "person"
CLAIM = "noise:person"  # who a cell belongs to once a person said that it is of no form or row
_SURE = Confidence(1.0, 1.0)
Edit = Callable[[Slot], Slot]


class ImpossibleError(ValueError):
    """A decision that cannot be carried out on this form; the message is a Chinese clause saying why."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a decision applies now: its slot's present name, and the cell that stands there.

    ``amount`` is the cell that tells amounts of one source and stage apart.
    """

    form_no: int
    slot: str
    cell_id: str | None = None
    amount: str | None = None


def reshaped(form: Form, place: Place, made: Correction) -> Form:
    """The form with one decision carried out. Raises ImpossibleError."""
    if made.kind is Kind.STRUCTURE:
        return _restructured(form, place, made)
    if made.kind is Kind.LABEL and place.slot.rpartition(":")[2] in ("level1", "level2"):
        return _labelled(form, place.slot, str(made.set.node))
    if made.kind is Kind.TEXT:
        return _edited(form, place, lambda slot: _sure(replace(slot, text=str(made.set.text))))
    return _edited(form, place, _sure)


def _sure(slot: Slot) -> Slot:
    return replace(slot, cell=_sure_cell(slot.cell), structure=1.0, how=PERSON)


def _sure_cell(cell: Cell | TextBlock | None) -> Cell | TextBlock | None:
    return None if cell is None else replace(cell, confidence=_SURE)


def _sure_label_cell(cell: Cell | None) -> Cell | None:
    return None if cell is None else replace(cell, confidence=_SURE)


def _edited(form: Form, place: Place, edit: Edit) -> Form:
    head, _, rest = place.slot.partition(":")
    if head == "field":
        old = form.fields.get(rest)
        return replace(form, fields=form.fields | {rest: edit(old or Slot("", None))})
    if head == "funding":
        return replace(form, funding=tuple(_amount(item, place, edit) for item in form.funding))
    row_no, _, name = rest.partition(":")
    row = row_of(form, int(row_no))
    return with_row(form, _row_edited(row, name, edit))


def _amount(item: FundingItem, place: Place, edit: Edit) -> FundingItem:
    _, source, stage, *beside = place.slot.split(":")
    cell = item.amount.cell
    if (item.source, item.stage) != (source, stage.partition("#")[0]) or not cell or cell.id != place.amount:
        return item
    if not beside:
        return replace(item, amount=edit(item.amount))
    made = edit(getattr(item, beside[0]) or Slot("", None))
    if beside[0] == "rate":
        return replace(item, rate=made)
    return replace(item, weight=made) if beside[0] == "weight" else replace(item, score=made)


def _row_edited(row: FormRow, name: str, edit: Edit) -> FormRow:
    if name == "name":
        slot = edit(Slot(row.name_raw, row.name_cell))
        return replace(_named(row, slot.text), name_cell=_sure_label_cell(row.name_cell))
    if name in ("level1", "level2"):
        level1 = name == "level1"
        label = row.level1 if level1 else row.level2
        made = _relabelled(label, edit(Slot(label.text if label else "", None)).text, 1 if level1 else 2)
        return replace(row, level1=made) if level1 else replace(row, level2=made)
    if name == "concept":
        return row
    if name == "actual" and name not in row.slots and "executed" in row.slots:
        name = "executed"  # a monitoring form prints what was reached by its month
    return replace(row, slots=row.slots | {name: edit(row.slots.get(name) or Slot("", None))})


def _named(row: FormRow, text: str) -> FormRow:
    ordinal, name, _ = cut_name(one_line(clean_text(text)))
    return replace(row, name_raw=text, name=name, ordinal=ordinal, blank=not name)


def _relabelled(label: LevelLabel | None, text: str, level: int) -> LevelLabel:
    """The label with the text as a person read it; what it means is looked up as for a printed one."""
    cell = _sure_label_cell(label.cell) if label else None
    if label is not None and label.text == text:
        return replace(label, cell=cell, how=PERSON, score=1.0)
    found = match_label(text, level=level)
    return LevelLabel(text, found.node_id, PERSON, found.score, cell, found.reason)


def _labelled(form: Form, slot: str, node: str) -> Form:
    _, row_no, name = slot.split(":")
    if level_of(node) != (1 if name == "level1" else 2):
        raise ImpossibleError(f"指标体系中没有“{node}”这一级指标")
    row = row_of(form, int(row_no))
    if name == "level1":
        return with_row(form, replace(row, level1=_decided(row.level1, node)))
    parent = parent_id(node)
    level1 = row.level1
    if parent is not None and (level1 is None or level1.node_id != parent):
        level1 = _decided(level1, parent)
    return with_row(form, replace(row, level1=level1, level2=_decided(row.level2, node)))


def _decided(label: LevelLabel | None, node: str) -> LevelLabel:
    """The label a person chose; what is printed there stays printed."""
    if label is None:
        return LevelLabel("", node, PERSON, 1.0, None)
    return replace(label, node_id=node, how=PERSON, score=1.0, cell=_sure_label_cell(label.cell), reason="")


def _restructured(form: Form, place: Place, made: Correction) -> Form:
    action, given = made.set.action, made.set
    if action is Action.NO_FORM:
        return form  # the whole document loses it: see apply
    row_no = int(place.slot.split(":")[1])
    if action is Action.UNDER:
        form = _labelled(form, f"row:{row_no}:level2", str(given.node))
        return with_row(form, replace(row_of(form, row_no), structure=1.0))
    if action is Action.NO_INDICATOR:
        return _without(form, row_no, CLAIM)
    if action is Action.JOIN_NEXT:
        return _joined(form, row_no)
    return _moved(form, place.slot, str(given.to))


def _without(form: Form, row_no: int, claim: str) -> Form:
    """The form without a row; a label it shares with another row goes on to be claimed by that row."""
    gone = row_of(form, row_no)
    rows = tuple(row for row in form.rows if row is not gone)
    owner = {
        label.cell.id: f"row:{row.row_no}:{name}"
        for row in reversed(rows)
        for name, label in (("level1", row.level1), ("level2", row.level2))
        if label is not None and label.cell is not None
    }
    start = f"row:{row_no}:"
    claims = {
        cell: owner.get(cell, claim) if said.startswith(start) else said for cell, said in form.claims.items()
    }
    return replace(form, rows=rows, claims=claims)


def _joined(form: Form, row_no: int) -> Form:
    """The row with the printed text of the next one behind its own, slot by slot."""
    row = row_of(form, row_no)
    later = [r for r in form.rows if r.row_no > row_no]
    if not later:
        raise ImpossibleError("其后已无可并入的行")
    after = min(later, key=lambda r: r.row_no)
    slots = dict(row.slots)
    for name, slot in after.slots.items():
        first = slots.get(name)
        empty = first is None or not first.text.strip()
        slots[name] = (
            _sure(slot) if empty or first is None else _sure(replace(first, text=first.text + slot.text))
        )
    made = _named(replace(row, slots=slots, structure=1.0), row.name_raw + after.name_raw)
    name_cell = _sure_label_cell(row.name_cell or after.name_cell)
    claims = {c: _claim_moved(said, after.row_no, row_no) for c, said in form.claims.items()}
    rows = tuple(r for r in form.rows if r is not after)
    return with_row(replace(form, rows=rows, claims=claims), replace(made, name_cell=name_cell))


def _claim_moved(claim: str, old: int, new: int) -> str:
    start = f"row:{old}:"
    return f"row:{new}:{claim.removeprefix(start)}" if claim.startswith(start) else claim


def _moved(form: Form, old: str, new: str) -> Form:
    """What stands in two slots, exchanged: a value in the wrong place leaves no hole to be filled by guess."""
    (_, from_no, from_name), (_, to_no, to_name) = old.split(":"), new.split(":")
    moving = row_of(form, int(from_no)).slots.get(from_name, Slot("", None))
    if int(to_no) not in {row.row_no for row in form.rows}:
        raise ImpossibleError(f"表中已无第 {to_no} 行")
    back = row_of(form, int(to_no)).slots.get(to_name, Slot("", None))
    form = _edited(form, Place(form.form_no, old), lambda _: _sure(back))
    form = _edited(form, Place(form.form_no, new), lambda _: _sure(moving))
    claims = dict(form.claims)
    for slot, name in ((moving, new), (back, old)):
        if slot.cell is not None and slot.cell.id in claims:
            claims[slot.cell.id] = name
    return replace(form, claims=claims)


def row_of(form: Form, row_no: int) -> FormRow:
    """The row with this number. Raises ImpossibleError."""
    for row in form.rows:
        if row.row_no == row_no:
            return row
    raise ImpossibleError(f"表中已无第 {row_no} 行")


def with_row(form: Form, made: FormRow) -> Form:
    """The form with a row in place of the one of the same number."""
    return replace(form, rows=tuple(made if row.row_no == made.row_no else row for row in form.rows))
