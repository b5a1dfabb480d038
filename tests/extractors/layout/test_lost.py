"""A label may have got lost above a row: suspected by the words of the name where the next kind is absent."""

from __future__ import annotations

from types import ModuleType

import pytest

LOST = "label_may_be_missing"
HEADS = ["一级指标", "二级指标", "三级指标", "指标值"]


def _reasons(damage: ModuleType, rows: list[list[str]]) -> list[bool]:
    head = [["项目名称", "", "甲", ""], ["主管部门", "", "某局", ""], ["年度目标", "", "做好工作。", ""]]
    return [LOST in row.reasons for row in damage.read([*head, HEADS, *rows]).rows]


@pytest.mark.parametrize(
    ("second", "suspect"),
    [
        ("受益群众人数", False),  # the words of the open kind, and no other's
        ("群众安全感（分）", False),
        ("森林覆盖率", True),  # the words of the absent one
        ("持续提高政府公信力", True),  # the words of both
        ("督办事项", True),  # no words at all
    ],
)
def test_a_form_without_the_next_kinds(second: str, suspect: bool, damage: ModuleType) -> None:
    rows = [
        ["产出指标", "数量指标", "检查次数", "≥5次"],
        ["效益指标", "社会效益指标", "公共服务能力", "提升"],
        ["", "", second, "提升"],
    ]
    assert _reasons(damage, rows) == [False, False, suspect]


def test_a_printed_next_kind_leaves_nothing_to_suspect(damage: ModuleType) -> None:
    rows = [
        ["效益指标", "社会效益指标", "公共服务能力", "提升"],
        ["", "", "督办事项", "提升"],
        ["", "生态效益指标", "森林覆盖率", "≥49%"],
    ]
    assert _reasons(damage, rows) == [False, False, False]


def test_a_doubt_ends_with_the_next_name_that_fits(damage: ModuleType) -> None:
    rows = [
        ["效益指标", "社会效益指标", "公共服务能力", "提升"],
        ["", "", "森林覆盖率", "≥49%"],
        ["", "", "受益群众人数", "≥200人"],
    ]
    assert _reasons(damage, rows) == [False, True, False]


def test_an_only_child_that_is_never_printed_is_no_lost_label(damage: ModuleType) -> None:
    rows = [
        ["产出指标", "数量指标", "检查次数", "≥5次"],
        ["满意度指标", "", "群众满意度", "≥90%"],
        ["满意度指标", "", "企业满意度", "≥90%"],
    ]
    assert _reasons(damage, rows) == [False, False, False]


def test_labels_printed_in_every_row_but_one(damage: ModuleType) -> None:
    rows = [
        ["产出指标", "数量指标", "检查次数", "≥5次"],
        ["产出指标", "数量指标", "培训人数", "≥50人"],
        ["产出指标", "", "抽检人数", "≥50人"],
    ]
    assert _reasons(damage, rows) == [False, False, True]
