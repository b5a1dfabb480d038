"""Single cases: the findings most worth a look with their evidence, and the groups of copied forms."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.report.figures import read
from pipeline.report.words import Word, word

EACH, ALL = 3, 40
_ORDER = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True, slots=True)
class Form:
    """What a reader knows a form by."""

    project: str | None
    department: str | None
    yuan: Decimal | None
    path: str


@dataclass(frozen=True, slots=True)
class Case:
    """One finding with the form it speaks of and the ids of its evidence cells."""

    finding_id: str
    severity: str
    rule: str
    message: str
    form: Form
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One cell: its file, its place in words, its text."""

    path: str
    place: Word
    text: str


def forms(clean: Path) -> dict[str, Form]:
    """All forms by id."""
    paths: dict[str, str] = {}
    for identity, path, member in read(clean, "documents", "document_id", "path", "member"):
        paths.setdefault(identity, f"{path}!{member}" if member else path)
    columns = ("form_id", "project_name", "department", "funding_total_yuan", "document_id")
    return {f: Form(p, d, y, paths.get(doc, "")) for f, p, d, y, doc in read(clean, "forms", *columns)}


def worst(clean: Path, known: dict[str, Form]) -> tuple[list[Case], int]:
    """The findings most worth a look (severity, then money, three a rule), and how many there are."""
    columns = ("finding_id", "severity", "rule", "message", "form_id", "cell_ids")
    nobody = Form(None, None, None, "")
    found = [
        Case(i, s, r, m, known.get(f, nobody), tuple(c))
        for i, s, r, m, f, c in read(clean, "findings", *columns)
    ]
    found.sort(key=lambda c: (_ORDER.get(c.severity, 3), -(c.form.yuan or 0), c.rule, c.finding_id))
    taken: Counter[str] = Counter()
    kept: list[Case] = []
    for case in found:
        if taken[case.rule] < EACH and len(kept) < ALL:
            taken[case.rule] += 1
            kept.append(case)
    return kept, len(found)


def _place(page: Any, sheet: Any, ref: Any, line: Any) -> Word:
    parts = []
    if page is not None:
        parts.append(word("places", "page").filled(n=page))
    if sheet is not None:
        parts.append(word("places", "sheet").filled(n=f"{sheet} {ref or ''}".strip()))
    if line is not None:
        parts.append(word("places", "line").filled(n=line))
    return Word(zh="，".join(p.zh for p in parts), en=", ".join(p.en for p in parts))


def evidence(clean: Path, cases: list[Case]) -> dict[str, Evidence]:
    """The evidence cells of the cases, by cell id."""
    needed = {cell for case in cases for cell in case.cells}
    paths = {
        d: f"{p}!{m}" if m else p for d, p, m in read(clean, "documents", "document_id", "path", "member")
    }
    columns = ("cell_id", "document_id", "page", "sheet", "ref", "line", "text")
    return {
        cell: Evidence(paths.get(document, ""), _place(*place), text)
        for cell, document, *place, text in read(clean, "cells", *columns)
        if cell in needed
    }


def copies(clean: Path) -> list[tuple[list[str], str]]:
    """Groups of forms linked as copies, largest first: their form ids, and why the first two are linked."""
    home: dict[str, str] = {}
    why: dict[str, str] = {}

    def root(form: str) -> str:
        while home.setdefault(form, form) != form:
            home[form] = form = home[home[form]]
        return form

    for one, other, relation, how in read(clean, "links", "form_id", "other_form_id", "relation", "how"):
        if relation == "copied_from":
            why.setdefault(one, how)
            why.setdefault(other, how)
            home[root(other)] = root(one)
    groups: dict[str, list[str]] = {}
    for form in home:
        groups.setdefault(root(form), []).append(form)
    ordered = sorted(groups.values(), key=lambda g: (-len(g), min(g)))
    return [(sorted(group), why[min(group)]) for group in ordered]
