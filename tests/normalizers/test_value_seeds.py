"""Every value of the seeds with an agreed reading, field by field."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from normalizers import parse_value
from normalizers.quantity import Quantity

FIXTURE = Path(__file__).parents[1] / "fixtures" / "expected_values.jsonl"
LINES = [json.loads(line) for line in FIXTURE.read_text("utf-8").splitlines()]


def _same(mine: Decimal | None, wanted: float | None) -> bool:
    return (mine is None) == (wanted is None) and (mine is None or mine == Decimal(str(wanted)))


def _check_part(part: Quantity, wanted: dict[str, Any]) -> None:
    assert _same(part.lower, wanted["lower"])
    assert _same(part.upper, wanted["upper"])
    assert part.approximate == wanted["approx"]
    for name in ("unit", "unit_raw", "label", "lower_inclusive", "upper_inclusive", "base_unit"):
        if name in wanted:
            assert getattr(part, name) == wanted[name], name
    if "raw_number" in wanted:
        assert Decimal(part.number_raw or "") == Decimal(str(wanted["raw_number"]))
        assert part.scale == wanted["scale"]
    if wanted.get("date_start"):
        assert (str(part.date_start), str(part.date_end)) == (wanted["date_start"], wanted["date_end"])
    if wanted["value_in_base_unit"] is not None:
        assert _same(
            part.base_lower if part.base_lower is not None else part.base_upper, wanted["value_in_base_unit"]
        )


@pytest.mark.parametrize("line", LINES, ids=lambda line: str(line["raw"]))
def test_seed_value(line: dict[str, Any]) -> None:
    inferred = any(part.get("unit_inferred") for part in line["parts"])
    value = parse_value(line["raw"], level2="output.cost" if inferred else None)
    assert value.kind in (line["kind"], *line.get("alt_kinds", ()))
    assert value.direction in (line["direction"], *line.get("alt_directions", ()))
    assert value.residue == ""
    assert len(value.parts) == len(line["parts"])
    for part, wanted in zip(value.parts, line["parts"], strict=True):
        _check_part(part, wanted)
