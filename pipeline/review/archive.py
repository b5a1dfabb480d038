"""What is published, held in memory so that a key press costs no disk: read once, read again after a publish.

Rows stay in Arrow tables; the rows of one form are found by an index over its id. Only what the queue
sorts and filters by is spread out as objects.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.exports.published import batches
from pipeline.exports.snapshot import CURRENT
from pipeline.schema import TABLES
from pipeline.settings import SettingsError

Row = dict[str, Any]
_BY_FORM = ("funding", "indicators", "blank_slots", "cells")
_IDS = frozenset({"document_id", "form_id"})


@dataclass(frozen=True, slots=True)
class Doubt:
    """An issue (about our reading) or a finding (about the document), as published, and what it is about.

    ``kind`` is ``issue`` or ``finding``; ``row`` the whole published row; ``indicators`` and ``cells``
    the ids of what it speaks of.
    """

    id: str
    kind: str
    code: str
    severity: str
    message: str
    form_id: str
    indicators: tuple[str, ...]
    cells: tuple[str, ...]
    row: Row


class Grouped:
    """The rows of a table by the text in one of its columns.

    >>> found = Grouped(pa.table({"form_id": ["b", "a", "b"], "n": [1, 2, 3]}), "form_id")
    >>> [row["n"] for row in found.rows("b")], found.rows("c")
    ([1, 3], [])
    """

    def __init__(self, table: Any, key: str) -> None:
        self._table = table.combine_chunks()
        encoded = pc.dictionary_encode(self._table.column(key)).combine_chunks()
        encoded = encoded if isinstance(encoded, pa.DictionaryArray) else encoded.chunk(0)
        codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
        self._order = np.argsort(codes, kind="stable")
        names = encoded.dictionary.to_pylist()
        starts = np.searchsorted(codes[self._order], np.arange(len(names) + 1))
        self._spans = {name: (int(a), int(b)) for name, a, b in zip(names, starts, starts[1:], strict=False)}

    def rows(self, key: str) -> list[Row]:
        """The rows with this key, in published order; none for an unknown key."""
        start, end = self._spans.get(key, (0, 0))
        if start == end:
            return []
        places = self._order[start:end]
        if int(places[-1]) - int(places[0]) == end - start - 1:
            part = self._table.slice(int(places[0]), end - start)
        else:
            part = self._table.take(pa.array(places))
        listed: list[Row] = part.to_pylist()
        return listed

    def of_all(self, keys: Iterable[str]) -> list[Row]:
        """The rows of several keys, key by key, taken at once."""
        spans = [self._spans[key] for key in keys if key in self._spans]
        if not spans:
            return []
        places = np.concatenate([self._order[start:end] for start, end in spans])
        listed: list[Row] = self._table.take(pa.array(places)).to_pylist()
        return listed

    def columns(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """Some columns of all rows, row by row."""
        return zip(*(self._table.column(name).to_pylist() for name in names), strict=True)


class Archive:
    """One publish. ``forms`` and ``documents`` are by id; duplicates are no documents here."""

    def __init__(self, folder: Path) -> None:
        self.documents: dict[str, Row] = {
            d["document_id"]: d for d in _listed(folder, "documents") if d["status"] != "duplicate"
        }
        self.forms: dict[str, Row] = {f["form_id"]: f for f in _listed(folder, "forms")}
        self._by_form = {name: Grouped(_table(folder, name), "form_id") for name in _BY_FORM}
        self._quantities = Grouped(_table(folder, "quantities"), "indicator_id")
        self.doubts, self.of_files = self._sorted_out(folder)
        self.links = _links(_listed(folder, "links"))
        self.corrections: dict[str, Row] = {c["correction_id"]: c for c in _listed(folder, "corrections")}

    def rows(self, table: str, form_id: str) -> list[Row]:
        """The rows of ``funding``, ``indicators``, ``blank_slots`` or ``cells`` of one form."""
        return self._by_form[table].rows(form_id)

    def columns(self, table: str, *names: str) -> Iterator[tuple[Any, ...]]:
        """Some columns of all rows of a table that is kept by form."""
        return self._by_form[table].columns(*names)

    def quantities(self, indicators: Iterable[Row]) -> list[Row]:
        """The quantities inside the values of some indicators, in their order."""
        return self._quantities.of_all(i["indicator_id"] for i in indicators)

    def became(self, correction_id: str) -> str:
        """What became of a decision in this publish: ``applied``, ``stale`` …; ``waiting`` if it is newer."""
        found = self.corrections.get(correction_id)
        return str(found["status"]) if found is not None else "waiting"

    def path(self, form_id: str) -> str:
        """The published path of a form's file, with its member in an archive."""
        return name_of(self.documents[self.forms[form_id]["document_id"]])

    def _sorted_out(self, folder: Path) -> tuple[dict[str, list[Doubt]], dict[str, list[Doubt]]]:
        """Doubts by form, and those about a file as a whole by document."""
        issues = list(_listed(folder, "issues"))
        homes = _homes(folder, {i["cell_id"] for i in issues if i["form_id"] is None and i["cell_id"]})
        of_forms: defaultdict[str, list[Doubt]] = defaultdict(list)
        of_files: defaultdict[str, list[Doubt]] = defaultdict(list)
        for made, document in (*_issues(issues, homes), *_findings(_listed(folder, "findings"))):
            if made.form_id in self.forms:
                of_forms[made.form_id].append(made)
            else:
                of_files[document].append(made)
        return dict(of_forms), dict(of_files)


