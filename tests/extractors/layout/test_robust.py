"""Damaged forms: what differs from the undamaged reading is flagged, never silent."""

from __future__ import annotations

import json
import random
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SEEDS = Path(__file__).parents[2] / "fixtures" / "seeds" / "rows.json"
LEVEL1 = {
    "数量指标": "产出指标", "质量指标": "产出指标", "时效指标": "产出指标", "成本指标": "产出指标",
    "经济效益指标": "效益指标", "经济效益": "效益指标", "社会效益指标": "效益指标", "生态效益指标": "效益指标",
    "可持续影响指标": "效益指标", "服务对象满意度指标": "满意度指标",
}  # fmt: skip
NAMES = (
    "slide_left", "slide_right", "blank_label", "move_value", "drop_value", "trim", "add_filler",
    "damage_text", "several",
)  # fmt: skip
UNCHANGED = ("slide_left", "slide_right", "trim", "add_filler")


def _indicators(damage: ModuleType, form: dict[str, Any], *, numbered: bool) -> list[Any]:
    return [
        damage.Indicator(LEVEL1[level2], level2, ordinal if numbered else None, name, value or "")
        for _, level2, ordinal, name, value in form["indicators"]
    ]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("numbered", [True, False])
def test_no_damage_goes_unnoticed(name: str, numbered: bool, damage: ModuleType) -> None:
    forms = json.loads(SEEDS.read_text(encoding="utf-8"))
    silent: list[str] = []
    changed: list[str] = []
    for at, form in enumerate(forms):
        layout = damage.LAYOUTS[at % len(damage.LAYOUTS)]
        rows = damage.render(_indicators(damage, form, numbered=numbered), layout, merged=at % 2 == 0)
        clean = damage.read(rows)
        hurt = damage.read(damage.DAMAGES[name](rows, random.Random(at)))
        verdict, wrong = damage.judge(clean, hurt)
        silent += wrong if verdict.silent else []
        changed += wrong
    assert silent == []
    if name in UNCHANGED:
        assert changed == []


@pytest.mark.parametrize("merged", [True, False])
def test_clean_forms_of_every_layout_are_read_exactly(merged: bool, damage: ModuleType) -> None:
    forms = json.loads(SEEDS.read_text(encoding="utf-8"))
    for form in forms:
        for layout in damage.LAYOUTS:
            indicators = _indicators(damage, form, numbered=True)
            got = damage.read(damage.render(indicators, layout, merged=merged))
            assert [(row.ordinal, row.name) for row in got.rows] == [(i.ordinal, i.name) for i in indicators]
            assert [dict(row.slots)["target"].text for row in got.rows if "target" in row.slots] == [
                i.target for i in indicators if i.target
            ]
            assert not any("ambiguous_row" in row.reasons for row in got.rows)
