"""hOCR (Tesseract and others): words with boxes and scores inside an HTML page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lxml import etree

from extractors.errors import Damaged
from extractors.grid import Document
from extractors.readers.cells import Builder
from extractors.records import points_scale
from extractors.source import SourceFile

if TYPE_CHECKING:
    from extractors.words import Word, WordPage

_MARK = re.compile(rb"""class\s*=\s*["']ocr_page""")
_BOX = re.compile(r"\bbbox\s+(-?\d{1,7})\s+(-?\d{1,7})\s+(-?\d{1,7})\s+(-?\d{1,7})")
_SCORE = re.compile(r"\bx_wconf\s+(\d{1,3}(?:\.\d+)?)")
_RESOLUTION = re.compile(r"\bscan_res\s+(\d{1,5})")


class Hocr:
    """Reads hOCR 1.x; tables are found by lines and columns of words."""

    name = "hocr"
    version = "1"
    media_types = frozenset({"text/html"})
    needs = ""

    def bid(self, source: SourceFile) -> float:
        """How well this reader fits: better than a plain page's where a page of hOCR is marked."""
        return 0.95 if _MARK.search(source.data) else 0.0

    def read(self, source: SourceFile) -> Document:
        """The words of all pages. Raises Damaged, TooLarge and Empty."""
        from extractors.words import add_page

        parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)
        try:
            root = etree.fromstring(source.data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise Damaged(f"{source.name}: the page is broken") from error
        if root is None:
            raise Damaged(f"{source.name}: the page is broken")
        builder = Builder(source, f"{self.name}/{self.version}")
        for number, page in enumerate(_of_class(root, "ocr_page"), 1):
            add_page(builder, _page(page, number))
        return builder.document()


def _of_class(root: Any, *names: str) -> list[Any]:
    return [e for e in root.iter(etree.Element) if set(e.get("class", "").split()) & set(names)]


def _page(page: Any, number: int) -> WordPage:
    from extractors.words import WordPage

    title = page.get("title", "")
    size = _BOX.search(title)
    width, height = (float(size[3]), float(size[4])) if size else (0.0, 0.0)
    dots = _RESOLUTION.search(title)
    scale = points_scale(width, height, float(dots[1]) if dots else None)
    elements = _of_class(page, "ocrx_word") or _of_class(page, "ocr_line", "ocrx_line")
    words = [word for e in elements if (word := _word(e, scale))]
    rules = [box for e in _of_class(page, "ocr_separator") if (box := _box(e.get("title", ""), scale))]
    width = width * scale or max((word.box[2] for word in words), default=1.0)
    height = height * scale or max((word.box[3] for word in words), default=1.0)
    return WordPage(number, width, height, tuple(words), tuple(rules))


def _word(element: Any, scale: float) -> Word | None:
    from extractors.words import Word

    title = element.get("title", "")
    box, text = _box(title, scale), "".join("".join(element.itertext()).split())
    if box is None or not text:
        return None
    score = _SCORE.search(title)
    return Word(text, box, min(float(score[1]) / 100, 1.0) if score else None)


def _box(title: str, scale: float) -> tuple[float, float, float, float] | None:
    found = _BOX.search(title)
    if found is None:
        return None
    x0, y0, x1, y1 = (float(number) * scale for number in found.groups())
    return x0, y0, x1, y1


READER = Hocr()
