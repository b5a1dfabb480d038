"""What stands on the drawn forms: cells with spans, texts and alignment, for three kinds of form."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SIGNS = [
    "≥98.5%", "≤3‰", "1200㎡", "100%", "≥96.37万元", "<0.3%", "45条", "3×4次", "≤0.5%",
    "313批/374人次", "12,500元", "≥95％", "＞90%", "2024年12月底前", "≤24小时", "1项", "5800m",
]  # fmt: skip
LEVELS = [
    ("产出指标", ["数量指标", "质量指标", "时效指标", "成本指标"]),
    ("效益指标", ["经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"]),
    ("满意度指标", ["服务对象满意度指标"]),
]


@dataclass(frozen=True)
class Item:
    """One cell: place, spans, text (a line feed is a printed break), ``left`` aligned, and is it a value."""

    row: int
    col: int
    row_span: int
    col_span: int
    text: str
    left: bool = False
    value: bool = False


@dataclass
class Sheet:
    """One form: title, cells, and the columns' shares of its width."""

    title: str
    shares: list[float]
    items: list[Item] = field(default_factory=list)
    landscape: bool = False

    @property
    def rows(self) -> int:
        """The number of rows."""
        return max(item.row + item.row_span for item in self.items)

    def visible(self) -> Sheet:
        """The form without what nobody can see where nothing is ruled: rows in which no text of one row stands."""
        seen = sorted({item.row for item in self.items if item.text and item.row_span == 1})
        rank = {row: number for number, row in enumerate(seen)}
        kept = Sheet(self.title, self.shares, landscape=self.landscape)
        for item in self.items:
            mine = [rank[row] for row in range(item.row, item.row + item.row_span) if row in rank]
            if mine:
                kept.items.append(replace(item, row=mine[0], row_span=len(mine)))
        return kept

    def add(self, row: int, col: int, text: str, spans: tuple[int, int] = (1, 1), **more: bool) -> None:
        """Set one cell."""
        self.items.append(Item(row, col, *spans, text, **more))


