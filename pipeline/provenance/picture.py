"""Pictures of an explanation: the page with a value's rectangle, its labels, and the path between them.

Drawn from the original kept in the work folder and the places of the cells as the layout understood
them; the raw folder is not opened again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from extractors.grid import Box, Cell, Locator, TextBlock
from extractors.layout.forms import Form, FormRow
from extractors.pdf.draw import page_image
from extractors.source import SourceFile
from pipeline.provenance.lookup import Field, Row
from pipeline.provenance.trail import MONEY, SLOTS, form_and_document
from pipeline.settings import SettingsError
from pipeline.storage.originals import DRAWN, original

# From the value back to what gives it its meaning; later ones are drawn over earlier ones.
COLORS = {
    "column head": "#8430ce",
    "level 1": "#0b57d0",
    "level 2": "#00838f",
    "indicator": "#188038",
    "label": "#0b57d0",
    "value": "#d93025",
}
SUFFIXES = (".png", ".jpg", ".jpeg")
_PDF, _SCANNED = "application/pdf", "pdf_scan/"
_STRIP = 26  # pixels of one line of the legend
_SCALE = 1.5  # pixels a point
_INSET = 5.0  # points from the edge of a cell at which a line begins


@dataclass(frozen=True, slots=True)
class Mark:
    """One cell to light up: what it is for the value (a key of ``COLORS``), and where it is printed."""

    role: str
    places: tuple[Locator, ...]

    def box_on(self, page: int) -> Box | None:
        """Its first rectangle on a page."""
        return next((at.box for at in self.places if at.page == page and at.box is not None), None)


Path_ = tuple[Mark, ...]
"""The marks of one value, the value last."""


def marks_of(form: Form, field: Field, row_no: int | None) -> list[Path_]:
    """The marks of every value of a field of a form (of one row, if ``row_no`` says so)."""
    if field.table == "indicators":
        rows = (row for row in form.rows if row_no is None or row.row_no == row_no)
        found = [tuple(_row_marks(row, field.column)) for row in rows if not row.blank]
    else:
        found = [tuple(marks) for marks in _field_marks(form, field.column)]
    return [marks for marks in found if any(mark.role == "value" for mark in marks)]


def _mark(role: str, cell: Cell | TextBlock | None) -> Iterator[Mark]:
    if cell is not None:
        more = cell.more_at if isinstance(cell, Cell) else ()
        yield Mark(role, (cell.at, *more))


def _row_marks(row: FormRow, column: str) -> Iterator[Mark]:
    slot = row.slots.get(column.partition("_")[0])
    cells = {
        "level 1": row.level1.cell if row.level1 else None,
        "level 2": row.level2.cell if row.level2 else None,
        "indicator": row.name_cell,
    }
    asked = {"level1": "level 1", "level2": "level 2"}.get(column.partition("_")[0], "indicator")
    value = slot.cell if slot is not None else cells[asked]
    if slot is not None:
        yield from _mark("column head", slot.label_cell)
    for role, cell in cells.items():
        if cell is not value:
            yield from _mark(role, cell)
    yield from _mark("value", value)


def _field_marks(form: Form, column: str) -> Iterator[list[Mark]]:
    slot = form.fields.get(SLOTS.get(column, column))
    slots = [slot] if slot is not None else []
    if column in MONEY:
        slots = [item.amount for item in form.funding if item.source == MONEY[column]]
    for found in slots:
        label = found.label_cell if found.label_cell is not found.cell else None
        yield [*_mark("label", label), *_mark("value", found.cell)]


def pictures(
    clean: Path, work: Path, asked: Sequence[tuple[Row, Field, int | None]]
) -> list[tuple[int, Any]]:
    """Page numbers and PIL images: one for each page on which an asked value is printed.

    ``asked`` holds the published form, the field and the row_no as for :func:`pipeline.provenance.trail.trail_of`.
    Raises SettingsError where there is nothing to draw in any form, or nothing left to draw it from.
    """
    found: list[tuple[int, Any]] = []
    refused: SettingsError | None = None
    for form, field, row_no in asked:
        try:
            found += _of_form(clean, work, form, field, row_no)
        except SettingsError as error:
            refused = refused or error
    if not found and refused is not None:
        raise refused
    return found


def _of_form(clean: Path, work: Path, form: Row, field: Field, row_no: int | None) -> list[tuple[int, Any]]:
    document, layout = form_and_document(clean, work, form)
    name = document["path"]
    if document["media_type"] not in DRAWN:
        raise SettingsError(
            f"{name}: only pages of PDF files are drawn, and those of images; this is {document['media_type']}"
        )
    data = original(work, document["document_id"])
    if layout is None or data is None:
        raise SettingsError(f"{name}: {work} no longer holds its pages; delete {work}, run jixiao extract")
    paths = marks_of(layout, field, row_no)
    pages = sorted({at.page for marks in paths for at in marks[-1].places if at.page is not None})
    if not pages:
        raise SettingsError(f"{name}: nothing is printed for {field.zh} ({field.column}) of this form")
    seen = _seen(document, data)
    return [(page, _draw(page, *seen(page), paths)) for page in pages]


def _seen(document: dict[str, Any], data: bytes) -> Callable[[int], tuple[Any, float]]:
    """How a page of a document is drawn, with its scale in pixels a point; seals of scans are shaded."""
    name = document["path"]
    if document["media_type"] == _PDF and _SCANNED not in (document["reader"] or ""):
        return lambda page: page_image(data, name, page, _SCALE)
    # Here, not above: OpenCV is loaded for scans only.
    from extractors.ocr.draw import scan_image

    source = SourceFile.from_bytes(data, name, media_type=document["media_type"])
    return lambda page: scan_image(source, page, _SCALE)


def _draw(page: int, image: Any, scale: float, paths: Sequence[Path_]) -> Any:
    from PIL import Image, ImageDraw

    here = [marks for marks in paths if marks[-1].box_on(page)]
    roles = [role for role in COLORS if any(mark.role == role for marks in here for mark in marks)]
    away = sorted({_elsewhere(mark, page) for marks in here for mark in marks} - {""})
    strip = _STRIP * (1 + len(away))
    sheet = Image.new("RGB", (image.width, image.height + strip), "white")
    sheet.paste(image, (0, 0))
    lit = Image.new("RGBA", sheet.size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(lit)
    for role in roles:
        for box in {m.box_on(page) for marks in here for m in marks if m.role == role} - {None}:
            assert box is not None
            pen.rectangle([v * scale for v in _corners(box)], f"{COLORS[role]}28", COLORS[role], 3)
    for marks in here:
        _arrows(pen, marks, page, scale)
    sheet = Image.alpha_composite(sheet.convert("RGBA"), lit).convert("RGB")
    _legend(ImageDraw.Draw(sheet), image.height, page, roles, away)
    return sheet


def _corners(box: Box) -> tuple[float, float, float, float]:
    return box.x0, box.y0, box.x1, box.y1


def _elsewhere(mark: Mark, page: int) -> str:
    """Where a mark is printed if it is not on this page; empty if it is."""
    if any(at.page == page for at in mark.places):
        return ""
    return f"{mark.role} printed on page {mark.places[0].page}"


def _arrows(pen: Any, marks: Path_, page: int, scale: float) -> None:
    """The path level 1 → level 2 → indicator → value, and a line from the column head to the value."""
    spots = [(mark.role, box) for mark in marks if (box := mark.box_on(page)) is not None]
    chain = [box for role, box in spots if role != "column head"]
    heads = [(box, chain[-1]) for role, box in spots if role == "column head"]
    for start, end in [*pairwise(chain), *heads]:
        (x0, y0), (x1, y1) = ((x * scale, y * scale) for x, y in _link(start, end))
        pen.line([x0, y0, x1, y1], fill="#d93025", width=2)
        pen.ellipse([x1 - 3, y1 - 3, x1 + 3, y1 + 3], fill="#d93025")


def _link(start: Box, end: Box) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where a line from one cell to another begins and ends: near their edges, so that it hides no text.

    >>> _link(Box(0.0, 0.0, 50.0, 100.0), Box(50.0, 20.0, 90.0, 40.0))
    ((45.0, 30.0), (50.0, 30.0))
    >>> _link(Box(50.0, 0.0, 90.0, 10.0), Box(50.0, 60.0, 90.0, 80.0))
    ((86.0, 10.0), (86.0, 60.0))
    """
    if start.x1 <= end.x0 + _INSET or end.x1 <= start.x0 + _INSET:
        y = (end.y0 + end.y1) / 2
        near = min(max(y, start.y0 + _INSET), max(start.y1 - _INSET, start.y0 + _INSET))
        if start.x0 < end.x0:
            return (start.x1 - _INSET, near), (end.x0, y)
        return (start.x0 + _INSET, near), (end.x1, y)
    x = min(start.x1, end.x1) - 4.0
    return ((x, start.y1), (x, end.y0)) if start.y0 < end.y0 else ((x, start.y0), (x, end.y1))


