"""A stream of distinct value cells in the mixture of the two seed files. Deterministic."""

from __future__ import annotations

import random
from collections.abc import Iterator

_UNITS = [
    "次",
    "件",
    "人次",
    "人",
    "期",
    "批次",
    "套",
    "条",
    "名",
    "户",
    "个",
    "场",
    "份",
    "台",
    "公里",
    "平方米",
    "亩",
]
_HOW = [
    "逐步",
    "不断",
    "持续",
    "有所",
    "明显",
    "显著",
    "进一步",
    "稳步",
    "有效",
    "大幅",
    "切实",
    "全面",
    "逐年",
    "积极",
]
_WHAT = [
    "提升",
    "提高",
    "增强",
    "改善",
    "完善",
    "加强",
    "下降",
    "降低",
    "减少",
    "促进",
    "推动",
    "优化",
    "保障",
    "扩大",
]
_WHOM = [
    "",
    "服务能力",
    "服务水平",
    "办事效率",
    "公信力",
    "群众满意度",
    "生态环境",
    "工作质量",
    "收入水平",
    "安全意识",
]


def _number(rng: random.Random) -> str:
    digits = rng.choice([1, 2, 2, 3, 3, 4, 5])
    value = rng.randint(10 ** (digits - 1), 10**digits - 1)
    return f"{value}.{rng.randint(1, 99)}" if rng.random() < 0.25 else str(value)


def _one(rng: random.Random) -> str:
    draw = rng.random()
    number, unit = _number(rng), rng.choice(_UNITS)
    if draw < 0.30:
        return f"{rng.choice(['≥', '≥', '≥', '', '≤', '<'])}{rng.randint(1, 100)}.{rng.randint(0, 9999)}%"
    if draw < 0.52:
        return f"{rng.choice(['', '', '≥', '≤'])}{number}{unit}"
    if draw < 0.56:
        return f"{number.split('.')[0]}{rng.choice('余多')}{unit}"
    if draw < 0.74:
        return f"{rng.choice(['', '', '≤'])}{number}{rng.choice(['万元', '万元', '元'])}"
    if draw < 0.90:
        return rng.choice(_HOW) + rng.choice(_WHAT) + rng.choice(_WHOM) + (number if rng.random() < 0 else "")
    if draw < 0.93:
        return f"{number.split('.')[0]}批/{_number(rng).split('.')[0]}人次"
    if draw < 0.95:
        return f"每年{rng.randint(1, 99)}-{rng.randint(100, 999)}次,每次{number}{unit}"
    if draw < 0.975:
        return f"{rng.randint(2000, 2099)}年{rng.randint(1, 12)}月{rng.randint(1, 28)}日前"
    return f"$\\geq {number}\\%$"


def distinct_cells(count: int, seed: int = 7) -> Iterator[str]:
    """``count`` cells, none twice (the wordings repeat only once all combinations are used up)."""
    rng = random.Random(seed)
    seen: set[str] = set()
    while len(seen) < count:
        cell = _one(rng)
        if cell not in seen:
            seen.add(cell)
            yield cell
