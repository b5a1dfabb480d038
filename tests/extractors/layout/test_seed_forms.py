"""The forms of the sample archive, field by field, against transcriptions made by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from extractors import find_forms, read
from extractors.layout.forms import Form

ROOT = Path(__file__).parents[3]
SEEDS = ROOT / "tests" / "fixtures" / "seeds"
FILES = {
    "000_072ceaf814ecc3f7.txt": "2023/永宁县人民政府办公室.txt",
    "001_76686908e8cc2a34.txt": "2024/原州区人民政府办公室.txt",
}
FIELDS = {
    "title": "title",
    "project_name": "project_name",
    "department": "supervising_department",
    "agency": "implementing_unit",
    "project_nature": "project_attribute",
    "period": "project_period",
    "goal": "annual_goal",
}
NODES = {
    "产出指标": "output", "效益指标": "benefit", "满意度指标": "satisfaction", "数量指标": "output.quantity",
    "质量指标": "output.quality", "时效指标": "output.timeliness", "成本指标": "output.cost",
    "经济效益指标": "benefit.economic", "经济效益": "benefit.economic", "社会效益指标": "benefit.social",
    "生态效益指标": "benefit.ecological", "可持续影响指标": "benefit.sustainability",
    "服务对象满意度指标": "satisfaction.beneficiary",
}  # fmt: skip


@pytest.fixture(scope="module")
def forms() -> dict[str, tuple[Form, ...]]:
    return {path: find_forms(read(ROOT / "data" / "raw" / path)).forms for path in FILES.values()}


def _nodes(row: Any) -> tuple[str, str]:
    return row.level1.node_id, row.level2.node_id


@pytest.mark.parametrize("expected", json.loads((SEEDS / "expected_forms.json").read_text(encoding="utf-8")))
def test_expected_form(expected: dict[str, Any], forms: dict[str, tuple[Form, ...]]) -> None:
    form = forms[FILES[expected["source"]]][expected["form_index"]]
    assert {k: form.fields[k].text for k in FIELDS} == {k: expected[name] for k, name in FIELDS.items()}
    assert (form.kind, form.fields["fiscal_year"].text) == (
        expected["form_family"],
        str(expected["fiscal_year"]),
    )
    amounts = {item.source: item.amount.text for item in form.funding}
    assert {s: amounts.get(s) for s in ("total", "fiscal", "other")} == expected["funds"]["raw"]
    assert all((i.scale_word, i.scale_source) == ("万元", "row_label") for i in form.funding)
    rows = [row for row in form.rows if row.name]
    assert [
        (*_nodes(r), r.ordinal, r.name, r.slots["target"].text if "target" in r.slots else None) for r in rows
    ] == [
        (NODES[i["level1"]], NODES[i["level2"]], i["ordinal"], i["name"], i["value_raw"])
        for i in expected["indicators"]
    ]
    blank = [row for row in form.rows if row.blank]
    assert [(r.name_cell.at.line, _nodes(r)[1], r.ordinal) for r in blank if r.name_cell] == [
        (b["line"], NODES[b["level2"]], b["ordinal"]) for b in expected["blank_indicator_slots"]
    ]


@pytest.mark.parametrize("expected", json.loads((SEEDS / "rows.json").read_text(encoding="utf-8")))
def test_every_row_of_every_form(expected: dict[str, Any], forms: dict[str, tuple[Form, ...]]) -> None:
    form = forms[expected["path"]][expected["form_no"]]
    got = [
        [r.name_cell.at.line, _nodes(r)[1], r.ordinal, r.name, r.slots["target"].text if "target" in r.slots else None]
        for r in form.rows
        if r.name and r.name_cell
    ]  # fmt: skip
    assert got == [[line, NODES[level2], *rest] for line, level2, *rest in expected["indicators"]]


def test_totals_and_marks(forms: dict[str, tuple[Form, ...]]) -> None:
    every = [form for group in forms.values() for form in group]
    assert (len(every), sum(not r.blank for f in every for r in f.rows)) == (14, 169)
    assert sum(r.blank for f in every for r in f.rows) == 73
    assert {form.taxonomy_version for form in every} == {"2015"}
    assert {form.family for form in every} == {"yongning", "yuanzhou"}
    assert not [c for form in every for c in form.claims.values() if c.startswith("issue:")]
    slid = next(row for row in every[1].rows if row.name.startswith("通过观摩考察"))
    assert {"shifted_row", "label_in_wrong_column", "value_missing"} <= set(slid.reasons)
    assert slid.structure == 0.81  # slid and without a value: two doubts meet
    assert {row.structure for row in every[1].rows if not row.reasons} == {1.0}  # the others keep theirs
    once = [
        row.structure
        for form in every
        for row in form.rows
        if set(row.reasons) == {"shifted_row", "label_in_wrong_column"}
    ]
    assert set(once) == {0.9}  # one repair is one loss
    marked = {cell.id for cell in every[1].cells if "shifted" in cell.inferred}
    assert slid.name_cell is not None
    assert slid.name_cell.id in marked
