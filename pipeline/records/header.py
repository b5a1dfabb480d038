"""The header of a form as columns: names, codes, nature, period, goal."""

from __future__ import annotations

from typing import Any

from extractors.layout.forms import Form
from normalizers import fields
from pipeline.records.notes import Notes
from pipeline.records.people import NOBODY, People

# Where 主管部门 or 实施单位 is not printed: a fund of a province names its own, a list its unit above the table,
# and 部门名称 names whose budget the form of a whole department is.
_INSTEAD = (
    ("department", "provincial_department"),
    ("department", "local_department"),
    ("department", "department_name"),
    ("agency", "unit_name"),
)
_OF_DEPARTMENT = (("department", "department_name"), ("department", "unit_name"))
PLAIN = ("title", "project_name", "project_code", "goal", "goal_actual")


def text_of(form: Form, name: str, people: People = NOBODY) -> str | None:
    """The text of a header field, a person's or else as printed; None where it is missing or empty."""
    word = people.get(f"field:{name}")
    if word is not None and word.text is not None:
        return word.text if word.text.strip() else None
    slot = form.fields.get(name)
    return slot.text if slot is not None and slot.text.strip() else None


def header_columns(
    form: Form, form_id: str, year: int, notes: Notes, people: People = NOBODY
) -> dict[str, Any]:
    """The columns of ``forms`` that come from header fields, money and points left out."""
    found: dict[str, Any] = {name: text_of(form, name, people) for name in PLAIN}
    if found["project_name"] is None:
        found["project_name"] = text_of(form, "programme_name")  # 专项名称 names what the money is for
    if found["project_code"] is None and found["project_name"] is not None:
        found["project_code"] = fields.project_code(found["project_name"])
    if found["goal"] is None:
        found["goal"] = _goal_of_term(form, form_id, notes)
    for name in ("department", "agency"):
        found |= _unit(form, name, people)
    for name, slot in _INSTEAD if form.kind != "department" else _OF_DEPARTMENT:
        if found[name] is None:
            found |= _unit(form, slot, people, name)
    found |= _nature(form, form_id, notes, people)
    return found | _period(form, form_id, year, notes, people)


def _goal_of_term(form: Form, form_id: str, notes: Notes) -> str | None:
    """项目总体目标 where it is the only goal printed, and the issue that it may not be the year's."""
    goal = text_of(form, "goal_midterm")
    if goal is not None:
        label = form.fields["goal_midterm"].label_cell
        data = {"label": label.text if label is not None else "总体目标"}
        notes.add("goal_of_term", data, form_id=form_id, cell_id=_cell(form, "goal_midterm"))
    return goal


def _unit(form: Form, slot: str, people: People, name: str = "") -> dict[str, Any]:
    """A unit's name and code; a code printed in its own cell wins over one before the name."""
    name = name or slot
    own_code, printed = text_of(form, f"{name}_code", people), text_of(form, slot, people)
    if printed is None:
        return {name: None, f"{name}_code": own_code}
    split = fields.split_code(printed)
    if own_code is not None and split.code is None:
        return {name: printed, f"{name}_code": own_code}
    return {name: split.name, f"{name}_code": own_code or split.code}


def _nature(form: Form, form_id: str, notes: Notes, people: People) -> dict[str, Any]:
    printed, read = text_of(form, "project_nature"), text_of(form, "project_nature", people)
    word = people.get("field:project_nature")
    if word is not None and word.node is not None:
        return {"project_nature_raw": printed, "project_nature": word.node}
    if read is None:
        return {"project_nature_raw": printed}
    nature = fields.project_nature(read)
    if nature.code is None:
        data = {"text": read, "reason": nature.reason}
        notes.add("nature_unknown", data, form_id=form_id, cell_id=_cell(form, "project_nature"))
    return {"project_nature_raw": printed, "project_nature": nature.code}


def _period(form: Form, form_id: str, year: int, notes: Notes, people: People) -> dict[str, Any]:
    printed, read = text_of(form, "period"), text_of(form, "period", people)
    if read is None:
        return {"period_raw": printed}
    period = fields.read_period(read, year=year or None)
    if period.kind == "unread":
        notes.add("period_unread", {"text": read}, form_id=form_id, cell_id=_cell(form, "period"))
    return {"period_raw": printed, "period_start": period.start, "period_end": period.end}


def _cell(form: Form, name: str) -> str | None:
    slot = form.fields.get(name)
    return slot.cell.id if slot is not None and slot.cell is not None else None


def field_cells(form: Form) -> dict[str, str]:
    """Where each header field stands: its name and the id of its cell."""
    return {name: slot.cell.id for name, slot in form.fields.items() if slot.cell is not None}
