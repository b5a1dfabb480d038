"""Forms as provinces print them: fields, amounts and rows are read, and nothing is left unclaimed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

HERE = Path(__file__).parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))

from printed_forms import drawn  # noqa: E402

from extractors.grid import Document, TextBlock  # noqa: E402
from extractors.layout import find_forms  # noqa: E402
from extractors.layout.forms import Form, FormRow  # noqa: E402
from pipeline.records.header import header_columns  # noqa: E402
from pipeline.records.notes import Notes  # noqa: E402

SPECS = yaml.safe_load((HERE.parents[1] / "specs" / "printed_forms.yaml").read_text(encoding="utf-8"))
SLOTS = ("target", "actual", "executed", "weight", "score", "sign", "unit")


def _row(row: FormRow) -> str:
    kind = (row.level2.node_id or "-") if row.level2 else "-"
    slots = [f"{role}={slot.text}" for role, slot in row.slots.items() if role in SLOTS]
    return " | ".join([kind, row.name, *slots])


def _text(form: Form, name: str) -> str | None:
    """A field as printed, or what is published for it where the form prints another one in its place."""
    if name in form.fields:
        return form.fields[name].text
    found = header_columns(form, "f", None, Notes("a.xlsx", "d", {}))[name]
    return None if found is None else str(found)


def _only(document: Document) -> Form:
    (form,) = find_forms(document).forms
    return form


def _spec(name: str) -> dict[str, Any]:
    return next(dict(spec) for spec in SPECS if spec["name"] == name)


@pytest.mark.parametrize("spec", SPECS, ids=[spec["name"] for spec in SPECS])
def test_reads_what_is_printed(spec: dict[str, Any]) -> None:
    form = _only(drawn(spec))
    assert {name: _text(form, name) for name in spec["fields"]} == spec["fields"]
    assert [
        f"{item.source} {item.stage} {item.amount.text} {item.scale_word or '-'}"
        for item in form.funding
        if item.amount.text
    ] == spec["funding"]
    assert [_row(row) for row in form.rows if row.name] == spec["indicators"]
    assert [claim for claim in form.claims.values() if claim.startswith("issue:")] == []


def test_texts_over_a_form_without_a_title_are_no_part_of_it() -> None:
    spec = _spec("henan_unit_below_name") | {
        "title": ["首页 政务公开 办事服务", "发布时间：2023-09-20　来源：县财政局"]
    }
    form = _only(drawn(spec))
    assert [form.claims[block.id] for block in form.blocks] == ["noise:outside_form"] * 2


def test_an_empty_signature_line_takes_no_text_of_the_page() -> None:
    document = drawn(_spec("fujian_stages_in_line"))
    at = document.items[0].at
    tail = (TextBlock("x1", "填报日期：", at), TextBlock("x2", "版权所有", at))
    form = _only(Document("d", "text/html", "test", (*document.items, *tail)))
    assert "filled_on" not in form.fields
    assert form.claims["x2"] == "noise:outside_form"
