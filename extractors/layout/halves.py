"""Header rows printed again below the first: the same one on a new page, or one that opens another block.

Forms after the layout of 2011 print a block of 长期绩效指标 and below it one of 年度绩效指标, each with its heads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.layout.account import Ledger
from extractors.layout.columns import Heads
from extractors.layout.heads import find_heads
from extractors.layout.lines import Line
from extractors.layout.printed import Indexes
from extractors.layout.signature import head_count

REPEATED = "noise:repeated_header"


@dataclass(frozen=True, slots=True)
class Part:
    """The rows under one header, and the horizon its section label names."""

    heads: Heads
    lines: list[Line]
    horizon: str


def parts_of(lines: Sequence[Line], heads: Heads, index: Indexes, ledger: Ledger) -> list[Part]:
    """The body of a form cut at every header row that opens another block; repeated headers are claimed.

    Args:
        lines: the lines below the first header row.
        heads: the columns of that header.
        index: the family's label indexes.
        ledger: takes the claims of headers that are mere repetitions.
    """
    known = _section(heads)
    parts = [Part(heads, [], _horizon(known, index))]
    at = 0
    while at < len(lines):
        again = find_heads(lines[at : at + 3], index) if is_header(lines[at], index) else None
        if again is None:
            parts[-1].lines.append(lines[at])
            at += 1
            continue
        stop = at + max(again.stop, 1)
        section = _section(again)
        if section in ("", known) or _horizon(section, index) == _horizon(known, index):
            for line in lines[at:stop]:
                for spot in line.spots:
                    ledger.claim(spot, REPEATED)
        else:
            known = section
            parts.append(Part(again, [], _horizon(section, index)))
        at = stop
    return parts


def is_header(line: Line, index: Indexes) -> bool:
    """Whether a row prints column heads and nothing else.

    >>> from extractors.layout.printed import indexes_of
    >>> is_header(Line(0, ()), indexes_of("generic"))
    False
    """
    if line.dropped or line.block is not None or len(line.spots) < 2 or head_count(line, index) < 2:
        return False
    sure = 0
    for spot in line.spots:
        hit = index.head(spot.text)
        if hit is not None and not hit.rest and hit.how != "fuzzy":
            sure += 1
        elif spot.key not in index.groups | index.midterm:
            return False
    return sure >= 2


def _section(heads: Heads) -> str:
    return next((h.spot.key for h in heads.columns if h.role == "section" and h.spot is not None), "")


def _horizon(section: str, index: Indexes) -> str:
    return "midterm" if section in index.midterm else "annual"
