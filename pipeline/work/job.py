"""What workers do: one document through its stages, one part of the tables, or the comparison of all.

The same object serves every engine. A worker only reads the store; what it made travels back with
the answer, and the process that started the run writes it.
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, singledispatchmethod
from importlib import import_module
from pathlib import Path
from typing import Any

from extractors.archives import ArchiveLimits, Member, unpack
from pipeline.exports.parquet import Parts, settle
from pipeline.exports.snapshot import PartFile, write_part
from pipeline.schema import DocumentRow
from pipeline.stage import Context, run_stage, stored_value
from pipeline.stages import audit, compare, normalise
from pipeline.stages.collect import Entry
from pipeline.storage.codec import Codec, rows_of
from pipeline.storage.store import Gathering, Result, key_of
from pipeline.storage.versions import digest_of
from pipeline.work.chain import leaf, process
from pipeline.work.runlog import LOG, log_to
from pipeline.work.sheaves import USED, StoredForms, used_key
from pipeline.work.ticket import CODEC, rows_by_table, ticket_of

Do = Callable[[Iterable[tuple[int, Any]]], Iterator[tuple[int, Any]]]
"""Has tasks done and gives back ``(number, value)`` of each, in any order."""
SPOOL = "members"
LISTING: Codec[list[Member] | None] = rows_of(list[Member] | None)
_UNPACKS = ("extractors/archives", "package:py7zr", "package:rarfile", "package:zstandard")
_TOOLS = ("unrar", "unar", "7z", "7zz", "bsdtar")
_WARM = (
    "extractors.layout.find",
    "pipeline.audit.judge",
    "pipeline.exports.parquet",
    "pipeline.records.build",
    "pyarrow.parquet",
)


@dataclass(frozen=True, slots=True)
class DocumentTask:
    """Take one collected file through its stages."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class UnpackTask:
    """Unpack one collected file into the spool, if it is an archive."""

    entry: Entry
    limits: ArchiveLimits


@dataclass(frozen=True, slots=True)
class PartTask:
    """Write the rows that some documents have in one year; ``items`` are row, records key, audit key."""

    folder: Path
    year: int
    number: int
    items: tuple[tuple[DocumentRow, str, str], ...]


@dataclass(frozen=True, slots=True)
class RowsTask:
    """Write rows that are at hand, by table, as the parts ``name`` of one year."""

    folder: Path
    year: int
    name: str
    rows: dict[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class CompareTask:
    """Compare the forms of all documents with these keys of their audit results and records.

    ``waiting`` are the keys of audit results with decisions of people about what comparing finds.
    """

    key: str
    documents: tuple[tuple[str, str], ...]
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """What comes back: the answer, results for the store, and what the stages did and took.

    ``lines`` are lines for the log, from where a worker has none of its own.
    """

    value: Any
    results: list[Result] = field(default_factory=list)
    made: Counter[str] = field(default_factory=Counter)
    reused: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)


class Job:
    """The work of one run. ``force`` names stages whose stored results are not to be used."""

    def __init__(self, work: Path, force: frozenset[str] = frozenset(), *, isolated: bool = False) -> None:
        self._folder, self._force, self._isolated = work, force, isolated
        self._store: Gathering | None = None

    def warm(self) -> None:
        """Load the code and word lists that every document needs."""
        warm()
        if self._isolated:
            settle()

    def start(self) -> None:
        """Open the store, and where this is a process of its own take its log and temporary files in hand."""
        self._store = Gathering(self._folder)
        if self._isolated:
            gc.set_threshold(200_000, 20, 100)
            log_to(self._folder / LOG)
            os.environ["TMPDIR"] = tempfile.tempdir = str(temporary(self._folder))

    def close(self) -> None:
        """Close the store."""
        if self._store is not None:
            self._store.close()

    def __call__(self, item: Any) -> Made:
        """Do one task."""
        assert self._store is not None
        context = Context(self._store, self._force, self._isolated, self._folder)
        value = self._do(item, context)
        return Made(
            value, self._store.taken(), context.made, context.reused, context.refused, dict(context.seconds)
        )

    @singledispatchmethod
    def _do(self, item: Any, context: Context) -> Any:  # noqa: ARG002 - what all tasks are given
        raise TypeError(type(item).__name__)

    @_do.register
    def _(self, item: DocumentTask, context: Context) -> bytes:
        return CODEC.encode(ticket_of(process(item.entry, context)))

    @_do.register
    def _(self, item: UnpackTask, context: Context) -> bytes:
        found = unpack(item.entry.file, leaf(item.entry), self._folder / SPOOL, item.limits)
        blob = LISTING.encode(found)
        context.store.put(listing_key(item.entry, item.limits), "unpack", item.entry.path, blob)
        return blob

    @_do.register
    def _(self, item: PartTask, context: Context) -> list[PartFile]:
        parts = Parts(item.year)
        for row, records_key, audited_key in item.items:
            found = stored_value(normalise.STAGE, records_key, context) if records_key else None
            audited = stored_value(audit.STAGE, audited_key, context) if audited_key else None
            for table, rows in rows_by_table(row, found, audited or audit.Audited()):
                parts.add(table, rows)
        return _written(parts, item.folder, f"{item.number:05d}")

    @_do.register
    def _(self, item: RowsTask, context: Context) -> list[PartFile]:  # noqa: ARG002 - what all tasks are given
        parts = Parts(item.year)
        for table, rows in item.rows.items():
            parts.add(table, rows)
        return _written(parts, item.folder, item.name)

    @_do.register
    def _(self, item: CompareTask, context: Context) -> bytes:
        forms = StoredForms(item.documents, context, item.waiting)
        outcome = run_stage(compare.STAGE, "all", item.key, forms.forms, context)
        if outcome.refusal:
            raise RuntimeError(outcome.refusal.message)
        context.store.put(used_key(outcome.key), compare.STAGE.name, "used", USED.encode(forms.used))
        blob: bytes = compare.STAGE.codec.encode(outcome.value())
        return blob


def _written(parts: Parts, folder: Path, name: str) -> list[PartFile]:
    return [write_part(folder, t, y, name, count, blob) for t, y, count, blob in parts.files()]


def warm() -> None:
    """Load the code and word lists that every document needs, before workers are forked."""
    for name in _WARM:
        import_module(name)
    from extractors.layout.printed import scanning_indexes
    from extractors.readers.base import readers
    from normalizers import match_label, parse_value
    from normalizers.concepts.segment import words
    from normalizers.mentions import find_quantities
    from pipeline.audit.rule import rules
    from pipeline.issues import registry
    from pipeline.work.chain import audited_key

    readers(), rules(), registry(), scanning_indexes()
    parse_value("100余次"), match_label("数量指标"), find_quantities("巡查100次"), words("巡查次数")
    audited_key(Entry("", Path(), 0, ""))


@cache
def _tools() -> str:
    """The tools for archives that this machine has."""
    return ",".join(tool for tool in _TOOLS if shutil.which(tool))


def listing_key(entry: Entry, limits: ArchiveLimits) -> str:
    """Under which key it is kept what an archive holds: its bytes and name, the limits, the tools there are."""
    return key_of("unpack", digest_of(_UNPACKS), _tools(), entry.document_id, leaf(entry), repr(limits))


def temporary(work: Path) -> Path:
    """Where readers may put temporary files; emptied before and after every run."""
    found = work / "tmp"
    found.mkdir(parents=True, exist_ok=True)
    return found
