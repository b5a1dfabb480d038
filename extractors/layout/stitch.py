"""Step 1: the grids of a document become one run of lines; what a page break cut is put together.

For a text dump this is mere concatenation. Between pages a table goes on when the next page's first
grid neither has a title above it nor begins a form anew. Then repeated header rows are dropped, columns are
laid over those of the page before, a merged label reaches into the new page, and a text cut in two
becomes one cell with the mark ``joined`` and the second place in ``more_at``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from extractors.grid import Cell, Document, Doubt, Grid, TextBlock
from extractors.layout.axis import axes
from extractors.layout.cuts import Row, flows, is_cut_label, is_rest, rows_of
from extractors.layout.levels import is_level_label
from extractors.layout.lines import Line, Spot, spot_of
from extractors.layout.overflow import may_be_letters, pushed_out
from extractors.layout.printed import Indexes
from extractors.layout.shapes import Shapes, cut_name, is_dots, key_of
from extractors.layout.signature import bare_key, is_furniture, is_title
from normalizers.frozen import maker

_LINE = maker(Line)
_LOOK_BACK = 8  # rows of the table so far that may be printed again on the next page
_NAME = 45  # characters the name of a table may have
_ENDS = "。！？.!?"


@dataclass(slots=True)
class Stitched:
    """The lines of a document, and what joining did.

    ``tails`` holds, by the id of a joined cell, the cells of its further pieces, ``pieces`` those that stand
    in no cell at all; ``replaced`` maps the id of a cell to its joined version.
    """

    lines: list[Line] = field(default_factory=list)
    tails: dict[str, list[Cell]] = field(default_factory=dict)
    pieces: dict[str, list[TextBlock]] = field(default_factory=dict)
    replaced: dict[str, Cell] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)


class Stitcher:
    """Walks the items of a document once. Use :func:`stitch`."""

    def __init__(self, document: Document, index: Indexes, shapes: Shapes) -> None:
        self.index = index
        self.shapes = shapes
        self.axes = axes(document.grids)
        self.number = 0
        self.out = Stitched()
        self.table = -1
        self.grid: Grid | None = None
        self.open_rows: list[Row] = []
        self.gap: list[TextBlock] = []
        self.seen: Counter[str] = Counter()
        self.spanned = False

    def add(self, item: Grid | TextBlock) -> None:
        """Take the next item of the document."""
        if isinstance(item, TextBlock):
            self._add_text(item)
            return
        places = self.axes.get(self.number)
        self.number += 1
        rows = rows_of(item, places)
        self.spanned = any(cell.row_span > 1 for cell in item.cells)
        repeated = self._continues(item, rows)
        if repeated is None:
            self.table += 1
            self.open_rows = []
        elif self.grid is not None and places is None and item.cols != self.grid.cols:
            first = [cell for cell in item.cells if cell.text.strip()][:1]
            self.out.doubts.append(
                Doubt("columns_unaligned", tuple(cell.id for cell in first), None, {"page": str(item.page)})
            )
        if repeated is not None:
            for row in rows[:repeated]:
                self._place(row, item, "repeated_header")
            rows = self._join_cut(rows[repeated:])
        for row in rows:
            self._place(row, item)
        self.open_rows += rows
        self.grid, self.gap = item, []

    def _add_text(self, block: TextBlock) -> None:
        self.gap.append(block)
        self.seen[bare_key(block.text)] += 1
        self.out.lines.append(Line(len(self.out.lines), (), block, -1, block.at.page))
        if self.grid is None or self.grid.page != block.at.page or not may_be_letters(self.gap):
            return
        head = pushed_out(self.gap, self._bottom().values(), self._completes)
        if head is not None:
            self._lengthen(head, "".join(piece.text.strip() for piece in self.gap), self.gap)
            self.out.pieces.setdefault(head.id, []).extend(self.gap)
            self.gap = []

    def _place(self, row: Row, grid: Grid, dropped: str = "") -> None:
        no = len(self.out.lines)
        spots = tuple(
            spot_of(cell, no, *span)
            for cell, span in zip(row.cells, row.spans, strict=True)
            if cell.text.strip()
        )
        self.out.lines.append(_LINE(no, spots, None, self.table, grid.page, (), self.spanned, dropped))

    def _continues(self, grid: Grid, rows: list[Row]) -> int | None:
        """How many first rows repeat the table so far, if ``grid`` goes on with it; None if it does not."""
        before = self.grid
        if before is None or grid.page is None or before.page is None or grid.page <= before.page:
            return None
        if any(is_title(block.text, self.index) or self._is_new_name(block) for block in self.gap):
            return None
        if any(
            not is_furniture(block.text, self.shapes) for block in self.gap if block.at.page == before.page
        ):
            return None
        repeated = self._repeated(rows)
        rest = next((row for row in rows[repeated:] if row.texts), None)
        if rest is None:
            return repeated
        first = rest.texts[0]
        if is_title(first, self.index):
            return None
        hit = self.index.fields.find(first)
        if hit and hit.slot not in ("goal", "goal_actual", "note") and self._printed_before(hit.slot):
            return None
        if hit and hit.slot in self.index.family.first_fields and len(self.open_rows) > 2:
            return None
        return repeated

    def _is_new_name(self, block: TextBlock) -> bool:
        """Whether a text names a table and is no running head, which was printed before."""
        key = bare_key(block.text)
        ends = ("表", *self.index.family.title.others)
        return (
            key.endswith(ends) and 4 < len(key) <= _NAME and not key.startswith("续") and self.seen[key] < 2
        )

    def _repeated(self, rows: list[Row]) -> int:
        """Number of leading rows whose texts were all printed, in this order, near the table's top or its heads."""
        seen = [row.texts for row in self.open_rows if row.texts]
        best = 0
        for start in range(len(seen)):
            count = 0
            while (
                count < min(len(rows), _LOOK_BACK)
                and start + count < len(seen)
                and len(rows[count].texts) > 1
                and rows[count].texts == seen[start + count]
                and (start == 0 or self._is_heads(seen[start]))
            ):
                count += 1
            best = max(best, count)
        return best

    def _is_heads(self, texts: tuple[str, ...]) -> bool:
        return sum(self.index.columns.find(text) is not None for text in texts) >= max(2, len(texts) - 1)

    def _printed_before(self, slot: str) -> bool:
        hits = (self.index.fields.find(row.texts[0]) for row in self.open_rows if row.texts)
        return any(hit is not None and hit.slot == slot for hit in hits)

    def _join_cut(self, rows: list[Row]) -> list[Row]:
        """Join what the break cut: the texts of one row, a label cut in two, labels that reach over."""
        if not rows or not self.out.lines:
            return rows
        above = self._bottom()
        joins, row_goes_on = self._cut_texts(rows[0], above)
        for tail, head in joins:
            self._join(head, tail)
        joined = {tail.id for tail, _ in joins}
        for cell, span in zip(rows[0].cells, rows[0].spans, strict=True):
            reach = above.get(span[0])
            if reach and (not cell.text.strip() or cell.id in joined) and not row_goes_on:
                self._extend(reach, len(self.out.lines) + cell.row_span)
        if row_goes_on:
            return rows[1:]
        kept = [i for i, cell in enumerate(rows[0].cells) if cell.id not in joined]
        first = Row(tuple(rows[0].cells[i] for i in kept), tuple(rows[0].spans[i] for i in kept))
        return [first, *rows[1:]]

    def _bottom(self) -> dict[int, Spot]:
        """The spots that reach the bottom of the table so far, by first column."""
        table = [line for line in self.out.lines if line.table == self.table and not line.dropped]
        if not table:
            return {}
        end = table[-1].no + 1
        bottom: dict[int, Spot] = {}
        for line in table:
            for spot in line.spots:
                if spot.last >= end or line.no == end - 1:
                    bottom[spot.col] = spot
        return bottom

    def _cut_texts(self, row: Row, above: dict[int, Spot]) -> tuple[list[tuple[Cell, Spot]], bool]:
        """Pairs (tail, head) of texts cut by the break, and whether the whole row goes on."""
        filled = [(c, s) for c, s in zip(row.cells, row.spans, strict=True) if c.text.strip()]
        empty_over_text = any(
            s[0] in above and above[s[0]].last == above[s[0]].line + 1
            for c, s in zip(row.cells, row.spans, strict=True)
            if not c.text.strip()
        )
        labels = [
            (c, above[s[0]])
            for c, s in filled
            if s[0] in above
            and (is_cut_label(above[s[0]].text, c.text) or self._is_cut_head(above[s[0]].text, c.text))
        ]
        pairs = [(c, above[s[0]]) for c, s in filled if s[0] in above]
        labels += [
            p
            for p in pairs
            if p not in labels and flows(p[1], p[0], row, above) and not self.index.is_head(p[1].text)
        ]
        whole = (
            bool(pairs)
            and len(pairs) == len(filled)
            and empty_over_text
            and all(self._goes_on(head, tail) for tail, head in pairs)
        )
        return (pairs, True) if whole else (labels, False)

    def _is_cut_head(self, head: str, tail: str) -> bool:
        """Whether two pieces are the block's own label cut in two (绩效指 + 标)."""
        one, whole = self.index.columns.find(head), self.index.columns.find(head + tail)
        return whole is not None and (whole.slot, whole.how) == ("section", "exact") and one != whole

    def _completes(self, head: str, tail: str) -> bool:
        return is_cut_label(head, tail) or self._is_cut_head(head, tail) or self.index.is_label(head + tail)

    def _goes_on(self, head: Spot, tail: Cell) -> bool:
        key, above = key_of(tail.text), key_of(head.text)
        if is_rest(key, above, self.shapes):
            return True
        if self.shapes.is_("number", above) or self.shapes.find("sign_first", key):
            return False  # a number is complete, and a sign begins another value
        if is_dots(key) or (self.shapes.value_like(above) == 1 and self.shapes.value_like(key) == 1):
            return False
        if self.index.is_label(head.text + tail.text) and not self.index.is_label(head.text):
            return True  # 年度总体 + 目标
        marked = cut_name(tail.text)[2] or is_level_label(tail.text) or self.index.is_label(tail.text)
        return not marked and not head.text.endswith(tuple(_ENDS)) and not self.index.fields.find(tail.text)

    def _join(self, head: Spot, tail: Cell) -> None:
        self._lengthen(head, tail.text, [tail])
        self.out.tails.setdefault(head.id, []).append(tail)

    def _lengthen(self, head: Spot, text: str, pieces: Sequence[Cell | TextBlock]) -> None:
        """Put the pieces of a cut text behind its beginning."""
        known = self.out.replaced.get(head.id, head.cell)
        cell = replace(
            known,
            text=known.text + text,
            inferred=(*(m for m in known.inferred if m != "joined"), "joined"),
            more_at=(*known.more_at, *(piece.at for piece in pieces)),
        )
        self.out.replaced[head.id] = cell
        self._swap(head, replace(spot_of(cell, head.line, head.col, head.end), last=head.last))
        self.out.doubts.append(Doubt("joined_text", (head.id, *(piece.id for piece in pieces))))

    def _extend(self, spot: Spot, last: int) -> None:
        now = next(s for s in self.out.lines[spot.line].spots if s.id == spot.id)  # joined, perhaps
        self._swap(spot, replace(now, last=max(now.last, last)))

    def _swap(self, old: Spot, new: Spot) -> None:
        line = self.out.lines[old.line]
        spots = tuple(new if spot.id == old.id else spot for spot in line.spots)
        self.out.lines[old.line] = replace(line, spots=spots)


def stitch(document: Document, index: Indexes, shapes: Shapes) -> Stitched:
    """All lines of a document with page breaks undone.

    Args:
        document: as read; its grids are as printed, page by page.
        index: the label indexes of the family that all families extend.
        shapes: the shape patterns of the same family.

    Returns:
        The lines in reading order, their spots placed in joined tables.

    Example:
        >>> from extractors.grid import Document
        >>> from extractors.layout.printed import indexes_of
        >>> from extractors.layout.shapes import shapes_of
        >>> stitch(Document("0", "text/plain", "t", ()), indexes_of("generic"), shapes_of("generic")).lines
        []
    """
    walk = Stitcher(document, index, shapes)
    for item in document.items:
        walk.add(item)
    return walk.out
