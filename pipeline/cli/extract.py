"""``jixiao extract``: the whole job, with progress while it runs and a summary at the end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pipeline.summary import RunSummary


Raw = Annotated[str | None, typer.Argument(help="Folder, file or URL to read.", show_default="data/raw")]
Out = Annotated[
    str | None, typer.Option(help="Folder or URL where the tables are published.", show_default="data/clean")
]
Work = Annotated[
    str | None,
    typer.Option(
        help="Folder or URL where stage results are kept; may be deleted.", show_default="data/work"
    ),
]
Review = Annotated[str | None, typer.Option(help="Where people's decisions lie.", show_default="data/review")]
Year = Annotated[
    int | None, typer.Option(help="Look only at RAW/YEAR; the rest stays as published.", show_default="all")
]
Engine = Annotated[
    str | None,
    typer.Option(help="How documents are worked on: processes, serial or dask.", show_default="processes"),
]
Address = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="Scheduler of a Dask cluster (tcp://…), for engine dask.",
        show_default="a cluster on this machine",
    ),
]
Workers = Annotated[
    int | None, typer.Option(help="Processes, for engines with any.", show_default="one a processor")
]
Strict = Annotated[bool, typer.Option("--strict", help="Exit with 3 if any file had to be quarantined.")]
Force = Annotated[
    str | None,
    typer.Option(help="Run this stage again, and all after it.", metavar="STAGE", show_default="none"),
]
Second = Annotated[
    str | None,
    typer.Option(
        metavar="READER",
        help="Ask pdfplumber or camelot, too, about the tables of every PDF; slow.",
        show_default="only where a table is doubtful",
    ),
]
File = Annotated[
    Path | None, typer.Option(help="Settings file.", show_default="jixiao.toml, if there is one")
]


def extract(
    raw: Raw = None,
    out: Out = None,
    work: Work = None,
    review: Review = None,
    year: Year = None,
    engine: Engine = None,
    address: Address = None,
    workers: Workers = None,
    strict: Strict = False,
    force: Force = None,
    second_opinion: Second = None,
    settings: File = None,
) -> None:
    """Read every file under RAW and publish the tables.

    One bad file never ends the run: it gets a status and a reason in the table `documents`.
    A second run does only what changed. RAW is never written to.
    """
    from pipeline.cli.progress import watching
    from pipeline.run import run
    from pipeline.settings import load_settings

    found = load_settings(
        settings,
        raw=raw,
        out=out,
        work=work,
        review=review,
        year=year,
        engine=engine,
        address=address,
        workers=workers,
        strict=strict or None,
        second_opinion=second_opinion,
    )
    if found.engine == "serial":
        from pipeline.exports.parquet import settle

        settle()  # as in a worker: this process writes tables and never asks for frames
    with watching() as progress:
        summary = run(found, progress, force)
    show(summary, found.out)
    raise typer.Exit(summary.exit_status(found.strict))


def show(summary: RunSummary, out: str) -> None:
    """Print the summary table, and last what could not be read."""
    from rich.console import Console
    from rich.table import Table

    from pipeline.places import shown

    table = Table(title=f"published to {shown(out)}", title_justify="left", show_header=False)
    for name, figure in figures(summary):
        table.add_row(name, figure)
    Console(highlight=False).print(table)
    if summary.dropped:
        typer.echo(
            f"note: {summary.dropped} file(s) of the last publish were not read this time and left the tables."
        )
    for line in summary.trouble:
        typer.echo(f"quarantined: {line}")
    if summary.quarantined:
        typer.echo(f"{summary.quarantined} file(s) quarantined; see table documents, status 'quarantined'.")


def figures(summary: RunSummary) -> list[tuple[str, str]]:
    """The lines of the summary table."""
    rows = summary.rows
    files = [(f"files {status}", str(count)) for status, count in summary.files.items()]
    return [
        *(files or [("files", "0")]),
        ("forms", str(rows["forms"])),
        ("indicators", str(rows["indicators"])),
        ("blank slots", str(rows["blank_slots"])),
        ("cells accounted for", f"{summary.cells_share:.2%} of {rows['cells']}"),
        ("findings", _by_severity(summary.findings)),
        ("issues", _by_severity(summary.issues)),
        ("seconds", f"{summary.seconds:.2f}"),
    ]


def _by_severity(counts: dict[str, int]) -> str:
    order = ("error", "warning", "info")
    return ", ".join(f"{counts[s]} {s}" for s in order if counts.get(s)) or "none"
