"""One form as office file, typeset PDF or scanned page: merged cells, the same words as the text dump.

The same arguments always write the same bytes, but for scans: those hang on the font that is found.
"""

from __future__ import annotations

import io
import random
import subprocess
import zipfile
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

_DATE = (2024, 1, 1, 0, 0, 0)
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OPEN = "http://schemas.openxmlformats.org"
COLUMNS = (62.0, 78.0, 92.0, 168.0, 95.0)  # points


@dataclass(frozen=True)
class Tile:
    """A printed cell: its place, how many rows and columns it takes, its text."""

    row: int
    col: int
    rows: int
    cols: int
    text: str


def tiles_of(dump: str) -> tuple[str, list[Tile]]:
    """Title and cells of a form, from the lines of its text dump."""
    lines = dump.splitlines()
    found: list[Tile] = []
    row = 0
    for line in lines[2:]:
        cells = line.split("\t")
        filled = [c for c in cells if c]
        if not filled:
            continue
        if cells[0] == "绩效指标":
            return lines[0], found + _indicators(row, lines[lines.index(line) :])
        if cells[0].startswith("项目资金"):
            found += [
                Tile(row, 0, 3, 2, cells[0]),
                Tile(row, 2, 1, 1, cells[1]),
                Tile(row, 3, 1, 2, cells[2]),
            ]
        elif not cells[0]:
            found += [Tile(row, 2, 1, 1, cells[1]), Tile(row, 3, 1, 2, cells[2])]
        elif len(filled) == 4:
            found += [Tile(row, 0, 1, 2, filled[0])]
            found += [Tile(row, 2 + n, 1, 1, text) for n, text in enumerate(filled[1:])]
        else:
            found += [Tile(row, 0, 1, 2, filled[0]), Tile(row, 2, 1, 3, filled[1])]
        row += 1
    return lines[0], found


def _indicators(top: int, lines: list[str]) -> list[Tile]:
    grid = [(line.split("\t") + [""] * 5)[:5] for line in lines if line.strip()]
    found = [Tile(top, 0, len(grid), 1, grid[0][0])]
    for col in range(1, 5):
        starts = [n for n, cells in enumerate(grid) if cells[col] or col > 2 or n == 0]
        for start, end in zip(starts, [*starts[1:], len(grid)], strict=True):
            found.append(Tile(top + start, col, end - start, 1, grid[start][col]))
    return found


def _zipped(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _DATE), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _package(main: str, kind: str, body: str, more: dict[str, tuple[str, str]]) -> bytes:
    base = "application/vnd.openxmlformats-officedocument."
    types = "".join(
        f'<Override PartName="/{name}" ContentType="{base}{kind}+xml"/>'
        for name, kind in {main: kind, **{name: kind for name, (kind, _) in more.items()}}.items()
    )
    rels = f'{_XML}<Relationships xmlns="{_OPEN}/package/2006/relationships">'
    office = f"{_OPEN}/officeDocument/2006/relationships"
    folder, _, leaf = main.rpartition("/")
    parts = {
        "[Content_Types].xml": f'{_XML}<Types xmlns="{_OPEN}/package/2006/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{types}</Types>',
        "_rels/.rels": f'{rels}<Relationship Id="rId1" Type="{office}/officeDocument" Target="{main}"/></Relationships>',
        main: _XML + body,
    }
    if more:
        links = "".join(
            f'<Relationship Id="rId{n}" Type="{office}/worksheet" Target="{name.removeprefix(folder + "/")}"/>'
            for n, name in enumerate(more, 1)
        )
        parts[f"{folder}/_rels/{leaf}.rels"] = f"{rels}{links}</Relationships>"
        parts |= {name: _XML + text for name, (_, text) in more.items()}
    return _zipped(parts)


