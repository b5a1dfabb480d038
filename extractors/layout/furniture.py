"""What stands beside the fields of a form: furniture, notes, the year, headings of its chapters."""

from __future__ import annotations

from collections.abc import Container

from extractors.grid import TextBlock
from extractors.layout.account import FILLER, LABEL
from extractors.layout.label_index import unnumbered
from extractors.layout.lines import Line, Spot
from extractors.layout.printed import Indexes
from extractors.layout.shapes import Shapes, is_noise, key_of

_PURPOSE = 12  # characters from which on a text inside the money block says what the money is for


def furniture_of(
    item: TextBlock | Spot, known: Container[str], index: Indexes, shapes: Shapes
) -> str | tuple[str, str, str] | None:
    """What a text that is no field of its own stands for.

    Args:
        item: the text.
        known: the fields found so far; behind a note the numbered lines are more of it.
        index: the family's label indexes.
        shapes: the family's shape patterns.

    Returns:
        a claim, or the slot, its text and how it was told, or None for a text of the form's own.
    """
    key = key_of(item.text)
    if is_noise(item.text):
        return FILLER
    if shapes.is_("page_number", key):
        return "noise:page_number"
    if shapes.is_("footnote", key) or ("note" in known and shapes.is_("note_more", key)):
        return "note", item.text.strip(), "note"
    if shapes.is_("year_line", key):
        return "fiscal_year", shapes.find("year", key), "year line"
    if shapes.is_("months", key):
        return "report_months", item.text.strip(), "line of months"
    if shapes.is_("date", key.strip("()")):
        return "filled_on", item.text.strip(), "date line"
    if shapes.is_("attachment", key):
        return "noise:attachment_number"
    return LABEL if isinstance(item, Spot) and is_heading(item, index) else None


def is_heading(spot: Spot, index: Indexes) -> bool:
    """Whether a row's only text heads the indicator block (四、绩效指标).

    >>> from extractors.grid import Cell, Locator
    >>> from extractors.layout.lines import spot_of
    >>> cell = Cell("c", "四、绩效指标", 0, 0, 1, 7, Locator(line=1))
    >>> from extractors.layout.printed import indexes_of
    >>> is_heading(spot_of(cell, 0), indexes_of("generic"))
    True
    """
    hit = index.columns.find(unnumbered(spot.text))
    return hit is not None and hit.slot == "section" and hit.how != "fuzzy" and not hit.rest


def is_purpose(line: Line, index: Indexes) -> bool:
    """Whether a row's only text stands inside the money block, beside its label, and is no amount.

    The targets of Hebei print there what the money is for (预算规模及资金用途).
    """
    if len(line.spots) != 1 or len(line.spots[0].key) < _PURPOSE:
        return False
    hits = (index.money_section.find(spot.text) for spot in line.covered)
    return any(hit is not None and not hit.rest for hit in hits)
