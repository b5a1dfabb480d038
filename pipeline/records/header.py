"""The header of a form as columns: names, codes, nature, period, goal."""

from __future__ import annotations

from typing import Any

from extractors.layout.forms import Form

PLAIN = {
    "title": "title",
    "project_name": "project_name",
    "project_code": "project_code",
    "goal": "goal",
    "goal_actual": "goal_actual",
    "project_nature": "project_nature_raw",
    "period": "period_raw",
}


def text_of(form: Form, name: str) -> str | None:
    """The printed text of a header field, None where it is missing or empty."""
    slot = form.fields.get(name)
    return slot.text if slot is not None and slot.text.strip() else None


def header_columns(form: Form) -> dict[str, Any]:
    """The columns of ``forms`` that come from header fields, money and points left out."""
    found: dict[str, Any] = {column: text_of(form, name) for name, column in PLAIN.items()}
    for name in ("department", "agency"):
        found[name] = text_of(form, name)
        found[f"{name}_code"] = text_of(form, f"{name}_code")
    return found


def field_cells(form: Form) -> dict[str, str]:
    """Where each header field stands: its name and the id of its cell."""
    return {name: slot.cell.id for name, slot in form.fields.items() if slot.cell is not None}
