"""The section on change: what this publish says otherwise than the last, row by row as people name rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.report.charts import bars
from pipeline.report.figures import read, series, stacked
from pipeline.report.markup import Cell, both, esc, figure, note, table
from pipeline.report.words import Word, said, word
from pipeline.schema import TABLES

_LISTED = 40
# Tables whose rows people speak of; those of the others follow from these.
_TOLD = ("documents", "forms", "funding", "indicators", "findings", "links")
_VALUES = ("target_", "actual_")


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of the table ``changes``."""

    table: str
    key: str
    column: str
    old: str | None
    new: str | None
    because: str


def changes(clean: Path) -> str:
    """What the last publish said otherwise: how much in which table, and the values themselves."""
    found = [_Line(*row) for row in read(clean, "changes", "table", "key", "column", "old", "new", "because")]
    if not found:
        return note(word("notes", "no_changes"))
    values = stacked(((c.table, c.because) for c in found if c.column != "*"), "because", _table)
    rows = stacked(((c.table, c.because) for c in found if c.column == "*"), "because", _table)
    charts = [figure(word("charts", "changed_values"), bars(values, series("because")))] if values else []
    charts += [figure(word("charts", "changed_rows"), bars(rows, series("because")))] if rows else []
    told = list(_told(found))
    names = _names(clean)
    heads = [word("heads", n) for n in ("table", "row", "column", "old", "new", "because")]
    listed = table(heads, (_row(c, names) for c in told[:_LISTED]))
    more = note(word("page", "more").filled(n=_LISTED, total=f"{len(told):,}")) if len(told) > _LISTED else ""
    return "".join(charts) + listed + more


def _table(name: str) -> Word:
    known = TABLES.get(name)
    return Word(zh=known.zh, en=name) if known else said(name)


def _column(line: _Line) -> Word:
    if line.column == "*":
        return word("changed", "come" if line.old is None else "gone")
    columns = TABLES[line.table].columns if line.table in TABLES else ()
    zh = next((c.zh for c in columns if c.name == line.column), line.column)
    return Word(zh=zh, en=line.column)


def _told(found: Iterable[_Line]) -> Iterator[_Line]:
    """The lines worth reading: of a value whose printed text changed the text, not what follows from it."""
    ordered = sorted((c for c in found if c.table in _TOLD), key=lambda c: _TOLD.index(c.table))
    printed = {(c.key, c.column) for c in ordered if c.column.endswith("_raw")}
    for line in ordered:
        role = next((v for v in _VALUES if line.column.startswith(v)), None)
        if role and line.column != f"{role}raw" and (line.key, f"{role}raw") in printed:
            continue
        yield line


def _names(clean: Path) -> dict[str, str]:
    """What people call a row, by its key: the project of a form, project and name of an indicator."""
    forms = {f: p or t or "" for f, p, t in read(clean, "forms", "form_id", "project_name", "title")}
    found = dict(forms)
    for key, form, name in read(clean, "indicators", "indicator_id", "form_id", "level3"):
        found[key] = f"{forms.get(form, '')} · {name}"
    for key, form in read(clean, "findings", "finding_id", "form_id"):
        found[key] = forms.get(form, "")
    return found


def _row(line: _Line, names: dict[str, str]) -> tuple[Cell, ...]:
    name = line.key if line.table == "documents" else names.get(line.key) or names.get(line.key.split("/")[0])
    return (
        ("short", both(_table(line.table))),
        ("name", esc(name or "")),
        ("name", both(_column(line))),
        ("text", esc(_short(line.old))),
        ("text", esc(_short(line.new))),
        ("short", both(word("because", line.because))),
    )


def _short(text: str | None, most: int = 120) -> str:
    """A value as it fits a cell; digests of files by their beginning.

    >>> _short("ab" * 32), _short(None)
    ('abababababab…', '')
    """
    text = text or ""
    if len(text) == 64 and not set(text) - set("0123456789abcdef"):
        return f"{text[:12]}…"
    return text if len(text) <= most else f"{text[: most - 1]}…"
