"""What finding candidates needs of many forms, as columns: some 400 bytes a form, no objects.

A sheaf holds the forms of some documents; a :class:`Field` lays all sheaves side by side, in the
order in which forms are compared: by year, then by id, whatever order they came in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt

from normalizers.names import project_numbers, shorten_organisation, without_place, without_soft
from pipeline.audit.fingerprint import Fingerprint
from pipeline.audit.similarity import hashes, key, sketch

Words = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]
# The smallest hashes of a sketch, by which it is looked up: two goals that share 80 % of their pieces
# share two of the six smallest with a probability above 0.98, two strangers hardly ever.
DOORS = 6
_NAME_DOORS, _NAME_SKETCH = 4, 32
PHASES = ("declaration", "target", "monitoring", "self_evaluation")
_SCOPES = ("project", "department", "transfer")
_COLUMNS: dict[str, Any] = {
    "form_id": "S16",
    "digest": np.uint64,
    "year": np.int32,
    "phase": np.int8,
    "scope": np.int8,
    "goal": np.uint64,
    "goal_length": np.int32,
    "goal_telling": np.int8,
    "document": np.int32,
    "place": np.int32,
}
_RAGGED = ("names", "doors", "lives")


@dataclass(frozen=True, slots=True)
class Sheaf:
    """Columns as bytes: one entry a form, and for ragged ones a count a form and the values."""

    forms: int
    columns: dict[str, bytes]

    @property
    def size(self) -> int:
        """Bytes held."""
        return sum(map(len, self.columns.values()))


def life_keys(p: Fingerprint) -> set[int]:
    """The keys under which a form meets others that may be of its project.

    The code; the bare name with each way of naming its unit; pieces of the name with the same; the
    bare name alone, for forms that name no unit. The numbers of a name are part of every key.
    """
    if not p.name:
        return {key("code", p.code)} if p.code else set()
    bare, numbers = without_soft(p.name), project_numbers(p.name)
    full = {shorten_organisation(unit) for unit in (p.agency, p.department) if unit}
    pieces = hashes(sketch(bare, size=_NAME_SKETCH))[:_NAME_DOORS]
    found = {key("name", p.scope, numbers, bare)}
    for unit in full | {without_place(unit) for unit in full}:
        found.add(key("unit", p.scope, numbers, unit, bare))
        found |= {key("piece", p.scope, numbers, unit, str(piece)) for piece in pieces}
    return found | ({key("code", p.code)} if p.code else set())


def sheaf(prints: Iterable[tuple[int, int, bytes, Fingerprint]]) -> Sheaf:
    """Columns of forms, each with its document's number, its place there, and a digest of its content."""
    rows = list(prints)
    plain: dict[str, list[Any]] = {
        "form_id": [p.form_id.encode() for *_, p in rows],
        "digest": [int.from_bytes(blake2b(d, digest_size=8).digest(), "big") for _, _, d, _ in rows],
        "year": [p.fiscal_year for *_, p in rows],
        "phase": [PHASES.index(p.phase) if p.phase in PHASES else -1 for *_, p in rows],
        "scope": [_SCOPES.index(p.scope) if p.scope in _SCOPES else -1 for *_, p in rows],
        "goal": [p.goal_key for *_, p in rows],
        "goal_length": [p.goal_length for *_, p in rows],
        "goal_telling": [p.goal_telling for *_, p in rows],
        "document": [document for document, *_ in rows],
        "place": [place for _, place, *_ in rows],
    }
    ragged = {
        "names": [sorted({row.name for row in p.rows}) for *_, p in rows],
        "doors": [hashes(p.goal)[:DOORS] for *_, p in rows],
        "lives": [sorted(life_keys(p)) for *_, p in rows],
    }
    columns = {name: np.array(values, _COLUMNS[name]).tobytes() for name, values in plain.items()}
    for name, lists in ragged.items():
        columns[f"{name}#"] = np.array([len(found) for found in lists], np.int32).tobytes()
        columns[name] = np.array([value for found in lists for value in found], np.uint64).tobytes()
    return Sheaf(len(rows), columns)


@dataclass(frozen=True, slots=True)
class Ragged:
    """Several values a form: ``values[starts[n]:starts[n + 1]]`` are those of form ``n``."""

    starts: Numbers
    values: Words

    def owners(self) -> Numbers:
        """The form of each value."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    def of(self, form: int) -> list[int]:
        """The values of one form."""
        found: list[int] = self.values[self.starts[form] : self.starts[form + 1]].tolist()
        return found


@dataclass(frozen=True, slots=True)
class Field:
    """All forms of a comparison, in its order. ``plain`` columns by name; see :class:`Sheaf`."""

    plain: dict[str, Any]
    ragged: dict[str, Ragged]

    def __len__(self) -> int:
        return len(self.plain["year"])

    @classmethod
    def of(cls, sheaves: Sequence[Sheaf], first: Sequence[int] = ()) -> Field:
        """Lay sheaves side by side; ``first`` is the number of each sheaf's first document."""
        plain = {}
        for name, kind in _COLUMNS.items():
            parts = [np.frombuffer(s.columns[name], kind) for s in sheaves]
            if name == "document":
                parts = [part + start for part, start in zip(parts, first or [0] * len(parts), strict=True)]
            plain[name] = np.concatenate(parts) if parts else np.array([], kind)
        order = np.lexsort((plain["form_id"], plain["year"]))
        plain = {name: column[order] for name, column in plain.items()}
        return cls(plain, {name: _reordered(sheaves, name, order) for name in _RAGGED})

    def ids(self) -> Iterator[str]:
        """The form ids, in order."""
        for found in self.plain["form_id"].tolist():
            yield found.decode()


def _reordered(sheaves: Sequence[Sheaf], name: str, order: Numbers) -> Ragged:
    counts = [np.frombuffer(s.columns[f"{name}#"], np.int32) for s in sheaves]
    values = [np.frombuffer(s.columns[name], np.uint64) for s in sheaves]
    if not counts:
        return Ragged(np.zeros(1, np.int64), np.array([], np.uint64))
    count = np.concatenate(counts).astype(np.int64)
    starts = np.concatenate(([0], np.cumsum(count)))
    taken = count[order]
    ends = np.cumsum(taken)
    at = np.repeat(starts[:-1][order] - (ends - taken), taken) + np.arange(taken.sum())
    return Ragged(np.concatenate(([0], ends)), np.concatenate(values)[at])
