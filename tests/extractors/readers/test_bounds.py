"""Large inputs in bounded memory: what a cell costs at its peak, measured in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from extractors.errors import TooLarge
from extractors.readers import read
from extractors.source import Limits, SourceFile

ROOT = Path(__file__).parents[3]
MEASURE = """
import resource, sys
from extractors import read
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
before = peak()
cells = sum(len(grid.cells) for grid in read(sys.argv[1]).grids)
print(cells, (peak() - before) // cells)
"""
# Bytes a cell: half of it is the published cell itself. Limits().max_cells times this bounds any reading.
MOST = 1300
_NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_P = "http://schemas.openxmlformats.org/package/2006/relationships"


def workbook(path: Path, rows: int) -> None:
    """A list form: eight columns, every text another one."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_NS}" xmlns:r="{_R}"><sheets><sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_P}"><Relationship Id="r1" Target="worksheets/s.xml"/></Relationships>',
        )
        with archive.open("xl/worksheets/s.xml", "w") as part:
            part.write(f'<worksheet xmlns="{_NS}"><sheetData>'.encode())
            for row in range(rows):
                cells = "".join(f'<c t="inlineStr"><is><t>项目{row}之{col}</t></is></c>' for col in range(7))
                part.write(f"<row>{cells}<c><v>{row}</v></c></row>".encode())
            part.write(b"</sheetData></worksheet>")


def page(path: Path, rows: int) -> None:
    """A table of a page as an office program exports it."""
    row = "<tr><td style='border:.5pt'>{0}</td><td><p class=MsoNormal><span>项目{0}<o:p></o:p></span></p></td><td>≥9{0}%</td></tr>\n"
    with path.open("w", encoding="utf-8") as out:
        out.write("<html><body><table>")
        out.writelines(row.format(number) for number in range(rows))
        out.write("</table></body></html>")


@pytest.mark.parametrize(("make", "name", "rows"), [(workbook, "a.xlsx", 15_000), (page, "a.html", 40_000)])
def test_a_cell_costs_no_more(make: object, name: str, rows: int, tmp_path: Path) -> None:
    make(tmp_path / name, rows)  # type: ignore[operator]
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(tmp_path / name)],
        cwd=ROOT, capture_output=True, text=True, check=True, env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    cells, each = map(int, done.stdout.split())
    assert cells == rows * (8 if make is workbook else 3)
    assert each < MOST


@pytest.mark.parametrize(("make", "name"), [(workbook, "a.xlsx"), (page, "a.html")])
def test_more_cells_than_allowed_are_refused_before_they_are_built(
    make: object, name: str, tmp_path: Path
) -> None:
    make(tmp_path / name, 500)  # type: ignore[operator]
    with pytest.raises(TooLarge, match=r"a\.(xlsx|html)"):
        read(SourceFile.from_path(tmp_path / name, limits=Limits(max_cells=1000)))
