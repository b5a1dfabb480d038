"""Forms drawn from the sample archive's own indicators with other fonts and layouts, with the truth of every cell.

The random choices hang on one seed, so a page can be named by its number.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parents[2]
FONTS = [
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/arphic/uming.ttc",
    "/usr/share/fonts/truetype/arphic/ukai.ttc",
]
SIGNS = [
    "≥98.5%",
    "≤3‰",
    "1200㎡",
    "100%",
    "≥96.37万元",
    "<0.3%",
    "45条",
    "3×4次",
    "≤0.5%",
    "313批/374人次",
    "12,500元",
]
LEVELS = [
    ("产出指标", ["数量指标", "质量指标", "时效指标", "成本指标"]),
    ("效益指标", ["经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"]),
    ("满意度指标", ["服务对象满意度指标"]),
]


@dataclass
class Drawn:
    """A page picture (BGR), its dpi, and cells as ``[row, col, row span, col span, text, box in points]``."""

    pixels: np.ndarray
    dpi: int
    cells: list[tuple[int, int, int, int, str, tuple[float, float, float, float]]] = field(
        default_factory=list
    )


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


def _rows(rng: random.Random) -> tuple[list[tuple[int, int, int, int, str]], int]:
    """Cells (row, col, row span, col span, text) of one form of five columns, and its number of rows."""
    pairs = indicators()
    rows: list[tuple[int, int, int, int, str]] = [
        (0, 0, 1, 2, "项目名称"),
        (0, 2, 1, 3, rng.choice(pairs)[0][4:24] + "经费"),
        (1, 0, 1, 2, "主管部门"),
        (1, 2, 1, 1, "县人民政府办公室"),
        (1, 3, 1, 1, "实施单位"),
        (1, 4, 1, 1, "办公室"),
        (2, 0, 3, 2, "项目资金\n(万元)"),
    ]
    money = rng.randrange(10, 9999) / rng.choice([1, 10, 100])
    for i, label in enumerate(["年度资金总额", "其中:财政拨款", "其他资金"]):
        rows += [(2 + i, 2, 1, 2, label), (2 + i, 4, 1, 1, f"{money:g}" if i < 2 else "")]
    goal = "。".join(name.split(":")[-1].split("：")[-1] for name, _ in rng.sample(pairs, 6)) + "。"
    rows += [(5, 0, 1, 2, "年度总体目标"), (5, 2, 1, 3, goal)]
    for col, label in enumerate(["一级指标", "二级指标", "三级指标", "指标值"], 1):
        rows.append((6, col, 1, 1, label))
    at = 7
    for level1, seconds in LEVELS:
        start1 = at
        for second in rng.sample(seconds, max(1, len(seconds) - rng.randrange(2))):
            start2 = at
            for _ in range(rng.randrange(1, 4)):
                name, value = rng.choice(pairs)
                value = rng.choice(SIGNS) if rng.random() < 0.4 else value
                empty = rng.random() < 0.12
                rows += [
                    (at, 3, 1, 1, "" if empty and rng.random() < 0.5 else name),
                    (at, 4, 1, 1, "" if empty else value),
                ]
                at += 1
            rows.append((start2, 2, at - start2, 1, second))
        rows.append((start1, 1, at - start1, 1, level1))
    rows.append((6, 0, at - 6, 1, "绩\n效\n指\n标" if rng.random() < 0.5 else "绩效\n指标"))
    return rows, at


def _wrap(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    lines = []
    for part in text.split("\n"):
        line = ""
        for char in part:
            if line and font.getlength(line + char) > width:
                lines.append(line)
                line = ""
            line += char
        lines.append(line)
    return lines


def draw_form(seed: int, dpi: int = 200, *, ruled: bool = True) -> Drawn:
    """One A4 page with one form; ``seed`` decides texts, font, sizes, line widths and column widths."""
    rng = random.Random(seed)
    fonts = [path for path in FONTS if Path(path).exists()]
    scale = dpi / 72
    path = rng.choice(fonts)
    size = rng.choice([9, 9.5, 10, 10.5, 11])
    font = ImageFont.truetype(path, round(size * scale), index=2 if "CJK" in path else 0)
    title = ImageFont.truetype(path, round(rng.choice([14, 16, 18]) * scale), index=2 if "CJK" in path else 0)
    rows, count = _rows(rng)
    shares = np.array(
        [
            rng.uniform(0.05, 0.08),
            rng.uniform(0.11, 0.16),
            rng.uniform(0.14, 0.19),
            0.0,
            rng.uniform(0.14, 0.2),
        ]
    )
    shares[3] = 1 - shares.sum()
    page_w, page_h = round(595.28 * scale), round(841.89 * scale)
    left, right = 45 * scale, 550 * scale
    xs = left + np.concatenate([[0], np.cumsum(shares)]) * (right - left)
    pad, pitch = 3.5 * scale, size * rng.uniform(1.25, 1.45) * scale
    heights = np.full(count, pitch + rng.uniform(2.5, 6) * scale)
    wrapped = {}
    for row, col, row_span, col_span, text in rows:
        lines = _wrap(text, font, xs[col + col_span] - xs[col] - 2 * pad) if text else []
        wrapped[row, col] = lines
        need = len(lines) * pitch + 2.5 * scale
        lack = need - heights[row : row + row_span].sum()
        if lack > 0:
            heights[row : row + row_span] += lack / row_span
    ys = 85 * scale + np.concatenate([[0], np.cumsum(heights)])
    image = Image.new("L", (page_w, max(page_h, int(ys[-1] + 40 * scale))), 255)
    pen = ImageDraw.Draw(image)
    heading = "部门项目支出绩效目标申报表"
    pen.text(((page_w - title.getlength(heading)) / 2, 45 * scale), heading, fill=0, font=title)
    stroke = max(1, round(rng.choice([0.5, 0.75, 1.0]) * scale))
    cells = []
    for row, col, row_span, col_span, text in rows:
        box = (xs[col], ys[row], xs[col + col_span], ys[row + row_span])
        if ruled:
            pen.rectangle([round(v) for v in box], outline=0, width=stroke)
        lines = wrapped[row, col]
        top = (box[1] + box[3]) / 2 - len(lines) * pitch / 2
        for i, line in enumerate(lines):
            width = font.getlength(line)
            x = box[0] + pad if len(text) > 12 or col == 3 else (box[0] + box[2]) / 2 - width / 2
            pen.text(
                (x, top + i * pitch + (pitch - size * 1.32 * scale) / 2),
                line,
                fill=rng.choice([0, 20]),
                font=font,
            )
        cells.append((row, col, row_span, col_span, text.replace("\n", ""), tuple(v / scale for v in box)))
    if not ruled:
        for y in (ys[0], ys[1], ys[-1]):
            pen.line([xs[0], y, xs[-1], y], fill=0, width=stroke)
    pixels = np.repeat(np.asarray(image)[:, :, None], 3, axis=2).astype(np.uint8)
    return Drawn(pixels, dpi, sorted(cells))
