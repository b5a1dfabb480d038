"""Pages of originals for the page view: drawn when asked for, kept while they may be asked for again.

Boxes are in points of the page as displayed; a picture comes with its scale in pixels a point. Red
regions (seals) are looked for on pages that were read by OCR, where they can hide print.
"""

from __future__ import annotations

import io
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from extractors.errors import ExtractionError
from extractors.layout.forms import Form
from pipeline.provenance.trail import stored_form
from pipeline.review.archive import Row, name_of
from pipeline.storage.originals import DRAWN, PDF, original
from pipeline.storage.pages import page_of
from pipeline.summary import read_run

SCALE = 2.5  # pixels a point: sharp at twice the size at which a page fits half a screen
_PAGES, _FILES, _LAYOUTS = 48, 3, 64
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn page: PNG or JPEG bytes, its size in points, and the boxes of red ink on it in points."""

    blob: bytes
    media_type: str
    width: float
    height: float
    seals: tuple[tuple[float, float, float, float], ...] = ()


class Kept:
    """The last few things asked for, by key.

    >>> kept = Kept(1); kept.get("a", lambda: 1), kept.get("a", lambda: 2), kept.get("b", lambda: 3)
    (1, 1, 3)
    """

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, Lock()
        self._found: OrderedDict[Any, Any] = OrderedDict()

    def get(self, key: Any, make: Callable[[], _T]) -> _T:
        """What is kept under a key, made now where nothing is."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                found: _T = self._found[key]
                return found
        made = make()
        with self._lock:
            self._found[key] = made
            while len(self._found) > self._most:
                self._found.popitem(last=False)
        return made


class Pages:
    """The pages of the originals under a work folder; ``clean`` says how the run was made."""

    def __init__(self, work: Path, clean: Path) -> None:
        self._work, self._clean = work, clean
        self._pictures, self._files, self._layouts = Kept(_PAGES), Kept(_FILES), Kept(_LAYOUTS)
        self._drawing = Lock()  # PDFium does one thing at a time

    def drawn(self, document: Row) -> bool:
        """Whether a document's kind has pages that can be drawn."""
        return document["media_type"] in DRAWN

    def picture(self, document: Row, page: int) -> Picture | None:
        """A page (1-based); None where the original is gone, was changed, or has no such page."""
        if not self.drawn(document):
            return None
        key = (document["document_id"], page)
        return self._pictures.get(key, lambda: self._draw(document, page))

    def _draw(self, document: Row, page: int) -> Picture | None:
        key = document["document_id"]
        with self._drawing:
            data = self._files.get(key, lambda: original(self._work, key))
            if data is None:
                return None
            try:
                image, scale = page_of(data, document["media_type"], name_of(document), page, SCALE)
            except (ExtractionError, IndexError):
                return None
        scanned = document["media_type"] != PDF or "scan" in str(document["reader"])
        blob = io.BytesIO()
        image = image.convert("RGB")
        if scanned:
            image.save(blob, "JPEG", quality=88)
        else:
            image.save(blob, "PNG", compress_level=1)
        return Picture(
            blob.getvalue(),
            "image/jpeg" if scanned else "image/png",
            round(image.width / scale, 2),
            round(image.height / scale, 2),
            _seals(image, scale) if scanned else (),
        )

    def layout(self, archive_key: str, document: Row, form_no: int) -> Form | None:
        """The form as the layout understood it, where the work folder still holds it."""

        def find() -> Form | None:
            settings = (read_run(self._clean) or {}).get("settings", {})
            try:
                return stored_form(self._work, document, form_no, settings.get("second_opinion", ""))
            except OSError:
                return None

        return self._layouts.get((archive_key, document["document_id"], form_no), find)

    def boxes(self, cells: list[Row], form: Form | None, page: int) -> list[dict[str, Any]]:
        """The rectangles on a page of a form's cells, with those of their parts on other pages joined in."""
        found = [
            _box(
                cell["cell_id"],
                (cell["x0"], cell["y0"], cell["x1"], cell["y1"]),
                "joined" in (cell["inferred"] or ()),
            )
            for cell in cells
            if cell["page"] == page and cell["x0"] is not None
        ]
        known = {cell["cell_id"] for cell in cells}
        parts = [(cell.id, at) for cell in (form.cells if form is not None else ()) for at in cell.more_at]
        found += [
            _box(cell, (at.box.x0, at.box.y0, at.box.x1, at.box.y1), joined=True)
            for cell, at in parts
            if cell in known and at.page == page and at.box is not None
        ]
        return found


def _box(cell_id: str, corners: tuple[float, float, float, float], joined: bool) -> dict[str, Any]:
    return {"cell": cell_id, "box": [round(v, 2) for v in corners], "joined": joined}


def _seals(image: Any, scale: float) -> tuple[tuple[float, float, float, float], ...]:
    import numpy as np

    from extractors.imaging.seals import take_out_red

    regions = take_out_red(np.ascontiguousarray(np.asarray(image)[:, :, ::-1])).regions
    outer = [r for r in regions if not any(_inside(r, other) for other in regions if other != r)]
    return tuple((a / scale, b / scale, c / scale, d / scale) for a, b, c, d in outer)


def _inside(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether a box lies in another: the star of a seal is a region of its own.

    >>> _inside((2, 2, 3, 3), (1, 1, 4, 4)), _inside((0, 2, 3, 3), (1, 1, 4, 4))
    (True, False)
    """
    return one[0] >= other[0] and one[1] >= other[1] and one[2] <= other[2] and one[3] <= other[3]
