"""Small forms written as YAML, turned into the records the rules read, through the real readers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from normalizers import parse_value
from normalizers.mentions import find_quantities
from pipeline.records import BlankValue, FormRecords, RowReading
from pipeline.schema import BlankSlotRow, CellRow, FormRow, FundingRow, IndicatorRow, ValueColumns

LABELS = {
    "output.quantity": "数量指标",
    "output.quality": "质量指标",
    "output.timeliness": "时效指标",
    "output.cost": "成本指标",
    "cost.economic": "经济成本指标",
    "benefit.economic": "经济效益指标",
    "benefit.social": "社会效益指标",
    "benefit.sustainability": "可持续影响指标",
    "satisfaction.beneficiary": "服务对象满意度指标",
}
FIELDS = ("goal", "project_name", "project_nature", "period", "title")


def _indicator(form_id: str, row_no: int, row: dict[str, Any]) -> tuple[IndicatorRow, RowReading]:
    level2 = row.get("level2")
    values = {}
    for role in ("target", "actual"):
        text = row.get(role)
        values[role] = None if text is None else parse_value(text, label=row["name"], level2=level2)
    columns = {
        role: ValueColumns(raw=row.get(role), cell_id=f"{form_id}-{row_no}-{role}" if row.get(role) else None)
        for role in values
    }
    indicator = IndicatorRow(
        indicator_id=f"{form_id}-{row_no}",
        form_id=form_id,
        document_id="d",
        row_no=row_no,
        horizon=row.get("horizon", "annual"),
        level1_id=level2.partition(".")[0] if level2 else row.get("level1"),
        level2_id=level2,
        level2_raw=LABELS.get(level2 or ""),
        ordinal=row.get("n"),
        level3=row["name"],
        level3_raw=row["name"],
        target=columns["target"],
        actual=columns["actual"],
        weight=None if row.get("weight") is None else Decimal(str(row["weight"])),
        score=None if row.get("score") is None else Decimal(str(row["score"])),
        deviation=row.get("deviation"),
        level1_raw=row.get("label"),
        concept_id=row.get("concept"),
        grade="good",
        level3_cell_id=f"{form_id}-{row_no}-name",
    )
    reading = RowReading(
        indicator.indicator_id, row_no, values["target"], values["actual"], find_quantities(row["name"])
    )
    return indicator, reading


def _funding(form_id: str, items: dict[str, Any]) -> list[FundingRow]:
    rows = []
    for name, value in items.items():
        source, _, stage = name.partition(".")
        more = value if isinstance(value, dict) else {"yuan": value}
        numbers = {k: Decimal(str(more[k])) for k in ("weight", "rate", "score") if k in more}
        rows.append(
            FundingRow(
                form_id=form_id,
                source=source,
                stage=stage or "target",
                amount_raw=str(more.get("raw", more["yuan"])),
                amount_yuan=Decimal(str(more["yuan"])),
                cell_id=f"{form_id}-{name}",
                **numbers,
            )
        )
    return rows


def _cell(form_id: str, number: int, cell: str | dict[str, Any]) -> CellRow:
    """A cell given by its text, or by the columns that matter."""
    given = {"text": cell} if isinstance(cell, str) else cell
    return CellRow(
        cell_id=f"{form_id}-cell-{number}",
        document_id="d",
        form_id=form_id,
        **{"claimed_by": "noise:header", **given},
    )


def _build(spec: dict[str, Any], form_id: str = "f") -> FormRecords:
    """The records of a form given as ``{project, nature, goal, funding, rows: [...], …}``."""
    made, blanks, values = [], [], []
    for row_no, row in enumerate(spec.get("rows", ())):
        if "name" in row:
            made.append(_indicator(form_id, row_no, row))
            continue
        cell = f"{form_id}-{row_no}-slot"
        blanks.append(
            BlankSlotRow(
                form_id=form_id,
                row_no=row_no,
                level2_id=row.get("level2"),
                ordinal=row.get("n"),
                cell_id=cell,
            )
        )
        if row.get("target"):
            values.append(BlankValue(row_no, "target", row["target"], f"{form_id}-{row_no}-target"))
    funding = _funding(form_id, spec.get("funding", {}))
    total = next(
        (
            f.amount_yuan
            for f in funding
            if f.source == "total" and f.stage in ("target", "initial", "revised")
        ),
        None,
    )
    period = spec.get("period")
    year = spec.get("year", 2023)
    form = FormRow(
        form_id=form_id,
        document_id="d",
        form_no=0,
        kind=spec.get("kind", "target"),
        family="base",
        title=spec.get("title"),
        fiscal_year=year,
        project_name=spec.get("project", "甲项目"),
        project_code=spec.get("code"),
        agency=spec.get("agency", "某局"),
        department=spec.get("department"),
        project_nature_raw=spec.get("nature"),
        period_raw=str(period) if period else None,
        period_start=date(period, 1, 1) if period else None,
        period_end=date(period, 12, 31) if period else None,
        funding_total_yuan=total,
        goal=spec.get("goal"),
        total_score=None if spec.get("total_score") is None else Decimal(str(spec["total_score"])),
        taxonomy_version=spec.get("tree", "2015"),
        cells_total=0,
        cells_claimed=0,
        grade="good",
    )
    return FormRecords(
        form=form,
        funding=tuple(funding),
        indicators=tuple(i for i, _ in made),
        readings=tuple(r for _, r in made),
        blank_slots=tuple(blanks),
        blank_values=tuple(values),
        cells=tuple(_cell(form_id, n, text) for n, text in enumerate(spec.get("cells", ()))),
        goal=find_quantities(spec.get("goal") or ""),
        field_cells={name: f"{form_id}-{name}" for name in FIELDS},
    )


@pytest.fixture
def build() -> Callable[..., FormRecords]:
    """Build a form's records from a spec."""
    return _build
