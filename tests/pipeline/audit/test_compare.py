"""Copies between forms, and the links of one project."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from pipeline.audit import compare, fingerprint
from pipeline.audit.fingerprint import Fingerprint
from pipeline.records import FormRecords

NAMES = [
    "制作政府开放日活动展板和户外广告牌",
    "刊印政府公报",
    "规范性文件和政策性文件图解",
    "组织全区政务公开业务培训",
    "基层政务公开工作机制健全完善率",
    "政务公开能力和水平提升率",
    "基本建成基层政务公开标准体系",
]
GOAL = (
    "全面提升全区基层政务公开标准化规范化水平，坚持标准引领、坚持需求导向，全面推进基层政务决策公开、"
    "执行公开、管理公开、服务公开、结果公开，推动基层政务公开全覆盖，让公开成为自觉、透明成为常态。"
)
OTHER_GOAL = (
    "组织办文办会、政府公文、会议决定事项、重要工作部署贯彻落实跟踪调研，充分发挥政府办公室总调度和"
    "中转站作用，做好下情上报、上情下达工作，协调好各方关系，促进政府部门之间形成整体合力。"
)
Build = Callable[..., FormRecords]


def _rows(names: list[str], target: str = "≥90%") -> list[dict[str, Any]]:
    return [{"level2": "output.quality", "name": name, "target": target} for name in names]


@pytest.fixture
def make(build: Build) -> Callable[..., Fingerprint]:
    def made(form_id: str, project: str, names: list[str], **more: Any) -> Fingerprint:
        return fingerprint(build({"project": project, "rows": _rows(names), **more}, form_id))

    return made


Make = Callable[..., Fingerprint]


def test_copied_rows_are_counted_and_linked(make: Make) -> None:
    findings, links = compare(
        [make("a", "政务公开", NAMES), make("b", "村务公开", [*NAMES[:6], "开发微信小程序"])]
    )
    (row,) = findings
    assert (row.rule, row.form_id, row.other_form_id) == ("copied_indicators", "b", "a")
    assert json.loads(row.numbers) == {"rows": 6, "with_value": 6, "near": 0, "of": 7}
    assert "“村务公开”与“政务公开”有6项三级指标雷同" in row.message
    assert len(row.indicator_ids) == len(row.cell_ids) == 12
    assert [(li.form_id, li.other_form_id, li.relation) for li in links] == [("a", "b", "copied_from")]


def test_rows_with_one_character_changed_are_still_copies(make: Make) -> None:
    changed = [*NAMES[:4], "基层政务公开工作体制健全完善率", "推进乡村振兴重点项目建设"]
    (row,), _ = compare([make("a", "政务公开", NAMES), make("b", "村务公开", changed)])
    assert json.loads(row.numbers)["near"] == 1


def test_few_common_rows_are_quiet(make: Make) -> None:
    others = ["开展督查检查", "编发督办通知单", "召开全县工作大会", "承办各类会议"]
    findings, links = compare([make("a", "政务公开", NAMES), make("b", "督办工作", [*NAMES[:3], *others])])
    assert findings == links == ()


def test_boilerplate_alone_is_quiet(make: Make) -> None:
    common = ["群众满意度", "领导满意", "资金拨付及时率", "项目按时完成率", "工作合格率", "预算控制率"]
    own = [[f"{'甲乙丙丁戊己庚辛壬癸子丑'[n]}{name}" for name in NAMES] for n in range(12)]
    forms = [make(f"{n:02}", f"项目{n}", common + own[n][n % 3 : n % 3 + 1]) for n in range(12)]
    findings, _ = compare(forms)
    assert findings == ()


def test_whole_forms_printed_alike_are_found_however_many_there_are(make: Make) -> None:
    forms = [make(f"{n:02}", f"{n}号村公开", NAMES) for n in range(40)]
    findings, _ = compare(forms)
    assert len(findings) == 39
    assert {f.other_form_id for f in findings} == {"00"}


def test_a_template_used_many_times_is_found_though_its_rows_are_common(make: Make) -> None:
    forms = [make(f"{n:02}", f"{n}号村公开", [*NAMES, f"{n}号村文化广场建设"]) for n in range(60)]
    findings, _ = compare(forms)
    assert len(findings) == 59
    assert all(json.loads(f.numbers)["rows"] >= 7 for f in findings)


def test_one_policy_of_several_units_is_only_worth_a_look(make: Make) -> None:
    forms = [make("a", "村务公开", NAMES, agency="甲镇"), make("b", "村务公开", NAMES, agency="乙镇")]
    assert [f.severity for f in compare(forms)[0]] == ["info"]


def test_next_year_of_one_project_is_a_link_and_no_copy(make: Make) -> None:
    forms = [
        make("a", "2023年政务公开", NAMES, year=2023, goal=GOAL),
        make("b", "政务公开", NAMES, year=2024, goal=GOAL),
    ]
    findings, links = compare(forms)
    assert findings == ()
    assert [(li.form_id, li.other_form_id, li.relation) for li in links] == [("a", "b", "next_year")]


def test_kinds_of_one_project_are_linked(make: Make) -> None:
    forms = [
        make("a", "政务公开", NAMES, goal=GOAL),
        make("b", "政务公开", NAMES, goal=GOAL, kind="self_evaluation"),
    ]
    findings, links = compare(forms)
    assert findings == ()
    assert [(li.form_id, li.other_form_id, li.relation) for li in links] == [("a", "b", "evaluated_by")]


def test_two_forms_that_may_be_the_next_year_are_left_alone(make: Make) -> None:
    forms = [
        make("a", "政务公开", NAMES, year=2023),
        make("b", "政务公开", NAMES, year=2024),
        make("c", "政务公开", NAMES, year=2024),
    ]
    assert compare(forms)[1] == ()


@pytest.mark.parametrize(
    ("goal", "percent"),
    [(GOAL, 100), (GOAL.replace("全区", "全县"), None), (OTHER_GOAL, 0)],
    ids=["same", "one word changed", "another"],
)
def test_copied_goals(make: Make, goal: str, percent: int | None) -> None:
    forms = [
        make("a", "政务公开", ["甲事项督查"], goal=GOAL),
        make("b", "村务公开", ["乙事项检查"], goal=goal),
    ]
    findings, links = compare(forms)
    if percent == 0:
        assert findings == links == ()
        return
    (row,) = findings
    assert row.rule == "copied_goal"
    assert json.loads(row.numbers)["similarity_percent"] == (percent or pytest.approx(90, abs=9))
    assert row.cell_ids == ("b-goal", "a-goal")


def test_short_goals_are_alike_by_nature(make: Make) -> None:
    forms = [
        make("a", "甲", ["甲事项督查"], goal="保障正常运转。"),
        make("b", "乙", ["乙事项检查"], goal="保障正常运转。"),
    ]
    assert compare(forms)[0] == ()


def test_the_order_of_the_forms_does_not_matter(make: Make) -> None:
    forms = [make(f"{n}", f"项目{n}", NAMES[n % 3 :], goal=GOAL if n % 2 else None) for n in range(8)]
    shuffled = forms[:]
    random.Random(7).shuffle(shuffled)
    assert compare(forms) == compare(shuffled) == compare(iter(forms))
    assert len(compare(forms)[0]) > 0


SHORT_GOAL = "制作新闻节目317期，发布短视频1011条，扩大主流舆论影响力。"


def test_a_short_goal_full_of_figures_was_copied(make: Make) -> None:
    forms = [
        make("a", "融媒体宣传", ["甲事项督查"], goal=SHORT_GOAL),
        make("b", "法律援助", ["乙事项检查"], goal=SHORT_GOAL),
        make("c", "非遗保护", ["丙事项检查"], goal=SHORT_GOAL.replace("317", "318")),
    ]
    assert [(f.rule, f.form_id, f.other_form_id) for f in compare(forms)[0]] == [("copied_goal", "b", "a")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("高标准农田建设（一期）", "高标准农田建设（二期）"),
        ("河道治理", "河道治理（东片区）"),
        ("河道治理（西片区）", "河道治理（东片区）"),
        ("第一批产业扶持资金", "第二批产业扶持资金"),
    ],
)
def test_phases_and_parts_of_one_project_are_no_copies(make: Make, one: str, other: str) -> None:
    forms = [make("a", one, NAMES, goal=GOAL), make("b", other, NAMES, goal=GOAL)]
    assert compare(forms)[0] == ()
    elsewhere = make("b", other, NAMES, goal=GOAL, agency="乙局")
    assert len(compare([forms[0], elsewhere])[0]) == 2


def test_what_every_form_of_a_project_repeats_is_told_once_a_year(make: Make) -> None:
    forms = [
        make(f"{letter}{year}{kind[:4]}", project, NAMES, goal=GOAL, year=year, kind=kind)
        for letter, project in (("a", "政务公开"), ("b", "村务公开"))
        for year in (2023, 2024)
        for kind in ("target", "monitoring", "self_evaluation")
    ]
    findings, links = compare(forms)
    assert [(f.rule, f.fiscal_year) for f in findings] == [
        (rule, year) for rule in ("copied_goal", "copied_indicators") for year in (2023, 2024)
    ]
    assert {(f.other_form_id or "")[0] + f.form_id[0] for f in findings} == {"ab"}
    first = findings[0]
    assert (first.other_form_id or "")[1:] == first.form_id[1:], "of one year and kind, where there are such"
    assert len([li for li in links if li.relation == "copied_from"]) > 4, "every pair stands in links"
