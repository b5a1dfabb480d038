"""Every rule against its spec file: ``tests/specs/rules/<rule>.yaml``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.audit import audit, rules
from pipeline.audit.rule import Rule
from pipeline.records import FormRecords

SPECS = Path(__file__).parents[2] / "specs" / "rules"
RULES = {r.id: r for r in rules()}


def _cases() -> list[Any]:
    cases = []
    for path in sorted(SPECS.glob("*.yaml")):
        for number, case in enumerate(yaml.safe_load(path.read_text(encoding="utf-8"))):
            cases.append(pytest.param(path.stem, case, id=f"{path.stem}-{number}"))
    return cases


def test_every_rule_has_a_spec_file_with_a_quiet_case() -> None:
    specs = {p.stem: yaml.safe_load(p.read_text(encoding="utf-8")) for p in SPECS.glob("*.yaml")}
    assert set(specs) == set(RULES)
    for name, cases in specs.items():
        assert any(not case["finds"] for case in cases), f"{name} has no quiet case"
        assert any(case["finds"] for case in cases), f"{name} has no case that fires"


@pytest.mark.parametrize(("rule", "case"), _cases())
def test_rule_finds_what_its_spec_says(
    rule: str, case: dict[str, Any], build: Callable[..., FormRecords]
) -> None:
    found = [f for f in audit(build(case["form"])) if f.rule == rule]
    assert len(found) == len(case["finds"]), [f.message for f in found]
    for row, expected in zip(found, case["finds"], strict=True):
        assert row.severity == expected.get("severity", str(RULES[rule].severity)), row.message
        numbers = json.loads(row.numbers)
        for piece in expected.get("says", ()):
            assert piece in row.message
        for name, value in expected.get("numbers", {}).items():
            assert numbers[name] == value
        if "rows" in expected:
            assert [int(i.rpartition("-")[2]) for i in row.indicator_ids] == expected["rows"]
        assert row.message.endswith("。")
        assert row.cell_ids or not row.indicator_ids


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_rule_states_its_facts(rule: Rule) -> None:
    assert rule.title.isascii() or "余" in rule.title or "≥" in rule.title
    assert rule.basis and rule.check.__doc__
