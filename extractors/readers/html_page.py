"""A whole HTML page as a browser shows it: form fields by their values, hidden parts counted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape

from extractors.grid import Doubt
from extractors.readers.cells import Builder
from extractors.readers.encoding import decode
from extractors.readers.html_table import Walk
from extractors.readers.markup import Tag, silence, tokens

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,40})""", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([\w-]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_TYPED = frozenset({"", "text", "number", "date", "month", "tel", "email", "url", "search"})
_FLAT = frozenset(
    {"p", "td", "th", "tr", "li", "dt", "dd"}
)  # never inside their like: the next one ends them
_VOID = frozenset({"br", "col", "hr", "img", "link", "meta", "wbr"})
_BOXES = {True: "☑", False: "□"}


def read_page(builder: Builder, data: bytes, charset: str | None = None) -> str:
    """Add the tables and paragraphs of a page; gives the encoding it was decoded with.

    ``charset`` is what the transport says; else what the page declares is tried. Raises TooLarge.
    """
    # The first 1024 bytes are where the HTML standard looks (13.2.3.2); real pages are laxer.
    declared = _CHARSET.search(data[:4096])
    decoded = decode(data, charset or (declared[1].decode("ascii") if declared else None))
    builder.encoding(decoded.encoding, decoded.replaced, decoded.lost)
    walk = Walk(builder, keep_lines=False)
    fields = Fields()
    for token in fields.shown(tokens(silence(decoded.text))):
        walk.take(token)
    walk.close()
    builder.without_furniture()
    if fields.unseen:
        builder.doubts.append(Doubt("hidden_text", data={"count": str(fields.unseen)}))
    return decoded.encoding


class Fields:
    """Turns form fields into the text they show.

    A typed field shows its value, a list its chosen option, a box ☑ or □; ``unseen`` counts the
    elements with text that a style hides (the text is kept).

    >>> list(Fields().shown(tokens("<input value='5'><select><option>a<option selected>b</select>")))
    [('5', 1), ('b', 1)]
    """

    def __init__(self) -> None:
        self.unseen = 0
        self._options: list[tuple[bool, str]] | None = None
        self._hidden = ""  # the name of the hidden element whose text is still to come …
        self._depth = 0  # … and how many elements of that name are open in it

    def shown(self, page: Iterable[Tag | tuple[str, int]]) -> Iterator[Tag | tuple[str, int]]:
        """The tokens of the page with fields replaced."""
        for token in page:
            if not isinstance(token, Tag):
                if self._hidden and token[0].strip():
                    self.unseen += 1
                    self._hidden = ""
                if self._options is None:
                    yield token
                elif self._options:
                    chosen, text = self._options[-1]
                    self._options[-1] = chosen, text + token[0]
                continue
            yield from self._tag(token)

    def _tag(self, tag: Tag) -> Iterator[Tag | tuple[str, int]]:
        name = tag.name
        if name == "select":
            yield from self._select(tag)
        elif self._options is not None and name in ("td", "tr", "table"):
            yield from self._select(Tag("select", True, "", tag.line))  # a list never closed
            yield tag
        elif self._options is not None:
            if name == "option" and not tag.closing:
                self._options.append(("selected" in _attributes(tag.attrs), ""))
        elif name == "input":
            if text := _input(_attributes(tag.attrs)):
                yield text, tag.line
        else:
            self._watch(tag)
            yield tag

    def _watch(self, tag: Tag) -> None:
        """Follow a hidden element to its end: one without text is not worth a doubt."""
        if self._hidden == tag.name:
            self._depth += -1 if tag.closing or tag.name in _FLAT else 1
            if not self._depth:
                self._hidden = ""
        if self._hidden or tag.closing or not tag.attrs or tag.name in _VOID:
            return
        if _UNSEEN.search(tag.attrs):
            self._hidden, self._depth = tag.name, 1

    def _select(self, tag: Tag) -> Iterator[tuple[str, int]]:
        options, self._options = self._options, None if tag.closing else []
        if tag.closing and options:
            yield next((text for chosen, text in options if chosen), options[0][1]).strip(), tag.line


def _attributes(attrs: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in _ATTRIBUTE.findall(attrs):
        found.setdefault(name.lower(), unescape(value.strip("\"'")))
    return found


def _input(attributes: dict[str, str]) -> str:
    kind = attributes.get("type", "").lower()
    if kind in ("checkbox", "radio"):
        return _BOXES["checked" in attributes]
    return attributes.get("value", "") if kind in _TYPED else ""
