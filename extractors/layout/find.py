"""``find_forms``: the straight chain from a document to its forms, each step in its own module."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extractors.families.family import FamilyMatch, choose_family
from extractors.grid import Cell, Document, Doubt, TextBlock
from extractors.layout.account import FILLER, Ledger
from extractors.layout.block import read_block
from extractors.layout.forms import Form, Reading, Slot
from extractors.layout.header import HeaderReader
from extractors.layout.heads import Heads, assumed_heads, find_heads
from extractors.layout.levels import is_level_label
from extractors.layout.lines import Line, cover
from extractors.layout.printed import Indexes, indexes_of
from extractors.layout.segment import Segment, segment
from extractors.layout.shapes import Shapes, is_noise, key_of, shapes_of
from extractors.layout.stitch import Stitched, stitch
from extractors.layout.totals import read_totals

_BASE = "generic"
_LONGEST_LABEL = 30  # texts longer than this are no part of a family's signature
_TAIL_FIELDS = (
    "total_score",
    "conclusion",
    "problems",
    "measures",
    "remark",
    "note",
    "contact",
    "filled_on",
    "filled_by",
)


def find_forms(document: Document) -> Reading:
    """All forms of a document, and who claims which of its cells; never raises on any document.

    Args:
        document: as a reader gives it, grids as printed.

    Returns:
        A :class:`Reading`: forms in printed order; ``claims`` of what lies outside any form. Every
        non-empty cell and every block of the document is claimed once, in a form or outside.

    Example:
        >>> find_forms(Document("0" * 64, "text/plain", "example", ())).forms
        ()
    """
    base, shapes = indexes_of(_BASE), shapes_of(_BASE)
    stitched = stitch(document, base, shapes)
    forms: list[Form] = []
    outside: list[Line] = []
    doubts: list[Doubt] = []
    for part in segment(stitched.lines, base, shapes):
        if part.is_form:
            forms.append(_read_form(part, len(forms), base, stitched))
            continue
        outside += part.lines + part.repeated_titles
        if part.title:
            doubts.append(Doubt("title_without_form", (), None, {"title": part.title}))
    return _reading(forms, outside, stitched, doubts)


def _reading(forms: list[Form], outside: list[Line], stitched: Stitched, doubts: list[Doubt]) -> Reading:
    cells = tuple(_cells(outside, stitched))
    blocks = tuple(line.block for line in outside if line.block is not None)
    items: tuple[Cell | TextBlock, ...] = (*cells, *blocks)
    claims = {item.id: FILLER if is_noise(item.text) else "noise:outside_form" for item in items}
    return Reading(tuple(forms), cells, blocks, claims, tuple(doubts))


@dataclass(frozen=True, slots=True)
class _Parts:
    """The lines of a form by region."""

    head: list[Line]
    body: list[Line]
    tail: list[Line]
    heads: Heads | None


def _read_form(part: Segment, form_no: int, base: Indexes, stitched: Stitched) -> Form:
    part.lines = cover(part.lines)
    heads = find_heads(part.lines, base)
    match = _family(part, heads)
    index, shapes = indexes_of(match.family.name), shapes_of(match.family.name)
    ledger = Ledger()
    parts = _regions(part.lines, heads, index, shapes)
    for line in part.repeated_titles:
        if line.block is not None:
            ledger.claim(line.block, "noise:repeated_title")
        for spot in line.spots:
            ledger.claim(spot, "noise:repeated_title")
    title = _claim_title(part, ledger)
    header = HeaderReader(index, shapes, ledger)
    header.read(parts.head)
    tail = HeaderReader(index, shapes, ledger, money=False)
    block = read_block(parts.body, parts.heads, index, shapes, ledger)
    tail.read([line for line in parts.body if line.block is not None and not ledger.claimed(line.block)])
    tail.fields |= read_totals(parts.tail, parts.heads, index, shapes, ledger)
    tail.read([line for line in parts.tail if not all(map(ledger.claimed, line.spots)) or line.block])
    fields = {**({"title": title} if title else {}), **tail.fields, **header.fields}
    _fiscal_year(fields, shapes)
    _fillers(part.lines, ledger)
    if match.family.name == "generic":
        ledger.doubt("unknown_family", (), None, nearest=match.reason, score=str(match.score))
    if not block.rows:
        ledger.doubt("no_indicator_rows")
    lines = [*part.lines, *part.repeated_titles]
    ledger.settle(lines)
    _claim_tails(stitched, ledger)
    cells = tuple(ledger.marked(cell) for cell in _cells(lines, stitched))
    ids = {cell.id for cell in cells}
    doubts = [d for d in stitched.doubts if d.cell_ids and d.cell_ids[0] in ids] + ledger.doubts
    return Form(
        form_no=form_no,
        kind=_kind(title, parts.heads, index),
        family=match.family.name,
        family_score=match.score,
        taxonomy_version=block.version,
        fields=fields,
        funding=header.money.finish(fields.get("unit_note")) if header.money else (),
        rows=tuple(block.rows),
        cells=cells,
        blocks=tuple(line.block for line in lines if line.block is not None),
        claims=ledger.claims,
        doubts=tuple(doubts),
        pages=_pages(lines),
        structure=min([row.structure for row in block.rows], default=0.5 if parts.heads is None else 1.0),
        notes=(f"family {match.family.name}: {match.reason}", f"tree {block.version}: {block.reason}"),
    )


def _family(part: Segment, heads: Heads | None) -> FamilyMatch:
    printed = {spot.key for line in part.lines for spot in line.spots if len(spot.key) <= _LONGEST_LABEL}
    return choose_family(key_of(part.title), printed, heads.roles if heads else ())


def _regions(lines: list[Line], heads: Heads | None, index: Indexes, shapes: Shapes) -> _Parts:
    """Lines above the block, its rows, and what stands below it."""
    if heads is None:
        start = next(
            (i for i, line in enumerate(lines) if any(is_level_label(s.text) for s in line.spots)), None
        )
        if start is None:
            return _Parts(lines, [], [], None)
        heads = assumed_heads(index, start)
    rest = lines[heads.stop :]
    cut = next((i for i, line in enumerate(rest) if _ends_block(line, index, shapes)), len(rest))
    return _Parts(lines[: heads.start], rest[:cut], rest[cut:], heads)


def _ends_block(line: Line, index: Indexes, shapes: Shapes) -> bool:
    """Whether a line stands below the indicator rows: a total, a note, a signature."""
    if line.dropped:
        return False
    if line.block is not None:
        first = line.block.text.strip()
        return shapes.is_("footnote", key_of(first)) or _tail_field(first, index)
    return bool(line.spots) and (
        shapes.is_("footnote", line.spots[0].key) or _tail_field(line.spots[0].text, index)
    )


def _tail_field(text: str, index: Indexes) -> bool:
    hit = index.fields.find(text)
    return hit is not None and hit.how != "fuzzy" and hit.slot in _TAIL_FIELDS


def _claim_title(part: Segment, ledger: Ledger) -> Slot | None:
    for line in part.lines:
        item = (
            line.block if line.block is not None else (line.spots[0].cell if len(line.spots) == 1 else None)
        )
        if part.title and item is not None and part.title in item.text:
            ledger.claim(item, "form:title")
            return Slot(part.title, item, None, 1.0, "title line")
    return None


def _fiscal_year(fields: dict[str, Slot], shapes: Shapes) -> None:
    """The year: of its own line or field, else of the title, else of a period of one year."""
    if "fiscal_year" in fields:
        return
    for source, sure in (("title", 1.0), ("period", 0.8)):
        slot = fields.get(source)
        year = shapes.find("year", key_of(slot.text)) if slot else ""
        if slot and year:
            fields["fiscal_year"] = replace(slot, text=year, structure=sure, how=f"from the {source}")
            return


def _kind(title: Slot | None, heads: Heads | None, index: Indexes) -> str:
    key = key_of(title.text) if title else ""
    for facts in index.family.kinds:
        if any(word in key for word in facts.words):
            return facts.kind
    roles = heads.roles if heads else ()
    if "forecast" in roles or "executed" in roles:
        return "monitoring"
    return "self_evaluation" if "actual" in roles else index.family.default_kind


def _fillers(lines: Sequence[Line], ledger: Ledger) -> None:
    for line in lines:
        for spot in line.spots:
            if is_noise(spot.text):
                ledger.claim(spot, FILLER)
        if line.block is not None and is_noise(line.block.text):
            ledger.claim(line.block, FILLER)


def _claim_tails(stitched: Stitched, ledger: Ledger) -> None:
    """A text's further pieces belong to whoever owns the first."""
    for head, tails in stitched.tails.items():
        if head in ledger.claims:
            for tail in tails:
                ledger.mark(tail, "joined")
                ledger.claim(tail, ledger.claims[head])


def _cells(lines: Sequence[Line], stitched: Stitched) -> Iterator[Cell]:
    """The cells of the lines, joined ones as joined and each followed by its further pieces."""
    for line in lines:
        for spot in line.spots:
            yield stitched.replaced.get(spot.id, spot.cell)
            yield from stitched.tails.get(spot.id, ())


def _pages(lines: Sequence[Line]) -> tuple[int, ...]:
    return tuple(sorted({line.page for line in lines if line.page is not None}))