def _legend(pen: Any, top: int, page: int, roles: Sequence[str], away: Sequence[str]) -> None:
    from PIL import ImageFont

    font = ImageFont.load_default(15)
    pen.line([(0, top), (10_000, top)], fill="#5f6368")
    x = 10.0
    pen.text((x, top + 4), f"page {page}", "black", font=font)
    x += pen.textlength(f"page {page}", font=font) + 18
    for role in reversed(roles):
        pen.rectangle([x, top + 6, x + 14, top + 20], f"{COLORS[role]}", COLORS[role])
        pen.text((x + 20, top + 4), role, "black", font=font)
        x += pen.textlength(role, font=font) + 38
    for n, text in enumerate(away):
        pen.text((10, top + 4 + _STRIP * (n + 1)), text, "#5f6368", font=font)


def save(found: Sequence[tuple[int, Any]], target: Path) -> list[Path]:
    """Write pictures to ``target``, or to one file a page (``NAME-1.png``) when there are several.

    Raises SettingsError for a suffix that is no picture's.
    """
    if target.suffix.lower() not in SUFFIXES:
        raise SettingsError(f"{target}: a picture is written as {', '.join(SUFFIXES)}")
    target.parent.mkdir(parents=True, exist_ok=True)
    if len(found) == 1:
        names = [target]
    else:
        names = [target.with_stem(f"{target.stem}-{n + 1}") for n in range(len(found))]
    for name, (_, image) in zip(names, found, strict=True):
        image.save(name)
    return names
