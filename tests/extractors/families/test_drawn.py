"""Forms of every family, drawn with their truth and read through every rendering: nothing wrong, nothing lost."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from catalogue import MAKERS
from faults import FAULTS, Fault, faulty
from nothing import nothing
from score import compare, plain, readings
from sheet import Drawn, as_document, as_sheet, as_text

from extractors import find_forms

GOLDEN = Path(__file__).parents[2] / "golden" / "families"
SEEDS = (0, 1, 5)


@pytest.mark.parametrize("name", MAKERS)
def test_everything_is_read(name: str) -> None:
    for seed in SEEDS:
        drawn = MAKERS[name](Random(seed))
        for render, reading in readings(drawn).items():
            count, wrong = compare(drawn, reading)
            assert wrong == [], (render, seed)
            assert count["unclaimed"] == 0


@pytest.mark.parametrize("name", MAKERS)
def test_reads_as_before(name: str) -> None:
    expected = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    assert plain(find_forms(as_document(MAKERS[name](Random(0))))) == expected


@pytest.mark.parametrize("drawn", nothing(), ids=lambda d: d.name)
def test_other_tables_give_no_form(drawn: Drawn) -> None:
    for render, reading in readings(drawn).items():
        assert reading.forms == (), render


def test_a_scoring_sheet_of_a_report_is_named() -> None:
    (drawn,) = [d for d in nothing() if "评分表" in d.name]
    assert [d.code for d in find_forms(as_document(drawn)).doubts] == ["evaluation_report"]


def test_an_unknown_layout_is_read_and_says_so() -> None:
    (form,) = find_forms(as_document(MAKERS["unknown"](Random(0)))).forms
    assert form.family == "generic"
    assert form.structure < 1
    assert "unknown_family" in [doubt.code for doubt in form.doubts]


@pytest.mark.parametrize("name", ["sichuan_list", "inner_mongolia_list", "two_row_list", "evaluation_list"])
def test_every_cell_of_a_list_is_in_one_form(name: str) -> None:
    drawn = MAKERS[name](Random(3))
    document = as_document(drawn, empty=False)
    reading = find_forms(document)
    cells = [cell.id for form in reading.forms for cell in form.cells]
    assert sorted(cells) == sorted(cell.id for grid in document.grids for cell in grid.cells)
    assert all(form.claims.keys() >= {cell.id for cell in form.cells} for form in reading.forms)


def test_a_subtotal_row_belongs_to_the_project_above() -> None:
    drawn = MAKERS["inner_mongolia_list"](Random(0))
    drawn.table.append(["合计", *[""] * 3, *[""] * (drawn.width - 4)])
    reading = find_forms(as_document(drawn))
    assert len(reading.forms) == len(drawn.truth)
    assert as_text(drawn).rstrip().splitlines()[-1].startswith("合计")


def test_tasks_of_a_department_are_amounts_of_their_own() -> None:
    (form,) = find_forms(as_document(MAKERS["department_target"](Random(0)))).forms
    assert [item.amount.text for item in form.funding if item.source == "task"] == ["88.5", "32"]
    assert {"form:task_name", "form:task_content", "form:funding_task"} <= set(form.claims.values())


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("name", MAKERS)
def test_what_offices_do_to_forms_changes_nothing(name: str, fault: Fault) -> None:
    drawn = faulty(MAKERS[name](Random(2)), Random(2), fault)
    for document in (as_document(drawn), as_sheet(drawn)):
        assert compare(drawn, find_forms(document))[1] == []
