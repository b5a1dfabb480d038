"""What the comparison of forms needs to know of each: a few hundred bytes instead of its records."""

from __future__ import annotations

from dataclasses import dataclass

from normalizers import fold
from normalizers.names import fold_organisation, fold_project, project_years
from pipeline.audit.goals import telling
from pipeline.audit.limits import limits
from pipeline.audit.similarity import key, skeleton, sketch
from pipeline.records import FormRecords

ROW_SKETCH, GOAL_SKETCH = 24, 64
_CODE_LENGTH = int(limits("life").number("code_length"))
_SCOPES = ("department", "transfer")


@dataclass(frozen=True, slots=True)
class RowPrint:
    """One indicator row: keys of its name and of name with value, a sketch, where it stands.

    ``weight`` says how much a copy of the row would mean before rarity is known: short names and
    satisfaction rows are alike everywhere.
    """

    indicator_id: str
    cell_id: str
    name: int
    whole: int
    sketch: bytes
    weight: float


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """One form for :func:`pipeline.audit.compare.compare`; ``project`` is the name as printed.

    ``name``, ``agency`` and ``department`` are folded for comparison, ``years`` are those printed in
    the name. ``scope`` is ``project``, ``department`` or ``transfer``; ``phase`` is where in a
    project's life the form stands: ``declaration``, ``target``, ``monitoring``, ``self_evaluation``.
    ``goal_telling`` says that the same goal elsewhere means something (:mod:`pipeline.audit.goals`).
    ``total`` is the year's money in yuan as text, empty where none is printed.
    """

    form_id: str
    fiscal_year: int
    kind: str
    project: str
    name: str
    agency: str
    department: str
    rows: tuple[RowPrint, ...]
    code: str = ""
    years: tuple[int, ...] = ()
    scope: str = "project"
    phase: str = "target"
    total: str = ""
    goal: bytes = b""
    goal_key: int = 0
    goal_length: int = 0
    goal_cell: str = ""
    goal_telling: bool = False


def _row_weight(name: str, level1: str) -> float:
    weight = 1.0 if len(name) >= 6 else 0.5
    return weight / 2 if level1 == "satisfaction" else weight


def _rows(records: FormRecords) -> tuple[RowPrint, ...]:
    prints = []
    for row in records.indicators:
        name = skeleton(row.level3)
        if not name:
            continue
        value = skeleton(row.target.raw or "")
        prints.append(
            RowPrint(
                indicator_id=row.indicator_id,
                cell_id=row.level3_cell_id or "",
                name=key(name),
                whole=key(name, value),
                sketch=sketch(name, size=ROW_SKETCH),
                weight=_row_weight(name, row.level1_id or ""),
            )
        )
    return tuple(prints)


def _phase(records: FormRecords) -> str:
    """Where the form stands in a project's life; forms of departments and transfers by what they hold."""
    kind = records.form.kind
    if kind not in _SCOPES:
        return kind
    done = any(f.stage == "executed" for f in records.funding)
    reached = any(row.actual.raw for row in records.indicators)
    return "self_evaluation" if done or reached else "target"


def _total(records: FormRecords) -> str:
    """The money that was promised for the year: of a target, or what an evaluation calls 年初预算."""
    for stage in ("target", "initial"):
        for item in records.funding:
            if item.source == "total" and item.stage == stage and item.amount_yuan:
                return f"{item.amount_yuan:f}"
    return ""


def fingerprint(records: FormRecords) -> Fingerprint:
    """Reduce one form to what the comparison needs. Pure, cheap, about a tenth of the records' size."""
    form = records.form
    goal = skeleton(form.goal or "")
    scope = form.kind if form.kind in _SCOPES else "project"
    agency, department = (fold_organisation(unit or "") for unit in (form.agency, form.department))
    printed = form.project_name or ""
    code = skeleton(fold(form.project_code or ""))
    return Fingerprint(
        form_id=form.form_id,
        fiscal_year=form.fiscal_year,
        kind=form.kind,
        project=printed,
        name=fold_project(printed) if printed or scope != "department" else agency or department,
        agency=agency,
        department=department,
        rows=_rows(records),
        code=code if len(code) >= _CODE_LENGTH else "",
        years=project_years(printed),
        scope=scope,
        phase=_phase(records),
        total=_total(records),
        goal=sketch(goal, size=GOAL_SKETCH, width=3) if goal else b"",
        goal_key=key(goal) if goal else 0,
        goal_length=len(goal),
        goal_cell=records.field_cells.get("goal", ""),
        goal_telling=telling(goal),
    )
