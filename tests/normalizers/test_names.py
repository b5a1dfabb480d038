"""Names fold alike when they name the same thing, and stay apart when they do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizers.names import fold_organisation, fold_project


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("原州区人民政府办公室本级", "原州区人民政府办公室"),
        ("原州区人民政府办公室（本级）", "原州区 人民政府办公室"),
        ("219001-某县教育局", "某县教育局"),
        ("办公室（综合业务）", "办公室(综合业务)"),
        ("某局（机关）", "某局"),
    ],
)
def test_same_organisation(one: str, other: str) -> None:
    assert fold_organisation(one) == fold_organisation(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("原州区人民政府办公室(信访局)", "原州区人民政府办公室"),
        ("永宁县人民政府办公室", "永宁县政府办公室"),
        ("机关事务局", "事务局"),
    ],
)
def test_different_organisations(one: str, other: str) -> None:
    assert fold_organisation(one) != fold_organisation(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2024年信访工作经费", "信访工作经费"),
        ("“四好农村路”建设项目", "四好农村路建设"),
        ("51000021R000000019951-工资性支出", "工资性支出"),
    ],
)
def test_same_project(one: str, other: str) -> None:
    assert fold_project(one) == fold_project(other)


def test_the_year_can_be_kept() -> None:
    assert fold_project("2024年信访工作经费", drop_year=False) == "2024年信访工作经费"


@given(st.text(max_size=30))
def test_organisation_folding_ignores_outer_space(text: str) -> None:
    assert fold_organisation(f" {text} ") == fold_organisation(text)
