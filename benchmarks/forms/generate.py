"""Write N distinct synthetic text-dump forms, the same ones for the same seed.

usage: generate.py FOLDER [--forms 500] [--per-file 10] [--seed 1] [--year 2024]

The forms keep the shape of real dumps: labels merged down, rows slid left, printed empty slots,
filler, amounts glued to their labels, several forms in one file. No two forms have equal text.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

PLACES = ["甘泉", "青河", "临江", "安平", "永丰", "石门", "白云", "双桥", "新和", "长岭"]
BODIES = [
    "财政局",
    "教育局",
    "水务局",
    "林业局",
    "卫生健康局",
    "农业农村局",
    "民政局",
    "交通运输局",
    "信访局",
    "文化旅游局",
]
TOPICS = [
    "道路养护",
    "校舍维修",
    "河道清淤",
    "造林绿化",
    "疾病防控",
    "良种推广",
    "养老服务",
    "公交补贴",
    "信访维稳",
    "图书采购",
    "干部培训",
    "网络运维",
]
WORK = [
    "开展检查",
    "组织培训",
    "发放补助",
    "维修设施",
    "印制资料",
    "召开会议",
    "走访群众",
    "采购设备",
    "聘用人员",
    "编制方案",
]
UNITS = ["次", "人次", "件", "份", "个", "套", "平方米", "公里", "户", "台"]
STATES = ["逐步提升", "有所提升", "明显改善", "长期有效", "持续增强", "不断提高", "有效减少", "基本完善"]
LEVELS = (
    ("产出指标", "数量指标", "count"),
    ("产出指标", "质量指标", "percent"),
    ("产出指标", "时效指标", "time"),
    ("产出指标", "成本指标", "money"),
    ("效益指标", "经济效益指标", "state"),
    ("效益指标", "社会效益指标", "state"),
    ("效益指标", "生态效益指标", "blank"),
    ("效益指标", "可持续影响指标", "state"),
    ("满意度指标", "服务对象满意度指标", "percent"),
)


def value(kind: str, rnd: random.Random) -> str:
    """A 指标值 of one kind, in one of its printed manners."""
    n = rnd.randint(2, 900)
    if kind == "count":
        return rnd.choice(
            [f"≥{n}{rnd.choice(UNITS)}", f"{n}余次", f"{n}{rnd.choice(UNITS)}", f"{n}批/{n * 3}人次"]
        )
    if kind == "percent":
        return rnd.choice(
            [f"≥{rnd.randint(80, 99)}%", f"{rnd.randint(80, 100)}%", f"$\\geq {rnd.randint(80, 99)}\\%$"]
        )
    if kind == "time":
        return rnd.choice(["按时完成", "2024年全年", f"≤{n}天", f"{rnd.randint(1, 12)}月底前", "1小时内"])
    if kind == "money":
        return rnd.choice([f"{n / 10}万元", f"≤{n}万元", f"{n}元/人·月"])
    return rnd.choice(STATES)


def form(number: int, rnd: random.Random, year: int) -> str:
    """One form; its number is part of its project's name, so that no two are equal."""
    place, body, topic = rnd.choice(PLACES), rnd.choice(BODIES), rnd.choice(TOPICS)
    total = rnd.randint(1, 900)
    glued = rnd.random() < 0.3
    amount = f"年度资金总额 {total}万\t\t" if glued else f"年度资金总额:\t{total}\t"
    lines = [
        f"{year}年部门项目支出预算绩效目标表",
        "",
        f"项目名称\t\t{place}{topic}第{number}号项目经费\t\t",
        f"主管部门\t\t{place}县{body}\t实施单位\t{place}县{body}{rnd.choice(['本级', '办公室', '二中心'])}",
        f"项目属性\t\t{rnd.choice(['延续性项目', '新增一次性项目'])}\t项目期\t{year}年",
        f"项目资金 (万元)\t{amount}",
        f"\t其中:财政拨款\t{total}\t",
        "\t其他资金\t\t",
        f"年度总体目标\t本项目用于{place}县{topic}工作,计划{rnd.choice(WORK)}{rnd.randint(2, 90)}次,保障第{number}号任务完成。\t\t\t",
        "绩效指标\t一级指标\t二级指标\t三级指标\t指标值",
    ]
    for at, (level1, level2, kind) in enumerate(LEVELS):
        for n in range(1, rnd.randint(2, 4)):
            first = n == 1
            one = level1 if first and (at == 0 or LEVELS[at - 1][0] != level1) else ""
            two = level2 if first else ""
            name = (
                f"指标{n}: {topic}{rnd.choice(WORK)}{rnd.randint(1, 999)}" if kind != "blank" else f"指标{n}:"
            )
            row = ["", one, two, name, "" if kind == "blank" else value(kind, rnd)]
            if rnd.random() < 0.15:
                row = [*row[1:], ""]
            lines.append("\t".join(row))
        if rnd.random() < 0.1:
            lines.append("\t\t\t……\t")
    return "\n".join(lines) + "\n\n"


def generate(folder: Path, forms: int, per_file: int, seed: int, year: int) -> int:
    """Write the files; return how many."""
    rnd = random.Random(seed)
    target = folder / str(year)
    target.mkdir(parents=True, exist_ok=True)
    files = 0
    for start in range(0, forms, per_file):
        text = "".join(form(n, rnd, year) for n in range(start, min(start + per_file, forms)))
        (target / f"dump_{start:06d}.txt").write_text(text, encoding="utf-8")
        files += 1
    return files


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--forms", type=int, default=500)
    parser.add_argument("--per-file", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--year", type=int, default=2024)
    a = parser.parse_args()
    print(generate(a.folder, a.forms, a.per_file, a.seed, a.year), "files")
