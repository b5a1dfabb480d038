"""Publish: tickets and what the comparison found → the tables, switched in as one.

The process that publishes holds tickets and file names, never rows: each run of documents is
written by a worker, and a run whose recipe stood in the last publish is taken over as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.exports.changes import Editions
from pipeline.exports.datapackage import datapackage
from pipeline.exports.dictionary import dictionary
from pipeline.exports.parquet import empty_part
from pipeline.exports.snapshot import (
    CURRENT,
    PartFile,
    adopt,
    begin,
    switch,
    write_files,
    write_part,
)
from pipeline.publishing.changed import CHANGES, changed_parts, editions_now
from pipeline.publishing.parts import Recipes, Run, export_digest, last_parts, notes_of, runs_of
from pipeline.schema import TABLES
from pipeline.stages.compare import Compared
from pipeline.storage.store import key_of
from pipeline.work.job import Do, PartTask, RowsTask
from pipeline.work.ticket import Ticket

_ACROSS = "across"  # parts of rows that come from comparing forms; the name sorts after all numbers


@dataclass(slots=True)
class Tally:
    """What was published, counted for the summary; ``kept`` parts are those of the last publish."""

    rows: dict[str, int] = field(default_factory=dict)
    cells_claimed: int = 0
    issues: Counter[str] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)
    parts: dict[str, int] = field(default_factory=dict)
    digest: str = ""


def publish(
    out: Path, tickets: Sequence[Ticket], compared: Compared, compared_key: str, do: Do, *, anew: bool = False
) -> Tally:
    """Write all tables under ``out`` and switch to them; ``anew`` takes nothing over.

    Raises PublishError when the folder is taken, and OSError when it cannot be written; the last
    publish then stands.
    """
    before = last_parts(out)
    last = {} if anew else before
    writing = begin(out)
    recipes, kept = _adopted(runs_of(tickets), last, out, writing, do)
    across = across_key(compared_key)
    old = [adopt(writing, p, _ACROSS, out / CURRENT) for p in last.get(across, ())]
    if across in last and None not in old:
        recipes[across] = [p for p in old if p is not None]
        kept += len(old)
    else:
        recipes[across] = _across(compared, writing, do)
    editions = editions_now()
    recipes[CHANGES] = changed_parts(out, before, recipes, editions, writing, do)
    parts = [p for found in recipes.values() for p in found]
    tally = _tally(tickets, compared, parts)
    tally.parts = {"kept": kept, "written": len(parts) - kept}
    switch_all(out, writing, recipes, tally, editions)
    return tally


def across_key(compared_key: str) -> str:
    """The recipe of the parts that come from the comparison kept under a key."""
    return key_of(_ACROSS, export_digest(), compared_key)


def _adopted(runs: Iterable[Run], last: Recipes, out: Path, writing: Path, do: Do) -> tuple[Recipes, int]:
    """The parts of all runs: taken over where they can be, else written by the workers."""
    recipes: Recipes = {}
    todo: list[tuple[str, PartTask]] = []
    for run in runs:
        name = f"{run.number:05d}"
        old = [adopt(writing, p, name, out / CURRENT) for p in last.get(run.recipe, ())]
        whole = [p for p in old if p is not None]
        if whole and len(whole) == len(old):
            recipes[run.recipe] = whole
            continue
        for part in whole:
            (writing / part.path).unlink()
        todo.append((run.recipe, PartTask(writing, run.year, run.number, run.items)))
    kept = sum(map(len, recipes.values()))
    for number, value in do((n, task) for n, (_, task) in enumerate(todo)):
        recipes[todo[number][0]] = value
    return recipes, kept


def _across(compared: Compared, writing: Path, do: Do) -> list[PartFile]:
    """The parts of rows across forms, written by workers: Arrow is warm there, and not in this process."""
    names = ("findings", "links", "corrections", "issues")
    found: dict[str, tuple[Any, ...]] = {name: getattr(compared, name) for name in names}
    years = sorted({row.fiscal_year for rows in found.values() for row in rows})
    tasks = (
        (year, RowsTask(writing, year, _ACROSS, {t: _of(rows, year) for t, rows in found.items()}))
        for year in years
    )
    return [part for _, parts in sorted(do(tasks)) for part in parts]


def _of(rows: Iterable[Any], year: int) -> tuple[Any, ...]:
    return tuple(row for row in rows if row.fiscal_year == year)


def _tally(tickets: Iterable[Ticket], compared: Compared, parts: Iterable[PartFile]) -> Tally:
    tally = Tally(rows=dict.fromkeys(TABLES, 0))
    for ticket in tickets:
        tally.cells_claimed += ticket.claimed
        tally.issues.update(ticket.issues)
        tally.findings.update(ticket.findings)
    tally.findings.update(str(f.severity) for f in compared.findings)
    tally.issues.update(str(i.severity) for i in compared.issues)
    for part in parts:
        tally.rows[part.path.split("/", 1)[0]] += part.rows
    return tally


def switch_all(out: Path, writing: Path, recipes: Recipes, tally: Tally, editions: Editions) -> None:
    """Add what describes the tables, and make the written folder the publish."""
    parts = [p for found in recipes.values() for p in found]
    empty = [write_part(writing, t, 0, "00000", 0, empty_part(t)) for t, n in tally.rows.items() if not n]
    found = {p.path: p.digest for p in (*parts, *empty)}
    files = [
        (Path("dictionary.md"), dictionary().encode()),
        (Path("datapackage.json"), datapackage((Path(p) for p in found), editions).encode()),
    ]
    tally.digest = switch(out, writing, found | write_files(writing, files), notes_of(recipes))
