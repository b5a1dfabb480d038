"""Where each row lands in the workbook, known before anything is written, so that findings can link there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from pipeline.exports.published import rows
from pipeline.schema import TABLES, Table

HEAD = 2  # heading rows: Chinese, technical
LIMIT = 1_048_576 - HEAD
_IDS = {"forms": "form_id", "indicators": "indicator_id", "cells": "cell_id"}


@dataclass(frozen=True, slots=True)
class Place:
    """A row of the workbook: its sheet and its 1-based row, and a text to recognise it by."""

    sheet: str
    row: int
    text: str

    @property
    def link(self) -> str:
        """The link to it, as Excel writes links inside a workbook."""
        return f"internal:'{self.sheet}'!A{self.row}"


def sheet_name(table: Table, number: int = 0) -> str:
    """The sheet's name; ``number`` counts from 0 over the sheets of a table that had to be split.

    >>> sheet_name(TABLES["cells"]), sheet_name(TABLES["cells"], 1)
    ('单元格 cells', '单元格 cells (2)')
    """
    return f"{table.zh} {table.name}" + (f" ({number + 1})" if number else "")


def wanted(clean: Path) -> set[str]:
    """The ids that findings and issues speak of: only these need to be looked up."""
    found = rows(clean, TABLES["findings"], ("form_id", "other_form_id", "indicator_ids", "cell_ids"))
    doubts = rows(clean, TABLES["issues"], ("form_id", "indicator_id", "cell_id"))
    lists: Iterable[str | None] = chain.from_iterable((f, o, *i, *c) for f, o, i, c in found)
    return {i for i in chain(lists, chain.from_iterable(doubts)) if i}


def places(clean: Path, limit: int) -> dict[str, Place]:
    """The place of every wanted form, indicator and cell, by its id."""
    needed = wanted(clean)
    texts = {"forms": "project_name", "indicators": "level3", "cells": "text"}
    found: dict[str, Place] = {}
    for name, key in _IDS.items():
        table = TABLES[name]
        for at, (identity, text) in enumerate(rows(clean, table, (key, texts[name]))):
            if identity in needed and identity not in found:
                sheet = sheet_name(table, at // limit)
                found[identity] = Place(sheet, at % limit + HEAD + 1, text or "")
    return found
