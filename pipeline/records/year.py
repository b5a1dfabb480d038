"""The fiscal year of a form: who says it, in which order they are believed, and when they disagree.

The order is: the form's own year line or title, then its project period, then the file's name,
then the folder. The first that names exactly one year decides; any other that names a different
one is reported. A period of several years names none.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from extractors.layout.forms import Form
from pipeline.records.meaning import years_in
from pipeline.records.notes import Notes


@dataclass(frozen=True, slots=True)
class YearClaim:
    """One place that names a year: ``title``, ``period``, ``file`` or ``folder``."""

    source: str
    year: int


_NAMES = {"title": "表题", "period": "项目期", "file": "文件名", "folder": "文件夹"}


def year_claims(form: Form | None, path: str) -> tuple[YearClaim, ...]:
    """Who names which year, in the order in which they are believed."""
    found: list[YearClaim] = []
    if form is not None:
        for source, slots in (("title", ("fiscal_year", "title")), ("period", ("period",))):
            texts = [form.fields[name].text for name in slots if name in form.fields]
            year = next((y for text in texts if (y := _one(text)) is not None), None)
            if year is not None:
                found.append(YearClaim(source, year))
    place = PurePosixPath(path)
    year = _one(place.stem)
    if year is not None:
        found.append(YearClaim("file", year))
    for folder in reversed(place.parts[:-1]):
        year = _one(folder)
        if year is not None:
            found.append(YearClaim("folder", year))
            break
    return tuple(found)


def fiscal_year(form: Form, path: str) -> int:
    """The year of a form, 0 where nothing names one."""
    claims = year_claims(form, path)
    return claims[0].year if claims else 0


def note_year(form: Form, path: str, form_id: str, notes: Notes) -> None:
    """Report a form without a year, or one whose sources disagree."""
    claims = year_claims(form, path)
    if not claims:
        notes.add("year_unknown", {}, form_id=form_id)
    elif len({c.year for c in claims}) > 1:
        said = "，".join(f"{_NAMES[c.source]} {c.year}" for c in claims)
        notes.add("year_conflict", {"sources": said, "year": str(claims[0].year)}, form_id=form_id)


def document_year(form_years: tuple[int, ...], path: str) -> int:
    """The year of a whole document: its forms' common year, else what its name or folder says, else 0.

    >>> document_year((2023, 2023), "a.txt"), document_year((), "2024/a.txt"), document_year((2023, 2024), "a.txt")
    (2023, 2024, 0)
    """
    if len(set(form_years)) == 1 and form_years[0]:
        return form_years[0]
    claims = year_claims(None, path)
    return claims[0].year if claims else 0


def _one(text: str) -> int | None:
    years = years_in(text)
    return years[0] if len(years) == 1 else None
