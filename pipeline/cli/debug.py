"""``jixiao debug``: what each step of the reader saw on one page, in figures and drawn over it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from extractors.ocr.draw import ScanTrace
    from extractors.pdf.page import PageTrace
    from extractors.source import SourceFile


def debug(
    file: Annotated[Path, typer.Argument(help="A PDF file or an image of pages.")],
    page: Annotated[int, typer.Option(help="Number of the page, from 1.")] = 1,
    out: Annotated[
        Path | None, typer.Option(help="The picture to write.", show_default="FILE-pageN.png, here")
    ] = None,
    steps: Annotated[
        str | None,
        typer.Option(
            help="Steps to draw, with commas: chars, rules, edges, cells, lines; "
            "of a scan: seals, mesh, rules, lines, cells, clean.",
            show_default="all",
        ),
    ] = None,
) -> None:
    """Draw what each step of the reader saw on a page, and print its figures.

    Grey: characters; blue: rules and fills; red: edges; green: cells; orange: lines outside tables.
    Of a scanned page, over the page as received: amber: seals; violet: the straight page's mesh;
    blue: rulings; orange: lines of text; green and red: cells read well and doubtfully. clean draws the
    straightened page, as it was read, into a second picture.

    Example:  jixiao debug budget.pdf --page 3 --steps edges,cells --out page3.png
    """
    from extractors.errors import ExtractionError
    from extractors.pdf.limits import PageTooComplexError
    from extractors.source import SourceFile
    from pipeline.provenance.picture import save
    from pipeline.settings import SettingsError
    from pipeline.storage.originals import DRAWN

    asked = tuple(s.strip() for s in steps.split(",")) if steps is not None else None
    try:
        source = SourceFile.from_path(file)
        if source.media_type not in DRAWN:
            raise SettingsError(
                f"{file}: only pages of PDF files are drawn, and those of images; this is {source.media_type}"
            )
        said, images = _drawn(source, page, asked)
    except (ExtractionError, IndexError) as error:
        raise SettingsError(str(error)) from error
    except PageTooComplexError as error:
        raise SettingsError(f"{file}: page {page} is passed over as too complex ({error})") from error
    typer.echo("\n".join(said))
    target = out or Path(f"{file.stem}-page{page}.png")
    for path in save([(page, image) for image in images], target):
        typer.echo(f"drawn: {path}")


def _drawn(source: SourceFile, page: int, asked: tuple[str, ...] | None) -> tuple[list[str], list[Any]]:
    """The figures and the pictures of one page, by the reader that would read it."""
    if source.media_type == "application/pdf":
        from extractors.pdf.draw import STEPS, draw_steps, trace_page

        trace = trace_page(source, page)
        if not trace.layer.needs_ocr:
            return list(figures(trace)), [draw_steps(source, trace, _known(asked, STEPS))]
    from extractors.ocr.draw import STEPS as SCANNED
    from extractors.ocr.draw import draw_scan, trace_scan
    from extractors.ocr.rapidocr import default_engine

    wanted = _known(asked, SCANNED)
    seen = trace_scan(source, page, default_engine())
    return list(scan_figures(seen)), draw_scan(seen, wanted)


def _known(asked: tuple[str, ...] | None, steps: tuple[str, ...]) -> tuple[str, ...]:
    from pipeline.settings import SettingsError

    unknown = [s for s in asked or () if s not in steps]
    if unknown:
        raise SettingsError(f"no step {', '.join(map(repr, unknown))}; there are: {', '.join(steps)}")
    return steps if asked is None else asked


def figures(trace: PageTrace) -> Iterator[str]:
    """What each step found on a page with a text layer, one line a step."""
    frame = trace.frame
    yield f"page {trace.number}: {frame.width:.0f} × {frame.height:.0f} pt as read"
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


def scan_figures(trace: ScanTrace) -> Iterator[str]:
    """What each step found on a page that is a picture, one line a step."""
    width, height = trace.points
    pixels = "×".join(map(str, trace.page.size))
    yield f"page {trace.number}: {width:.0f} × {height:.0f} pt, a picture of {pixels} pixels at {trace.page.dpi:.0f} dpi"
    if trace.prepared is None:
        yield "print:  nothing like a character stands on it"
        return
    steps = [type(step).__name__.lower() for step in trace.prepared.trail.steps]
    yield f"seals:  {len(trace.read.seals or trace.prepared.seals)} red regions"
    yield f"mesh:   turned {trace.read.turns * 90}°, then {', '.join(steps) or 'nothing to straighten'}"
    yield f"rules:  characters {trace.prepared.rules.em:.0f} pixels high, {len(trace.lattices)} ruled grids"
    for table in trace.read.tables:
        sures = [cell.reading.sure for cell in table.cells if cell.reading.sure is not None]
        doubtful = sum(1 for cell in table.cells if cell.reading.reasons)
        sealed = sum(1 for cell in table.cells if cell.reading.sealed)
        yield (
            f"cells:  {table.rows} rows × {table.cols} columns, {len(table.cells)} cells ({table.how}), "
            f"{len(sures)} read, {doubtful} doubtful, {sealed} under red ink, least sure {min(sures, default=1):.2f}"
        )
    yield f"lines:  {len(trace.read.lines)} outside tables, {trace.read.unread} given up"
