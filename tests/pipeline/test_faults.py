"""Faults of real forms through a whole run: published as printed, and found."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline import load
from tests.pipeline.conftest import FORM, Place

FAULTS = {
    "label.txt": FORM.replace("其中:财政拨款", "其中:财政投款"),
    "years.txt": FORM.replace("项目期\t2024年", "项目期\t2022年"),
    "total.txt": FORM.replace("年度资金总额:\t12", "年度资金总额:\t0"),
    "twice.txt": FORM.replace("≥3公里", "854万854万"),
    "foreign.txt": FORM.replace("\t\t质量指标\t指标1", "\t\t社会效益指标\t指标1"),
    "template.txt": FORM.replace("≥3公里", "≥**公里"),
}


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Any:
    base = tmp_path_factory.mktemp("faults")
    place = Place(base / "raw", base / "clean", base / "work")
    for number, (name, text) in enumerate(FAULTS.items()):
        place.write(f"2024/{name}", text.replace("河道", f"{number}号渠"))
    place.run()
    return load(place.clean)


def _form(tables: Any, name: str) -> str:
    documents = tables["documents"].set_index("path")["document_id"]
    forms = tables["forms"].set_index("document_id")["form_id"]
    return str(forms[documents[f"2024/{name}"]])


def _of(tables: Any, table: str, column: str, name: str) -> set[str]:
    rows = tables[table]
    return set(rows[rows["form_id"] == _form(tables, name)][column])


@pytest.mark.parametrize(
    ("name", "rules", "issues"),
    [
        ("years.txt", {"year_mismatch"}, {"year_conflict"}),
        ("total.txt", {"funding_parts"}, set()),
        ("twice.txt", {"repeated_text"}, {"value_unread"}),
        ("foreign.txt", set(), {"level1_filled"}),
        ("template.txt", {"template_left"}, set()),
        ("label.txt", {"label_typo"}, set()),
    ],
)
def test_a_fault_is_found(tables: Any, name: str, rules: set[str], issues: set[str]) -> None:
    assert rules <= _of(tables, "findings", "rule", name)
    assert issues <= _of(tables, "issues", "code", name)


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("label.txt", "财政投款"),
        ("years.txt", "2022年"),
        ("twice.txt", "854万854万"),
        ("template.txt", "≥**公里"),
    ],
)
def test_a_fault_is_published_as_printed(tables: Any, name: str, printed: str) -> None:
    assert any(printed in text for text in _of(tables, "cells", "text", name))


def test_a_typing_fault_in_a_label_is_read_by_likeness(tables: Any) -> None:
    rows = tables["funding"]
    assert set(rows[rows["form_id"] == _form(tables, "label.txt")]["source"]) == {"total", "fiscal"}
