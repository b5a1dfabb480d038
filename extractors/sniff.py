"""What kind of file some bytes are: by content first, by name second.

Signatures are those of the formats' own specifications (PDF 32000-1 §7.5.2, PNG, JFIF, TIFF 6,
BMP, RIFF/WebP, APPNOTE.TXT for ZIP, MS-CFB for OLE, GB/T 33190 for OFD).
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePosixPath

_OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = _OFFICE + "wordprocessingml.document"
XLSX = _OFFICE + "spreadsheetml.sheet"
MHTML = "multipart/related"
JSON = "application/json"
XML = "application/xml"
ZIP = "application/zip"
OLE = "application/x-ole-storage"
EMPTY = "application/x-empty"
BINARY = "application/octet-stream"
TEXT = "text/plain"

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"{\\rtf", "application/rtf"),
)
_TEXT_BY_SUFFIX = {
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".tab": "text/tab-separated-values",
}
_SUFFIXES: dict[str, tuple[str, ...]] = {
    ".pdf": ("application/pdf",),
    ".png": ("image/png",),
    ".jpg": ("image/jpeg",),
    ".jpeg": ("image/jpeg",),
    ".tif": ("image/tiff",),
    ".tiff": ("image/tiff",),
    ".bmp": ("image/bmp",),
    ".webp": ("image/webp",),
    ".zip": (ZIP, DOCX, XLSX, "application/ofd"),
    ".docx": (DOCX,),
    ".xlsx": (XLSX,),
    ".xlsm": (XLSX,),
    ".ofd": ("application/ofd",),
    ".doc": ("application/msword",),
    ".wps": ("application/msword",),
    ".rtf": ("application/rtf",),
    ".xls": ("application/vnd.ms-excel",),
    ".et": ("application/vnd.ms-excel", XLSX),
    ".mht": (MHTML,),
    ".mhtml": (MHTML,),
    ".eml": (MHTML,),
    ".json": (JSON,),
    ".xml": (XML, "text/html"),
    ".hocr": ("text/html",),
    ".htm": ("text/html",),
    ".html": ("text/html",),
    ".txt": (TEXT, "text/csv", "text/tab-separated-values", "text/markdown"),
    ".csv": ("text/csv", TEXT),
    ".tsv": ("text/tab-separated-values", TEXT),
    ".md": ("text/markdown", TEXT),
}
# Possessive: a head of blanks or comments must cost no more than its length.
_SHEET = re.compile(r"<(?:\w+:)?Workbook\b[^>]*urn:schemas-microsoft-com:office:spreadsheet")
_PAGE = re.compile(
    r"(?:(?:<\?xml[^>]*+>|<!--(?:[^-]|-(?!->))*+-->)\s*+)*+<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE,
)
# The head of a saved page is a mail's: header lines, one of which says that the parts belong together.
_SAVED = re.compile(
    r"(?:[\w-]{1,40}+:[^\n]*+\n(?:[ \t][^\n]*+\n)*+){0,40}?content-type:\s*+multipart/(?:related|alternative|mixed)",
    re.IGNORECASE,
)
_JSON = re.compile(r"""(?:\[\s*+(?:\]\s*+,\s*+)?+){0,99}+\{\s*+"[^"\n]{1,200}+"\s*+:""")
_HEAD = 65_536
# Bytes that no text file of any supported encoding holds in number (tab, LF, VT, FF, CR, ESC may stand).
_CONTROL = bytes(set(range(32)) - {9, 10, 11, 12, 13, 27}) + b"\x7f"

_BITMAP_HEADERS = frozenset({12, 40, 52, 56, 64, 108, 124})  # bytes, from OS/2 1.x to Windows version 5


def sniff(data: bytes, name: str = "") -> str:
    """The media type of a file; ``application/x-empty`` and ``application/octet-stream`` included.

    ``data`` should be the whole file (ZIP kinds are told by their members), ``name`` its name.

    >>> sniff(b"%PDF-1.7 ...", "a.txt"), sniff(b"", "a.txt"), sniff(b"a,b", "a.csv")
    ('application/pdf', 'application/x-empty', 'text/csv')
    """
    if not data:
        return EMPTY
    return _by_signature(data) or _by_text(data, PurePosixPath(name.replace("\\", "/")).suffix.lower())


def contradicts(name: str, media_type: str) -> bool:
    """Whether a known suffix says something else than the content.

    >>> contradicts("a.pdf", "image/png"), contradicts("a.txt", "text/plain"), contradicts("a", "text/plain")
    (True, False, False)
    """
    allowed = _SUFFIXES.get(PurePosixPath(name.replace("\\", "/")).suffix.lower())
    return allowed is not None and media_type != EMPTY and media_type not in allowed


def _is_bitmap(data: bytes) -> bool:
    """Whether a file that begins with ``BM`` is a bitmap, cut off or whole: its header has one of the known sizes."""
    whole = int.from_bytes(data[2:6], "little") in (0, len(data))
    return whole or int.from_bytes(data[14:18], "little") in _BITMAP_HEADERS


