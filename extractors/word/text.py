"""The printed text of a paragraph: runs, fields' results, insertions; not deletions, not instructions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from extractors.parts import attribute, local

_SUPERSCRIPT = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
# What is not printed: tracked deletions, field codes, notes' marks, properties, the guide of a ruby text.
_SILENT_NAMES = (
    "del moveFrom delText instrText delInstrText rt pPr sdtPr sdtEndPr tblPr footnoteReference endnoteReference"
    " commentReference annotationRef Fallback oMathParaPr ctrlPr"
)
_SILENT = frozenset(_SILENT_NAMES.split())
_MARKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}
# Check boxes of the symbol fonts: seen in forms with 是 □ 否 □, by font and low byte of the code.
_SYMBOLS = {
    ("wingdings", 0xA8): "□",
    ("wingdings", 0x6F): "□",
    ("wingdings", 0xFE): "☑",
    ("wingdings", 0xFD): "☒",
    ("wingdings", 0xFC): "✓",
    ("wingdings 2", 0x52): "☑",
    ("wingdings 2", 0x50): "✓",
    ("wingdings 2", 0xA3): "□",
    ("wingdings 2", 0x54): "☒",
}


@dataclass(slots=True)
class Printed:
    """The text of a paragraph so far; text boxes met on the way; characters of hidden runs; objects unread."""

    parts: list[str] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    hidden: int = 0
    objects: int = 0

    @property
    def text(self) -> str:
        """The text, blanks at both ends removed."""
        return "".join(self.parts).replace("\xad", "").strip()


def printed(paragraph: Any) -> Printed:
    """Read one paragraph.

    >>> from lxml import etree
    >>> ns = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    >>> printed(etree.fromstring(
    ...     f'<w:p xmlns:w="{ns}"><w:r><w:t>10</w:t></w:r><w:del><w:r><w:delText>9</w:delText></w:r></w:del>'
    ...     '<w:ins><w:r><w:t>%</w:t></w:r></w:ins></w:p>')).text
    '10%'
    """
    found = Printed()
    for child in paragraph:
        _take(found, child, False)
    return found


def _take(found: Printed, element: Any, raised: bool) -> None:
    kind = local(element)
    if kind == "t":
        text = element.text or ""
        found.parts.append(text.translate(_SUPERSCRIPT) if raised else text)
    elif kind in _MARKS:
        found.parts.append(_MARKS[kind])
    elif kind == "txbxContent":
        found.boxes.append(element)
    elif kind == "AlternateContent":
        _alternate(found, element, raised)
    elif kind == "sym":
        found.parts.append(_symbol(element))
    elif kind == "checkBox":
        found.parts.append(_check_box(element))
    elif kind == "object":
        found.objects += 1
    elif kind not in _SILENT and kind != "rPr":
        _inside(found, element, kind, raised)


def _inside(found: Printed, element: Any, kind: str, raised: bool) -> None:
    if kind == "r":
        marks = {local(mark): mark for rpr in element if local(rpr) == "rPr" for mark in rpr}
        raised = "vertAlign" in marks and attribute(marks["vertAlign"], "val") == "superscript"
        if "vanish" in marks and attribute(marks["vanish"], "val", "1") not in ("0", "false"):
            found.hidden += sum(len(t.text or "") for t in element if local(t) == "t")
    elif kind == "sup":
        raised = True
    for child in element:
        _take(found, child, raised)


def _alternate(found: Printed, element: Any, raised: bool) -> None:
    """One thing written twice, for new and for old programs: the first reading is taken."""
    before = (len(found.parts), len(found.boxes))
    for choice in element:
        for child in choice:
            _take(found, child, raised)
        if (len(found.parts), len(found.boxes)) != before:
            return


def _symbol(element: Any) -> str:
    try:
        code = int(attribute(element, "char"), 16)
    except ValueError:
        return "\ufffd"
    font = attribute(element, "font").lower()
    known = _SYMBOLS.get((font, code & 0xFF))
    return known or (chr(code) if 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE else "\ufffd")


def _check_box(element: Any) -> str:
    states = {local(child): attribute(child, "val", "1") for child in element}
    state = states.get("checked", states.get("default", "0"))
    return "□" if state in ("0", "false") else "☑"
