"""From a published value back to its file, line and cells, with the reason of each step.

The value, its cell and its scores come from the published tables; the reasons (why this cell
belongs here, why the label is that node) are taken from the stored stage results, and left out
with a word about it where the work folder is gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.exports.shelf import on_disk
from pipeline.provenance.lookup import Field, Row, field_named, rows
from pipeline.schema import TABLES
from pipeline.settings import SettingsError
from pipeline.standins import work_on_disk

if TYPE_CHECKING:
    import pandas as pd

EXPLAINED = ("documents", "forms", "funding", "indicators", "cells")


def load(clean: str | Path = "data/clean") -> dict[str, pd.DataFrame]:
    """All published tables as pandas frames, by name; ``fiscal_year`` is a plain integer column.

    Exact numbers come as ``decimal.Decimal`` objects. ``clean`` may be a URL; all tables are then those
    of one publish, whatever is published meanwhile. Raises SettingsError where nothing is published.

    >>> load("nowhere")
    Traceback (most recent call last):
    pipeline.settings.SettingsError: nowhere: nothing is published here; run: jixiao extract
    """
    import pandas as pd

    found: dict[str, pd.DataFrame] = {}
    with on_disk(clean) as here:
        _published(here)
        for name in TABLES:
            frame = pd.read_parquet(here / name)
            frame["fiscal_year"] = frame["fiscal_year"].astype("int64")
            found[name] = frame
    return found


def _published(clean: Path) -> None:
    if not (clean / "documents").is_dir():
        raise SettingsError(f"{clean}: nothing is published here; run: jixiao extract")


def explain(
    *what: str, row: int | None = None, clean: str | Path = "data/clean", work: str | Path = "data/work"
) -> list[str]:
    """The way back from a value, as lines of text.

    ``what`` is ``(year, project, field)`` or ``(indicator_id, field)``; ``row`` narrows it to one
    row_no. Raises SettingsError when there is no such thing.
    """
    from pipeline.provenance.trail import (
        trail_of,  # it loads all stages, which those who only load tables do not need
    )

    with on_disk(clean, EXPLAINED, year_of(what)) as here:
        asked = asked_for(here, what, row)
        stored = work_on_disk(work)
        return [line for form, field, row_no in asked for line in trail_of(here, stored, form, field, row_no)]


def year_of(what: Sequence[str]) -> int | None:
    """The only year that a question needs tables of; None where it does not name one.

    >>> year_of(["2023", "督办工作经费", "指标值"]), year_of(["4b644869909a0294", "level3"])
    (2023, None)
    """
    return int(what[0]) if len(what) == 3 and what[0].isdigit() else None


def asked_for(clean: Path, what: Sequence[str], row: int | None) -> list[tuple[Row, Field, int | None]]:
    """The published forms, field and row_no that the words of a question name. Raises SettingsError."""
    _published(clean)
    if len(what) == 3:
        field = field_named(what[2])
        return [(form, field, row) for form in _forms(clean, what[0], what[1])]
    if len(what) == 2:
        found = rows(clean, "indicators", indicator_id=what[0])
        if not found:
            raise SettingsError(f"no indicator {what[0]!r} is published in {clean}")
        [form] = rows(clean, "forms", form_id=found[0]["form_id"])
        return [(form, field_named(what[1]), found[0]["row_no"])]
    raise SettingsError("say YEAR PROJECT FIELD, or INDICATOR_ID FIELD")


def _forms(clean: Path, year: str, project: str) -> list[Row]:
    if not year.isdigit():
        raise SettingsError(f"{year!r} is no year")
    of_year = rows(clean, "forms", fiscal_year=int(year))
    found = [f for f in of_year if f["project_name"] == project]
    if not found:
        names = "、".join(sorted({f["project_name"] or "（无项目名称）" for f in of_year})[:20])
        raise SettingsError(f"no project {project!r} in {year}; there are: {names or 'none'}")
    return found
