"""The indicator block as a whole: its header claimed, its rows read in one or two halves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors.layout.account import FILLER, LABEL, Ledger
from extractors.layout.build import RowBuilder
from extractors.layout.candidates import RowReader
from extractors.layout.columns import Head, Heads
from extractors.layout.fits import fits_of
from extractors.layout.forms import FormRow
from extractors.layout.halves import parts_of
from extractors.layout.horizons import rows_of_terms
from extractors.layout.lines import Line, Spot, block_spot
from extractors.layout.printed import Indexes
from extractors.layout.rows import BlockReader
from extractors.layout.shapes import Shapes, cut_name, is_dots, is_noise, key_of
from extractors.layout.version import tree_version

_SHARED = ("section", "level1")  # columns that both halves of a block read


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of a form's indicator block and the tree they follow, with the reason."""

    rows: list[FormRow]
    version: str
    reason: str


def read_block(
    lines: Sequence[Line], heads: Heads | None, index: Indexes, shapes: Shapes, ledger: Ledger
) -> Block:
    """All rows of a block; empty where the form has none.

    Args:
        lines: the lines below the header row.
        heads: the columns, or None where the form has no indicator block at all.
        index: the family's label indexes.
        shapes: the family's shape patterns.
        ledger: takes claims, marks and doubts.
    """
    if heads is None:
        return Block([], "none", "no indicator block")
    _claim_heads(heads, ledger)
    version, reason = tree_version(lines, heads)
    fits = fits_of(index.family.name, version)
    rows: list[FormRow] = []
    lines = _without_sections(lines, heads, index, ledger)
    for part in parts_of(lines, heads, index, ledger):
        if part.heads is not heads:
            _claim_heads(part.heads, ledger)
        for columns, horizon, low, high in _halves(part.heads, part.horizon):
            reader = BlockReader(RowReader(columns, fits, index.family), index.family, version)
            builder = RowBuilder(index.family, shapes, ledger, columns, version)
            taken = [
                (line, spots) for line in part.lines if (spots := _spots(line, shapes, ledger, low, high))
            ]
            rows += builder.build(reader.read(taken), len(rows), horizon)
    return Block(rows_of_terms(rows, len(rows), ledger), version, reason)


def _claim_heads(heads: Heads, ledger: Ledger) -> None:
    for head in heads.columns:
        if head.spot is not None:
            ledger.claim(head.spot, LABEL)
    for spot in heads.groups:
        ledger.claim(spot, LABEL)
    if heads.unknown:
        ledger.doubt("unknown_column", heads.unknown, None, text="、".join(s.text for s in heads.unknown))
    if heads.columns and heads.columns[0].col < 0:
        ledger.doubt("header_row_missing")


def _without_sections(lines: Sequence[Line], heads: Heads, index: Indexes, ledger: Ledger) -> Sequence[Line]:
    """The rows without the block's own label (绩效指标) printed beside them where no head stands over it."""
    if heads.by_role("section") is not None or not heads.columns:
        return lines
    border = heads.columns[0].col
    labels: set[str] = set()
    for spot in (s for line in lines for s in line.spots if s.end <= border):
        hit = index.columns.find(spot.text)
        if hit is not None and hit.slot == "section" and hit.how != "fuzzy":
            ledger.claim(spot, LABEL)
            labels.add(spot.id)
    if not labels:
        return lines
    return [replace(ln, spots=tuple(s for s in ln.spots if s.id not in labels)) for ln in lines]


def _halves(heads: Heads, horizon: str) -> list[tuple[tuple[Head, ...], str, tuple[int, int], int]]:
    """The block's columns, or those of its midterm and its annual half with the levels they share.

    Each half comes as (columns, horizon, (end of the shared columns, first own column), last column).
    """
    everything = 1 << 20
    if heads.split is None:
        return [(heads.columns, horizon, (everything, 0), everything)]
    own = any(h.role == "level2" for h in heads.columns if h.col >= heads.split)
    shared = tuple(h for h in heads.columns if h.role in (_SHARED if own else (*_SHARED, "level2")))
    shared = tuple(h for h in shared if h.col < heads.split)
    border = max((h.end for h in shared), default=0)
    first = tuple(h for h in heads.columns if h.col < heads.split)
    second = shared + tuple(h for h in heads.columns if h.col >= heads.split)
    return [
        (first, "midterm", (everything, 0), heads.split),
        (second, "annual", (border, heads.split), everything),
    ]


def _spots(line: Line, shapes: Shapes, ledger: Ledger, low: tuple[int, int], high: int) -> tuple[Spot, ...]:
    """The cells of a row that are to be read: no dots, and fillers only beside something else."""
    if line.dropped:
        return ()
    if line.block is not None:
        text = line.block.text.strip()
        if is_noise(text) or not cut_name(text)[2] or shapes.is_("chapter", key_of(text)):
            return ()
        return (block_spot(line.block, line.no),)
    shared, own = low
    spots = [s for s in line.spots if s.col < high and (s.col < shared or s.col >= own)]
    kept = [s for s in spots if not is_dots(s.text)]
    if all(is_noise(s.text) for s in kept):
        kept = []
    if len(kept) < len(spots):
        read = {s.id for s in kept}
        for spot in spots:
            if spot.id not in read:
                ledger.claim(spot, FILLER)
    return tuple(kept)
