"""Which forms are linked as one project's, and which are left alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.audit import compare, fingerprint
from pipeline.audit.fingerprint import Fingerprint
from pipeline.audit.life.identity import fit
from pipeline.audit.life.names import name_fit, unit_fit
from pipeline.audit.sheaf import sheaf
from pipeline.records import FormRecords
from tests.fixtures.life.county import county

ROWS = [
    {"level2": "output.quantity", "name": name, "target": "5次"}
    for name in ("河道清淤长度", "堤防加固长度", "巡查次数")
]
Make = Callable[..., Fingerprint]


@pytest.fixture
def make(build: Callable[..., FormRecords]) -> Make:
    def made(form_id: str, project: str, **more: Any) -> Fingerprint:
        return fingerprint(build({"project": project, "rows": ROWS, **more}, form_id))

    return made


def links(*prints: Fingerprint) -> list[tuple[str, str, str]]:
    found = [(k.form_id, k.other_form_id, k.relation) for k in compare(prints)[1]]
    assert found == [(k.form_id, k.other_form_id, k.relation) for k in compare(reversed(prints))[1]]
    return [k for k in found if k[2] != "copied_from"]


@pytest.mark.parametrize("seed", [1, 2])
def test_links_of_generated_counties(seed: int) -> None:
    made = county(seed, counties=1)
    found = {(k.form_id, k.other_form_id, k.relation) for k in compare(made.prints)[1]}
    found = {k for k in found if k[2] != "copied_from"}
    clear = {k for k in made.links if not any(made.project[f].twin or f in made.hard for f in k[:2])}
    assert len(found & made.links) / len(found) >= 0.99
    assert len(found & clear) / len(clear) >= 0.95
    assert len(clear) > 800


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2023年农村供水保障", "农村供水保障（2024年度）"),
        ("“四好农村路”建设项目", "四好农村路建设"),
        ("校舍及操场维修", "校舍和操场维修"),
        ("信访工作专项经费", "信访工作经费"),
        ("农村公路养护补助", "农材公路养护补助"),
        ("51000021R000000019951-农村供水保障", "农村供水保障"),
        ("农村供水二期", "农村供水2期"),
    ],
)
def test_one_project_over_years(make: Make, one: str, other: str) -> None:
    assert links(make("a", one, year=2023), make("b", other, year=2024)) == [("a", "b", "next_year")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("农村供水一期", "农村供水二期"),
        ("2023年第一批产业扶持", "2024年第二批产业扶持"),
        ("小学教学设备购置", "中学教学设备购置"),
        ("桃园村道路硬化", "李园村道路硬化"),
        ("2000亩高标准农田建设", "3000亩高标准农田建设"),
        ("省级森林管护补助", "县级森林管护补助"),
        ("督办工作经费", "政务公开工作经费"),
    ],
)
def test_two_projects_are_never_one(make: Make, one: str, other: str) -> None:
    assert links(make("a", one, year=2023), make("b", other, year=2024)) == []
    same_year = make("b", other, year=2023, kind="self_evaluation")
    assert links(make("a", one, year=2023), same_year) == []


@pytest.mark.parametrize(
    ("one", "other", "linked"),
    [
        ("永宁县人民政府办公室", "永宁县政府办", True),
        ("219001-永宁县水务局", "永宁县水务局本级", True),
        ("水务局", "永宁县水务局", True),
        ("永宁县水务局", "青河县水务局", False),
        ("第一中学", "第二中学", False),
    ],
)
def test_units(make: Make, one: str, other: str, linked: bool) -> None:
    found = links(
        make("a", "河道清淤", agency=one), make("b", "河道清淤", agency=other, kind="self_evaluation")
    )
    assert found == ([("a", "b", "evaluated_by")] if linked else [])


def test_an_agency_without_its_place_belongs_where_its_department_is(make: Make) -> None:
    one = make("a", "河道清淤", agency="水务局", department="永宁县水务局", year=2023)
    here = make("b", "河道清淤", agency="永宁县水务局", department="永宁县水务局", year=2024)
    there = make("c", "河道清淤", agency="水务局", department="青河县水务局", year=2024)
    assert links(one, here, there) == [("a", "b", "next_year")]
    assert links(one, there) == []


def test_a_code_links_what_the_name_alone_would_not(make: Make) -> None:
    one = make("a", "农村供水保障", code="51000021R000000019951", year=2023)
    renamed = make("b", "农村饮水安全保障", code="51000021R000000019951", year=2024)
    assert links(one, make("b", "农村饮水安全保障", year=2024)) == []
    assert links(one, renamed) == []  # too little in common even for a code
    slipped = make("b", "农村洪水保障", code="51000021R000000019951", year=2024)
    assert links(one, slipped) == [("a", "b", "next_year")]


def test_two_codes_in_one_year_are_two_projects(make: Make) -> None:
    one = make("a", "农村供水保障", code="51000021R000000019951")
    other = make("b", "农村供水保障", code="51000021R000000019952", kind="self_evaluation")
    assert links(one, other) == []


def test_the_year_is_that_of_the_form(make: Make) -> None:
    target = make("a", "河道清淤", year=2023)
    evaluation = make("b", "河道清淤", year=2023, kind="self_evaluation")
    late = make("c", "河道清淤", year=2024, kind="self_evaluation")
    assert links(target, evaluation, late) == [("a", "b", "evaluated_by"), ("b", "c", "next_year")]
    assert links(make("a", "河道清淤", year=0), make("b", "河道清淤", year=0, kind="self_evaluation")) == []


def test_other_years_in_one_fiscal_year_are_other_projects(make: Make) -> None:
    one = make("a", "2022年高标准农田建设", year=2023)
    assert links(one, make("b", "2023年高标准农田建设", year=2023, kind="self_evaluation")) == []
    assert links(one, make("b", "2022年高标准农田建设", year=2023, kind="self_evaluation")) != []
    assert links(one, make("b", "2022年高标准农田建设", year=2024)) == [("a", "b", "next_year")]


def test_twins_are_told_apart_by_their_content_or_left_alone(make: Make) -> None:
    other = [
        {"level2": "output.quantity", "name": n, "target": "5台"}
        for n in ("泵站设备采购", "电机更换", "闸门维修")
    ]
    one, twin = make("a", "水利维修"), make("b", "水利维修", rows=other)
    evaluation = make("c", "水利维修", rows=other, kind="self_evaluation")
    assert links(one, twin, evaluation) == [("b", "c", "evaluated_by")]
    assert links(one, make("b", "水利维修"), make("c", "水利维修", kind="self_evaluation")) == []


def test_a_declaration_stands_in_for_a_missing_target(make: Make) -> None:
    declared = make("a", "河道清淤", kind="declaration")
    target, done = make("b", "河道清淤"), make("c", "河道清淤", kind="self_evaluation")
    assert links(declared, done) == [("a", "c", "evaluated_by")]
    assert links(declared, target, done) == [("a", "b", "declared_as"), ("b", "c", "evaluated_by")]


def test_two_spellings_that_both_live_are_two_projects(make: Make) -> None:
    forms = [
        make("a", "信访工作专项经费", year=2023),
        make("b", "信访工作专项经费", year=2023, kind="self_evaluation"),
        make("c", "信访工作经费", year=2024),
        make("d", "信访工作经费", year=2024, kind="self_evaluation"),
    ]
    assert links(*forms) == [("a", "b", "evaluated_by"), ("c", "d", "evaluated_by")]


def test_forms_of_a_whole_department_are_linked_by_their_unit(make: Make) -> None:
    one = make("a", "", kind="department", department="永宁县水务局", agency=None, year=2023)
    other = make("b", "", kind="department", department="永宁县水务局本级", agency=None, year=2024)
    assert links(one, other) == [("a", "b", "next_year")]


def test_a_name_that_everybody_has_points_to_nobody(make: Make) -> None:
    forms = [make(f"{n:03}", "公用经费", agency=None, department=None, year=2022 + n % 2) for n in range(80)]
    assert links(*forms) == []


def test_a_form_costs_a_few_hundred_bytes_of_columns() -> None:
    prints = county(3, counties=1).prints
    columns = sheaf((n, 0, p.form_id.encode(), p) for n, p in enumerate(prints))
    assert columns.size / columns.forms < 500


NAMES = st.lists(
    st.sampled_from([*"农村供水一二期小中学1年及和的", "2023", "项目", "经费", "（", "）", " "]), max_size=10
).map("".join)


@given(one=NAMES, other=NAMES)
def test_fits_are_symmetric_and_bounded(one: str, other: str) -> None:
    for fits in (name_fit, unit_fit):
        assert fits(one, other) == fits(other, one)
        assert 0 <= fits(one, other) <= 1
        assert fits(one, one) == 1


def test_a_fit_is_the_same_from_both_sides() -> None:
    prints = county(4, counties=1).prints[:60]
    assert all(fit(a, b).score == fit(b, a).score for a in prints for b in prints)
