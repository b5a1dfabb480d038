"""pdfium's raw calls as the steps need them: cheap to call by the thousand, handles always closed.

pdfium is not thread-safe. The calls below keep Python's lock (``PYFUNCTYPE``), which is both safer and
faster than giving it up some thousand times a page. Addresses are plain integers, so that whole
columns of results are filled by one ``map`` into one buffer (see :func:`fill`).
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Self

import pypdfium2  # importing it initialises the library, once per process
import pypdfium2.raw as raw

from extractors.errors import Damaged, Encrypted

_P, _I, _F = ctypes.c_void_p, ctypes.c_int, ctypes.c_float
TEXT, PATH, IMAGE, SHADING, FORM = 1, 2, 3, 4, 5
_PASSWORD_ERROR = 4
_SECURITY_ERROR = 5
_PAGES = 50_000


def _call(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    address = ctypes.cast(getattr(raw, name), ctypes.c_void_p).value
    prototype = ctypes.PYFUNCTYPE(result, *arguments)
    return prototype(address)  # type: ignore[arg-type]


load_page = _call("FPDF_LoadPage", _P, _P, _I)
close_page = _call("FPDF_ClosePage", None, _P)
page_width = _call("FPDF_GetPageWidthF", _F, _P)
page_height = _call("FPDF_GetPageHeightF", _F, _P)
page_rotation = _call("FPDFPage_GetRotation", _I, _P)
page_bounds = _call("FPDF_GetPageBoundingBox", _I, _P, _P)
load_text = _call("FPDFText_LoadPage", _P, _P)
close_text = _call("FPDFText_ClosePage", None, _P)
count_chars = _call("FPDFText_CountChars", _I, _P)
get_text = _call("FPDFText_GetText", _I, _P, _I, _I, _P)
get_unicode = _call("FPDFText_GetUnicode", ctypes.c_uint, _P, _I)
loose_box = _call("FPDFText_GetLooseCharBox", _I, _P, _I, _P)
tight_box = _call("FPDFText_GetCharBox", _I, _P, _I, _P, _P, _P, _P)
char_angle = _call("FPDFText_GetCharAngle", _F, _P, _I)
map_error = _call("FPDFText_HasUnicodeMapError", _I, _P, _I)
char_object = _call("FPDFText_GetTextObject", _P, _P, _I)
render_mode = _call("FPDFTextObj_GetTextRenderMode", _I, _P)
count_objects = _call("FPDFPage_CountObjects", _I, _P)
get_object = _call("FPDFPage_GetObject", _P, _P, _I)
object_type = _call("FPDFPageObj_GetType", _I, _P)
object_bounds = _call("FPDFPageObj_GetBounds", _I, _P, _P, _P, _P, _P)
object_matrix = _call("FPDFPageObj_GetMatrix", _I, _P, _P)
fill_color = _call("FPDFPageObj_GetFillColor", _I, _P, _P, _P, _P, _P)
stroke_width = _call("FPDFPageObj_GetStrokeWidth", _I, _P, _P)
draw_mode = _call("FPDFPath_GetDrawMode", _I, _P, _P, _P)
count_segments = _call("FPDFPath_CountSegments", _I, _P)
get_segment = _call("FPDFPath_GetPathSegment", _P, _P, _I)
segment_point = _call("FPDFPathSegment_GetPoint", _I, _P, _P, _P)
segment_type = _call("FPDFPathSegment_GetType", _I, _P)
form_count = _call("FPDFFormObj_CountObjects", _I, _P)
form_object = _call("FPDFFormObj_GetObject", _P, _P, ctypes.c_ulong)


def fill(call: Callable[..., Any], *columns: Iterable[Any]) -> None:
    """Call ``call`` once per row of ``columns`` and drop what it returns: the loop runs in C."""
    deque(map(call, *columns), maxlen=0)


class PdfFile:
    """An open PDF. A context manager: leaving it closes the handle, so a worker's memory stays flat.

    An encrypted file that opens with the empty user password is simply open.
    Raises Encrypted and Damaged; ``name`` is what the messages call the file.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self._data = data  # pdfium reads from these bytes as long as the file is open
        self._handle: Any = raw.FPDF_LoadMemDocument64(data, len(data), None)
        self._name = name
        if not self._handle:
            code = raw.FPDF_GetLastError()
            if code in (_PASSWORD_ERROR, _SECURITY_ERROR):
                raise Encrypted(f"{name}: the PDF opens only with a password")
            raise Damaged(f"{name}: pdfium cannot open the PDF (error {code})")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the handle; closing twice does nothing."""
        if self._handle:
            raw.FPDF_CloseDocument(self._handle)
            self._handle = None

    def __len__(self) -> int:
        return int(raw.FPDF_GetPageCount(self._handle))

    def pages_checked(self) -> int:
        """The number of pages. Raises Damaged when there is none, or more than any document has."""
        count = len(self)
        if count <= 0:
            raise Damaged(f"{self._name}: the PDF has no page")
        if count > _PAGES:
            raise Damaged(f"{self._name}: the PDF claims {count} pages")
        return count

    @contextmanager
    def page(self, index: int) -> Iterator[int]:
        """The raw handle of page ``index`` (0-based), 0 when pdfium cannot load it; closed on leaving."""
        handle = load_page(self._handle, index) or 0
        try:
            yield handle
        finally:
            if handle:
                close_page(handle)

    def image(self, index: int, scale: float) -> Any:
        """Page ``index`` (0-based) as displayed, as a PIL image of ``scale`` pixels a point."""
        with pypdfium2.PdfDocument(self._data) as document:
            page = document[index]
            try:
                return page.render(scale=scale).to_pil().convert("RGB")
            finally:
                page.close()


@contextmanager
def text_page(page: int) -> Iterator[int]:
    """The text layer of a loaded page; 0 when there is none. Closed on leaving."""
    handle = load_text(page) or 0
    try:
        yield handle
    finally:
        if handle:
            close_text(handle)
