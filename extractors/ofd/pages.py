"""The parts of an OFD package: documents, pages with their sizes, templates behind them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from extractors.errors import Damaged, Encrypted
from extractors.ofd.content import Content, draw
from extractors.ofd.geometry import POINTS, numbers
from extractors.parts import Package, attribute, local

_A4 = (0.0, 0.0, 210.0, 297.0)


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A page's size in points and what is drawn on it, its templates first; ``notes`` counts annotations with text."""

    width: float
    height: float
    content: Content
    notes: int = 0


@dataclass(frozen=True, slots=True)
class _Common:
    """What the pages of a document share: area, templates by id, composite objects by id, annotations by page."""

    area: tuple[float, float, float, float]
    templates: dict[str, str]
    units: dict[str, Any]
    notes: dict[str, int]


def drawn_pages(package: Package, most: int) -> Iterator[DrawnPage]:
    """All pages of all documents of the package in order. Raises Damaged, Encrypted and TooLarge."""
    if "Encryptions.xml" in package:
        raise Encrypted(f"{package.source.name}: the OFD package is encrypted")
    roots = [_text(e) for e in package.xml("OFD.xml").iter() if local(e) == "DocRoot"]
    if not roots:
        raise Damaged(f"{package.source.name}: OFD.xml names no document")
    for root in roots:
        yield from _document(package, _join("", root), most)


def _document(package: Package, part: str, most: int) -> Iterator[DrawnPage]:
    document = package.xml(part)
    folder = posixpath.dirname(part)
    common = next((e for e in document.iter() if local(e) == "PageArea"), None)
    area = _area(common) or _A4
    templates = {
        attribute(e, "ID"): _join(folder, attribute(e, "BaseLoc"))
        for e in document.iter()
        if local(e) == "TemplatePage"
    }
    shared = _Common(area, templates, _units(package, document, folder), _notes(package, document, folder))
    for pages in (e for e in document.iter() if local(e) == "Pages"):
        for page in pages:
            if local(page) == "Page":
                yield _page(
                    package, _join(folder, attribute(page, "BaseLoc")), (attribute(page, "ID"), shared), most
                )


def _page(package: Package, part: str, common: tuple[str, _Common], most: int) -> DrawnPage:
    root = package.xml(part)
    number, shared = common
    area = _area(next((e for e in root if local(e) == "Area"), None)) or shared.area
    content = Content(units={**shared.units, **_units(package, root, posixpath.dirname(part))})
    for used in (e for e in root if local(e) == "Template"):
        template = shared.templates.get(attribute(used, "TemplateID"), "")
        if template in package:
            draw(content, package.xml(template), most)
    draw(content, root, most)
    return DrawnPage(area[2] * POINTS, area[3] * POINTS, content, shared.notes.get(number, 0))


def _units(package: Package, root: Any, folder: str) -> dict[str, Any]:
    """The composite objects that the resources named below an element define, by their id."""
    units: dict[str, Any] = {}
    for named in (e for e in root.iter() if local(e) in ("PublicRes", "DocumentRes", "PageRes")):
        part = _join(folder, _text(named))
        for unit in package.xml(part).iter() if part in package else ():
            if local(unit) == "CompositeGraphicUnit":
                units[attribute(unit, "ID")] = unit
    return units


def _notes(package: Package, document: Any, folder: str) -> dict[str, int]:
    """How many annotations with text lie on each page, by the page's id."""
    found: dict[str, int] = {}
    for listed in (e for e in document.iter() if local(e) == "Annotations"):
        part = _join(folder, _text(listed))
        for page in package.xml(part).iter() if part in package else ():
            parts = [_join(posixpath.dirname(part), _text(e)) for e in page if local(e) == "FileLoc"]
            if local(page) == "Page" and parts and parts[0] in package:
                notes = [e for e in package.xml(parts[0]).iter() if local(e) == "Annot"]
                found[attribute(page, "PageID")] = sum(
                    any(local(e) == "TextCode" for e in n.iter()) for n in notes
                )
    return found


def _area(element: Any) -> tuple[float, float, float, float] | None:
    """The physical box: left, top, width, height in millimetres."""
    if element is None:
        return None
    for box in element:
        if local(box) == "PhysicalBox":
            four = numbers(_text(box))
            if len(four) == 4 and four[2] > 0 and four[3] > 0:
                return four[0], four[1], four[2], four[3]
    return None


def _join(folder: str, part: str) -> str:
    part = part.strip().replace("\\", "/")
    return part.lstrip("/") if part.startswith("/") else posixpath.normpath(posixpath.join(folder, part))


def _text(element: Any) -> str:
    return (element.text or "").strip()