def xlsx(dumps: list[str]) -> bytes:
    """A workbook with one form a sheet."""
    ns = f"{_OPEN}/spreadsheetml/2006/main"
    sheets: dict[str, tuple[str, str]] = {}
    for n, dump in enumerate(dumps, 1):
        title, tiles = tiles_of(dump)
        rows: dict[int, list[str]] = {0: [_cell("A1", title)]}
        merges = ["A1:E1"]
        for t in sorted(tiles, key=lambda t: (t.row, t.col)):
            ref = f"{'ABCDE'[t.col]}{t.row + 2}"
            rows.setdefault(t.row + 1, []).append(_cell(ref, t.text))
            if t.rows * t.cols > 1:
                merges.append(f"{ref}:{'ABCDE'[t.col + t.cols - 1]}{t.row + 1 + t.rows}")
        data = "".join(f'<row r="{r + 1}">{"".join(c)}</row>' for r, c in sorted(rows.items()))
        merged = "".join(f'<mergeCell ref="{m}"/>' for m in merges)
        sheets[f"xl/worksheets/sheet{n}.xml"] = (
            "spreadsheetml.worksheet",
            f'<worksheet xmlns="{ns}"><sheetData>{data}</sheetData><mergeCells>{merged}</mergeCells></worksheet>',
        )
    named = "".join(f'<sheet name="表{n}" sheetId="{n}" r:id="rId{n}"/>' for n in range(1, len(dumps) + 1))
    links = f"{_OPEN}/officeDocument/2006/relationships"
    book = f'<workbook xmlns="{ns}" xmlns:r="{links}"><sheets>{named}</sheets></workbook>'
    return _package("xl/workbook.xml", "spreadsheetml.sheet.main", book, sheets)


def _cell(ref: str, text: str) -> str:
    if text.isdigit():
        return f'<c r="{ref}"><v>{text}</v></c>'
    return f'<c r="{ref}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def docx(dumps: list[str]) -> bytes:
    """A text document with one table a form, merged across and down."""
    ns = f"{_OPEN}/wordprocessingml/2006/main"
    body = ""
    for dump in dumps:
        title, tiles = tiles_of(dump)
        at = {(r, t.col): t for t in tiles for r in range(t.row, t.row + t.rows)}
        body += _para(title) + "<w:tbl><w:tblPr/><w:tblGrid>" + "<w:gridCol/>" * 5 + "</w:tblGrid>"
        for r in range(max(t.row + t.rows for t in tiles)):
            body += "<w:tr>"
            for t in (at[r, c] for c in range(5) if (r, c) in at):
                kind = ' w:val="restart"' if t.row == r else ""
                down = f"<w:vMerge{kind}/>" if t.rows > 1 else ""
                text = _para(t.text) if t.row == r else "<w:p/>"
                body += f'<w:tc><w:tcPr><w:gridSpan w:val="{t.cols}"/>{down}</w:tcPr>{text}</w:tc>'
            body += "</w:tr>"
        body += "</w:tbl>"
    document = f'<w:document xmlns:w="{ns}"><w:body>{body}</w:body></w:document>'
    return _package("word/document.xml", "wordprocessingml.document.main", document, {})


def _para(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def html(dumps: list[str]) -> bytes:
    """A page as a government site serves it, in GB 18030."""
    body = ""
    for dump in dumps:
        title, tiles = tiles_of(dump)
        rows: dict[int, str] = {}
        for t in sorted(tiles, key=lambda t: (t.row, t.col)):
            cell = f'<td rowspan="{t.rows}" colspan="{t.cols}">{escape(t.text)}</td>'
            rows[t.row] = rows.get(t.row, "") + cell
        body += (
            f"<p>{title}</p><table>" + "".join(f"<tr>{c}</tr>" for _, c in sorted(rows.items())) + "</table>"
        )
    return f'<html><head><meta charset="gb18030"></head><body>{body}</body></html>'.encode("gb18030")


def _laid_out(tiles: list[Tile], size: float) -> tuple[list[float], list[float], dict[Tile, list[str]]]:
    """Column edges, row edges (from the top down) and the wrapped lines of each cell, in points."""
    xs = [50 + sum(COLUMNS[:n]) for n in range(6)]
    lines = {t: _wrapped(t.text, (xs[t.col + t.cols] - xs[t.col] - 6) / size) for t in tiles}
    heights = [size * 1.9] * max(t.row + t.rows for t in tiles)
    for t in tiles:
        if t.rows == 1:
            heights[t.row] = max(heights[t.row], len(lines[t]) * size * 1.3 + size * 0.6)
    ys = [90 + sum(heights[:n]) for n in range(len(heights) + 1)]
    return xs, ys, lines


def _wrapped(text: str, most: float) -> list[str]:
    found, line, width = [], "", 0.0
    for char in text:
        step = 0.5 if char.isascii() else 1.0
        if width + step > most:
            found.append(line)
            line, width = "", 0.0
        line, width = line + char, width + step
    return [*found, line]


def pdf(dumps: list[str]) -> bytes:
    """A typeset PDF, a page a form, every cell framed; the font is one that PDF readers know by name."""
    font = (
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [ "
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 95 500] "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor << /Type "
        "/FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 "
        "/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >> >> ] >>"
    )
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", font]
    pages = []
    for dump in dumps:
        title, tiles = tiles_of(dump)
        drawn = _drawn(title, tiles)
        objects += [f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream"]
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        ]
        pages.append(len(objects))
    kids = " ".join(f"{n} 0 R" for n in pages)
    objects[1] = f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>"
    out = "%PDF-1.7\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{at:010d} 00000 n \n" for at in offsets)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    head = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\n"
    return (out + head + f"startxref\n{out.index('xref')}\n%%EOF\n").encode("latin-1")


