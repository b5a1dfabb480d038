"""``jixiao review``: the local page on which people decide what the machine may not."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

CLEAN, WORK, REVIEW = Path("data/clean"), Path("data/work"), Path("data/review")


def review(
    clean: Annotated[Path, typer.Option(help="Where the tables are published.")] = CLEAN,
    work: Annotated[Path, typer.Option(help="Where stage results are kept.")] = WORK,
    review: Annotated[Path, typer.Option(help="Where decisions are kept; belongs into git.")] = REVIEW,
    port: Annotated[int, typer.Option(help="Port on this machine.", show_default="any free one")] = 0,
    who: Annotated[
        str | None,
        typer.Option(help="Who signs the decisions.", show_default="git's user.name, or the login"),
    ] = None,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the browser.")] = True,
    check: Annotated[
        bool, typer.Option("--check", help="Only say which decisions are stale, orphaned or in conflict.")
    ] = False,
) -> None:
    """Open the review page in the browser: doubtful forms first, the page beside the row.

    Decisions go to data/review as YAML and are published by the next jixiao extract. The page is
    served to this machine only. With --check nothing is opened; the exit status is 3 if some
    decision no longer holds.
    """
    if check:
        from pipeline.review.check import check as unsound

        said = unsound(review, clean)
        typer.echo("\n".join(said) or "all decisions are applied")
        raise typer.Exit(3 if said else 0)
    from pipeline.review.server import Server, signer

    signing = (who or "").strip() or signer()
    with Server(clean, work, review, signing, port) as server:
        typer.echo(f"review page: {server.address()}")
        typer.echo(f"decisions are signed {signing!r}; --who NAME signs otherwise")
        more = "; press Enter for another one" if sys.stdin.isatty() else ""
        typer.echo(f"each address is good for one browser{more}")
        typer.echo("Ctrl+C ends the page, what is saved is saved")
        if more:
            server.more(sys.stdin, lambda address: typer.echo(f"another browser: {address}"))
        if open_browser:
            typer.launch(server.address())
        server.wait()
