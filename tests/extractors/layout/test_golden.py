"""Forms of many layouts against golden readings (rewritten by running golden.py, reviewed as a diff)."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import pytest

FORMS = Path(__file__).parents[2] / "fixtures" / "forms"


@pytest.mark.parametrize("path", sorted(FORMS.glob("*.*")), ids=lambda p: p.stem)
def test_form_reads_as_before(path: Path, golden: ModuleType) -> None:
    expected = json.loads((golden.GOLDEN / f"{path.stem}.json").read_text(encoding="utf-8"))
    assert json.loads(json.dumps(golden.describe(path))) == expected
