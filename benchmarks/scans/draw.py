"""Forms drawn with many fonts, sizes and borders, with the truth of every cell.

All random choices hang on one seed, so a page can be named by its number. More fonts (of the kinds
仿宋 and 楷体) are found in the folder named by ``SCAN_FONTS``.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from benchmarks.scans.figures import figures
from benchmarks.scans.sheets import KINDS, MORE, Item, Sheet

FOLDERS = (
    "/usr/share/fonts/opentype/noto",
    "/usr/share/fonts/truetype/wqy",
    "/usr/share/fonts/truetype/arphic",
)
NAMES = (
    "NotoSansCJK-Regular.ttc", "NotoSerifCJK-Regular.ttc", "wqy-zenhei.ttc", "uming.ttc", "ukai.ttc",
    "gbsn00lp.ttf", "gkai00mp.ttf", "NotoSerifCJK-Bold.ttc",
)  # fmt: skip
Box = tuple[float, float, float, float]


@cache
def fonts() -> list[str]:
    """Paths of the fonts that this machine has."""
    more = os.environ.get("SCAN_FONTS")
    folders = [*map(Path, FOLDERS), *([Path(more)] if more else [])]
    found = [next((str(p) for f in folders for p in f.rglob(name)), "") for name in NAMES]
    return [path for path in found if path]


def font(path: str, size: float) -> ImageFont.FreeTypeFont:
    """A face of a font file in its simplified Chinese form."""
    return ImageFont.truetype(path, max(6, round(size)), index=2 if "CJK" in path else 0)


@cache
def _lacks(path: str, char: str) -> bool:
    """Whether a font has no picture of a character (an empty one or its box for unknown ones)."""
    face = font(path, 40)
    mask = face.getmask(char)
    return mask.getbbox() is None or bytes(mask) == bytes(face.getmask("\U0010ffff"))


def face_for(text: str, chosen: Look, scale: float) -> ImageFont.FreeTypeFont:
    """The look's font, or another where it lacks a sign such as ㎡."""
    lacking = any(_lacks(chosen.path, char) for char in set(text) - {" ", "\n"})
    return font(fonts()[0] if lacking else chosen.path, chosen.size * scale)


@dataclass(frozen=True)
class Look:
    """How a form is set. ``border``: full, noframe, three, level, none (three lines), bare (no line at all),
    dashed, double, faint, broken, doubleframe, thickframe, shaded (coloured heads).
    """

    path: str
    size: float
    pitch: float
    stroke: float
    border: str = "full"
    pad: float = 3.5
    ink: int = 0
    colour: tuple[int, int, int] = (0, 0, 0)


@dataclass
class Drawn:
    """A page picture (BGR), its dpi, cells ``[row, col, row span, col span, text, box in points]``, its values."""

    pixels: np.ndarray
    dpi: int
    cells: list[tuple[int, int, int, int, str, Box]] = field(default_factory=list)
    values: set[tuple[int, int]] = field(default_factory=set)


def look(rng: random.Random, border: str = "full") -> Look:
    """A random look with the given borders."""
    size = rng.choice([9, 9.5, 10, 10.5, 11])
    return Look(rng.choice(fonts()), size, rng.uniform(1.22, 1.45), rng.choice([0.5, 0.75, 1.0]), border,
                rng.uniform(2.5, 4.5), rng.choice([0, 20]))  # fmt: skip


def _wrap(text: str, face: ImageFont.FreeTypeFont, width: float) -> list[str]:
    lines = []
    for part in text.split("\n"):
        line = ""
        for char in part:
            if line and face.getlength(line + char) > width:
                lines.append(line)
                line = ""
            line += char
        lines.append(line)
    return lines


def draw_form(
    seed: int, dpi: int = 200, *, ruled: bool = True, kind: str = "goals", border: str = "full"
) -> Drawn:
    """One page with one form; ``seed`` decides texts, font, sizes, line widths and column widths."""
    rng = random.Random(seed)
    chosen = look(rng, border if ruled else "none")
    if kind in ("evaluation", "wide", "figures"):
        chosen = replace(chosen, size=rng.choice([8, 8.5, 9]))
    sheet = (KINDS | MORE | {"figures": figures})[kind](rng)
    return render(
        sheet if chosen.border not in ("none", "three", "bare") else sheet.visible(), chosen, dpi, rng
    )


def render(sheet: Sheet, chosen: Look, dpi: int, rng: random.Random) -> Drawn:
    """The page picture of a sheet in a look."""
    scale = dpi / 72
    heading = font(chosen.path, rng.choice([14, 16, 18]) * scale)
    paper = (841.89, 595.28) if sheet.landscape else (595.28, 841.89)
    page_w, page_h = (round(side * scale) for side in paper)
    xs = 45 * scale + np.concatenate([[0], np.cumsum(sheet.shares)]) * (paper[0] - 90.28) * scale
    pitch = chosen.size * chosen.pitch * scale
    wrapped, heights = _heights(sheet, chosen, xs, pitch, rng, scale)
    ys = 85 * scale + np.concatenate([[0], np.cumsum(heights)])
    image = Image.new("RGB", (page_w, max(page_h, int(ys[-1] + 40 * scale))), (255, 255, 255))
    pen = ImageDraw.Draw(image)
    pen.text(
        ((page_w - heading.getlength(sheet.title)) / 2, 45 * scale),
        sheet.title,
        fill=chosen.colour,
        font=heading,
    )
    drawn = Drawn(np.zeros(0), dpi)
    for item in sheet.items:
        box = (xs[item.col], ys[item.row], xs[item.col + item.col_span], ys[item.row + item.row_span])
        own = face_for(item.text, chosen, scale)
        if chosen.border == "shaded" and not item.value and not item.left:
            pen.rectangle([round(v) for v in box], fill=((217, 225, 242), (226, 226, 226))[sheet.rows % 2])
        _cell(pen, item, box, wrapped[item.row, item.col], (chosen, own, pitch, scale))
        points = tuple(float(v) / scale for v in box)
        drawn.cells.append(
            (item.row, item.col, item.row_span, item.col_span, item.text.replace("\n", ""), points)  # type: ignore[arg-type]
        )
        if item.value:
            drawn.values.add((item.row, item.col))
        _borders(pen, item, box, sheet, chosen, scale, rng)
    if chosen.border in ("doubleframe", "thickframe"):
        _frame(pen, (xs[0], ys[0], xs[-1], ys[-1]), chosen, scale)
    drawn.pixels = np.ascontiguousarray(np.asarray(image)[:, :, ::-1])
    drawn.cells.sort()
    return drawn


