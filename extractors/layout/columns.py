"""The columns of an indicator block, as :mod:`~extractors.layout.heads` finds them."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.layout.lines import Spot


@dataclass(frozen=True, slots=True)
class Head:
    """One column: role, the columns its head covers, and how far headless columns reach beside it.

    ``takes`` is the sort of text the column holds. ``lo``/``hi`` is the half-open range in which a
    cell may stand without being displaced; outside ``col``…``end`` it stands in a headless gap.
    """

    role: str
    takes: str
    col: int
    end: int
    lo: int
    hi: int
    spot: Spot | None = None


@dataclass(frozen=True, slots=True)
class Heads:
    """All columns of a block from left to right; ``start``/``stop`` are its header lines (indices).

    ``unknown`` are heads of no known role, ``groups`` heads that span others and say nothing, ``split``
    the first column of a second half (中期 beside 年度).
    """

    columns: tuple[Head, ...]
    start: int
    stop: int
    unknown: tuple[Spot, ...] = ()
    groups: tuple[Spot, ...] = ()
    split: int | None = None

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles from left to right."""
        return tuple(head.role for head in self.columns)

    def by_role(self, role: str) -> Head | None:
        """The column with this role."""
        return next((head for head in self.columns if head.role == role), None)
