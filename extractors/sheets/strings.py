"""Texts of a workbook: shared and rich strings, escapes, superscripts; phonetic guides left out."""

from __future__ import annotations

import re
from typing import Any

from extractors.parts import attribute, local

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SUPERSCRIPT = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")


def unescaped(text: str) -> str:
    r"""The text with ``_x000D_`` escapes resolved (ECMA-376 part 1, 22.9.2.19) and line ends as LF.

    >>> unescaped("a_x000D_\nb_x005F_x0041_")
    'a\nb_x0041_'
    """
    if "_x" in text:
        text = _ESCAPE.sub(lambda found: _character(int(found[1], 16)), text)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _character(code: int) -> str:
    return chr(code) if code >= 32 or code in (9, 10, 13) else ""


def raised(text: str) -> str:
    """A text with its digits and signs as superscripts.

    >>> raised("2-")
    '²⁻'
    """
    return text.translate(_SUPERSCRIPT)


def rich_text(element: Any) -> str:
    """The text of an ``si`` or ``is`` element: its runs joined, superscript digits raised.

    >>> from lxml import etree
    >>> rich_text(etree.fromstring("<si><r><t>10</t></r><r><rPr><vertAlign val='superscript'/></rPr><t>4</t></r></si>"))
    '10⁴'
    """
    parts: list[str] = []
    for child in element:
        kind = local(child)
        if kind == "t":
            parts.append(child.text or "")
        elif kind == "r":
            text = "".join(t.text or "" for t in child if local(t) == "t")
            above = any(
                local(mark) == "vertAlign" and attribute(mark, "val") == "superscript"
                for mark in child.iter()
            )
            parts.append(raised(text) if above else text)
    return unescaped("".join(parts))
