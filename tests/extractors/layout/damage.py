"""Clean forms in several layouts, and the damage that real files show, for the robustness tests.

A form is a list of rows of texts. ``damage`` functions return a damaged copy; what a reader makes of
it must equal the reading of the undamaged form or be flagged by a doubt.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from extractors.grid import Cell, Document, Grid, Locator, TextBlock
from extractors.layout import find_forms
from extractors.layout.forms import Form

Rows = list[list[str]]
Key = tuple[str | None, str | None, int | None, str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class Indicator:
    level1: str
    level2: str
    ordinal: int | None
    name: str
    target: str


@dataclass(frozen=True)
class Layout:
    """A column order: roles from left to right with their printed heads."""

    name: str
    heads: tuple[tuple[str, str], ...]


LAYOUTS = (
    Layout(
        "target",
        (
            ("section", "绩效指标"),
            ("level1", "一级指标"),
            ("level2", "二级指标"),
            ("name", "三级指标"),
            ("target", "指标值"),
        ),
    ),
    Layout(
        "rural_aid",
        (
            ("level1", "一级指标"),
            ("level2", "二级指标"),
            ("name", "三级指标"),
            ("weight", "分值"),
            ("target", "年度指标值"),
            ("actual", "全年实际值"),
            ("score", "得分"),
            ("deviation", "未完成原因及拟采取的改进措施"),
        ),
    ),
    Layout(
        "self_evaluation",
        (
            ("section", "绩效指标"),
            ("level1", "一级指标"),
            ("level2", "二级指标"),
            ("name", "三级指标"),
            ("target", "年度指标值"),
            ("actual", "实际完成值"),
            ("weight", "分值"),
            ("score", "得分"),
            ("deviation", "偏差原因分析及改进措施"),
        ),
    ),
)
_FILL = {"weight": "5", "score": "4.5", "deviation": "", "actual": "", "section": ""}


def render(indicators: list[Indicator], layout: Layout, *, merged: bool = True) -> Rows:
    """The form's rows, header included; level labels once (merged) or in every row."""
    rows = [
        ["项目名称", "", "办公经费"],
        ["主管部门", "", "某县人民政府", "实施单位", "某县办公室"],
        ["年度资金总额:", "", "30"],
        ["年度目标", "", "保障工作正常运行。"],
        [head for _, head in layout.heads],
    ]
    before = ("", "")
    for item in indicators:
        level1 = item.level1 if not merged or item.level1 != before[0] else ""
        level2 = item.level2 if not merged or (item.level1, item.level2) != before else ""
        before = (item.level1, item.level2)
        prefix = "" if item.ordinal is None else f"指标{item.ordinal}："
        values = {"level1": level1, "level2": level2, "name": prefix + item.name, "target": item.target}
        if not item.name:
            values |= {"weight": "", "score": ""}
        values["actual"] = item.target
        rows.append([values.get(role, _FILL.get(role, "")) for role, _ in layout.heads])
    width = max(map(len, rows))
    return [row + [""] * (width - len(row)) for row in rows]


def document(rows: Rows, title: str = "部门项目支出绩效目标表") -> Document:
    """A text-dump-like document: a title block and one grid without spans."""
    width = max(map(len, rows))
    cells = tuple(
        Cell(f"c{r}.{c}", text, r, c, 1, 1, Locator(line=r + 2))
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    )
    return Document(
        "d", "text/plain", "test", (TextBlock("t", title, Locator(line=1)), Grid(cells, len(rows), width))
    )


def read(rows: Rows) -> Form:
    """The only form of the rows."""
    forms = find_forms(document(rows)).forms
    assert len(forms) == 1
    return forms[0]


def keys(form: Form) -> list[Key]:
    """What a form's rows say: level nodes, ordinal, name, every slot."""
    return [
        (
            row.level1.node_id if row.level1 else None,
            row.level2.node_id if row.level2 else None,
            row.ordinal,
            row.name,
            tuple(sorted((role, slot.text) for role, slot in row.slots.items())),
        )
        for row in form.rows
    ]


def body_start(rows: Rows) -> int:
    """Index of the first indicator row."""
    return next(i for i, row in enumerate(rows) if "三级指标" in row) + 1


def slide_left(rows: Rows, rng: random.Random) -> Rows:
    """Some rows lose one or two of their leading empty cells."""
    return [
        _slide(row, rng) if i >= body_start(rows) and rng.random() < 0.4 else row
        for i, row in enumerate(rows)
    ]


def _slide(row: list[str], rng: random.Random) -> list[str]:
    empty = next((i for i, text in enumerate(row) if text), 0)
    drop = min(empty, rng.choice((1, 2)))
    return row[drop:] + [""] * drop


