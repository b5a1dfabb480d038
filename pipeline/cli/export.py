"""``jixiao export`` and ``jixiao report``: the published tables as files for other readers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Clean = Annotated[str, typer.Option(help="Where the tables are published: a folder or a URL.")]
CLEAN = "data/clean"


def export(
    to: Annotated[str, typer.Option(help="Format: csv, xlsx, duckdb, sqlite or jsonl.")],
    out: Annotated[
        Path | None, typer.Option(help="File or folder to write.", show_default="in data/export")
    ] = None,
    clean: Clean = CLEAN,
) -> None:
    """Write all published tables in another format; csv and jsonl give a folder, the others one file."""
    from pipeline.exports.registry import export as export_tables
    from pipeline.exports.shelf import on_disk

    with on_disk(clean) as here:
        place, notices = export_tables(here, to, out)
    for notice in notices:
        typer.echo(f"note: {notice}")
    typer.echo(f"written: {place}")


def report(
    out: Annotated[Path, typer.Option(help="File to write.")] = Path("report.html"), clean: Clean = CLEAN
) -> None:
    """Write one self-contained page about the last publish: complete, sure, money, targets, doubts."""
    from pipeline.exports.shelf import on_disk
    from pipeline.report.page import report as write_report

    with on_disk(clean) as here:
        write_report(here, out)
    typer.echo(f"written: {out}")
