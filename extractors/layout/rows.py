"""Step 4: the cheapest joint reading of all rows of a block, given the labels open above each.

Viterbi over the rows. The state is the pair of labels open above a row; a row's candidate readings
come from :mod:`~extractors.layout.candidates`; this module adds what a reading costs in its
context: a level 2 that does not belong to the open level 1, a label that must be filled in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.families.family import Family
from extractors.layout.candidates import Reading, RowReader
from extractors.layout.levels import LevelHit, name_of, only_child, parent_of
from extractors.layout.lines import Line, Spot
from normalizers.frozen import maker


@dataclass(frozen=True, slots=True)
class Open:
    """A label open above a row: its node (None for an unknown label) and the cell it is printed in."""

    node_id: str | None
    text: str
    spot: Spot | None
    how: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class State:
    """The labels open after a row."""

    level1: Open | None = None
    level2: Open | None = None

    @property
    def key(self) -> tuple[str | None, str | None]:
        """What two states must share to be one."""
        one, two = self.level1, self.level2
        return (one.node_id or one.text) if one else None, (two.node_id or two.text) if two else None


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row as finally read: its line, cells, reading, the labels open for it, what was repaired.

    ``margin`` is how much dearer the next best reading is that says something else.
    """

    line: Line
    spots: tuple[Spot, ...]
    reading: Reading
    state: State
    notes: tuple[str, ...]
    margin: float


@dataclass(frozen=True, slots=True)
class _Path:
    cost: float
    state: State
    before: _Path | None
    reading: Reading | None
    notes: tuple[str, ...]


_path, _state = maker(_Path), maker(State)


