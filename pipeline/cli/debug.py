"""``jixiao debug``: what each step of the PDF reader saw on one page, in figures and drawn over it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from extractors.pdf.page import PageTrace


def debug(
    file: Annotated[Path, typer.Argument(help="A PDF file.")],
    page: Annotated[int, typer.Option(help="Number of the page, from 1.")] = 1,
    out: Annotated[
        Path | None, typer.Option(help="The picture to write.", show_default="FILE-pageN.png, here")
    ] = None,
    steps: Annotated[
        str | None,
        typer.Option(
            help="Steps to draw, with commas: chars, rules, edges, cells, lines.", show_default="all"
        ),
    ] = None,
) -> None:
    """Draw what each step of the PDF reader saw on a page, and print its figures.

    Grey: characters; blue: rules and fills; red: edges; green: cells; orange: lines outside tables.

    Example:  jixiao debug budget.pdf --page 3 --steps edges,cells --out page3.png
    """
    from extractors.errors import ExtractionError
    from extractors.pdf.draw import STEPS, draw_steps, trace_page
    from extractors.pdf.limits import PageTooComplexError
    from extractors.source import SourceFile
    from pipeline.picture import save
    from pipeline.settings import SettingsError

    wanted = tuple(s.strip() for s in steps.split(",")) if steps is not None else STEPS
    unknown = [s for s in wanted if s not in STEPS]
    if unknown:
        raise SettingsError(f"no step {', '.join(map(repr, unknown))}; there are: {', '.join(STEPS)}")
    try:
        source = SourceFile.from_path(file)
        if source.media_type != "application/pdf":
            raise SettingsError(f"{file}: only pages of PDF files are drawn; this is {source.media_type}")
        trace = trace_page(source, page)
    except (ExtractionError, IndexError) as error:
        raise SettingsError(str(error)) from error
    except PageTooComplexError as error:
        raise SettingsError(f"{file}: page {page} is passed over as too complex ({error})") from error
    typer.echo("\n".join(figures(trace)))
    target = out or Path(f"{file.stem}-page{page}.png")
    for path in save([(page, draw_steps(source, trace, wanted))], target):
        typer.echo(f"drawn: {path}")


def figures(trace: PageTrace) -> Iterator[str]:
    """What each step found, one line a step."""
    frame = trace.frame
    yield f"page {trace.number}: {frame.width:.0f} × {frame.height:.0f} pt as read"
    if trace.layer.needs_ocr:
        yield f"text:   none that can be used ({trace.layer.why}); this page needs OCR"
        return
    if trace.traceless:
        yield "text:   no ruling line and no word of a form: passed over after a first look"
        return
    rules = len(trace.shapes.rules) if trace.shapes else 0
    fills = len(trace.shapes.fills) if trace.shapes else 0
    level, upright = (len(e) if e is not None else 0 for e in (trace.level, trace.upright))
    yield f"chars:  {len(trace.chars or ())} upright, {len(trace.watermark or ())} slanted"
    yield f"rules:  {rules} rules, {fills} fills"
    yield f"edges:  {level} level, {upright} upright"
    for table in trace.tables:
        yield f"cells:  {table.rows} rows × {table.cols} columns, {len(table.places)} cells, made of {table.lattice.how}"
    yield f"lines:  {len(trace.lines)} outside tables"