def _drawn(title: str, tiles: list[Tile], size: float = 9.0) -> str:
    xs, ys, lines = _laid_out(tiles, size)
    ops = ["0.6 w", _shown(140, 842 - 60, title, 14)]
    for t in tiles:
        left, right, top, bottom = xs[t.col], xs[t.col + t.cols], ys[t.row], ys[t.row + t.rows]
        ops.append(f"{left:.2f} {842 - bottom:.2f} {right - left:.2f} {bottom - top:.2f} re S")
        first = (top + bottom) / 2 - len(lines[t]) * size * 0.65 + size
        ops += [
            _shown(left + 3, 842 - first - n * size * 1.3, line, size)
            for n, line in enumerate(lines[t])
            if line
        ]
    return "\n".join(ops)


def _shown(x: float, y: float, text: str, size: float) -> str:
    return f"BT /F1 {size:g} Tf {x:.2f} {y:.2f} Td <{text.encode('utf-16-be').hex()}> Tj ET"


@cache
def font_file() -> str | None:
    """A font with Chinese characters, by fontconfig; None where there is none."""
    try:
        found = subprocess.run(
            ["fc-list", ":lang=zh", "file"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    names = sorted(line.rstrip(": \n") for line in found.splitlines() if line.strip())
    return next((n for n in names if Path(n).suffix in (".ttc", ".ttf", ".otf")), None)


def scan(chance: random.Random, dump: str, dpi: int = 150) -> bytes:
    """A form drawn, turned by a little, with paper noise, as a JPEG file."""
    import numpy as np
    from PIL import Image, ImageDraw, ImageFont

    unit = dpi / 72
    title, tiles = tiles_of(dump)
    xs, ys, lines = _laid_out(tiles, 9.0)
    page = Image.new("L", (int(595 * unit), int(842 * unit)), 250)
    draw = ImageDraw.Draw(page)
    name = str(font_file())
    font = ImageFont.truetype(name, int(9 * unit))
    draw.text((140 * unit, 55 * unit), title, 20, ImageFont.truetype(name, int(14 * unit)))
    for t in tiles:
        left, right, top, bottom = xs[t.col], xs[t.col + t.cols], ys[t.row], ys[t.row + t.rows]
        draw.rectangle([left * unit, top * unit, right * unit, bottom * unit], outline=30, width=2)
        first = (top + bottom) / 2 - len(lines[t]) * 9 * 0.65
        for n, line in enumerate(lines[t]):
            draw.text(((left + 3) * unit, (first + n * 9 * 1.3) * unit), line, 20, font)
    page = page.rotate(chance.uniform(-0.6, 0.6), fillcolor=250, resample=Image.Resampling.BICUBIC)
    noise = np.random.default_rng(chance.randrange(2**32)).normal(0, 4, (page.height, page.width))
    found = Image.fromarray(np.clip(np.asarray(page) + noise, 0, 255).astype("uint8"))
    out = io.BytesIO()
    found.save(out, "JPEG", quality=80, dpi=(dpi, dpi))
    return out.getvalue()