@cache
def indicators() -> list[tuple[str, str]]:
    """Names and targets printed in the sample archive."""
    found = []
    for path in sorted((ROOT / "data" / "raw").glob("*/*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            parts = [part.strip() for part in line.split("\t") if part.strip()]
            for i, part in enumerate(parts[:-1]):
                if re.match(r"指标\d*[:：].", part) and "$" not in line and "<" not in parts[i + 1]:
                    found.append((part, parts[i + 1]))
    return found


def _goal(rng: random.Random, count: int) -> str:
    names = [re.sub(r"^指标\d*[:：]\s*", "", name) for name, _ in rng.sample(indicators(), count)]
    return ";".join(name.rstrip(";。") for name in names) + "。"


def _value(rng: random.Random, own: str) -> str:
    return rng.choice(SIGNS) if rng.random() < 0.4 else own


def _money(rng: random.Random) -> str:
    return f"{rng.randrange(10, 9999) / rng.choice([1, 10, 100]):g}"


def goals(rng: random.Random) -> Sheet:
    """A form of goals with five columns: project, money, goal, three levels and the target."""
    a, b, c, e = (
        rng.uniform(0.05, 0.08),
        rng.uniform(0.11, 0.16),
        rng.uniform(0.14, 0.19),
        rng.uniform(0.14, 0.2),
    )
    sheet = Sheet("部门项目支出绩效目标申报表", [a, b, c, 1 - a - b - c - e, e])
    sheet.add(0, 0, "项目名称", (1, 2))
    sheet.add(0, 2, rng.choice(indicators())[0][4:24] + "经费", (1, 3))
    for col, text in ((2, "县人民政府办公室"), (3, "实施单位"), (4, "办公室")):
        sheet.add(1, col, text)
    sheet.add(1, 0, "主管部门", (1, 2))
    sheet.add(2, 0, "项目资金\n(万元)", (3, 2))
    money = _money(rng)
    for i, label in enumerate(["年度资金总额", "其中:财政拨款", "其他资金"]):
        sheet.add(2 + i, 2, label, (1, 2))
        sheet.add(2 + i, 4, money if i < 2 else "", value=True)
    sheet.add(5, 0, "年度总体目标", (1, 2))
    sheet.add(5, 2, _goal(rng, 6), (1, 3), left=True)
    for col, label in enumerate(["一级指标", "二级指标", "三级指标", "指标值"], 1):
        sheet.add(6, col, label)
    _levels(rng, sheet, 7, 0.12)
    sheet.add(6, 0, "绩\n效\n指\n标" if rng.random() < 0.5 else "绩效\n指标", (sheet.rows - 6, 1))
    return sheet


def county(rng: random.Random) -> Sheet:
    """A long form whose indicators stand in twos and threes, half of them left empty."""
    sheet = Sheet("部门项目支出预算绩效目标表", [0.06, 0.11, 0.17, 0.48, 0.18])
    sheet.add(0, 0, "项目名称", (1, 2))
    sheet.add(0, 2, rng.choice(indicators())[0][4:20] + "项目", (1, 3))
    for row, (one, two, three, four) in enumerate(
        [("主管部门", "县政府办公室", "实施单位", "督查室"), ("项目属性", "延续性项目", "项目期", "2023")], 1
    ):
        sheet.add(row, 0, one, (1, 2))
        sheet.add(row, 2, two)
        sheet.add(row, 3, three)
        sheet.add(row, 4, four, value=row == 2)
    sheet.add(3, 0, "项目资金\n(万元)", (3, 2))
    money = _money(rng)
    for i, label in enumerate(["年度资金总额(含本级)", "其中:财政拨款", "其他资金"]):
        sheet.add(3 + i, 2, label)
        sheet.add(3 + i, 3, label)
        sheet.add(3 + i, 4, money if i < 2 else "", value=True)
    sheet.add(6, 0, "绩效目标", (1, 2))
    sheet.add(6, 2, "年度总体绩效目标(含本级和市县)")
    sheet.add(6, 3, _goal(rng, 4), (1, 2), left=True)
    for col, label in enumerate(["一级指标", "二级指标", "三级指标", "指标值"], 1):
        sheet.add(7, col, label)
    _levels(rng, sheet, 8, 0.45)
    sheet.add(7, 0, "绩效指标", (sheet.rows - 7, 1))
    return sheet


def _levels(rng: random.Random, sheet: Sheet, at: int, empty_share: float) -> None:
    for level1, seconds in LEVELS:
        start1 = at
        for second in rng.sample(seconds, max(1, len(seconds) - rng.randrange(2))):
            start2 = at
            for number in range(rng.randrange(1, 4)):
                name, value = rng.choice(indicators())
                empty = rng.random() < empty_share
                label = f"指标{number + 1}:" if rng.random() < 0.5 else ""
                sheet.add(at, 3, label if empty else name, left=True)
                sheet.add(at, 4, "" if empty else _value(rng, value), value=True)
                at += 1
            sheet.add(start2, 2, second, (at - start2, 1))
        sheet.add(start1, 1, level1, (at - start1, 1))


def evaluation(rng: random.Random) -> Sheet:
    """A self-evaluation with nine columns: budget and execution, target and result, weight, score, reason."""
    sheet = Sheet("项目支出绩效自评表", [0.06, 0.1, 0.13, 0.2, 0.12, 0.12, 0.06, 0.07, 0.14])
    sheet.add(0, 0, "项目名称", (1, 2))
    sheet.add(0, 2, rng.choice(indicators())[0][4:22] + "补助", (1, 7))
    sheet.add(1, 0, "主管部门", (1, 2))
    sheet.add(1, 2, "某县医疗保障局", (1, 2))
    sheet.add(1, 4, "实施单位", (1, 2))
    sheet.add(1, 6, "某县医保中心", (1, 3))
    sheet.add(2, 0, "项目资金\n(万元)", (5, 2))
    sheet.add(2, 2, "", (1, 2))
    for col, label in enumerate(["年初预算数", "全年预算数", "分值", "执行率", "得分"], 4):
        sheet.add(2, col, label)
    for row, label in enumerate(["年度资金总额", "其中:当年财政拨款", "上年结转资金", "其他资金"], 3):
        sheet.add(row, 2, label, (1, 2))
        full = row < 5 or rng.random() < 0.5
        for col in range(4, 9):
            text = [
                _money(rng),
                _money(rng),
                "10",
                f"{rng.randrange(400, 1000) / 10:g}%",
                f"{rng.randrange(10)}",
            ][col - 4]
            sheet.add(row, col, text if full and (row == 3 or col < 6) else "", value=True)
    sheet.add(7, 0, "年度总体目标", (2, 2))
    sheet.add(7, 2, "预期目标", (1, 3))
    sheet.add(7, 5, "实际完成情况", (1, 4))
    sheet.add(8, 2, _goal(rng, 3), (1, 3), left=True)
    sheet.add(8, 5, "已完成。" + _goal(rng, 2), (1, 4), left=True)
    heads = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因"]
    for col, label in enumerate(heads, 1):
        sheet.add(9, col, label)
    at = 10
    for level1, seconds in LEVELS:
        start1 = at
        for second in rng.sample(seconds, max(1, len(seconds) - rng.randrange(2))):
            start2 = at
            for _ in range(rng.randrange(1, 3)):
                name, value = rng.choice(indicators())
                value = _value(rng, value)
                sheet.add(at, 3, re.sub(r"^指标\d*[:：]\s*", "", name)[:24], left=True)
                for col, text in enumerate(
                    [value, value, rng.choice(["5", "10"]), rng.choice(["5", "9.8", "10"])], 4
                ):
                    sheet.add(at, col, text, value=True)
                sheet.add(at, 8, "部分人员外出" if rng.random() < 0.2 else "")
                at += 1
            sheet.add(start2, 2, second, (at - start2, 1))
        sheet.add(start1, 1, level1 + rng.choice(["", "(50分)"]), (at - start1, 1))
    sheet.add(9, 0, "绩效指标", (at - 9, 1))
    sheet.add(at, 0, "总分", (1, 6))
    sheet.add(at, 6, "100", value=True)
    sheet.add(at, 7, f"{rng.randrange(800, 1000) / 10:g}", value=True)
    sheet.add(at, 8, "")
    return sheet


KINDS = {"goals": goals, "county": county, "evaluation": evaluation}


def wide(rng: random.Random) -> Sheet:
    """A list of projects on a page laid sideways: fourteen columns under heads of two rows."""
    heads = ["序号", "项目名称", "主管部门", "年初预算", "全年预算", "执行数", "执行率"]
    sheet = Sheet("部门项目支出绩效自评汇总表", [0.04, 0.15, 0.1, *[0.06] * 4, *[0.067] * 7], landscape=True)
    for col in (0, 1, 2):
        sheet.add(0, col, heads[col], (2, 1))
    sheet.add(0, 3, "预算执行情况(万元)", (1, 4))
    sheet.add(0, 7, "指标得分", (1, 6))
    sheet.add(0, 13, "备注", (2, 1))
    for col, head in enumerate([*heads[3:], "数量", "质量", "时效", "成本", "效益", "满意度"], 3):
        sheet.add(1, col, head)
    for row in range(2, rng.randrange(10, 16)):
        sheet.add(row, 0, str(row - 1))
        sheet.add(row, 1, rng.choice(indicators())[0][4:18], left=True)
        sheet.add(row, 2, rng.choice(["县教育局", "县水务局", "县医疗保障局"]))
        for col in range(3, 13):
            text = (
                _money(rng)
                if col < 6
                else f"{rng.randrange(60, 101)}%"
                if col == 6
                else str(rng.randrange(21))
            )
            sheet.add(row, col, text if rng.random() < 0.9 else "", value=True)
        sheet.add(row, 13, "部分未完成" if rng.random() < 0.2 else "")
    return sheet


def tall(rng: random.Random) -> Sheet:
    """A report with very tall cells of running text beside short labels."""
    sheet = Sheet("项目支出绩效情况说明", [0.14, 0.5, 0.18, 0.18])
    for row, (one, two) in enumerate([("项目单位", "县水务局"), ("负责人", "张某某")]):
        sheet.add(row, 0, one)
        sheet.add(row, 1, rng.choice(indicators())[0][4:20])
        sheet.add(row, 2, "联系电话" if row else "预算金额")
        sheet.add(row, 3, two if row else _money(rng), value=True)
    for row, label in enumerate(["立项依据", "实施内容", "绩效情况", "存在问题"], 2):
        sheet.add(row, 0, label)
        sheet.add(row, 1, _goal(rng, rng.randrange(6, 15)), (1, 3), left=True)
    for col, head in enumerate(["指标", "指标内容", "目标值", "完成值"]):
        sheet.add(6, col, head)
    for row in range(7, 12):
        name, value = rng.choice(indicators())
        sheet.add(row, 0, rng.choice(LEVELS[0][1]))
        sheet.add(row, 1, name, left=True)
        for col in (2, 3):
            sheet.add(row, col, _value(rng, value), value=True)
    return sheet


# Kinds that came later: a seed of old goes on naming its old form.
MORE = {"wide": wide, "tall": tall}
