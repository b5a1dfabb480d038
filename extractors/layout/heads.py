"""The header row of the indicator block: which column plays which role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.layout.columns import Head, Heads
from extractors.layout.levels import is_level_label
from extractors.layout.lines import Line, Spot
from extractors.layout.printed import Indexes
from extractors.layout.shapes import Shapes, shapes_of
from extractors.layout.signature import head_count
from extractors.layout.unnamed import with_levels

_SUB_ROWS = 2  # header rows that may follow the first
_BEFORE_LEVELS = ("label", "level", "name")  # what heads left of level 1 may take
_FEW = 3  # texts from which on a row of consecutive numbers can only number the columns


def find_heads(lines: Sequence[Line], index: Indexes) -> Heads | None:
    """The header of the first indicator block in ``lines``; None where no row looks like one.

    Args:
        lines: the lines of one form.
        index: the label indexes of its family.
    """
    start = next(
        (i for i, line in enumerate(lines) if not line.dropped and head_count(line, index) >= 2), None
    )
    if start is None:
        return None
    stop = start + 1
    while start > 0 and _is_upper_row(lines[start - 1], lines[start], index):
        start -= 1
    while stop < min(len(lines), start + 1 + _SUB_ROWS) and _is_sub_row(lines[stop], lines[stop - 1], index):
        stop += 1
    leaves = _leaves(lines[start:stop])
    lowest = {spot.id for spot in leaves}
    groups = tuple(s for line in lines[start:stop] for s in line.spots if s.id not in lowest)
    if stop < len(lines) and numbers_columns(lines[stop], shapes_of(index.family.name)):
        groups, stop = (*groups, *lines[stop].spots), stop + 1
    built = replace(_build(leaves, index, start, stop), groups=groups)
    if any(head.takes == "level" for head in built.columns):
        return built
    columns = with_levels(built.columns, lines[stop:])
    own = {head.spot.id for head in columns if head.spot is not None and head.takes == "level"}
    return replace(
        built, columns=columns, unknown=tuple(spot for spot in built.unknown if spot.id not in own)
    )


def numbers_columns(line: Line, shapes: Shapes) -> bool:
    """Whether a row only numbers the columns (1 | 2 | 3 …, after 甲 | 乙 in tables of statistics).

    >>> numbers_columns(Line(0, ()), shapes_of("generic"))
    False
    """
    numbers = [spot.key for spot in line.spots if not shapes.is_("column_letter", spot.key)]
    first = int(numbers[0]) if numbers and numbers[0].isdigit() and len(numbers[0]) < 3 else -1
    wanted = [str(first + i) for i in range(len(numbers))]
    return len(line.spots) > _FEW and 0 <= first <= len(line.spots) and numbers == wanted


def assumed_heads(index: Indexes, at: int) -> Heads:
    """Columns in the family's default order, places unknown, for a block without a header row."""
    columns = tuple(
        Head(role, index.family.columns[role].takes, -1, -1, 0, 1 << 20)
        for role in index.family.default_columns
    )
    return Heads(columns, at, at)


def _is_sub_row(line: Line, above: Line, index: Indexes) -> bool:
    """Whether a row under the first header row is header, too: known heads, amounts, heads printed again."""
    again = {(spot.col, spot.key) for spot in above.spots}
    return bool(line.spots) and all(
        not is_level_label(spot.text)
        and (
            index.head(spot.text)
            or spot.key in index.groups
            or _is_amount(spot, index)
            or (spot.col, spot.key) in again
        )
        for spot in line.spots
    )


def _is_amount(spot: Spot, index: Indexes) -> bool:
    """Whether a head names an amount (其中：财政拨款 under 项目资金)."""
    hit = index.sources.find(spot.text)
    return hit is not None and hit.how != "fuzzy" and not hit.rest


def _is_upper_row(line: Line, below: Line, index: Indexes) -> bool:
    """Whether a row over the level heads is the upper half of the header (绩效指标 | 实际完成值 | 分值)."""
    if line.table != below.table or line.dropped or len(line.spots) < 2:
        return False
    hits = [index.head(spot.text) for spot in line.spots]
    known = all(
        (hit and not hit.rest and hit.how != "fuzzy") or spot.key in index.groups
        for hit, spot in zip(hits, line.spots, strict=True)
    )
    return known and len({hit.slot for hit in hits if hit}) > 1


def _leaves(lines: Sequence[Line]) -> list[Spot]:
    """The lowest heads: an upper head is a mere group where a lower one stands in its columns."""
    spots: list[Spot] = []
    for line in lines:
        below = line.spots
        spots = [s for s in spots if not any(b.col < s.end and s.col < b.end for b in below)]
        spots += below
    return sorted(spots, key=lambda s: s.col)


def _role(spot: Spot, index: Indexes, taken: set[str]) -> tuple[str, str]:
    hit = index.head(spot.text)
    field = index.fields.find(spot.text) if hit is None or hit.how == "fuzzy" else None
    if hit is None or (field is not None and field.how != "fuzzy"):
        return f"column_{spot.col}", "text"
    takes = index.family.columns[hit.slot].takes
    role = hit.slot
    if role not in ("section", "level2", "name") and spot.key in index.midterm:
        return f"{role.removesuffix('_midterm')}_midterm", _plain(takes)
    if role in taken and role not in ("level2", "name"):
        return f"{role}_{spot.col}", _plain(takes)
    return role, takes


def _plain(takes: str) -> str:
    """What a second column of a role takes: a second level or section column is mere text."""
    return "text" if takes in ("level", "label") else takes


def _build(spots: list[Spot], index: Indexes, start: int, stop: int) -> Heads:
    columns: list[Head] = []
    unknown: list[Spot] = []
    names: set[str] = set()
    split: int | None = None
    taken: set[str] = set()
    border = _first_level(spots, index)
    for i, spot in enumerate(spots):
        role, takes = _role(spot, index, taken)
        if spot.end <= border and takes not in _BEFORE_LEVELS:
            role, takes = f"column_{spot.col}", "text"
        if role == "name" and role in taken and spot.key not in names:
            role, takes = "explanation", "text"  # 指标内容 beside 三级指标 says more of the same indicator
        if role == "name":
            names.add(spot.key)
        if (
            role in taken and role != "explanation"
        ):  # level2 or name again: the second half of a two-horizon block
            split = spot.col if split is None else split
            taken = {"section", "level1"}
            role, takes = _role(spot, index, taken)
        if role.startswith("column_"):
            unknown.append(spot)
        taken.add(role)
        lo = spots[i - 1].end if i else 0
        hi = spots[i + 1].col if i + 1 < len(spots) else 1 << 20
        columns.append(Head(role, takes, spot.col, spot.end, lo, hi, spot))
    return Heads(_named(columns), start, stop, unknown=tuple(unknown), split=split)


def _first_level(spots: Sequence[Spot], index: Indexes) -> int:
    """The column in which the levels begin: what stands left of it is the project's in a list."""
    hits = [(spot, index.columns.find(spot.text)) for spot in spots]
    return next((s.col for s, hit in hits if hit and hit.slot == "level1" and hit.how != "fuzzy"), -1)


def _named(columns: list[Head]) -> tuple[Head, ...]:
    """A bare head 指标 right of the levels (or where there are none) is the name's where no other head is."""
    if any(head.role == "name" for head in columns):
        return tuple(columns)
    last = max((i for i, head in enumerate(columns) if head.role in ("level1", "level2")), default=-1)
    at = next((i for i, head in enumerate(columns) if head.role == "section" and i > last), None)
    if at is not None:
        columns[at] = replace(columns[at], role="name", takes="name")
    return tuple(columns)
