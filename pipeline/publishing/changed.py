"""The changes of a publish against the last, as parts of the table ``changes``."""

from __future__ import annotations

import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from operator import attrgetter
from pathlib import Path

from pipeline.exports.changes import Editions, difference, editions_of
from pipeline.exports.snapshot import CURRENT, PartFile, adopt
from pipeline.publishing.parts import READS, Recipes
from pipeline.schema import ChangeRow
from pipeline.stages import assemble, audit, compare, normalise, read
from pipeline.storage.versions import digest_of
from pipeline.work.job import Do, RowsTask

CHANGES = "changes"
_ROWS_A_PART = 100_000
"""So that a year in which everything changed is not held in memory whole (docs/decisions/0020)."""
_STAGES = (read.STAGE, assemble.STAGE, normalise.STAGE, audit.STAGE, compare.STAGE)


def editions_now() -> Editions:
    """The digests of the code and of the reference files that publish now."""
    reads = tuple(sorted({entry for stage in _STAGES for entry in stage.reads} | set(READS)))
    return Editions(digest_of(reads, (".py",)), digest_of(reads, (".yaml",)))


def changed_parts(
    out: Path, last: Recipes, now: Recipes, editions: Editions, writing: Path, do: Do
) -> list[PartFile]:
    """Compare what is being written with the last publish; nothing where there was none.

    The same tables again are the same publish: its own changes are then taken over, so that a run
    on unchanged input publishes the same bytes.
    """
    old, new = _by_bytes(last), _by_bytes(now)
    if not old:
        return []
    if old.keys() == new.keys():
        kept = (adopt(writing, part, part.name, out / CURRENT) for part in last.get(CHANGES, ()))
        return [part for part in kept if part is not None]
    spill = writing / ".spill"
    rows = difference(
        _files(out / CURRENT, (p for key, p in old.items() if key not in new)),
        _files(writing, (p for key, p in new.items() if key not in old)),
        editions,
        editions_of(out / CURRENT / "datapackage.json"),
        spill,
    )
    written = [part for _, parts in sorted(do(enumerate(_tasks(rows, writing)))) for part in parts]
    shutil.rmtree(spill, ignore_errors=True)
    return written


def _tasks(rows: Iterable[ChangeRow], writing: Path) -> Iterator[RowsTask]:
    """The parts to write, by year; no more rows are taken at once than one part holds."""
    for year, found in groupby(rows, key=attrgetter("fiscal_year")):
        for number, taken in enumerate(_batches(found)):
            yield RowsTask(writing, year, f"{CHANGES}-{number:05d}", {CHANGES: taken})


def _batches(rows: Iterator[ChangeRow]) -> Iterator[tuple[ChangeRow, ...]]:
    while taken := tuple(islice(rows, _ROWS_A_PART)):
        yield taken


def _by_bytes(recipes: Recipes) -> dict[tuple[str, str, int], PartFile]:
    """All parts but those of changes, by folder and digest; equal ones are told apart by their count."""
    found: dict[tuple[str, str, int], PartFile] = {}
    seen: Counter[tuple[str, str]] = Counter()
    for name, parts in recipes.items():
        for part in parts if name != CHANGES else ():
            same = (part.path.rpartition("/")[0], part.digest)
            found[*same, seen[same]] = part
            seen[same] += 1
    return found


def _files(folder: Path, parts: Iterable[PartFile]) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = defaultdict(list)
    for part in parts:
        found[part.path.split("/", 1)[0]].append(folder / part.path)
    return found
