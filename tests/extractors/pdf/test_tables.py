"""Kinds of tables, each on a page written by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import ModuleType

import pytest

from extractors.grid import Document, Grid

XS = [100.0, 200.0, 300.0, 400.0]
YS = [700.0, 680.0, 660.0, 640.0]
ROWS = [["Name", "A", "B"], ["x1", "1", "2"], ["y1", "3", "4"]]
Page = Callable[..., Document]


def rows_of(grid: Grid) -> list[list[str]]:
    out: list[list[str]] = [[] for _ in range(grid.rows)]
    for cell in sorted(grid.cells, key=lambda c: (c.row, c.col)):
        out[cell.row].append(cell.text)
    return out


def only(document: Document) -> Grid:
    assert len(document.grids) == 1
    return document.grids[0]


def test_full_grid_with_text_around(page: Page, make: ModuleType) -> None:
    around = make.text(200, 740, "A title") + make.text(100, 600, "A note")
    document = page(make.grid(XS, YS) + make.words_in(XS, YS, ROWS) + around)
    assert rows_of(only(document)) == ROWS
    assert [getattr(item, "text", "grid") for item in document.items] == ["A title", "grid", "A note"]


@pytest.mark.parametrize("width", [0.1, 1, 3])
def test_rules_of_any_width(page: Page, make: ModuleType, width: float) -> None:
    assert rows_of(only(page(make.grid(XS, YS, width) + make.words_in(XS, YS, ROWS)))) == ROWS


def test_double_rules(page: Page, make: ModuleType) -> None:
    twice = make.grid(XS, YS, 0.5) + make.grid([x + 2 for x in XS], [y + 2 for y in YS], 0.5)
    assert rows_of(only(page(twice + make.words_in(XS, YS, ROWS)))) == ROWS


def test_dashes_drawn_as_paths_of_their_own(page: Page, make: ModuleType) -> None:
    dashes = ""
    for y in YS:
        dashes += "".join(make.line(x, y, x + 2, y, 0.5) for x in range(100, 400, 4))
    for x in XS:
        dashes += "".join(make.line(x, y, x, y + 2, 0.5) for y in range(640, 700, 4))
    assert rows_of(only(page(dashes + make.words_in(XS, YS, ROWS)))) == ROWS


def test_dots_drawn_as_specks(page: Page, make: ModuleType) -> None:
    dots = "".join(f"{x} {y} 0.7 0.7 re f\n" for y in YS for x in range(100, 401, 2))
    dots += "".join(f"{x} {y} 0.7 0.7 re f\n" for x in XS for y in range(640, 701, 2))
    assert rows_of(only(page(dots + make.words_in(XS, YS, ROWS)))) == ROWS


def test_one_path_with_all_rules(page: Page, make: ModuleType) -> None:
    path = "".join(f"100 {y} m 400 {y} l " for y in YS) + "".join(f"{x} 640 m {x} 700 l " for x in XS)
    assert rows_of(only(page(path + "S\n" + make.words_in(XS, YS, ROWS)))) == ROWS


def test_one_path_with_thin_rectangles(page: Page, make: ModuleType) -> None:
    path = "".join(f"100 {y} 300 0.5 re " for y in YS) + "".join(f"{x} 640 0.5 60 re " for x in XS)
    assert rows_of(only(page(path + "f\n" + make.words_in(XS, YS, ROWS)))) == ROWS


def test_stroked_rectangles(page: Page, make: ModuleType) -> None:
    boxes = "".join(f"{x} {y} 100 20 re S\n" for x in XS[:-1] for y in YS[1:])
    assert rows_of(only(page(boxes + make.words_in(XS, YS, ROWS)))) == ROWS


@pytest.mark.parametrize("gap", [0, 2])
def test_cells_made_of_fills(page: Page, make: ModuleType, gap: int) -> None:
    fills = "0.9 g\n" + "".join(f"{x} {y} {100 - gap} {20 - gap} re f\n" for x in XS[:-1] for y in YS[1:])
    assert rows_of(only(page(fills + "0 g\n" + make.words_in(XS, YS, ROWS)))) == ROWS


def test_shading_under_rules_changes_nothing(page: Page, make: ModuleType) -> None:
    shade = "0.9 g 102 662 60 17 re f 100 680 300 20 re f 0 g\n"
    assert rows_of(only(page(shade + make.grid(XS, YS) + make.words_in(XS, YS, ROWS)))) == ROWS


def test_no_outer_frame(page: Page, make: ModuleType) -> None:
    inner = "".join(make.line(100, y, 400, y) for y in YS[1:3])
    inner += "".join(make.line(x, 640, x, 700) for x in XS[1:3])
    assert rows_of(only(page(inner + make.words_in(XS, YS, ROWS)))) == ROWS


def test_merged_cells(page: Page, make: ModuleType) -> None:
    rules = "".join(make.line(100, y, 400, y) for y in (700, 680, 640)) + make.line(200, 660, 400, 660)
    rules += make.line(100, 640, 100, 700) + make.line(400, 640, 400, 700)
    rules += make.line(200, 640, 200, 680) + make.line(300, 640, 300, 680)
    words = make.text(230, 686, "top") + make.text(110, 657, "side") + make.text(210, 666, "a")
    grid = only(page(rules + words + make.text(310, 646, "d")))
    assert [(c.row, c.col, c.row_span, c.col_span, c.text) for c in grid.cells] == [
        (0, 0, 1, 3, "top"),
        (1, 0, 2, 1, "side"),
        (1, 1, 1, 1, "a"),
        (1, 2, 1, 1, ""),
        (2, 1, 1, 1, ""),
        (2, 2, 1, 1, "d"),
    ]


def test_two_tables_on_a_page(page: Page, make: ModuleType) -> None:
    low = [y - 200 for y in YS]
    both = make.grid(XS, YS) + make.words_in(XS, YS, ROWS) + make.grid(XS, low) + make.words_in(XS, low, ROWS)
    assert [rows_of(g) for g in page(both).grids] == [ROWS, ROWS]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_frame_follows_the_text(page: Page, make: ModuleType, turn: int, rotate: int) -> None:
    """Text and rules turned on the page, and the page turned by /Rotate, in every combination."""
    cos, sin = round(math.cos(math.radians(turn))), round(math.sin(math.radians(turn)))
    matrix = f"q {cos} {sin} {-sin} {cos} 421 421 cm 1 0 0 1 -250 -670 cm\n"
    content = matrix + make.grid(XS, YS) + make.words_in(XS, YS, ROWS) + "Q"
    document = page(content, box=(0, 0, 842, 842), entries=f"/Rotate {rotate}")
    grid = only(document)
    assert rows_of(grid) == ROWS
    first, last = grid.cells[0].at.box, grid.cells[-1].at.box
    assert first is not None and last is not None
    shown = (turn - rotate) % 360  # degrees anticlockwise in which the text runs as displayed
    assert (first.x0 < last.x0) == (shown in (0, 90))
    assert (first.y0 < last.y0) == (shown in (0, 270))


def test_form_objects_under_a_matrix(make: ModuleType, page: Page) -> None:
    from extractors import read
    from extractors.source import SourceFile

    pdf = make.Pdf()
    form = pdf.stream(
        make.grid([0, 50, 100], [0, 10, 20]).encode(),
        b"/Type /XObject /Subtype /Form /BBox [-5 -5 200 200] /Matrix [2 0 0 2 0 0]",
    )
    words = make.words_in([100, 200, 300], [640, 620, 600], [["a", "b"], ["c", "d"]])
    pdf.page("q 1 0 0 1 100 600 cm /X Do Q\n" + words, resources=f"/XObject << /X {form} 0 R >>")
    document = read(SourceFile.from_bytes(pdf.bytes(), "form.pdf"))
    assert rows_of(only(document)) == [["a", "b"], ["c", "d"]]


def test_fake_bold_is_read_once(page: Page, make: ModuleType) -> None:
    bold = make.words_in(XS, YS, ROWS) + make.words_in([x + 0.4 for x in XS], YS, ROWS)
    assert rows_of(only(page(make.grid(XS, YS) + bold))) == ROWS


def test_watermark_stays_out_of_cells(page: Page, make: ModuleType) -> None:
    mark = make.text(180, 600, "DRAFT", 60, angle="0.7 0.7 -0.7 0.7")
    document = page(mark + make.grid(XS, YS) + make.words_in(XS, YS, ROWS))
    assert rows_of(only(document)) == ROWS
    assert [block.text for block in document.blocks] == ["DRAFT"]


def test_level_watermark_stays_out_of_cells(page: Page, make: ModuleType) -> None:
    mark = make.text(120, 650, "DRAFT", 60)
    document = page(mark + make.grid(XS, YS) + make.words_in(XS, YS, ROWS))
    assert rows_of(only(document)) == ROWS
    assert [block.text for block in document.blocks] == ["DRAFT"]


@pytest.mark.parametrize("angle", ["0 1 -1 0", "0 -1 1 0"])
def test_label_set_sideways(page: Page, make: ModuleType, angle: str) -> None:
    at = (115, 646) if angle.startswith("0 1") else (110, 695)
    rules = make.grid([130, *XS[1:]], YS) + make.grid([100, 130], [700, 640])
    words = make.words_in([130, *XS[1:]], YS, [["a", "b", "c"], ["d", "e", "f"], ["g", "h", "i"]])
    words += "".join(make.text(220, 500 - 12 * k, "level words of a note", 9) for k in range(9))
    grid = page(rules + words + make.text(*at, "Side text", angle=angle)).grids[0]
    assert (grid.cells[0].text.replace(" ", ""), grid.cells[0].row_span) == ("Sidetext", 3)


def test_level_rules_only(page: Page, make: ModuleType) -> None:
    rules = "".join(make.line(100, y, 400, y) for y in YS)
    assert rows_of(only(page(rules + make.words_in(XS, YS, ROWS)))) == ROWS


def test_no_rules_at_all(page: Page, make: ModuleType) -> None:
    words = make.text(100, 760, "Table 1") + make.words_in(XS, [*YS, 620.0], [*ROWS, ["z1", "5", "6"]])
    grid = only(page(words))
    assert rows_of(grid) == [*ROWS, ["z1", "5", "6"]]
    assert all((c.confidence.structure or 0) < 0.9 for c in grid.cells)


def test_spaces_as_printed_and_supposed(page: Page, make: ModuleType) -> None:
    words = make.text(104, 686, "two words") + make.text(204, 686, "left") + make.text(230, 686, "right")
    grid = only(page(make.grid(XS, YS) + words))
    assert [c.text for c in grid.cells][:2] == ["two words", "left right"]


PROSE = "See Table 1 below, the committee reviewed all of the measures that were taken in this year and"


@pytest.mark.parametrize("columns", [1, 2])
def test_prose_is_no_table(page: Page, make: ModuleType, columns: int) -> None:
    width = len(PROSE) // columns
    content = make.line(50, 780, 545, 780) + make.line(50, 60, 545, 60)
    for k in range(40):
        for c in range(columns):
            content += make.text(52 + c * 250, 760 - 14 * k - c * 3, PROSE[k % 7 : width], 9)
    document = page(content)
    assert not document.grids
    assert len(document.blocks) == 40 * columns
