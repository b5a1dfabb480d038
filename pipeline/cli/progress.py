"""Progress of a run: a bar with rate, time left and counts on a terminal, a plain line elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from pipeline.watch import Progress as State

_EVERY = 10.0  # seconds between plain lines


@contextmanager
def watching() -> Iterator[Callable[[State], None]]:
    """Give a progress callback; the bar goes to stderr and is gone when the run ends."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _plain()
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[counts]}"),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("collect", total=None, rate="", counts="")

        def advance(state: State) -> None:
            bar.update(
                task,
                description=state.phase,
                completed=state.done,
                total=state.total or None,
                rate=f"{state.rate:.1f} files/s",
                counts=", ".join(f"{n} {status}" for status, n in sorted(state.counts.items())),
            )

        yield advance


def _plain() -> Callable[[State], None]:
    last = time.monotonic()

    def advance(state: State) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _EVERY:
            last = now
            typer.echo(state.line(), err=True)

    return advance
