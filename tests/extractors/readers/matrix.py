"""The matrix of readers: for every one the same form in its format, and the damage that its twin suffers.

A reader added to ``extractors.readers`` must be added here; ``test_matrix.py`` fails until it is.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[3]
FIXTURES = ROOT / "tests" / "fixtures"
OFFICE = FIXTURES / "office"
PROJECT = "原州区电子政务外网网络服务费"
TITLE = ["原州区部门项目支出年度预算绩效目标申报表", "(2024年度)"]

Damage = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Kind:
    """One reader: its fixture's name and bytes, what its twin suffers, and how that is to be told.

    ``status`` and ``reason`` are those of the published document. ``scan`` marks readers of pictures, whose
    texts may be misread (and are doubted then).
    """

    name: str
    data: Callable[[], bytes]
    damage: Damage
    status: str
    reason: str
    needs: str = ""
    scan: bool = False


def _file(name: str) -> Callable[[], bytes]:
    return (OFFICE / name).read_bytes


def rows() -> list[list[str]]:
    """The form's printed rows in the 2024 sample."""
    dump = next((ROOT / "data" / "raw" / "2024").glob("*.txt")).read_text(encoding="utf-8").splitlines()
    start = next(i for i, line in enumerate(dump) if PROJECT in line)
    end = next(i for i in range(start, len(dump)) if not dump[i].strip())
    return [[cell.strip() for cell in line.split("\t")] for line in dump[start:end]]


def _dump() -> bytes:
    return "\n".join([*TITLE, *("\t".join(row) for row in rows())]).encode()


def _csv() -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([*([line] for line in TITLE), *rows()])
    return out.getvalue().encode("gb18030")


def _markdown() -> bytes:
    width = max(map(len, rows()))
    lines = ["| " + " | ".join([*row, *[""] * (width - len(row))]) + " |" for row in rows()]
    return "\n".join([f"# {TITLE[0]}", "", TITLE[1], "", lines[0], "|---" * width + "|", *lines[1:]]).encode()


def _picture() -> bytes:
    return (FIXTURES / "scans" / "B_dianzi__combo150.jpg").read_bytes()


def _scanned_pdf() -> bytes:
    out = io.BytesIO()
    Image.open(io.BytesIO(_picture())).convert("RGB").save(out, "PDF", resolution=150, quality=100)
    return out.getvalue()


def _cut(share: float) -> Damage:
    return lambda data: data[: int(len(data) * share)]


def _without(part: str) -> Damage:
    def damage(data: bytes) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
            for name in old.namelist():
                if name != part:
                    new.writestr(name, old.read(name))
        return out.getvalue()

    return damage


def _spoilt(data: bytes) -> bytes:
    """Three bytes that no encoding has, in the middle of texts."""
    spots = [len(data) * k // 4 for k in (1, 2, 3)]
    return b"\xff".join(data[a:b] for a, b in zip([0, *spots], [*spots, len(data)], strict=True))


def _emptied(data: bytes) -> bytes:
    return b"<html><head><title>" + data[:40].replace(b"<", b"") + b"</title></head><body></body></html>"


MATRIX = {
    "alto": Kind("form.xml", _file("form.xml"), _cut(0.5), "quarantined", "damaged"),
    "delimited": Kind("form.csv", _csv, _spoilt, "partial", "damaged_bytes"),
    "doc": Kind("form.doc", _file("form.doc"), _cut(0.4), "quarantined", "damaged", needs="antiword"),
    "docling": Kind("form.docling.json", _file("form.docling.json"), _cut(0.7), "quarantined", "damaged"),
    "docx": Kind("form.docx", _file("form.docx"), _without("word/document.xml"), "quarantined", "damaged"),
    "hocr": Kind("form.hocr", _file("form.hocr"), _cut(0.5), "partial", "unread_part"),
    "html": Kind("form.html", _file("form.html"), _emptied, "quarantined", "empty"),
    "image": Kind("form.jpg", _picture, _cut(0.01), "quarantined", "damaged", scan=True),
    "markdown": Kind("form.md", _markdown, _spoilt, "partial", "damaged_bytes"),
    "mhtml": Kind("form.mht", _file("form.mht"), _cut(0.9), "partial", "unread_part"),
    "mineru": Kind(
        "form.content_list.json", _file("form.content_list.json"), _cut(0.9), "quarantined", "damaged"
    ),
    "ofd": Kind(
        "form.ofd", _file("form.ofd"), _without("Doc_0/Pages/Page_0/Content.xml"), "quarantined", "damaged"
    ),
    "paddle_structure": Kind(
        "form.structure.json", _file("form.structure.json"), _cut(0.8), "quarantined", "damaged"
    ),
    "pdf_scan": Kind("scan.pdf", _scanned_pdf, _cut(0.5), "quarantined", "damaged", scan=True),
    "pdf_text": Kind(
        "form.pdf",
        (FIXTURES / "pdf" / "d05_noouter_lo.pdf").read_bytes,
        _cut(0.3),
        "quarantined",
        "damaged",
    ),
    "sheet_xml": Kind("form.2003.xml", _file("form.2003.xml"), _cut(0.5), "quarantined", "damaged"),
    "text_dump": Kind("form.txt", _dump, _spoilt, "partial", "damaged_bytes"),
    "xls": Kind("form.xls", _file("form.xls"), _cut(0.3), "quarantined", "damaged", needs="xlrd"),
    "xlsx": Kind(
        "form.xlsx", _file("form.xlsx"), _without("xl/worksheets/sheet1.xml"), "quarantined", "damaged"
    ),
}
# More names and containers of the same: what they hold is read by one of the readers above.
ALSO = {
    "form.et": ("xls", _file("form.xls")),
    "form.wps": ("doc", _file("form.doc")),
    "form.eml": ("mhtml", _file("form.mht")),
    "form.tsv": ("delimited", _dump),
}