def _frame(pen: ImageDraw.ImageDraw, box: Box, chosen: Look, scale: float) -> None:
    """A thick line around the table, or a second one outside it."""
    off, width = (0.0, 3.0) if chosen.border == "thickframe" else (3.0, chosen.stroke)
    x0, y0, x1, y1 = (round(v + sign * off * scale) for v, sign in zip(box, (-1, -1, 1, 1), strict=True))
    pen.rectangle([x0, y0, x1, y1], outline=chosen.colour, width=max(1, round(width * scale)))


def _heights(
    sheet: Sheet, chosen: Look, xs: np.ndarray, pitch: float, rng: random.Random, scale: float
) -> tuple[dict[tuple[int, int], list[str]], np.ndarray]:  # fmt: skip
    """The lines of every cell, and how high its texts make each row."""
    heights = np.full(sheet.rows, pitch + rng.uniform(2.5, 6) * scale)
    wrapped = {}
    for item in sorted(sheet.items, key=lambda item: item.row_span):
        room = xs[item.col + item.col_span] - xs[item.col] - 2 * chosen.pad * scale
        lines = _wrap(item.text, face_for(item.text, chosen, scale), room) if item.text else []
        wrapped[item.row, item.col] = lines
        lack = len(lines) * pitch + 2.5 * scale - heights[item.row : item.row + item.row_span].sum()
        if lack > 0:
            heights[item.row : item.row + item.row_span] += lack / item.row_span
    return wrapped, heights


def _cell(pen: ImageDraw.ImageDraw, item: Item, box: Box, lines: list[str], how: tuple) -> None:
    chosen, face, pitch, scale = how
    top = (box[1] + box[3]) / 2 - len(lines) * pitch / 2
    for i, line in enumerate(lines):
        x = box[0] + chosen.pad * scale if item.left else (box[0] + box[2]) / 2 - face.getlength(line) / 2
        y = top + i * pitch + (pitch - chosen.size * 1.32 * scale) / 2
        fill = chosen.colour if any(chosen.colour) else (chosen.ink,) * 3
        pen.text((x, y), line, fill=fill, font=face)


def _borders(
    pen: ImageDraw.ImageDraw,
    item: Item,
    box: Box,
    sheet: Sheet,
    chosen: Look,
    scale: float,
    rng: random.Random,
) -> None:
    cols = len(sheet.shares)
    x0, y0, x1, y1 = (round(v) for v in box)
    ends = (
        item.col == 0,
        item.row == 0,
        item.col + item.col_span == cols,
        item.row + item.row_span == sheet.rows,
    )
    sides = [
        (x0, y0, x0, y1, ends[0]),
        (x0, y0, x1, y0, ends[1]),
        (x1, y0, x1, y1, ends[2]),
        (x0, y1, x1, y1, ends[3]),
    ]
    for number, (a, b, c, d, outer) in enumerate(sides):
        level = number % 2 == 1
        if not _printed(chosen.border, level=level, outer=outer, item=item, number=number):
            continue
        _line(pen, (a, b, c, d), chosen, scale, rng)


def _printed(border: str, *, level: bool, outer: bool, item: Item, number: int) -> bool:
    if border == "bare":
        return False
    if border == "none":
        return level and (outer or (item.row == 0 and number == 3))
    if border == "three":
        return level and (outer or (item.row == 6 and number == 3))
    if border == "level":
        return level
    return not (border == "noframe" and outer and not level)


def _line(
    pen: ImageDraw.ImageDraw, ends: tuple[int, int, int, int], chosen: Look, scale: float, rng: random.Random
) -> None:
    a, b, c, d = ends
    width = max(1, round(chosen.stroke * scale))
    across = b == d
    whole = c - a if across else d - b
    grey = {"faint": (185,) * 3}.get(chosen.border, chosen.colour)

    def stroke(low: float, high: float, off: int = 0) -> None:
        pen.line(
            (a + low, b + off, a + high, b + off) if across else (a + off, b + low, a + off, b + high),
            fill=grey,
            width=width,
        )

    if chosen.border == "dashed":
        dash = 2.2 * scale
        for at in np.arange(0, whole, 1.8 * dash):
            stroke(at, min(whole, at + dash))
    elif chosen.border == "double":
        stroke(0, whole)
        stroke(0, whole, round(1.6 * scale) + width)
    elif chosen.border == "broken":
        at = 0.0
        while at < whole:
            end = at + rng.uniform(12, 60) * scale
            stroke(at, min(whole, end))
            at = end + rng.uniform(0.5, 3.0) * scale
    else:
        stroke(0, whole)
