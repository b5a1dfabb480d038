"""``jixiao value`` and ``jixiao label``: one cell, read as the pipeline reads it, as JSON."""

from __future__ import annotations

from typing import Annotated

import typer


def value(
    text: Annotated[str, typer.Argument(help="The cell's text, such as 100余次 or ≥95%.")],
    unit: Annotated[str | None, typer.Option(help="Unit printed for the whole row or column.")] = None,
    label: Annotated[str | None, typer.Option(help="Name of the indicator (level 3).")] = None,
    level2: Annotated[str | None, typer.Option(help="Level-2 label, such as 成本指标.")] = None,
) -> None:
    """Print how one value is read, as JSON.

    Exact numbers stay exact: they are JSON numbers with all their printed digits.
    A text that begins with a minus sign goes after --, as in: jixiao value -- -5%
    """
    from normalizers import parse_value

    _print(parse_value(text, column_unit=unit, label=label, level2=level2))


def label(
    text: Annotated[str, typer.Argument(help="The printed label, such as 满意度指.")],
    level: Annotated[int | None, typer.Option(help="Only labels of this level, 1 or 2.")] = None,
    version: Annotated[
        str | None, typer.Option(help="Tree to look in: pilot, 2015, 2021 or ndrc.", show_default="all")
    ] = None,
) -> None:
    """Print which node of the indicator tree a label is, as JSON, with score, runner-up and reason.

    node_id is null where the text is no label: it is never guessed.
    """
    from normalizers import match_label

    _print(match_label(text, level=level, version=version))


def _print(found: object) -> None:
    import msgspec

    blob = msgspec.json.Encoder(decimal_format="number").encode(found)
    typer.echo(msgspec.json.format(blob, indent=2).decode())