def slide_right(rows: Rows, rng: random.Random) -> Rows:
    """One row moves one column to the right."""
    at = rng.randrange(body_start(rows), len(rows))
    return [["", *row] if i == at else row for i, row in enumerate(rows)]


def blank_label(rows: Rows, rng: random.Random) -> Rows:
    """One printed level label is lost."""
    spots = [
        (i, c)
        for i in range(body_start(rows), len(rows))
        for c, t in enumerate(rows[i])
        if t.endswith("指标")
    ]
    row, col = rng.choice(spots)
    return [["" if (i, c) == (row, col) else t for c, t in enumerate(r)] for i, r in enumerate(rows)]


def move_value(rows: Rows, rng: random.Random) -> Rows:
    """In some rows everything behind the name moves one column to the right."""
    name = rows[body_start(rows) - 1].index("三级指标")
    out = []
    for i, row in enumerate(rows):
        moved = i >= body_start(rows) and rng.random() < 0.3
        out.append([*row[: name + 1], "", *row[name + 1 :]] if moved else row)
    return out


def drop_value(rows: Rows, rng: random.Random) -> Rows:
    """One row loses everything behind its name."""
    name = rows[body_start(rows) - 1].index("三级指标")
    at = rng.randrange(body_start(rows), len(rows))
    return [row[: name + 1] if i == at else row for i, row in enumerate(rows)]


def trim(rows: Rows, rng: random.Random) -> Rows:
    """Trailing empty cells are gone."""
    out = []
    for row in rows:
        end = max((i for i, text in enumerate(row) if text), default=-1)
        out.append(row[: end + 1] or [""])
    return out


def add_filler(rows: Rows, rng: random.Random) -> Rows:
    """Rows of dots, dashes and nothing."""
    out: Rows = []
    for i, row in enumerate(rows):
        out.append(row)
        if i >= body_start(rows) and rng.random() < 0.25:
            out.append(rng.choice((["....."], ["", "", "……"], [""] * 5, ["", "", "", "—"])))
    return out


def damage_text(rows: Rows, rng: random.Random) -> Rows:
    """One level label loses a character."""
    spots = [
        (i, c)
        for i in range(body_start(rows), len(rows))
        for c, t in enumerate(rows[i])
        if t.endswith("指标") and len(t) > 3
    ]
    row, col = rng.choice(spots)
    at = rng.randrange(len(rows[row][col]))
    cut = rows[row][col][:at] + rows[row][col][at + 1 :]
    return [[cut if (i, c) == (row, col) else t for c, t in enumerate(r)] for i, r in enumerate(rows)]


def close_gap(rows: Rows, rng: random.Random) -> Rows:
    """In some rows one cell behind the name vanishes and what follows moves up."""
    name = rows[body_start(rows) - 1].index("三级指标")
    out = []
    for i, row in enumerate(rows):
        gone = i >= body_start(rows) and rng.random() < 0.2 and len(row) > name + 1
        at = rng.randrange(name + 1, len(row)) if gone else -1
        out.append([t for c, t in enumerate(row) if c != at])
    return out


def several(rows: Rows, rng: random.Random) -> Rows:
    """Three kinds of damage at once."""
    for one in rng.sample(
        [slide_left, blank_label, move_value, drop_value, trim, add_filler, damage_text], 3
    ):
        rows = one(rows, rng)
    return rows


DAMAGES: dict[str, Callable[[Rows, random.Random], Rows]] = {
    f.__name__: f
    for f in (
        slide_left,
        slide_right,
        blank_label,
        move_value,
        drop_value,
        trim,
        add_filler,
        damage_text,
        close_gap,
        several,
    )
}


@dataclass
class Verdict:
    """Rows equal to the undamaged form, different but flagged, different and silent."""

    equal: int = 0
    flagged: int = 0
    silent: int = 0


def judge(clean: Form, damaged: Form) -> tuple[Verdict, list[str]]:
    """Compare two readings row by row (matched by ordinal and name, in order)."""
    verdict, wrong = Verdict(), []
    expected, got = keys(clean), keys(damaged)
    if len(expected) != len(got):
        flagged = any(d.row_no is not None or d.code.startswith("unclaimed") for d in damaged.doubts)
        verdict.flagged += flagged
        verdict.silent += not flagged
        return verdict, [f"{len(expected)} rows became {len(got)}"]
    for before, after, row in zip(expected, got, damaged.rows, strict=True):
        if before == after:
            verdict.equal += 1
        elif row.reasons:
            verdict.flagged += 1
        else:
            verdict.silent += 1
        if before != after:
            wrong.append(f"{before} → {after} {row.reasons}")
    return verdict, wrong
