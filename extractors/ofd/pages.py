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
    """A page's size in points and what is drawn on it, its templates first."""

    width: float
    height: float
    content: Content


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
    for pages in (e for e in document.iter() if local(e) == "Pages"):
        for page in pages:
            if local(page) == "Page":
                yield _page(package, _join(folder, attribute(page, "BaseLoc")), (area, templates), most)


def _page(
    package: Package,
    part: str,
    common: tuple[tuple[float, float, float, float], dict[str, str]],
    most: int,
) -> DrawnPage:
    root = package.xml(part)
    area = _area(next((e for e in root if local(e) == "Area"), None)) or common[0]
    content = Content()
    for used in (e for e in root if local(e) == "Template"):
        template = common[1].get(attribute(used, "TemplateID"), "")
        if template in package:
            draw(content, package.xml(template), most)
    draw(content, root, most)
    return DrawnPage(area[2] * POINTS, area[3] * POINTS, content)


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
