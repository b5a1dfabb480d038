"""The machinery around the rules: order, ids, faults, thresholds."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.audit import RuleError, audit, judge
from pipeline.audit.limits import LimitError, limits
from pipeline.audit.rule import Draft, Severity, linked_rules, rule, rules
from pipeline.records import FormRecords

FOLDER = Path(judge.__file__).with_name("rules")
ACROSS = Path(judge.__file__).with_name("across")
FORM = {
    "project": "政府机关运行费",
    "nature": "新增一次性项目",
    "funding": {"total": 600000, "fiscal": 500000},
    "rows": [
        {"level2": "output.cost", "n": 1, "name": "会议经费20万", "target": "10万元"},
        {"level2": "output.cost", "n": 3, "name": "培训经费20万", "target": "15万元"},
    ],
}
Build = Callable[..., FormRecords]


def test_findings_are_the_same_every_time_and_sorted_by_rule(build: Build) -> None:
    first, second = audit(build(FORM)), audit(build(FORM))
    assert first == second
    assert [f.rule for f in first] == sorted(f.rule for f in first)
    assert len({f.finding_id for f in first}) == len(first) > 5


def test_an_id_depends_on_the_form(build: Build) -> None:
    one, other = audit(build(FORM, "a")), audit(build(FORM, "b"))
    assert not {f.finding_id for f in one} & {f.finding_id for f in other}


def test_a_broken_rule_is_named_with_the_form(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    @rule("broken", title="Broken", severity=Severity.INFO, basis="[K]")
    def broken(subject: object) -> list[Draft]:
        raise ZeroDivisionError

    monkeypatch.setattr(judge, "rules", lambda: (broken,))
    with pytest.raises(RuleError, match=r"rule broken failed on form f \(政府机关运行费\)"):
        audit(build(FORM))


def test_an_empty_form_breaks_no_rule(build: Build) -> None:
    assert [f.rule for f in audit(build({"tree": "none"}))] == []


def test_every_file_of_the_folder_is_a_rule_of_its_name() -> None:
    assert {r.id for r in rules()} == {p.stem for p in FOLDER.glob("*.py")} - {"__init__"}
    assert {r.id for r in linked_rules()} == {p.stem for p in ACROSS.glob("*.py")} - {"__init__"}


@pytest.mark.parametrize(
    "path", sorted([*FOLDER.glob("*.py"), *ACROSS.glob("[!_]*.py")]), ids=lambda p: p.stem
)
def test_rules_do_not_import_rules_and_hold_no_number_of_their_own(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
    assert not any(m.startswith(("pipeline.audit.rules", "pipeline.audit.across")) for m in imported)
    numbers = {
        n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and type(n.value) in (int, float)
    }
    assert numbers <= {0, 1, 2, 4, 100}, "a threshold belongs into thresholds.yaml"


def test_thresholds_are_typed_and_complete() -> None:
    with pytest.raises(LimitError, match="no section"):
        limits("nothing")
    with pytest.raises(LimitError, match="cost_sum"):
        limits("cost_sum").words("unit_slip")


def test_every_rule_is_documented() -> None:
    page = (Path(__file__).parents[3] / "docs" / "rules.md").read_text(encoding="utf-8")
    ids = {r.id for r in (*rules(), *linked_rules())}
    assert ids == set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) - {"error", "warning", "info"}
