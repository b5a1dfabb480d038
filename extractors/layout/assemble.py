"""One segment becomes a :class:`Form`: family, regions, header, rows, account."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile

from extractors.families.family import FALLBACK, Family, FamilyMatch, choose_family
from extractors.grid import Cell
from extractors.layout.account import FILLER, Ledger
from extractors.layout.block import Block, read_block
from extractors.layout.columns import Heads
from extractors.layout.forms import Form, FundingItem, Slot
from extractors.layout.header import HeaderReader
from extractors.layout.heads import find_heads
from extractors.layout.leftovers import claim_leftovers, claim_loose, claim_outside
from extractors.layout.lines import Line
from extractors.layout.printed import Indexes, indexes_of
from extractors.layout.regions import Regions, regions_of
from extractors.layout.segment import Segment
from extractors.layout.shapes import Shapes, is_noise, key_of, shapes_of
from extractors.layout.signature import lone_text
from extractors.layout.stitch import Stitched
from extractors.layout.totals import claim_subtotals, read_totals
from extractors.layout.twins import TWIN, without_twins

_LONGEST_LABEL = 30  # texts longer than this are no part of a family's signature
_NO_ROWS = 0.5  # structure confidence of a form in which no row was found


def assemble(part: Segment, form_no: int, scan: Indexes, stitched: Stitched) -> Form:
    """The form in one segment.

    Args:
        part: a segment that is a form.
        form_no: its 0-based number in the document.
        scan: the labels of all families together; the form's own family is chosen here.
        stitched: what joining did, for the marks and places of joined cells.
    """
    lines, twins = without_twins(part.lines, scan)
    scanned = find_heads(lines, scan)
    match = family_of(part, scanned)
    index, shapes = indexes_of(match.family.name), shapes_of(match.family.name)
    heads = find_heads(lines, index) or scanned
    ledger = Ledger()
    for twin in twins:
        ledger.claim(twin, TWIN)
    regions = regions_of(lines, heads, index, shapes)
    read = _read_regions(part, regions, index, shapes, ledger)
    if match.family.name == FALLBACK:
        ledger.doubt("unknown_family", (), None, nearest=match.reason, score=str(match.score))
    if not read.block.rows:
        ledger.doubt("no_indicator_rows")
    lines = [*part.lines, *part.repeated_titles]
    kind = kind_of(read.fields.get("title"), regions.heads, index)
    return finish(form_no, kind, match, read.fields, read.funding, read.block, lines, ledger, stitched)


def finish(
    form_no: int,
    kind: str,
    match: FamilyMatch,
    fields: dict[str, Slot],
    funding: tuple[FundingItem, ...],
    block: Block,
    lines: Sequence[Line],
    ledger: Ledger,
    stitched: Stitched,
) -> Form:
    """The form of what was read, with its account settled: every cell of ``lines`` is claimed."""
    _fillers(lines, ledger)
    _claim_pieces(stitched, ledger)
    ledger.settle(lines)
    _claim_tails(stitched, ledger)
    cells = tuple(ledger.marked(cell) for cell in cells_of(lines, stitched))
    ids = {cell.id for cell in cells}
    doubts = [d for d in stitched.doubts if d.cell_ids and d.cell_ids[0] in ids] + ledger.doubts
    blocks = tuple(line.block for line in lines if line.block is not None)
    known = ids | {item.id for item in blocks}
    return Form(
        form_no=form_no,
        kind=kind,
        family=match.family.name,
        family_score=match.score,
        taxonomy_version=block.version,
        fields=fields,
        funding=funding,
        rows=tuple(block.rows),
        cells=cells,
        blocks=blocks,
        claims={key: claim for key, claim in ledger.claims.items() if key in known},
        doubts=tuple(doubts),
        pages=tuple(sorted({line.page for line in lines if line.page is not None})),
        structure=_form_structure(block, match.family, ledger),
        notes=(f"family {match.family.name}: {match.reason}", f"tree {block.version}: {block.reason}"),
    )


def _form_structure(block: Block, family: Family, ledger: Ledger) -> float:
    """How sure the form as a whole stands: what touches every row. A repair of one row stays its own."""
    if not block.rows:
        return _NO_ROWS
    whole = {doubt.code for doubt in ledger.doubts if not doubt.cell_ids and doubt.row_no is None}
    return round(math.prod(family.trust.get(code, 1.0) for code in sorted(whole)), 4)


@dataclass(frozen=True, slots=True)
class _Read:
    fields: dict[str, Slot]
    funding: tuple[FundingItem, ...]
    block: Block


def _read_regions(part: Segment, regions: Regions, index: Indexes, shapes: Shapes, ledger: Ledger) -> _Read:
    claim_titles_again(part, ledger)
    title = claim_title(part, ledger)
    header = HeaderReader(index, shapes, ledger)
    header.read(regions.head)
    if title is None:
        claim_outside(takewhile(lambda line: line.block is not None, regions.head), ledger)
    claim_leftovers(regions.head, shapes, ledger)
    block = read_block(regions.body, regions.heads, index, shapes, ledger)
    tail = HeaderReader(index, shapes, ledger, money=False)
    tail.read([line for line in regions.body if line.block is not None and not ledger.claimed(line.block)])
    tail.fields |= read_totals(regions.tail, regions.heads, index, shapes, ledger)
    claim_subtotals(regions.tail, index, shapes, ledger)
    tail.read([line for line in regions.tail if line.block or not all(map(ledger.claimed, line.spots))])
    claim_outside(regions.tail, ledger)
    claim_leftovers(regions.tail, shapes, ledger)
    claim_loose(regions.tail, ledger)
    fields = {**({"title": title} if title else {}), **tail.fields, **header.fields}
    fill_fiscal_year(fields, shapes)
    return _Read(fields, header.money.finish(fields.get("unit_note")) if header.money else (), block)


def claim_titles_again(part: Segment, ledger: Ledger) -> None:
    """Claim a running title printed again on a later page."""
    for line in part.repeated_titles:
        if line.block is not None:
            ledger.claim(line.block, "noise:repeated_title")
        for spot in line.spots:
            ledger.claim(spot, "noise:repeated_title")


def family_of(part: Segment, heads: Heads | None, *, listed: bool = False) -> FamilyMatch:
    """The family whose look fits what the segment prints."""
    printed = {spot.key for line in part.lines for spot in line.spots if len(spot.key) <= _LONGEST_LABEL}
    return choose_family(key_of(part.title), printed, heads.roles if heads else (), listed=listed)


def claim_title(part: Segment, ledger: Ledger) -> Slot | None:
    """The title as a field, None where the form has none."""
    for line, below in pairwise(part.lines):
        one, two = lone_text(line), lone_text(below)
        if one and two and one + two == part.title:
            first = line.block or line.spots[0].cell
            ledger.claim(first, "form:title")
            ledger.claim(below.block or below.spots[0].cell, "form:title")
            return Slot(part.title, first, None, 0.95, "title over two lines")
    for line in part.lines:
        item = (
            line.block if line.block is not None else (line.spots[0].cell if len(line.spots) == 1 else None)
        )
        if part.title and item is not None and part.title in item.text:
            ledger.claim(item, "form:title")
            return Slot(part.title, item, None, 1.0, "title line")
    return None


def fill_fiscal_year(fields: dict[str, Slot], shapes: Shapes) -> None:
    """The year: of its own line or field, else of the title, else of a period of one year."""
    if "fiscal_year" in fields:
        return
    for source, sure in (("title", 1.0), ("period", 0.8)):
        slot = fields.get(source)
        year = shapes.find("year", key_of(slot.text)) if slot else ""
        if slot and year:
            fields["fiscal_year"] = replace(slot, text=year, structure=sure, how=f"from the {source}")
            return


def kind_of(title: Slot | None, heads: Heads | None, index: Indexes) -> str:
    """The kind of a form from its title's words, else from its columns."""
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


def _claim_pieces(stitched: Stitched, ledger: Ledger) -> None:
    """Letters outside their cell belong to whoever owns the label."""
    for head, pieces in stitched.pieces.items():
        for piece in pieces if head in ledger.claims else ():
            ledger.claim(piece, ledger.claims[head])


def cells_of(lines: Sequence[Line], stitched: Stitched) -> Iterator[Cell]:
    """The cells of the lines, joined ones as joined and each followed by its further pieces."""
    for line in lines:
        for spot in line.spots:
            yield stitched.replaced.get(spot.id, spot.cell)
            yield from stitched.tails.get(spot.id, ())
