"""The page: style, language switch, sections; written in one step.

The page's own content security policy forbids scripts and requests altogether, so that even a text
that got past the escaping could do nothing.
"""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

from pipeline.exports.published import room, whole
from pipeline.report import sections
from pipeline.report.changed import changes
from pipeline.report.figures import read
from pipeline.report.markup import both, esc
from pipeline.report.words import Word, word
from pipeline.settings import SettingsError

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def report(clean: Path, out: Path) -> None:
    """Write the page about what is published in ``clean`` to the file ``out``.

    Raises SettingsError where nothing is published.

    >>> report(Path("nowhere"), Path("report.html"))
    Traceback (most recent call last):
    pipeline.settings.SettingsError: nowhere: nothing is published here; run: jixiao extract
    """
    if not (clean / "documents").is_dir():
        raise SettingsError(f"{clean}: nothing is published here; run: jixiao extract")
    out.parent.mkdir(parents=True, exist_ok=True)
    room(out)
    with whole(out) as writing:
        writing.write_text(page(clean), encoding="utf-8", newline="\n")


def page(clean: Path) -> str:
    """The whole page as text; equal publishes and run.json give equal pages."""
    found, evidence = sections.findings(clean)
    body = {
        "complete": sections.complete(clean),
        "sure": sections.sure(clean),
        "money": sections.money(clean),
        "targets": sections.targets(clean),
        "findings": found,
        "copies": sections.copies(clean),
        "changes": changes(clean),
        "evidence": evidence,
    }
    parts = "".join(
        f'<h2 id="{name}">{both(word("sections", name))}</h2><div class="charts">{markup}</div>'
        for name, markup in body.items()
    )
    style = resources.files("pipeline.report").joinpath("page.css").read_text(encoding="utf-8")
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{esc(word("page", "title").zh)}</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{esc(_POLICY)}">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head><body>'
        '<input class="switch" type="radio" name="lang" id="zh" checked aria-label="中文">'
        '<input class="switch" type="radio" name="lang" id="en" aria-label="English">'
        f'<main>{_top(clean)}<div class="cards">{sections.cards(clean)}</div>{parts}</main></body></html>\n'
    )


def _top(clean: Path) -> str:
    years = sorted({year for (year,) in read(clean, "forms", "fiscal_year")})
    unread = word("page", "no_year")
    zh = "、".join(str(y) if y else unread.zh for y in years)
    en = ", ".join(str(y) if y else unread.en for y in years)
    facts = [f"{both(word('page', 'years'))}: {both(Word(zh=zh or '–', en=en or '–'))}"]
    run = _run(clean)
    if "finished" in run:
        facts.append(f"{both(word('page', 'finished'))} {esc(str(run['finished']))}")
    version = run.get("versions", {}).get("jixiao")
    if version and version != "none":
        facts.append(f"{both(word('page', 'version'))} jixiao {esc(str(version))}")
    return (
        '<div class="top"><div class="lang"><label for="zh">中文</label><label for="en">English</label></div>'
        f"<h1>{both(word('page', 'title'))}</h1><p>{' · '.join(facts)}</p>"
        f'<p class="note">{both(word("page", "lead"))}</p></div>'
    )


def _run(clean: Path) -> dict[str, Any]:
    """What the run wrote about itself; a page without it only says less."""
    try:
        found = json.loads((clean / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
