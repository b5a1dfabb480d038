"""The command ``jixiao``: thin commands over what the packages offer to every caller.

Exit status: 0 done, 3 done but something was quarantined and ``--strict`` was given, 2 asked
wrongly (usage, settings, folders), 1 a fault of ours.
"""

from __future__ import annotations

import logging
import sys

import typer

from pipeline.cli import debug, export, extract, look, parse, prune, review
from pipeline.settings import SettingsError

LOG = logging.getLogger("jixiao.cli")
app = typer.Typer(
    name="jixiao",
    help=(
        "Turn archives of Chinese government budget-performance forms into audited Parquet tables.\n\n"
        "Start with:  jixiao extract  (reads data/raw, publishes data/clean), then  jixiao status."
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (
    extract.extract,
    look.status,
    look.explain,
    debug.debug,
    parse.value,
    parse.label,
    look.doctor,
    look.schema,
    look.rules,
    look.issues,
    export.export,
    export.report,
    prune.prune,
    review.review,
):
    app.command()(command)


def main() -> None:
    """Run the command line and leave with the contract's exit status."""
    try:
        app()
    except (SettingsError, OSError) as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(2)
    except Exception:
        LOG.exception("error: this is a fault of jixiao, not of your files; the last publish stands")
        sys.exit(1)
