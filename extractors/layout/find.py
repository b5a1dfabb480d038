"""``find_forms``: the straight chain from a document to its forms, each step in its own module."""

from __future__ import annotations

from extractors.families.family import FALLBACK
from extractors.grid import Cell, Document, Doubt, TextBlock
from extractors.layout.account import FILLER
from extractors.layout.assemble import assemble, cells_of
from extractors.layout.assemble_list import assemble_list, find_listing
from extractors.layout.ending import with_doubt_of_end
from extractors.layout.forms import Form, Reading
from extractors.layout.lines import Line
from extractors.layout.printed import scanning_indexes
from extractors.layout.segment import segment
from extractors.layout.shapes import is_noise, shapes_of
from extractors.layout.stitch import Stitched, stitch


def find_forms(document: Document) -> Reading:
    """All forms of a document, and who claims which of its cells; never raises on any document.

    Args:
        document: as a reader gives it, grids as printed.

    Returns:
        A :class:`Reading`: forms in printed order; ``claims`` of what lies outside any form. Every
        non-empty cell and every block of the document is claimed once, in a form or outside.

    Example:
        >>> find_forms(Document("0" * 64, "text/plain", "example", ())).forms
        ()
    """
    scan, shapes = scanning_indexes(), shapes_of(FALLBACK)
    stitched = stitch(document, scan, shapes)
    forms: list[Form] = []
    outside: list[Line] = []
    doubts: list[Doubt] = []
    for part in segment(stitched.lines, scan, shapes):
        listing = find_listing(part, scan) if part.is_form else None
        if listing is not None and listing.projects:
            forms += assemble_list(part, listing, len(forms), stitched)
            continue
        if part.is_form and listing is None:
            forms.append(assemble(part, len(forms), scan, stitched))
            continue
        outside += part.lines + part.repeated_titles
        if part.is_report:
            doubts.append(Doubt("evaluation_report", (), None, {"title": part.title}))
        elif part.title:
            doubts.append(Doubt("title_without_form", (), None, {"title": part.title}))
    return _reading(with_doubt_of_end(forms, document), outside, stitched, doubts)


def _reading(forms: list[Form], outside: list[Line], stitched: Stitched, doubts: list[Doubt]) -> Reading:
    cells = tuple(cells_of(outside, stitched))
    blocks = tuple(line.block for line in outside if line.block is not None)
    items: tuple[Cell | TextBlock, ...] = (*cells, *blocks)
    claims = {item.id: FILLER if is_noise(item.text) else "noise:outside_form" for item in items}
    return Reading(tuple(forms), cells, blocks, claims, tuple(doubts))
