"""Every rule over two forms against its spec file: ``tests/specs/across/<rule>.yaml``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from pipeline.audit import rule as rule_module
from pipeline.audit.judge import audit_linked
from pipeline.audit.rule import Rule, RuleFileError, linked_rules
from pipeline.records import FormRecords
from tests.pipeline.audit.test_hostile import AMOUNTS, ROWS, WORDS

SPECS = Path(__file__).parents[2] / "specs" / "across"
COPIES = {"copied_goal", "copied_indicators"}  # see test_compare.py: they look at fingerprints
RULES = {r.id: r for r in linked_rules() if r.id not in COPIES}
DEFAULT = {"lowered_target": "next_year", "goal_repeated": "next_year"}
Build = Callable[..., FormRecords]


def _cases() -> list[Any]:
    return [
        pytest.param(path.stem, case, id=f"{path.stem}-{number}")
        for path in sorted(SPECS.glob("*.yaml"))
        for number, case in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")))
    ]


def test_every_rule_has_a_spec_file_with_a_quiet_case() -> None:
    specs = {p.stem: yaml.safe_load(p.read_text(encoding="utf-8")) for p in SPECS.glob("*.yaml")}
    assert set(specs) == set(RULES)
    for name, cases in specs.items():
        assert any(not case["finds"] for case in cases), f"{name} has no quiet case"
        assert any(case["finds"] for case in cases), f"{name} has no case that fires"


@pytest.mark.parametrize(("rule", "case"), _cases())
def test_rule_finds_what_its_spec_says(rule: str, case: dict[str, Any], build: Build) -> None:
    relation = case.get("relation", DEFAULT.get(rule, "evaluated_by"))
    earlier, later = build(case["earlier"], "a"), build(case["later"], "b")
    found = [f for f in audit_linked(earlier, later, relation) if f.rule == rule]
    assert len(found) == len(case["finds"]), [f.message for f in found]
    for row, expected in zip(found, case["finds"], strict=True):
        assert row.severity == expected.get("severity", str(RULES[rule].severity)), row.message
        assert (row.form_id, row.other_form_id, row.fiscal_year) == ("b", "a", later.form.fiscal_year)
        numbers = json.loads(row.numbers)
        for piece in expected.get("says", ()):
            assert piece in row.message
        assert {name: numbers[name] for name in expected.get("numbers", {})} == expected.get("numbers", {})
        assert row.message.endswith("。")
        sides = {cell[0] for cell in row.cell_ids}
        assert sides == {"a", "b"} or rule == "indicator_dropped", "evidence of both forms"


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_rule_states_its_facts(rule: Rule) -> None:
    assert rule.title.isascii() and rule.basis and rule.check.__doc__ and rule.relations


def test_a_rule_without_relations_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    over_one_form = rule_module.rules()
    monkeypatch.setattr(rule_module, "_in_folder", lambda _: over_one_form)
    linked_rules.cache_clear()
    with pytest.raises(RuleFileError, match="must say of which relations"):
        linked_rules("next_year")
    linked_rules.cache_clear()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=ROWS, other=ROWS, funding=AMOUNTS, money=AMOUNTS, goal=WORDS)
def test_rules_never_break(
    build: Build, one: Any, other: Any, funding: dict[str, str], money: dict[str, str], goal: str
) -> None:
    earlier = build({"rows": one, "funding": funding, "goal": goal * 5}, "a")
    later = build({"rows": other, "funding": money, "goal": goal * 5, "kind": "self_evaluation"}, "b")
    for relation in ("declared_as", "monitored_by", "evaluated_by", "next_year"):
        assert all(f.message.endswith("。") for f in audit_linked(earlier, later, relation))
