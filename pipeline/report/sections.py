"""The sections of the report, each from the published folder to finished markup."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from normalizers.concepts.catalogue import concept
from pipeline.report import cases, figures
from pipeline.report.charts import Bar, bars, counted, ten_thousands
from pipeline.report.figures import named, read, series, stacked, top
from pipeline.report.markup import Cell, both, esc, figure, note, table
from pipeline.report.words import Word, doubt, reason, said, word

_LISTED = 30


def _heads(*names: str) -> list[Word]:
    return [word("heads", name) for name in names]


def _chart(name: str, drawing: str) -> str:
    return figure(word("charts", name), drawing)


def _more(shown: int, total: int) -> str:
    return note(word("page", "more").filled(n=shown, total=f"{total:,}")) if total > shown else ""


def share(part: int, whole: int) -> str:
    """A share in percent.

    >>> share(1, 3), share(0, 0)
    ('33.3%', '–')
    """
    return f"{part / whole:.1%}" if whole else "–"


def complete(clean: Path) -> str:
    """Files by status, what was not read, cells by who claims them."""
    files = list(read(clean, "documents", "status", "path", "reason_code", "message"))
    found = top(Counter(f[0] for f in files), named("status"))
    claims = figures.claims(clean)
    parts = [Bar(word("claims", n), (c,)) for n, c in claims.most_common()]
    troubled = [f for f in files if f[0] != "ok"]
    listed = [
        (word("status", status), path, reason(code) if code else "", message or "")
        for status, path, code, message in troubled[:_LISTED]
    ]
    told = (
        table(_heads("status", "file", "reason", "message"), listed)
        if listed
        else note(word("notes", "no_trouble"))
    )
    trouble = f"<h3>{both(word('charts', 'troubled'))}</h3>{told}{_more(_LISTED, len(troubled))}"
    return _chart("status", bars(found)) + _chart("claims", bars(parts)) + trouble


def sure(clean: Path) -> str:
    """Grades by family and by reader, and our own doubts by code."""
    family = dict(read(clean, "forms", "form_id", "family"))
    reader = {
        d: (r or "").partition("/")[0] for d, r in read(clean, "documents", "document_id", "reader") if r
    }
    found = list(read(clean, "indicators", "form_id", "document_id", "grade"))
    by_family = stacked(((family.get(f), g) for f, _, g in found), "grade", said)
    by_reader = stacked(((reader.get(d), g) for _, d, g in found), "grade", said)
    codes = stacked(read(clean, "issues", "code", "severity"), "severity", doubt)
    grades, severities = series("grade"), series("severity")
    return (
        _chart("by_family", bars(by_family, grades))
        + _chart("by_reader", bars(by_reader, grades))
        + _chart("issues", bars(codes, severities))
    )


def money(clean: Path) -> str:
    """Funds by department, project nature and source."""
    kind = figures.money_kind(clean)
    departments, unread = figures.money_by(clean, kind, "department")
    natures, _ = figures.money_by(clean, kind, "project_nature")
    sources = figures.money_by_source(clean, kind)
    name = word("form_kind", kind)
    told = word("notes", "money")
    told = Word(
        zh=told.zh.format(kind=name.zh, unread=unread), en=told.en.format(kind=name.en, unread=unread)
    )
    return (
        note(told)
        + _chart("departments", bars(top(departments, said), shown=ten_thousands))
        + _chart("natures", bars(top(natures, named("nature")), shown=ten_thousands))
        + _chart("sources", bars(top(sources, named("source")), shown=ten_thousands))
        + note(word("notes", "sources"))
    )


def _concept(identity: str) -> Word:
    known = concept(identity)
    return Word(zh=known.name if known else identity, en=identity)


def targets(clean: Path) -> str:
    """Kinds, comparators, concepts, and the share of words by level 2."""
    found = list(read(clean, "indicators", "level2_id", "target_kind", "concept_id"))
    kinds = Counter(kind or "blank" for _, kind, _ in found)
    known = Counter(c for _, _, c in found if c)
    mixed = stacked(
        ((level2, figures.wording(kind)) for level2, kind, _ in found), "wording", named("level2")
    )
    qualitative = word("notes", "qualitative").filled(share=share(kinds["qualitative"], len(found)))
    recognised = word("notes", "concepts").filled(share=share(known.total(), len(found)))
    return (
        _chart("kinds", bars(top(kinds, named("value_kind"))))
        + _chart("comparators", bars(top(figures.comparators(clean), named("comparator"))))
        + _chart("qualitative", bars(mixed, series("wording")))
        + note(qualitative)
        + _chart("concepts", bars(top(known, _concept, 15)))
        + note(recognised)
    )


def _severity(name: str) -> tuple[str, str]:
    return f"sev {esc(name)}", both(word("severity", name))


def _yuan(form: cases.Form) -> tuple[str, str]:
    return "num", "–" if form.yuan is None else ten_thousands(form.yuan)


def findings(clean: Path) -> tuple[str, str]:
    """Findings by rule with the worst cases, and the evidence they link to."""
    by_rule = stacked(read(clean, "findings", "rule", "severity"), "severity", doubt)
    found, total = cases.worst(clean, cases.forms(clean))
    drawn = _chart("rules", bars(by_rule, series("severity")))
    if not found:
        return drawn, note(word("page", "none"))
    rows = [
        (
            _severity(c.severity),
            ("name", f'<span title="{esc(c.rule)}">{both(doubt(c.rule))}</span>'),
            ("name", both(said(c.form.project))),
            _yuan(c.form),
            ("wide", esc(c.message)),
            (
                "",
                f'<a id="f-{esc(c.finding_id)}" href="#e-{esc(c.finding_id)}">{both(word("heads", "show"))}</a>',
            ),
        )
        for c in found
    ]
    heads = _heads("severity", "rule", "project", "money", "finding", "evidence")
    listed = f"<h3>{both(word('charts', 'worst'))}</h3>{note(word('notes', 'worst'))}{table(heads, rows)}"
    return drawn + listed + _more(len(found), total), proofs(clean, found)


def proofs(clean: Path, found: list[cases.Case]) -> str:
    """For every case listed its evidence cells: file, place, text as printed."""
    cells = cases.evidence(clean, found)
    parts = []
    for case in found:
        seen = [cells[c] for c in case.cells if c in cells]
        rows = [(e.path, e.place, ("text", esc(e.text))) for e in seen[:_LISTED]]
        body = table(_heads("file", "place", "text"), rows) if rows else note(said(case.form.path))
        identity = esc(case.finding_id)
        back = f'<a href="#f-{identity}">{both(word("heads", "back"))}</a>'
        parts.append(
            f'<section class="proof" id="e-{identity}"><p>{esc(case.message)} {back}</p>{body}</section>'
        )
    return "".join(parts)


def copies(clean: Path) -> str:
    """Groups of copied forms."""
    groups = cases.copies(clean)
    if not groups:
        return note(word("notes", "no_copies"))
    known = cases.forms(clean)
    rows: list[tuple[Cell, ...]] = []
    for number, (group, how) in enumerate(groups[:_LISTED], 1):
        rows += [
            (str(number), said(f.project), said(f.department), _yuan(f), f.path, how)
            for f in (known[identity] for identity in group if identity in known)
        ]
    heads = _heads("group", "project", "department", "money", "file", "how")
    return note(word("notes", "copies")) + table(heads, rows) + _more(_LISTED, len(groups))


def cards(clean: Path) -> str:
    """The figures at the head of the page."""
    claims = figures.claims(clean)
    severities = Counter(s for (s,) in read(clean, "findings", "severity"))
    unclaimed = sum(1 for (c,) in read(clean, "cells", "claimed_by") if c == "issue:cell_unclaimed")
    kind = figures.money_kind(clean)
    total = figures.total(figures.money_by(clean, kind, "department")[0])
    unit = word("units", "money")
    said_total = Word(zh=f"{ten_thousands(total)} {unit.zh}", en=f"{ten_thousands(total)} × {unit.en}")
    doubts = " / ".join(counted(severities[s]) for s in ("error", "warning", "info"))
    name = word("form_kind", kind)
    label = word("cards", "total")
    label = Word(zh=label.zh.format(kind=name.zh), en=label.en.format(kind=name.en))
    found = {
        "files": counted(sum(1 for _ in read(clean, "documents", "status"))),
        "forms": counted(sum(1 for _ in read(clean, "forms", "kind"))),
        "indicators": counted(sum(1 for _ in read(clean, "indicators", "grade"))),
        "claimed": share(claims.total() - unclaimed, claims.total()),
        "total": both(said_total),
        "findings": doubts,
    }
    labels = {n: label if n == "total" else word("cards", n) for n in found}
    return "".join(f'<div class="card"><b>{v}</b>{both(labels[n])}</div>' for n, v in found.items())
