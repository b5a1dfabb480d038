"""Commands that only look: status, explain, doctor, and the lists of columns, rules and codes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

# ``--out`` is what extract calls the folder, ``--clean`` what the commands that write elsewhere call it.
Out = Annotated[
    str, typer.Option("--clean", "--out", help="Where the tables are published: a folder or a URL.")
]
Work = Annotated[str, typer.Option(help="Where stage results are kept: a folder or a URL.")]
CLEAN, WORK = "data/clean", "data/work"


def status(out: Out = CLEAN, work: Work = WORK) -> None:
    """Say what the last run published: when, from what, how much; and how far a run under way is."""
    from pipeline.exports.shelf import last_run
    from pipeline.places import is_url, shown
    from pipeline.standins import stand_in
    from pipeline.watch import seen

    under_way = seen(stand_in(work))
    if under_way is not None:
        state, alive = under_way
        how = f"running ({state.engine})" if alive else "stopped before its end; run it again to go on"
        typer.echo(f"{how}: {state.line()}")
    found, tables = last_run(out)
    if found is None:
        typer.echo(f"nothing is published in {shown(tables)}; run: jixiao extract")
        raise typer.Exit(0)
    typer.echo(f"published {found['finished']} from {found['settings']['raw']} in {found['seconds']} s")
    if is_url(tables):
        typer.echo(f"tables:   {shown(tables)}")
    for title in ("files", "reasons", "rows", "findings", "issues"):
        counts = ", ".join(f"{n} {name}" for name, n in found[title].items()) or "none"
        typer.echo(f"{title + ':':10}{counts}")
    for stage, counts in found["stages"].items():
        parts = ", ".join(f"{n} {name}" for name, n in counts.items() if n)
        typer.echo(f"  {stage:10}{parts}")


def explain(
    what: Annotated[
        list[str],
        typer.Argument(help="YEAR PROJECT FIELD, or an indicator_id and a FIELD."),
    ],
    row: Annotated[int | None, typer.Option(help="Only this row_no, for a field of the indicators.")] = None,
    image: Annotated[
        Path | None,
        typer.Option(
            help="Draw the page with the value, its labels and the path between them (PDFs and images)."
        ),
    ] = None,
    out: Out = CLEAN,
    work: Work = WORK,
) -> None:
    """Walk from a published value back to its file, line and cells, with each step's reason.

    As in:

    jixiao explain 2023 督办工作经费 指标值

    jixiao explain 2023 督办工作经费 财政拨款

    FIELD may be the Chinese title or the column name of a column of forms, funding or indicators.

    With --image page.png a value from a PDF or an image is also drawn, one picture for each page it stands on.
    """
    from pipeline.provenance.explanation import EXPLAINED, asked_for, year_of
    from pipeline.provenance.explanation import explain as explain_value

    lines = explain_value(*what, row=row, clean=out, work=work)
    typer.echo("\n".join(lines))
    if image is not None:
        from pipeline.exports.shelf import on_disk
        from pipeline.provenance.picture import pictures, save
        from pipeline.standins import stand_in

        with on_disk(out, EXPLAINED, year_of(what)) as here:
            for path in save(pictures(here, stand_in(work), asked_for(here, what, row)), image):
                typer.echo(f"drawn: {path}")


def doctor() -> None:
    """Say what this installation can read, and which library or tool is missing for the rest."""
    from pipeline.doctor import report

    lines, healthy = report()
    typer.echo("\n".join(lines))
    raise typer.Exit(0 if healthy else 1)


def schema(table: Annotated[str | None, typer.Argument(help="One table; all if left out.")] = None) -> None:
    """List the published tables and columns with type, unit and meaning."""
    from pipeline.schema import TABLES
    from pipeline.settings import SettingsError

    if table is not None and table not in TABLES:
        raise SettingsError(f"no table {table!r}; there are: {', '.join(TABLES)}")
    for found in TABLES.values() if table is None else [TABLES[table]]:
        typer.echo(f"{found.name} {found.zh}: {found.en}")
        for c in found.columns:
            unit = f" [{c.unit}]" if c.unit else ""
            typer.echo(f"  {c.name:24}{c.type.value + ('' if c.required else '?'):10}{c.zh}{unit}: {c.en}")


def rules() -> None:
    """List the audit rules: id, version, severity, title."""
    from pipeline.audit.rule import linked_rules
    from pipeline.audit.rule import rules as form_rules

    for rule in sorted((*form_rules(), *linked_rules()), key=lambda r: r.id):
        typer.echo(f"{rule.id:32}{rule.version:4}{rule.severity.value:9}{rule.title}")


def issues() -> None:
    """List the issue codes: code, severity, stage, title."""
    from pipeline.issues import registry

    for code in sorted(registry().values(), key=lambda c: (c.stage, c.code)):
        typer.echo(f"{code.code:32}{code.severity.value:9}{code.stage:10}{code.title}")
