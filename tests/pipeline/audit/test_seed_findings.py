"""The findings of the sample archive against those an auditor wrote down by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import yaml

from pipeline import extract

ROOT = Path(__file__).parents[3]
EXPECTED = yaml.safe_load((ROOT / "tests" / "golden" / "findings_seeds.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("findings")
    extract(ROOT / "data" / "raw", out=folder / "clean", work=folder / "work")
    return folder / "clean"


@pytest.fixture(scope="module")
def findings(published: Path) -> pd.DataFrame:
    forms = pd.read_parquet(published / "forms").set_index("form_id").project_name
    found = pd.read_parquet(published / "findings")
    found["project"], found["other"] = found.form_id.map(forms), found.other_form_id.map(forms)
    return found


def _meets(row: pd.Series, expected: dict) -> bool:
    same = (row.rule, row.severity) == (expected["rule"], expected["severity"])
    return same and all(str(piece) in row.message for piece in expected["says"])


@pytest.mark.parametrize("project", [p for p in EXPECTED if p != "across"])
def test_findings_of_a_form_are_those_of_the_auditor(project: str, findings: pd.DataFrame) -> None:
    found = [row for _, row in findings[(findings.project == project) & findings.other.isna()].iterrows()]
    missing = [e for e in EXPECTED[project] if not any(_meets(row, e) for row in found)]
    unasked = [row.message for row in found if not any(_meets(row, e) for e in EXPECTED[project])]
    assert not missing
    assert not unasked


def test_findings_across_forms_are_those_of_the_auditor(findings: pd.DataFrame) -> None:
    found = [row for _, row in findings[findings.other.notna()].iterrows()]
    assert len(found) == len(EXPECTED["across"])
    for expected in EXPECTED["across"]:
        assert any(_meets(r, expected) and {r.project, r.other} == set(expected["forms"]) for r in found)


def test_evidence_names_cells_and_indicators_that_are_published(
    published: Path, findings: pd.DataFrame
) -> None:
    cells = set(pd.read_parquet(published / "cells").cell_id)
    indicators = set(pd.read_parquet(published / "indicators").indicator_id)
    assert all(set(ids) <= cells for ids in findings.cell_ids)
    assert all(set(ids) <= indicators for ids in findings.indicator_ids)
    assert (findings.cell_ids.map(len) > 0).all()
    assert findings.finding_id.is_unique


def test_copies_are_linked(published: Path) -> None:
    links = pd.read_parquet(published / "links")
    assert links.relation.tolist() == ["copied_from"]
