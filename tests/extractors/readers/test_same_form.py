"""One form typeset in every format publishes the same fields, amounts and rows as the text dump."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import pytest

from extractors import find_forms, read
from extractors.layout.forms import Form

ROOT = Path(__file__).parents[3]
OFFICE = ROOT / "tests" / "fixtures" / "office"
MADE = sorted(path.name for path in OFFICE.glob("form.*"))
NEEDED = {".doc": "antiword", ".xls": "xlrd", ".et": "xlrd"}
FIELDS = ("title", "fiscal_year", "project_name", "department", "agency", "project_nature", "period", "goal")


def told(form: Form) -> dict[str, object]:
    """What a form says, without its places."""
    rows = [
        (
            row.level1.node_id if row.level1 else None,
            row.level2.node_id if row.level2 else None,
            row.ordinal,
            row.name,
            row.slots["target"].text if "target" in row.slots else None,
        )
        for row in form.rows
    ]
    fields = {name: form.fields[name].text if name in form.fields else None for name in FIELDS}
    money = [(item.source, item.stage, item.amount.text, item.scale_word) for item in form.funding]
    return {"kind": form.kind, "family": form.family, "fields": fields, "money": money, "rows": rows}


@cache
def dump() -> dict[str, object]:
    source = next((ROOT / "data" / "raw" / "2024").glob("*.txt"))
    return told(find_forms(read(source)).forms[1])


@pytest.mark.parametrize("name", MADE)
def test_the_same_form(name: str) -> None:
    if tool := NEEDED.get(Path(name).suffix):
        pytest.importorskip("xlrd") if tool == "xlrd" else shutil.which(tool) or pytest.skip(
            f"no {tool} here"
        )
    document = read(OFFICE / name)
    reading = find_forms(document)
    (form,) = reading.forms
    assert told(form) == dump()
    places = {cell.id for grid in document.grids for cell in grid.cells if cell.text}
    claimed = set(form.claims) | set(reading.claims)
    assert places <= claimed
    assert not document.doubts
    owners = {item.id: form.claims.get(item.id, "") for item in (*form.cells, *form.blocks)}
    assert "form:fiscal_year" in owners.values()
    assert not [i.text for i in form.cells if owners[i.id].startswith("issue:")]
