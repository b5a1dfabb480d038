"""From read page images to a Document: ids, points, confidences, doubts."""

from __future__ import annotations

from dataclasses import dataclass, field

from extractors.errors import TooLarge
from extractors.grid import (
    Box,
    Cell,
    Confidence,
    Doubt,
    Grid,
    Locator,
    Page,
    TextBlock,
    cell_id,
    cell_id_base,
    item_id,
)
from extractors.imaging.decode import ImagePage
from extractors.imaging.geometry import Rect
from extractors.ocr.base import OcrEngine
from extractors.ocr.cells import CellReading
from extractors.ocr.page import PlacedCell, ReadPage, Table, read_page
from extractors.ocr.recall import recalled
from extractors.ocr.rules import Suspicion, limit, load_rules, sentence_suspicions, suspicions, why
from extractors.source import SourceFile
from normalizers.text import fold

POINTS = 72.0


@dataclass
class ScanBuilder:
    """Collects the read pages of one source. ``origin`` is published as the grids' reader and engine."""

    source: SourceFile
    origin: str
    first_grid: int = 0
    items: list[Grid | TextBlock] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    _cells: int = 0

    def picture(self, number: int, page: ImagePage | str, engine: OcrEngine) -> None:
        """Read one decoded page, or note why it gives nothing. Raises TooLarge."""
        if isinstance(page, str):
            self.doubts.append(Doubt(f"page_{page}", data={"page": str(number)}))
            self.pages.append(Page(number, 0.0, 0.0))
            return
        height, width = page.pixels.shape[:2]
        with recalled(engine, page.pixels, self.source.memory) as recalling:
            read = read_page(page.pixels, recalling)
        self.page(number, (width, height), page.dpi * page.reduced, read)

    def page(self, number: int, size: tuple[int, int], dpi: float, read: ReadPage) -> None:
        """Add page ``number`` (1-based) of ``size`` pixels at ``dpi``. Raises TooLarge."""
        scale = POINTS / dpi
        self.pages.append(Page(number, round(size[0] * scale, 2), round(size[1] * scale, 2)))
        if read.blank:
            self.doubts.append(Doubt("blank_page", data={"page": str(number)}))
        if read.unread:
            self.doubts.append(
                Doubt("ocr_lines_unread", data={"page": str(number), "count": str(read.unread)})
            )
        if read.unfit:
            data = {"page": str(number), "why": why([read.unfit])}
            self.doubts.append(Doubt("grid_doubtful", data=data))
        if read.turns:
            self.doubts.append(
                Doubt("page_turned", data={"page": str(number), "degrees": str(read.turns * 90)})
            )
        found: list[tuple[Rect, Grid | TextBlock]] = [
            (table.box, self._table(table, number, scale)) for table in read.tables
        ]
        for line in read.lines:
            block = item_id(self.source.document_id, "b", number, len(found))
            at = Locator(page=number, box=_box(line.box, scale))
            sure = Confidence(read=line.reading.sure)
            found.append((line.box, TextBlock(block, line.reading.text, at, sure, self.origin)))
        found.sort(key=lambda entry: _reading_order(entry[0], read.turns))
        self.items.extend(item for _, item in found)

    def _table(self, table: Table, number: int, scale: float) -> Grid:
        self._cells += len(table.cells)
        limit = self.source.limits.max_cells
        if self._cells > limit:
            raise TooLarge(f"{self.source.name}: more than {limit} cells")
        base = cell_id_base(self.source.document_id, self.first_grid)
        self.first_grid += 1
        rows: dict[int, list[PlacedCell]] = {}
        for placed in table.cells:
            for row in range(placed.row, placed.row + placed.row_span):
                rows.setdefault(row, []).append(placed)
        cells = [
            self._cell(placed, cell_id(base, placed.row, placed.col), number, scale, rows[placed.row])
            for placed in table.cells
        ]
        if table.how == "aligned":
            self.doubts.append(Doubt("columns_from_text", (cells[0].id,), data={"page": str(number)}))
        if table.repaired:
            self.doubts.append(Doubt("borders_guessed", (cells[0].id,), data={"page": str(number)}))
        return Grid(tuple(cells), table.rows, table.cols, number, f"{self.origin}:{table.how}")

    def _cell(self, placed: PlacedCell, key: str, number: int, scale: float, row: list[PlacedCell]) -> Cell:
        reading = placed.reading
        sure = reading.sure
        if reading.sealed:
            self.doubts.append(Doubt("seal_over_cell", (key,), data={"text": reading.text or "（空白）"}))
        if _is_value(reading.text):
            words = "".join(other.reading.text for other in row if other.col < placed.col)
            broken = suspicions(_plain(reading.text), words=fold(words), looks=reading.looks)
            sure = self._doubt(reading, broken, key)
        else:
            broken = sentence_suspicions(_plain(reading.text), reading.looks)
            sure = self._doubt(reading, broken, key) if broken or reading.reasons else sure
        at = Locator(page=number, box=_box(placed.box, scale))
        trust = Confidence(read=sure, structure=placed.structure)
        return Cell(key, reading.text, placed.row, placed.col, placed.row_span, placed.col_span, at, trust)

    def _doubt(self, reading: CellReading, broken: list[Suspicion], key: str) -> float | None:
        sure = reading.sure
        if broken:
            likely = next((one.suggestion for one in broken if one.suggestion), reading.other)
            data = {
                "text": reading.text,
                "why": why(dict.fromkeys(one.rule for one in broken)),
                "suggestion": likely,
            }
            self.doubts.append(Doubt("likely_misread", (key,), data=data))
            return min(sure or 0.0, limit("doubted"))
        low = sure is not None and sure < limit("weak")
        if reading.reasons or low:
            reasons = why(reading.reasons or ("low_score",))
            data = {"text": reading.text, "why": reasons, "suggestion": reading.other}
            self.doubts.append(Doubt("doubtful_reading", (key,), data=data))
        return sure


def scan_origin(reader: str, engine: OcrEngine) -> str:
    """Reader, engine, model and back end in one published word."""
    return f"{reader}+{engine.name}/{engine.version}"


def _reading_order(box: Rect, turns: int) -> tuple[float, float]:
    """Where a box of the page as received stands once the page is upright: how far down, how far across.

    >>> _reading_order((1, 2, 3, 4), 0), _reading_order((1, 2, 3, 4), 2)
    ((2, 1), (-4, -3))
    """
    x0, y0, x1, y1 = box
    return ((y0, x0), (x0, -y1), (-y1, -x1), (-x1, y0))[turns % 4]


def _is_value(text: str) -> bool:
    return 0 < len(text) <= load_rules().value_length


def _plain(text: str) -> str:
    return "".join(fold(text).split())


def _box(rect: Rect, scale: float) -> Box:
    x0, y0, x1, y1 = (round(v * scale, 2) for v in rect)
    return Box(max(0.0, x0), max(0.0, y0), x1, y1)
