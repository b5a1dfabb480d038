"""Which documents share a part of the tables, and which parts of the last publish still hold.

Documents of one year stand in the order of their paths and are cut into runs. Where a run ends is
decided by the names themselves (a digest that ends in zeros), so a document that comes or goes
changes the run it falls into and no other: the parts of all other runs are taken over unread.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa

from pipeline.exports.snapshot import CURRENT, NOTES, PartFile
from pipeline.schema import DocumentRow
from pipeline.storage.store import key_of
from pipeline.storage.versions import digest_of
from pipeline.work.ticket import Ticket

Item = tuple[DocumentRow, str, str]
READS = (
    "pipeline/exports",
    "pipeline/publishing/parts.py",
    "pipeline/schema",
    "pipeline/work/ticket.py",
    "pipeline/work/job.py",
)
_CUT = 256  # one name in so many ends a part
_MOST_DOCUMENTS, _MOST_CELLS = 2000, 400_000


@dataclass(frozen=True, slots=True)
class Run:
    """Documents that share the parts of one year; ``recipe`` is a digest of all that decides their bytes."""

    year: int
    number: int
    items: tuple[Item, ...]
    recipe: str


def runs_of(tickets: Sequence[Ticket]) -> Iterator[Run]:
    """Cut the documents of each year into runs; ``tickets`` stand in the order of publishing."""
    years: dict[int, list[Ticket]] = {}
    for ticket in tickets:
        for year in ticket.rows:
            years.setdefault(year, []).append(ticket)
    for year, found in sorted(years.items()):
        for number, run in enumerate(_cut(found, year)):
            items = tuple((t.row, t.records, t.audited) for t in run)
            yield Run(year, number, items, _recipe(year, items))


def _cut(tickets: Iterable[Ticket], year: int) -> Iterator[list[Ticket]]:
    run: list[Ticket] = []
    cells = 0
    for ticket in tickets:
        run.append(ticket)
        cells += ticket.rows[year].get("cells", 0)
        name = f"{ticket.row.path}!{ticket.row.member or ''}"
        if (
            int(sha256(name.encode()).hexdigest()[:8], 16) % _CUT == 0
            or len(run) >= _MOST_DOCUMENTS
            or cells >= _MOST_CELLS
        ):
            yield run
            run, cells = [], 0
    if run:
        yield run


def export_digest() -> str:
    """What every part depends on beside its rows: the code that writes it and the library behind it."""
    return key_of(digest_of(READS), str(pa.__version__))


def _recipe(year: int, items: tuple[Item, ...]) -> str:
    return key_of(export_digest(), str(year), sha256(msgspec.msgpack.encode(items)).hexdigest())


Recipes = dict[str, list[PartFile]]


def last_parts(out: Path) -> Recipes:
    """The parts of the last publish by recipe; nothing where there was none or its notes are damaged."""
    try:
        found: dict[str, Any] = json.loads((out / CURRENT / NOTES).read_text(encoding="utf-8"))
        return {recipe: [PartFile(**p) for p in parts] for recipe, parts in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def notes_of(recipes: Recipes) -> bytes:
    """The recipes as the next run will find them."""
    found = {recipe: [asdict(p) for p in parts] for recipe, parts in sorted(recipes.items())}
    return json.dumps(found, separators=(",", ":")).encode()
