"""Kinds of layout once read wrongly (``tests/specs/layouts.yaml``), read through every rendering."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from score import compare, readings
from sheet import Drawn, Truth

CASES = yaml.safe_load((Path(__file__).parents[2] / "specs" / "layouts.yaml").read_text(encoding="utf-8"))


def truth_of(form: dict[str, Any]) -> Truth:
    """One form's expectation; a row's further slots stand behind level 2, name and target."""
    rows = []
    for level2, name, target, *more in form["rows"]:
        slots = more[0] if more else {}
        rows.append({"horizon": "annual", "level2": level2, "name": name, "target": target, **slots})
    funding = {tuple(key.split()): text for key, text in form.get("funding", {}).items()}
    return Truth(form["kind"], form.get("fields", {}), funding, rows)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_kind_of_layout(case: dict[str, Any]) -> None:
    drawn = Drawn(case["name"], case["above"], case["table"], [], [truth_of(f) for f in case["forms"]])
    found = readings(drawn)
    wrong = {name: compare(drawn, found[name])[1] for name in case.get("only", found)}
    assert {name: lines for name, lines in wrong.items() if lines} == {}
