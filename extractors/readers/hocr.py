"""hOCR (Tesseract and others): words with boxes and scores inside an HTML page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lxml import etree

from extractors.errors import Damaged
from extractors.grid import Document
from extractors.readers.cells import Builder
from extractors.readers.encoding import decode
from extractors.records import points_scale
from extractors.source import SourceFile

if TYPE_CHECKING:
    from extractors.words import Word, WordPage

_MARK = re.compile(rb"""class\s*=\s*["']?[\w \t-]{0,99}?\bocr_page\b""")
_NUMBER = r"\s+(-?\d{1,7}(?:\.\d{1,9})?)"
_BOX = re.compile(rf"\bbbox{_NUMBER}{_NUMBER}{_NUMBER}{_NUMBER}")
_SCORE = re.compile(r"\bx_wconf\s+(\d{1,3}(?:\.\d+)?)")
_SCORES = re.compile(r"\bx_confs?((?:\s+\d{1,3}(?:\.\d{1,15})?)+)")  # one for each character
_RESOLUTION = re.compile(r"\bscan_res\s+(\d{1,5})")


class Hocr:
    """Reads hOCR 1.x; tables are found by lines and columns of words."""

    name = "hocr"
    version = "2"
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
            root = etree.fromstring(decode(source.data, "utf-8").text.encode(), parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise Damaged(f"{source.name}: the page is broken") from error
        if root is None:
            raise Damaged(f"{source.name}: the page is broken")
        builder = Builder(source, f"{self.name}/{self.version}")
        for number, page in enumerate(_of_class(root, "ocr_page"), 1):
            add_page(builder, _page(page, number))
        if b"</html" not in source.data[-4096:].lower():
            builder.cut_off()
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
    words = [word for e in _leaves(page) if (word := _word(e, scale))]
    rules = [box for e in _of_class(page, "ocr_separator") if (box := _box(e.get("title", ""), scale))]
    width = width * scale or max((word.box[2] for word in words), default=1.0)
    height = height * scale or max((word.box[3] for word in words), default=1.0)
    return WordPage(number, width, height, tuple(words), tuple(rules))


def _leaves(element: Any) -> list[Any]:
    """The innermost elements of hOCR with text and box: words; a line, a paragraph where no words are told."""
    kinds = element.get("class", "").split() if isinstance(element.tag, str) else []
    inner = [] if "ocrx_word" in kinds else [leaf for child in element for leaf in _leaves(child)]
    own = any(kind.startswith("ocr") for kind in kinds) and _BOX.search(element.get("title", ""))
    return inner or ([element] if own and "".join(element.itertext()).strip() else [])


def _word(element: Any, scale: float) -> Word | None:
    from extractors.words import Word

    title = element.get("title", "")
    box, text = _box(title, scale), " ".join("".join(element.itertext()).split())
    return Word(text, box, _score(title)) if box and text else None


def _score(title: str) -> float | None:
    """How sure a word is, 0…1: its own score, else that of its least sure character."""
    if whole := _SCORE.search(title):
        return min(float(whole[1]) / 100, 1.0)
    each = _SCORES.search(title)
    numbers = [float(number) for number in each[1].split()] if each else []
    if not numbers:
        return None
    return min(min(numbers) / (1 if max(numbers) <= 1 else 100), 1.0)


def _box(title: str, scale: float) -> tuple[float, float, float, float] | None:
    found = _BOX.search(title)
    if found is None:
        return None
    x0, y0, x1, y1 = (float(number) * scale for number in found.groups())
    return x0, y0, x1, y1


READER = Hocr()