class BlockReader:
    """Reads the rows of one indicator block under one header."""

    def __init__(self, rows: RowReader, family: Family, version: str) -> None:
        self.rows = rows
        self.costs = family.costs
        self.beam = int(family.limits["beam"])
        self.version = version
        self.roles = [head.role for head in rows.columns]
        self.has_level2 = "level2" in self.roles
        self.has_levels = self.has_level2 or "level1" in self.roles
        self._opened: dict[tuple[str, int], Open] = {}

    def read(self, lines: Sequence[tuple[Line, tuple[Spot, ...]]]) -> list[ReadRow]:
        """The joint reading of all rows; ``lines`` are rows with their non-empty, non-filler cells."""
        paths = [_Path(0.0, State(), None, None, ())]
        choices = [self.rows.readings(spots) for _, spots in lines]
        for (line, spots), readings in zip(lines, choices, strict=True):
            paths = self._advance(paths, line, spots, readings)
        return self._trace(paths[0], lines, choices)

    def _advance(
        self, paths: list[_Path], line: Line, spots: tuple[Spot, ...], readings: Sequence[Reading]
    ) -> list[_Path]:
        best: dict[tuple[str | None, str | None], _Path] = {}
        for path in paths:
            steps: dict[tuple[int, int, bool], tuple[State, float, tuple[str, ...]]] = {}
            for reading in readings:
                shape = (
                    reading.level1,
                    reading.level2,
                    reading.says,
                )  # all of a reading that a step looks at
                step = steps.get(shape)
                if step is None:
                    step = steps[shape] = self.step(path.state, reading, spots, line)
                state, extra, notes = step
                cost = path.cost + reading.cost + extra
                key = state.key
                known = best.get(key)
                if known is None or cost < known.cost:
                    best[key] = _path(cost, state, path, reading, notes)
        kept = sorted(best.values(), key=lambda p: p.cost)[: self.beam]
        return [path for path in kept if path.cost <= kept[0].cost + self.costs["hopeless"]]

    def _trace(
        self,
        path: _Path,
        lines: Sequence[tuple[Line, tuple[Spot, ...]]],
        choices: Sequence[Sequence[Reading]],
    ) -> list[ReadRow]:
        found: list[ReadRow] = []
        for (line, spots), readings in zip(reversed(lines), reversed(choices), strict=True):
            assert path.before is not None
            assert path.reading is not None
            margin = self._margin(path, line, spots, readings)
            found.append(ReadRow(line, spots, path.reading, path.state, path.notes, margin))
            path = path.before
        return found[::-1]

    def _margin(self, path: _Path, line: Line, spots: tuple[Spot, ...], readings: Sequence[Reading]) -> float:
        """How much the next best reading of this row would cost more, all else equal."""
        assert path.before is not None
        assert path.reading is not None
        own = path.cost - path.before.cost
        margin = 99.0
        for other in readings:
            if other.roles != path.reading.roles:
                _, extra, _ = self.step(path.before.state, other, spots, line)
                margin = min(margin, other.cost + extra - own)
        return margin

    def step(
        self, state: State, reading: Reading, spots: Sequence[Spot], line: Line
    ) -> tuple[State, float, tuple[str, ...]]:
        """The state after a row, what the reading costs in its context, and the codes of its repairs."""
        slid = self.costs["shift_true"] if line.spanned and any(reading.shifts) else 0.0
        if reading.level1 < 0 and reading.level2 < 0:
            known, extra, codes = self._continued(state, reading)
            return known, extra + slid, codes
        one = self._printed(spots[reading.level1], 1) if reading.level1 >= 0 else None
        two = self._printed(spots[reading.level2], 2) if reading.level2 >= 0 else None
        level1, level2, cost = state.level1, state.level2, slid
        notes: list[str] = []
        if one is not None:
            same = level1 is not None and one.node_id is not None and level1.node_id == one.node_id
            cost += self.costs["repeated_level"] if same else 0.0
            level1, level2 = one, level2 if same else None
        if one is not None and two is None and level2 is not None and reading.says:
            notes.append("label_may_be_missing")  # labels are repeated row by row, but not this one
        if two is not None:
            level1, extra, note = self._parent(
                level1, two, pinned=one is not None or self._covered(level1, line)
            )
            level2 = two
            cost += extra
            notes += note
        more = self._continued(_state(level1, level2), reading)
        return more[0], cost + more[1], (*notes, *more[2])

    def _printed(self, spot: Spot, level: int) -> Open:
        known = self._opened.get((spot.id, level))
        if known is not None:
            return known
        fit = self.rows.fits.of(spot.text)
        hit: LevelHit | None = fit.level1 if level == 1 else fit.level2
        if hit is None:
            found = Open(None, spot.text, spot, "none", 0.0, "matches no label of any tree")
        else:
            found = Open(hit.node_id, spot.text, spot, hit.how, hit.score, hit.reason)
        self._opened[spot.id, level] = found
        return found

    def _covered(self, level1: Open | None, line: Line) -> bool:
        """Whether the open level 1 really spans this row (true merged cells)."""
        return (
            level1 is not None
            and level1.spot is not None
            and any(s.id == level1.spot.id for s in line.covered)
        )

    def _parent(
        self, level1: Open | None, two: Open, *, pinned: bool
    ) -> tuple[Open | None, float, tuple[str, ...]]:
        """The level 1 above a printed level 2: the open one if it fits, else the one the tree names."""
        parent = parent_of(two.node_id, self.version) if two.node_id else None
        if parent is None or (level1 is not None and level1.node_id in (parent, None)):
            return level1, 0.0, ()
        if level1 is not None and pinned:
            return level1, self.costs["level2_foreign"], ("level2_foreign",)
        name = name_of(parent, self.version)
        why = f"{two.text} hangs under {name} in the {self.version} tree"
        filled = Open(parent, name, None, "context", two.score, why)
        return filled, self.costs["level1_filled"], ("level1_filled",)

    def _continued(self, state: State, reading: Reading) -> tuple[State, float, tuple[str, ...]]:
        """What a row costs that needs open labels and finds some missing."""
        complete = state.level2 is not None and state.level1 is not None
        if complete or not reading.says or not self.has_levels:
            return state, 0.0, ()
        if state.level1 is None:
            return state, self.costs["level_lost"], ("level_lost",) if state.level2 is None else ()
        if not self.has_level2:
            return state, 0.0, ()
        child = only_child(state.level1.node_id, self.version) if state.level1.node_id else None
        if child is None:
            return state, self.costs["level2_missing"], ("level2_missing",)
        why = f"the only level 2 under {state.level1.text} in the {self.version} tree"
        filled = Open(child, name_of(child, self.version), None, "context", state.level1.score, why)
        return State(state.level1, filled), self.costs["level2_filled"], ("level2_filled",)
