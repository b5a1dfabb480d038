"""ALTO XML (versions 1 to 4): words with boxes and scores, page by page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from extractors.errors import Damaged
from extractors.grid import Document
from extractors.parts import attribute, local, xml_of
from extractors.readers.cells import Builder
from extractors.records import points_scale
from extractors.sniff import XML
from extractors.source import SourceFile

if TYPE_CHECKING:
    from extractors.words import Word, WordPage

_ROOT = re.compile(rb"<(?:[\w.-]+:)?alto[\s>]")
_UNITS = {"mm10": 72 / 254, "inch1200": 72 / 1200}  # points in one unit; a pixel has none of its own


class Alto:
    """Reads ALTO; the text is what the system recognised, tables are found by lines and columns."""

    name = "alto"
    version = "2"
    media_types = frozenset({XML})
    needs = ""

    def bid(self, source: SourceFile) -> float:
        """How well this reader fits: the root says so."""
        return 0.9 if _ROOT.search(source.data[:8192]) else 0.0

    def read(self, source: SourceFile) -> Document:
        """The words of all pages. Raises Damaged, TooLarge and Empty."""
        from extractors.words import add_page

        root = xml_of(source.data, source.name)
        if local(root) != "alto":
            raise Damaged(f"{source.name}: the root of ALTO is alto")
        unit = next((e.text or "" for e in root.iter() if local(e) == "MeasurementUnit"), "pixel").strip()
        builder = Builder(source, f"{self.name}/{self.version}")
        pages = [e for e in root.iter() if local(e) == "Page"]
        for number, page in enumerate(pages, 1):
            add_page(builder, _page(page, number, unit))
        return builder.document()


def _page(page: Any, number: int, unit: str) -> WordPage:
    from extractors.words import WordPage

    width, height = _number(page, "WIDTH"), _number(page, "HEIGHT")
    scale = _UNITS.get(unit) or points_scale(width, height)
    words = [_word(e, scale) for e in page.iter() if local(e) == "String"]
    rules = [_box(e, scale) for e in page.iter() if local(e) == "GraphicalElement"]
    width = width * scale or max((word.box[2] for word in words), default=1.0)
    height = height * scale or max((word.box[3] for word in words), default=1.0)
    return WordPage(number, width, height, tuple(w for w in words if w.text), tuple(rules))


def _word(element: Any, scale: float) -> Word:
    from extractors.words import Word

    score = _number(element, "WC", -1.0)
    return Word(
        attribute(element, "CONTENT").strip(), _box(element, scale), score if 0 <= score <= 1 else None
    )


def _box(element: Any, scale: float) -> tuple[float, float, float, float]:
    if local(element) == "String" and not (_number(element, "WIDTH") and _number(element, "HEIGHT")):
        line = element.getparent()  # systems that recognise whole lines give the box to the line alone
        element = line if line is not None and local(line) == "TextLine" else element
    x, y = _number(element, "HPOS") * scale, _number(element, "VPOS") * scale
    return x, y, x + _number(element, "WIDTH") * scale, y + _number(element, "HEIGHT") * scale


def _number(element: Any, name: str, default: float = 0.0) -> float:
    try:
        number = float(attribute(element, name, str(default)))
    except ValueError:
        return default
    return number if abs(number) < 1e9 else default


READER = Alto()
