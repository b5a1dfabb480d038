"""Where a decision applies now: found by its document's form and by what was seen, never by guess.

A form is the same where the bytes are, else where its natural key is; a row where its number, its
name and its slot are, else where its name and what was seen stand in exactly one other row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict
from rapidfuzz import fuzz

from normalizers.reference import parsed
from pipeline.corrections.reshape import Place
from pipeline.corrections.seen import funding_slots, slots
from pipeline.corrections.types import Seen, Target
from pipeline.records.types import FormRecords
from pipeline.schema import TABLES

LIMITS = Path(__file__).with_name("limits.yaml")


class _Limit(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    value: float
    why: str
    seen: str


class _Limits(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    same_name: _Limit


@cache
def _limits() -> _Limits:
    return _Limits.model_validate(parsed(LIMITS.read_text(encoding="utf-8")))


def near(one: str, other: str) -> bool:
    """Whether two names are one name that was mended at most a little.

    >>> near("资料印刷数量", "资料印刷数"), near("资料印刷数量", "资料发放数量"), near("", "甲")
    (True, False, False)
    """
    return one == other or bool(one and other and fuzz.ratio(one, other) / 100 >= _limits().same_name.value)


@dataclass(frozen=True, slots=True)
class Standing:
    """A form as it stands now: what is seen in each slot, and where its rows and amounts are."""

    form_no: int
    form_id: str
    kind: str
    natural: tuple[int, str, str]
    seen: Mapping[str, Seen]
    indicators: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    amounts: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)

    def place(self, slot: str) -> Place:
        """Where a slot of this form stands."""
        head, _, rest = slot.partition(":")
        if head == "funding":
            cell = self.amounts.get(":".join(slot.split(":")[:3]))
            return Place(self.form_no, slot, cell, cell)
        if head == "field":
            return Place(self.form_no, slot, self.fields.get(rest))
        if head != "row":
            return Place(self.form_no, slot)
        row = self.indicators.get(int(rest.partition(":")[0]), {})
        name = rest.partition(":")[2]
        column = f"{name}_cell_id" if name in ("target", "actual", "level2") else "level3_cell_id"
        return Place(self.form_no, slot, row.get(column))


def standing(records: FormRecords) -> Standing:
    """A form's records as decisions look at them."""
    form = _flat("forms", records.form)
    funding = [_flat("funding", row) for row in records.funding]
    indicators = [_flat("indicators", row) for row in records.indicators]
    quantities = [_flat("quantities", row) for row in records.quantities]
    return Standing(
        form_no=records.form.form_no,
        form_id=records.form.form_id,
        kind=records.form.kind,
        natural=(form["fiscal_year"], form["department"] or "", form["project_name"] or ""),
        seen=slots(form, funding, indicators, quantities),
        indicators={row["row_no"]: row for row in indicators},
        amounts=dict(zip(funding_slots(funding), (row["cell_id"] for row in funding), strict=True)),
        fields=records.field_cells,
    )


def _flat(table: str, row: object) -> dict[str, Any]:
    found = TABLES[table]
    return dict(zip((c.name for c in found.columns), found.values(row), strict=True))


def form_of(
    target: Target, naturals: Iterable[tuple[int, str, str]], document_id: str, forms: Sequence[Standing]
) -> Standing | None:
    """The form that a decision is about; None where it is gone or could be several.

    ``naturals`` are all natural keys under which decisions about it were made: a name may have been
    corrected meanwhile. In the same bytes a form is also found by its number, in others only where
    its names are nearly the same.
    """
    known = set(naturals)
    kin = [f for f in forms if target.form_kind in (None, f.kind)]
    named = [f for f in kin if f.natural in known]
    here = next((f for f in forms if f.form_no == target.form_no), None)
    if here in named or (len(named) != 1 and target.document == document_id):
        return here
    if len(named) == 1:
        return named[0]
    if not named and here in kin and any(_nearly(here.natural, n) for n in known if here):
        return here
    return None


def _nearly(one: tuple[int, str, str], other: tuple[int, str, str]) -> bool:
    years = one[0] == other[0] or 0 in (one[0], other[0])
    return years and all(near(a, b) for a, b in zip(one[1:], other[1:], strict=True))


def slot_of(target: Target, seen: Seen, form: Standing) -> str | None:
    """The slot in which just what was seen stands now; None where it does not, or in several."""
    now = form.seen.get(target.slot)
    if now is not None and _holds(now, seen) and seen.row in (None, now.row):
        return target.slot
    moved = [s for s, other in _elsewhere(target.slot, form) if _holds(other, seen) and _tells(other, seen)]
    if len(moved) == 1:
        return moved[0]
    if not moved and now is not None and _holds(now, seen) and near(now.row or "", seen.row or ""):
        return target.slot
    return None


def _holds(now: Seen, then: Seen) -> bool:
    return (now.text, now.reading) == (then.text, then.reading)


def _tells(now: Seen, then: Seen) -> bool:
    """Whether what was seen is enough to know its place by: the row's name, or a text without one."""
    return now.row == then.row if then.row else then.row is None and bool(then.text)


def _elsewhere(slot: str, form: Standing) -> Iterable[tuple[str, Seen]]:
    """The slots of the same sort in other places of the form."""
    head, *rest = slot.split(":")
    if head == "row":
        tail = rest[1:]
        return [
            (s, n) for s, n in form.seen.items() if s != slot and s[:4] == "row:" and s.split(":")[2:] == tail
        ]
    if head == "funding" and len(rest) == 2:
        start = f"funding:{rest[0]}:{rest[1].partition('#')[0]}"
        return [
            (s, n)
            for s, n in form.seen.items()
            if s != slot and s.partition("#")[0] == start and s.count(":") == 2
        ]
    return []
