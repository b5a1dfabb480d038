"""Value cases from other projects' suites, kept outside the repository; a ratchet per file.

The known failures are listed by id in ``tests/specs/values/known_failures.yaml``; the list is
strict both ways: a new failure fails, and a listed case that has come right must be taken off.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from .value_compare import compare

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".." / "shared" / "cases" / "values"
KNOWN = yaml.safe_load((ROOT / "tests" / "specs" / "values" / "known_failures.yaml").read_text("utf-8"))[
    "files"
]


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the value cases are not part of the repository")
@pytest.mark.parametrize("name", sorted(KNOWN))
def test_value_cases(name: str) -> None:
    cases = [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()]
    failed = {case["id"]: problems for case in cases for problems in [compare(case)[0]] if problems}
    assert failed.keys() == {entry["id"] for entry in KNOWN[name]}, failed
    assert 1 - len(failed) / len(cases) >= 0.94
