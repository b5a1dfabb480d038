"""Every non-empty cell and block of any document is claimed exactly once."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.grid import Box, Cell, Document, Grid, Locator, TextBlock
from extractors.layout import find_forms

TEXTS = st.sampled_from(
    (
        "", "", "项目名称", "甲项目", "主管部门", "绩效指标", "一级指标", "二级指标", "三级指标", "指标值", "产出指标",
        "数量指标", "成本指标", "满意度指标", "指标1：培训", "指标2:", "≥95%", "100", "……", "—", "年度资金总额 20万",
        "其中：财政拨款", "项目资金(万元)", "全年预算数", "全年执行数", "年度目标", "年度绩效目标：做好。", "总分", "得分",
        "注：无", "项目支出绩效目标表", "单位：万元", "<p></p>", "\ud800", "年度目标：", "2023年", "第1页", "分值",
    )
) | st.text(max_size=6)  # fmt: skip


@st.composite
def grids(draw: st.DrawFn, number: int) -> Grid:
    page = draw(st.sampled_from((None, number + 1)))
    boxed = draw(st.booleans())
    rows, cols = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    cells = []
    for r in range(rows):
        for c in range(cols):
            box = Box(c * 50, r * 10, c * 50 + 50, r * 10 + 10) if boxed else None
            spans = draw(st.sampled_from(((1, 1), (1, 1), (2, 1), (3, 1), (1, 2))))
            cells.append(Cell(f"{number}.{r}.{c}", draw(TEXTS), r, c, *spans, Locator(page=page, box=box)))
    return Grid(tuple(cells), rows, cols, page)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    items: list[Grid | TextBlock] = []
    for number in range(draw(st.integers(0, 4))):
        if draw(st.booleans()):
            items.append(TextBlock(f"b{number}", draw(TEXTS), Locator(page=draw(st.sampled_from((None, 1))))))
        items.append(draw(grids(number)))
    return Document("d", "text/plain", "test", tuple(items))


@settings(max_examples=60, deadline=None)
@given(documents())
def test_everything_is_claimed_once(document: Document) -> None:
    reading = find_forms(document)
    claimed = [*reading.claims, *(i for form in reading.forms for i in form.claims)]
    held = [item.id for item in (*reading.outside_cells, *reading.outside_blocks)]
    held += [item.id for form in reading.forms for item in (*form.cells, *form.blocks)]
    wanted = {cell.id for grid in document.grids for cell in grid.cells if cell.text.strip()}
    wanted |= {block.id for block in document.blocks}
    assert len(claimed) == len(set(claimed))
    assert len(held) == len(set(held))
    assert wanted <= set(claimed)
    assert wanted <= set(held)
    kinds = {claim.partition(":")[0] for form in reading.forms for claim in form.claims.values()}
    assert kinds <= {"form", "row", "noise", "issue"}
