"""A page full of values: how signs, numbers and units are read, twelve times as many a page as a form holds."""

from __future__ import annotations

import random

from benchmarks.scans.sheets import Sheet

ROWS = 24
_WORDS = """\
次 人 个 项 套 篇 期 户 台 场 家 公里 亩 吨 件 册 块 本 处 座 株 辆 人次 份 米 万元 元 天 间 批
有所提升 逐步提升 显著提升 效果明显 有效减少 合理 可控 及时 健全 优秀 良好 长期 按时完成 应保尽保 好 高 达标
完成率 合格率 满意度 覆盖率 执行率 到位率 及时率
培训人数 采购数量 建设规模 补助标准 会议场次 维修面积 运行成本 宣传期数 完成时限 设备套数
"""
UNITS, WORDS, RATES, NAMES = (line.split() for line in _WORDS.splitlines())
BOUNDS = ["", "", "", "≥", "≤", "＜", "＞", "=", "不低于"]


def _number(rng: random.Random) -> str:
    whole = rng.choice([rng.randrange(1, 10), rng.randrange(10, 100), rng.randrange(100, 2000)])
    tail = rng.choice(["", "", f".{rng.randrange(1, 10)}", f".{rng.randrange(1, 100):02d}"])
    return f"{whole}{tail}"


def _percent(rng: random.Random) -> str:
    number = rng.choice(
        [str(rng.randrange(1, 100)), "100", f"{rng.randrange(900, 1000) / 10:g}", _number(rng)]
    )
    return rng.choice(BOUNDS) + number + rng.choice(["%", "%", "%", "％"])


def _count(rng: random.Random) -> str:
    return rng.choice(BOUNDS) + _number(rng) + rng.choice(UNITS)


def _money(rng: random.Random) -> str:
    cents = rng.randrange(100, 900_000_00) / 100
    return rng.choice([f"{cents:,.2f}", f"{cents / 10_000:.2f}", f"{cents / 10_000:.6f}", f"{cents:.0f}"])


def _time(rng: random.Random) -> str:
    month, day = rng.randrange(1, 13), rng.randrange(1, 29)
    return rng.choice([f"{month}月底前", f"2023年{month}月", f"{month}月{day}日前", f"≤{day}个工作日", f"{day}小时内",
                       f"2023年{month}月-12月", "全年", f"{day}天内"])  # fmt: skip


def _pair(rng: random.Random) -> str:
    few, many = rng.randrange(1, 30), rng.randrange(30, 400)
    return rng.choice([f"{few}批/{many}人次", f"{few}-{many}次", f"每年{few}次", f"{few}次,{many}人", f"{many}余人",
                       f"{few}期×{many}本", f"{few}+{many}项", f"±{few}%", f"第{few}批"])  # fmt: skip


def value(rng: random.Random) -> tuple[str, bool]:
    """One printed value, and whether it is a rate.

    >>> value(random.Random(1)), value(random.Random(7))
    (('100％', True), ('7.9处', False))
    """
    dice = rng.random()
    if dice < 0.28:
        return _percent(rng), True
    if dice < 0.60:
        return _count(rng), False
    if dice < 0.68:
        return _number(rng), False
    if dice < 0.78:
        return _money(rng), False
    if dice < 0.86:
        return _time(rng), False
    if dice < 0.94:
        return _pair(rng), False
    return rng.choice(WORDS), False


def figures(rng: random.Random) -> Sheet:
    """A table of values alone: three pairs of a name and a value, and a column of money, in every row."""
    sheet = Sheet("项目支出绩效指标明细表", [0.13, 0.16, 0.13, 0.16, 0.13, 0.16, 0.13])
    for col, text in enumerate(["三级指标", "指标值", "三级指标", "指标值", "三级指标", "指标值", "金额"]):
        sheet.add(0, col, text)
    for row in range(1, ROWS + 1):
        for col in (0, 2, 4):
            text, rate = value(rng)
            sheet.add(row, col, rng.choice(RATES if rate else NAMES))
            sheet.add(row, col + 1, text, value=True)
        sheet.add(row, 6, "" if rng.random() < 0.1 else _money(rng), value=True)
    return sheet
