"""The candidate readings of one row: its cells as roles, order kept, cheapest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.families.family import Family
from extractors.layout.columns import Head
from extractors.layout.fits import NEVER, Fit, Fits
from extractors.layout.lines import Spot

UNCLAIMED = -1


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a row.

    ``roles[i]`` is the index of the column that cell i is read as (:data:`UNCLAIMED` for none),
    ``shifts[i]`` how many columns the cell stands right (+) or left (-) of that column. ``level1`` and
    ``level2`` are the positions of the cells read as labels (-1 for none), ``says`` whether any cell
    is read as more than a label.
    """

    cost: float
    roles: tuple[int, ...]
    shifts: tuple[int, ...]
    level1: int
    level2: int
    says: bool


@dataclass(frozen=True, slots=True)
class _Part:
    cost: float
    roles: tuple[int, ...]
    shifts: tuple[int, ...]
    last: int
    shift: int | None


def _by_cost(item: Reading | _Part) -> float:
    return item.cost


_Known = dict[tuple[tuple[int, int, int], ...], tuple[Reading, ...]]
_SHARED: dict[object, _Known] = {}
_SHARED_LIMIT = 512  # header shapes, and rows of each, whose readings are remembered


def _shared(shape: object) -> _Known:
    """The readings remembered for a header of this shape, whatever form it stands in."""
    known = _SHARED.get(shape)
    if known is None or len(known) > 20 * _SHARED_LIMIT:
        if len(_SHARED) > _SHARED_LIMIT:
            _SHARED.clear()
        known = _SHARED[shape] = {}
    return known


class RowReader:
    """Enumerates readings of rows under one header; rows of the same shape share one answer."""

    def __init__(self, columns: Sequence[Head], fits: Fits, family: Family) -> None:
        self.columns = tuple(columns)
        self.fits = fits
        self.costs = family.costs
        self.beam = int(family.limits["beam"]) * 2
        self.keep = int(family.limits["candidates"])
        self._keys = [head.role if head.takes == "level" else head.takes for head in self.columns]
        self._values = {
            i for i, head in enumerate(self.columns) if head.takes not in ("label", "level", "name")
        }
        self._names = {i for i, head in enumerate(self.columns) if head.takes == "name"}
        self._levels = {head.role: i for i, head in enumerate(self.columns) if head.takes == "level"}
        shape = tuple((h.role, h.takes, h.col, h.end, h.lo, h.hi) for h in self.columns)
        self._known = _shared((fits, shape))

    def readings(self, spots: Sequence[Spot]) -> tuple[Reading, ...]:
        """The cheapest readings of a row's non-empty cells, best first; never empty for a non-empty row."""
        fits = [self.fits.of(spot.text) for spot in spots]
        key = tuple((spot.col, spot.end, fit.serial) for spot, fit in zip(spots, fits, strict=True))
        if key not in self._known:
            self._known[key] = self._search(spots, fits)
        return self._known[key]

    def _search(self, spots: Sequence[Spot], fits: Sequence[Fit]) -> tuple[Reading, ...]:
        parts = [_Part(0.0, (), (), -1, None)]
        for spot, fit in zip(spots, fits, strict=True):
            grown = [new for part in parts for new in self._grow(part, spot, fit)]
            grown.sort(key=_by_cost)
            parts = grown[: self.beam]
        in_place = self._in_place(spots, fits)
        if in_place is not None and all(part.roles != in_place.roles for part in parts):
            parts.append(in_place)
        whole = [self._finish(part) for part in parts]
        whole.sort(key=_by_cost)
        dearest = whole[0].cost + self.costs["hopeless"]
        return tuple(reading for reading in whole[: self.keep] if reading.cost <= dearest)

    def _in_place(self, spots: Sequence[Spot], fits: Sequence[Fit]) -> _Part | None:
        """Every cell as the column it stands in: never lost to the beam, however odd its first cells look."""
        roles: list[int] = []
        cost = 0.0
        for spot, fit in zip(spots, fits, strict=True):
            at = next((i for i, h in enumerate(self.columns) if h.col <= spot.col < h.end), UNCLAIMED)
            if at == UNCLAIMED or fit.costs[self._keys[at]] >= NEVER or (roles and at <= roles[-1]):
                return None
            roles.append(at)
            cost += fit.costs[self._keys[at]]
        return _Part(cost, tuple(roles), (0,) * len(roles), roles[-1], 0) if roles else None

    def _grow(self, part: _Part, spot: Spot, fit: Fit) -> list[_Part]:
        grown = [
            _Part(
                part.cost + self.costs["unclaimed"],
                (*part.roles, UNCLAIMED),
                (*part.shifts, 0),
                part.last,
                part.shift,
            )
        ]
        for at in range(part.last + 1, len(self.columns)):
            own = fit.costs[self._keys[at]]
            if own >= NEVER:
                continue
            shift, gap = self._displaced(spot, self.columns[at])
            cost = part.cost + own + gap + self._shift_cost(part.shift, shift)
            grown.append(_Part(cost, (*part.roles, at), (*part.shifts, shift), at, shift))
        return grown

    def _displaced(self, spot: Spot, head: Head) -> tuple[int, float]:
        if head.col < 0 or head.col <= spot.col < head.end:
            return 0, 0.0
        if head.lo <= spot.col < head.hi or spot.col < head.col < spot.end:
            return 0, self.costs["gap"]  # in a headless gap, or merged from further left over this column
        return (spot.col - head.col if spot.col < head.col else spot.col - head.end + 1), 0.0

    def _shift_cost(self, before: int | None, now: int) -> float:
        if before is None:
            return self.costs["shift"] + self.costs["shift_step"] * abs(now) if now else 0.0
        return self.costs["slip"] + self.costs["shift_step"] * abs(now - before) if now != before else 0.0

    def _finish(self, part: _Part) -> Reading:
        roles = set(part.roles)
        nameless = self._names and not roles & self._names and roles & self._values
        extra = self.costs["name_missing"] if nameless else 0.0
        level1, level2 = self._position(part.roles, "level1"), self._position(part.roles, "level2")
        says = bool(roles & (self._names | self._values))
        return Reading(part.cost + extra, part.roles, part.shifts, level1, level2, says)

    def _position(self, roles: tuple[int, ...], role: str) -> int:
        at = self._levels.get(role)
        return roles.index(at) if at in roles and at is not None else -1
