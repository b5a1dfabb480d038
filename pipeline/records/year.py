"""The fiscal year of a form: who says it, in which order they are believed, and when they disagree.

The order is: the form's title, the year line under it, then its project period, then the file's name,
then the folder. The first that names exactly one year decides; any other that names a different
one is reported. A period of several years names none.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from extractors.layout.forms import Form
from pipeline.records.meaning import year_in
from pipeline.records.notes import Notes
from pipeline.records.people import People


@dataclass(frozen=True, slots=True)
class YearClaim:
    """One place that names a year: ``title``, ``header``, ``period``, ``file`` or ``folder``."""

    source: str
    year: int


_NAMES = {"title": "表题", "header": "表头", "period": "项目期", "file": "文件名", "folder": "文件夹"}
_SLOTS = (("title", "title"), ("header", "fiscal_year"), ("period", "period"))


def year_claims(form: Form | None, path: str) -> tuple[YearClaim, ...]:
    """Who names which year, in the order in which they are believed."""
    found: list[YearClaim] = []
    for source, name in _SLOTS if form is not None else ():
        slot = form.fields.get(name) if form is not None else None
        year = year_in(source, slot.text) if slot is not None else None
        if year is not None:
            found.append(YearClaim(source, year))
    place = PurePosixPath(path)
    year = year_in("path", place.stem)
    if year is not None:
        found.append(YearClaim("file", year))
    folders = (year_in("path", folder) for folder in reversed(place.parts[:-1]))
    year = next((y for y in folders if y is not None), None)
    if year is not None:
        found.append(YearClaim("folder", year))
    return tuple(found)


def told_year(people: People) -> int | None:
    """The year that a person gave the form; None where nobody did, or gave no single year.

    >>> from pipeline.records.people import Word
    >>> told_year({"field:fiscal_year": Word(text="2023年")}), told_year({})
    (2023, None)
    """
    word = people.get("field:fiscal_year")
    return year_in("header", word.text) if word is not None and word.text else None


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
