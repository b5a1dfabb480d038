"""``jixiao prune``: drop stored results that the last publish does not refer to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def prune(
    out: Annotated[
        str | None,
        typer.Option("--clean", "--out", help="Where the tables are published.", show_default="data/clean"),
    ] = None,
    work: Annotated[
        str | None, typer.Option(help="Where stage results are kept.", show_default="data/work")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
    settings: Annotated[
        Path | None, typer.Option(help="Settings file.", show_default="jixiao.toml, if there is one")
    ] = None,
) -> None:
    """Drop the stored results of documents and versions of the code that are no longer published.

    The tables are never touched. What the last publish was made of is kept: the next run of the same
    files makes nothing again.
    """
    from pipeline.running.prune import prune_places
    from pipeline.settings import load_settings

    found = prune_places(load_settings(settings, out=out, work=work), dry=dry_run)
    for stage, count in sorted(found.results.items()):
        typer.echo(f"{stage + ':':12}{count} result(s) {'would be ' if dry_run else ''}dropped")
    typer.echo(f"{'originals:':12}{found.originals} file(s) {'would be ' if dry_run else ''}dropped")
    if not dry_run:
        typer.echo(f"the store shrank by {found.bytes / 1e6:.1f} MB")