def name_of(document: Row) -> str:
    """How people and the ledger name a document: its path, and its member in an archive.

    >>> name_of({"path": "2023/a.zip", "member": "b.txt"})
    '2023/a.zip!b.txt'
    """
    return f"{document['path']}!{document['member']}" if document["member"] else str(document["path"])


def _table(folder: Path, name: str) -> Any:
    schema = pa.schema([])
    found = list(batches(folder, TABLES[name]))
    if not found:
        from pipeline.exports.published import full_schema

        schema = full_schema(TABLES[name])
        return pa.Table.from_batches([], schema=schema)
    return pa.concat_tables(found)


def _listed(folder: Path, name: str) -> Iterator[Row]:
    for batch in batches(folder, TABLES[name]):
        yield from batch.to_pylist()


def _homes(folder: Path, cells: set[str]) -> dict[str, str]:
    """The form of each of some cells."""
    if not cells:
        return {}
    wanted = pa.array(sorted(cells))
    found: dict[str, str] = {}
    for batch in batches(folder, TABLES["cells"], ("cell_id", "form_id")):
        part = batch.filter(pc.is_in(batch.column("cell_id"), value_set=wanted))
        found.update((r["cell_id"], r["form_id"]) for r in part.to_pylist() if r["form_id"])
    return found


def _issues(rows: Iterable[Row], homes: dict[str, str]) -> Iterator[tuple[Doubt, str]]:
    for row in rows:
        form = row["form_id"] or homes.get(row["cell_id"] or "", "")
        indicators = (row["indicator_id"],) if row["indicator_id"] else ()
        cells = (row["cell_id"],) if row["cell_id"] else ()
        made = Doubt(
            row["issue_id"],
            "issue",
            row["code"],
            row["severity"],
            row["message"],
            form,
            indicators,
            cells,
            row,
        )
        yield made, row["document_id"]


def _findings(rows: Iterable[Row]) -> Iterator[tuple[Doubt, str]]:
    for row in rows:
        made = Doubt(
            row["finding_id"],
            "finding",
            row["rule"],
            row["severity"],
            row["message"],
            row["form_id"],
            tuple(row["indicator_ids"] or ()),
            tuple(row["cell_ids"] or ()),
            row,
        )
        yield made, ""


def _links(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["form_id"]].append({**row, "to": row["other_form_id"]})
        found[row["other_form_id"]].append({**row, "to": row["form_id"]})
    return dict(found)


class Shelf:
    """The archive published in a folder, read again when a new publish is switched in.

    Raises SettingsError where nothing is published.
    """

    def __init__(self, clean: Path) -> None:
        if not (clean / "documents").is_dir():
            raise SettingsError(f"{clean}: nothing is published here; run: jixiao extract")
        self.clean = clean
        self._lock = Lock()
        self._of = ""
        self._archive: Archive | None = None

    def publish(self) -> str:
        """The name of the publish that now stands: where its link leads, or when its folder changed."""
        link = self.clean / CURRENT
        if link.is_symlink():
            return str(link.readlink())
        return str((self.clean / "documents").stat().st_mtime_ns)

    def archive(self) -> Archive:
        """The archive of the publish that now stands."""
        found, kept = self._archive, self._of
        if found is not None and kept == self.publish():
            return found
        with self._lock:
            for last in (False, False, True):
                name = self.publish()
                if self._archive is not None and name == self._of:
                    return self._archive
                try:
                    self._archive = Archive(self._folder())
                except FileNotFoundError:  # switched away while it was being read
                    if last:
                        raise
                    continue
                self._of = name
                return self._archive
        raise AssertionError("unreachable")

    def _folder(self) -> Path:
        link = self.clean / CURRENT
        return link.resolve() if link.is_symlink() else self.clean
