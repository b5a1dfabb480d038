"""The regions of a form: what stands above the indicator rows, the rows, what stands below."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.layout.columns import Heads
from extractors.layout.heads import assumed_heads
from extractors.layout.levels import is_level_label
from extractors.layout.lines import Line
from extractors.layout.printed import Indexes
from extractors.layout.shapes import Shapes, cut_name, key_of

_SIGNED = ("contact", "leader", "filled_on", "filled_by")


@dataclass(frozen=True, slots=True)
class Regions:
    """The lines of a form by region."""

    head: list[Line]
    body: list[Line]
    tail: list[Line]
    heads: Heads | None


def regions_of(lines: list[Line], heads: Heads | None, index: Indexes, shapes: Shapes) -> Regions:
    """Lines above the block, its rows, and what stands below it."""
    if heads is None:
        start = next(
            (i for i, line in enumerate(lines) if any(is_level_label(s.text) for s in line.spots)), None
        )
        if start is None:
            return Regions(lines, [], [], None)
        heads = assumed_heads(index, start)
    rest = lines[heads.stop :]
    labelled = [i for i, line in enumerate(rest) if any(is_level_label(spot.text) for spot in line.spots)]
    last = labelled[-1] + 1 if labelled else 0
    ends = [ends_block(line, index, shapes) for line in rest]
    cut = next((i for i in range(last, len(rest)) if ends[i]), len(rest))
    between = [line for line, end in zip(rest[:cut], ends, strict=False) if end]  # subtotals between the rows
    body = [line for line, end in zip(rest[:cut], ends, strict=False) if not end]
    after: list[Line] = []
    while body and _is_beside(body[-1], heads, shapes):
        after.insert(0, body.pop())
    return Regions(lines[: heads.start], body, between + after + rest[cut:], heads)


def _is_beside(line: Line, heads: Heads, shapes: Shapes) -> bool:
    """Whether a line below the last row is no row: a chapter's heading, the attachment number of what follows."""
    if line.dropped:
        return False
    if line.block is not None:
        return not cut_name(line.block.text)[2] or shapes.is_("chapter", key_of(line.block.text))
    if _spans_levels(line, heads):
        return True
    if len(line.spots) != 1 or not heads.columns:
        return False
    spot, last = line.spots[0], heads.columns[-1]
    is_wide = spot.col <= heads.columns[0].col and spot.end >= last.col
    return (
        shapes.is_("attachment", spot.key)
        or (is_wide and not cut_name(spot.text)[2])
        or (shapes.is_("chapter", spot.key))
    )


def _spans_levels(line: Line, heads: Heads) -> bool:
    """Whether a row of true merges begins with a label over the section and level columns (相关建议 | …)."""
    first = heads.columns[0] if heads.columns else None
    if not line.spanned or not line.spots or first is None or first.role != "section":
        return False
    spot = line.spots[0]
    return spot.col == first.col and spot.end > first.end and not is_level_label(spot.text)


def ends_block(line: Line, index: Indexes, shapes: Shapes) -> bool:
    """Whether a line stands below the indicator rows: a total, a note, a signature."""
    if line.dropped:
        return False
    if line.block is not None:
        first = line.block.text.strip()
        return shapes.is_("footnote", key_of(first)) or _tail_field(first, index)
    return bool(line.spots) and (
        shapes.is_("footnote", line.spots[0].key)
        or _tail_field(line.spots[0].text, index)
        or _is_signed(line, index)
    )


def _is_signed(line: Line, index: Indexes) -> bool:
    """Whether a row holds who filled the form in (负责人：某人 | 经办人：某人 | 联系电话：…)."""
    hits = [index.fields.find(spot.text) for spot in line.spots if ":" in spot.key]
    return sum(hit is not None and hit.slot in _SIGNED and hit.how != "fuzzy" for hit in hits) > 1


def _tail_field(text: str, index: Indexes) -> bool:
    hit = index.fields.find(text)
    return hit is not None and hit.how != "fuzzy" and hit.slot in index.family.tail_fields
