"""The points printed behind a level-1 label against the points of its rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from normalizers import fold
from pipeline.audit.phrase import plain, quote
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Line, Subject

_POINTS = re.compile(r"\((?P<low>\d{1,3})(?:-(?P<high>\d{1,3}))?分?\)")


@rule(
    "block_points",
    title="Points of a block are not those printed at its label",
    severity=Severity.ERROR,
    basis="分值应与表中所列各级分值一致：财预〔2020〕10号 [K]; taxonomy §7 (points that do not match the printed level-1 maximum) [F]",
)
def block_points(subject: Subject) -> Iterator[Draft]:
    """Quiet where the label prints no points, or a row of the block none."""
    blocks: dict[str, list[Line]] = {}
    for line in subject.lines:
        if line.level1 and line.row.horizon == "annual":
            blocks.setdefault(line.level1, []).append(line)
    for lines in blocks.values():
        label = next((line.row.level1_raw for line in lines if line.row.level1_raw), "")
        printed = _POINTS.search(fold(label).replace(" ", ""))
        weights = [line.row.weight for line in lines if line.row.weight is not None]
        if printed is None or len(weights) < len(lines):
            continue
        low, high = Decimal(printed["low"]), Decimal(printed["high"] or printed["low"])
        whole = sum(weights, Decimal(0))
        if low <= whole <= high:
            continue
        due = f"{plain(low)}分" if low == high else f"{plain(low)}至{plain(high)}分"
        apart = low - whole if whole < low else whole - high
        yield Draft(
            f"一级指标{quote(label)}下各项指标分值合计{plain(whole)}分，与所印的{due}不符，相差{plain(apart)}分。",
            rows=tuple(line.row for line in lines),
            numbers={"low": plain(low), "high": plain(high), "sum": plain(whole)},
        )
