"""What large inputs cost to read: peak memory and CPU, each in a process of its own.

    python benchmarks/readers/bounds.py [--rows 100000] [--megabytes 50] [--forms]

Run it from the root of the repository. Prints one JSON line an input; ``--forms`` looks for forms, too.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
_S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_P = "http://schemas.openxmlformats.org/package/2006/relationships"
_LEVELS = (
    ("产出指标", "数量指标", "完成数量", "≥5个"),
    ("产出指标", "质量指标", "合格率", "≥95%"),
    ("效益指标", "社会效益指标", "服务能力", "明显提升"),
    ("满意度指标", "服务对象满意度指标", "满意度", "≥90%"),
)
CHILD = """
import json, resource, sys, time
from extractors import find_forms, read
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
base, begun = peak(), time.process_time()
document = read(sys.argv[1])
told = {"cells": sum(len(g.cells) for g in document.grids), "blocks": len(document.blocks)}
told |= {"peak_mb": round((peak() - base) / 1024), "cpu_s": round(time.process_time() - begun, 1)}
if "--forms" in sys.argv:
    forms = find_forms(document).forms
    told |= {"forms": len(forms), "rows": sum(len(f.rows) for f in forms)}
    told |= {"peak_with_forms_mb": round((peak() - base) / 1024), "cpu_with_forms_s": round(time.process_time() - begun, 1)}
print(json.dumps(told))
"""


def listed(rows: int) -> Iterator[list[str]]:
    """A list form: four indicators for each of many projects."""
    yield ["2024年部门预算项目支出绩效目标表"]
    yield ["序号", "项目名称", "主管部门", "一级指标", "二级指标", "三级指标", "指标值", "分值"]
    for row in range(rows):
        first, second, name, target = _LEVELS[row % 4]
        yield [
            str(row // 4 + 1),
            f"项目{row // 4}号",
            "县教育局",
            first,
            second,
            f"{name}{row}",
            target,
            "10",
        ]


def garbage(rows: int) -> Iterator[list[str]]:
    """Numbers and texts without a form."""
    for row in range(rows):
        yield [str(row), str(row * 1.5), f"文字{row}", str(row % 7), "x" * 20, str(row / 3), "", str(row)]


def workbook(path: Path, lines: Iterator[list[str]]) -> None:
    """A workbook of inline texts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_S}" xmlns:r="{_R}"><sheets><sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_P}"><Relationship Id="r1" Target="worksheets/s.xml"/></Relationships>',
        )
        with archive.open("xl/worksheets/s.xml", "w") as part:
            part.write(f'<worksheet xmlns="{_S}"><sheetData>'.encode())
            for line in lines:
                cells = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in line)
                part.write(f"<row>{cells}</row>".encode())
            part.write(b"</sheetData></worksheet>")


def page(path: Path, megabytes: int, row: str, around: tuple[str, str]) -> None:
    """An HTML page of so many megabytes."""
    with path.open("w", encoding="utf-8") as out:
        out.write(f'<html><head><meta charset="utf-8"></head><body>{around[0]}')
        number = 0
        while out.tell() < megabytes << 20:
            out.writelines(row.format(number + k) for k in range(1000))
            number += 1000
        out.write(f"{around[1]}</body></html>")


def main() -> None:
    """Make the inputs, read each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--megabytes", type=int, default=50)
    parser.add_argument("--forms", action="store_true")
    given = parser.parse_args()
    cells = "<tr><td style='border:.5pt'>{0}</td><td><p class=MsoNormal>项目{0}<o:p></o:p></p></td><td>产出指标</td><td>≥95%</td></tr>\n"
    text = "<p>公开内容{0}" + "文字" * 200 + "</p>\n"
    inputs: dict[str, Callable[[Path], None]] = {
        "list.xlsx": lambda path: workbook(path, listed(given.rows)),
        "garbage.xlsx": lambda path: workbook(path, garbage(given.rows)),
        "table.html": lambda path: page(path, given.megabytes, cells, ("<table>", "</table>")),
        "text.html": lambda path: page(path, given.megabytes, text, ("", "")),
    }
    more = ["--forms"] if given.forms else []
    with tempfile.TemporaryDirectory() as folder:
        for name, make in inputs.items():
            path = Path(folder) / name
            make(path)
            child = [sys.executable, "-c", CHILD, str(path), *(more if name.endswith(".xlsx") else [])]
            done = subprocess.run(child, cwd=ROOT, capture_output=True, text=True, check=True)
            print(
                json.dumps({"input": name, "bytes": path.stat().st_size, **json.loads(done.stdout)}),
                flush=True,
            )


if __name__ == "__main__":
    main()