def _by_signature(data: bytes) -> str | None:
    for signature, media_type in _SIGNATURES:
        if data.startswith(signature):
            return media_type
    if b"%PDF-" in data[:1024]:
        return "application/pdf"
    if data.startswith(b"BM") and _is_bitmap(data):
        return "image/bmp"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _ole_kind(data)
    return None


def _zip_kind(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return ZIP
    for member, media_type in (
        ("word/document.xml", DOCX),
        ("xl/workbook.xml", XLSX),
        ("xl/workbook.bin", XLSX),
        ("OFD.xml", "application/ofd"),
    ):
        if member in names:
            return media_type
    return ZIP


def _ole_kind(data: bytes) -> str:
    # Directory entries are UTF-16LE names; the main stream's name tells the program (MS-CFB 2.6).
    for stream, media_type in (
        ("WordDocument", "application/msword"),
        ("Workbook", "application/vnd.ms-excel"),
        ("Book", "application/vnd.ms-excel"),
        ("EncryptedPackage", OLE),
    ):
        if stream.encode("utf-16-le") in data:
            return media_type
    return OLE


def _by_text(data: bytes, suffix: str) -> str:
    head = data[:_HEAD]
    wide = wide_codec(head)
    if wide is None and looks_binary(head):
        return BINARY
    text = head.decode(wide or "latin-1", errors="replace").lstrip("\ufeff\xef\xbb\xbf \t\r\n")
    if found := _structured(text):
        return found
    if suffix not in (".html", ".htm") and _PAGE.match(text) and _one_page(text, data):
        return "text/html"
    if suffix in (".html", ".htm") and re.search(r"<[a-zA-Z/!]", text):
        return "text/html"
    if "<table" in text.lower():
        return "text/markdown" if suffix in (".md", ".markdown") else TEXT
    return _TEXT_BY_SUFFIX.get(suffix, TEXT)


def _structured(text: str) -> str | None:
    """Saved pages, JSON and XML that is no page; a text that merely begins alike stays text."""
    if _SAVED.match(text[:8192]) and "mime-version:" in text[:8192].lower():
        return MHTML
    if _JSON.match(text):
        return JSON
    if text.startswith("<?xml") and not _PAGE.match(text) and "<table" not in text.lower():
        return XML
    if text.startswith(("<?xml", "<Workbook")) and _SHEET.search(text[:8192]):
        return XML
    return XML if re.match(r"<(?:[\w.-]+:)?alto[\s>]", text) else None


def _one_page(text: str, data: bytes) -> bool:
    """Whether this is one page from end to end; OCR models wrap each table of a text in its own ``<html>``."""
    head = text[:2000].lower()
    if "<!doctype" in head or "<head" in head:
        return True
    return text.lower().count("</html") <= 1 and data[-2000:].replace(b"\x00", b"").rstrip().lower().endswith(
        b"</html>"
    )


def wide_codec(head: bytes) -> str | None:
    r"""The UTF-16 or UTF-32 codec of some bytes, by mark or by where the zero bytes of tabs and line ends stand.

    >>> wide_codec("表\t一\n二\t三\n".encode("utf-16-le")), wide_codec(b"plain\n")
    ('utf-16-le', None)
    """
    for mark, codec in (
        (b"\xff\xfe\x00\x00", "utf-32"),
        (b"\x00\x00\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if head.startswith(mark):
            return codec
    if b"\x00" not in head:
        return None
    low, high = head[0::2], head[1::2]
    marks = b"\t\n\r 0123456789|<>,"
    little = sum(1 for a, b in zip(low, high, strict=False) if b == 0 and a in marks)
    big = sum(1 for a, b in zip(low, high, strict=False) if a == 0 and b in marks)
    best, other = max(little, big), min(little, big)
    if best < 1 or other * 10 > best or head.count(0) > best * 20 + 2:
        return None
    codec = "utf-16-le" if little > big else "utf-16-be"
    return codec if _reads_as_text(head, codec) else None


def _reads_as_text(head: bytes, codec: str) -> bool:
    text = head[: len(head) // 2 * 2].decode(codec, errors="replace")
    good = sum(
        1
        for c in text
        if "\u4e00" <= c <= "\u9fff"
        or c in "\t\n\r"
        or " " <= c <= "~"
        or "\u3000" <= c <= "\u303f"
        or "\uff00" <= c <= "\uffef"
    )
    return good * 10 >= len(text) * 8


def looks_binary(head: bytes) -> bool:
    r"""Whether bytes hold more control characters than damage to a text explains (one in fifty).

    >>> looks_binary(bytes(range(256))), looks_binary("项目\t金额".encode())
    (True, False)
    """
    head = head.rstrip(b"\x00")  # padding at the end of a cut file
    controls = len(head) - len(head.translate(None, _CONTROL))
    return controls * 50 > len(head) or not head
