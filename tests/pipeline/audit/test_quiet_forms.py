"""Forms without a fault: no rule warns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.audit import audit, compare, fingerprint
from pipeline.records import FormRecords

FORMS = yaml.safe_load(
    (Path(__file__).parents[2] / "golden" / "quiet_forms.yaml").read_text(encoding="utf-8")
)
Build = Callable[..., FormRecords]


@pytest.mark.parametrize("spec", FORMS, ids=lambda spec: spec["project"])
def test_no_rule_warns_where_all_is_well(spec: dict[str, Any], build: Build) -> None:
    found = audit(build(spec))
    assert [f.message for f in found if f.severity != "info"] == []
    assert [f.rule for f in found] == spec["hints"]


def test_forms_of_different_projects_are_no_copies(build: Build) -> None:
    prints = [fingerprint(build(spec, f"f{n}")) for n, spec in enumerate(FORMS)]
    assert compare(prints) == ((), ())
