"""Tags in a text, found in one pass: no tree, no recursion, no entity but the fixed ones of HTML.

Broken markup is the normal case (OCR models stop in mid-table), so nothing here can fail: what is
no tag is text. Every pattern is possessive and stops at the next ``<``, so time grows with length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

_TAG = re.compile(
    r"""<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*+(?:[:-][\w:.-]*+)?+)
        (?:(?P<attrs>(?:(?:[\s/](?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+)?+)>|[\s/"'][^<>]*+>|>)
          |(?P<half>(?:\s[^<>]*+)?+)(?=<|\Z))
        |<[!?][^<>]*+>""",
    re.VERBOSE,
)
_SILENT = re.compile(r"<(script|style|template|noscript|title|xml)(?=[\s/>])[^<>]*>", re.IGNORECASE)
_CLOSED = re.compile(r"</([a-zA-Z][a-zA-Z0-9]*+)\s*+>")
_ATTRS = re.compile(r"""(?:\s++[\w:-]++\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'=]++))*+\s*+""")
_NAMES = (
    "a abbr address article aside b base basefont bdi bdo big blockquote body br button caption center cite code"
    " col colgroup dd del details dfn dir div dl dt em fieldset figcaption figure font footer form frame frameset"
    " h1 h2 h3 h4 h5 h6 head header hr html i iframe img input ins kbd label legend li link main map mark menu"
    " meta nav ol optgroup option p pre q s samp section select small span strike strong sub summary sup table"
    " tbody td textarea tfoot th thead time tr tt u ul var wbr"
)
_BREAK_NAMES = (
    "p br div li ul ol dl dt dd h1 h2 h3 h4 h5 h6 hr pre blockquote center section article header footer form"
    " tr caption address aside main nav fieldset option"
)
# The elements of HTML that may stand in a page; "<y" of "x<y and z>0" is none of them.
_ELEMENTS = frozenset(_NAMES.split())
# Those whose tag counts even where its ">" is missing: the next tag begins instead.
_FRAME = frozenset(("table", "thead", "tbody", "tfoot", "tr", "td", "th", "p", "div", "span", "font"))
BREAKS = frozenset(_BREAK_NAMES.split())
_SUPERSCRIPT = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag: lower-case name, whether it closes, its raw attributes, and its 1-based line."""

    name: str
    closing: bool
    attrs: str
    line: int


def silence(text: str) -> str:
    r"""The text without comments, scripts, styles and titles; its line breaks all stay.

    >>> silence("a<!-- b\n -->c<script>d</script>")
    'a\nc'
    """
    return _cut_elements(_cut_comments(text))


def _cut_comments(text: str) -> str:
    if "<!--" not in text:
        return text
    parts: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0:
        end = text.find("-->", start + 4)
        if end < 0:
            break  # never closed: what follows stays text rather than vanish
        parts += (text[at:start], "\n" * text.count("\n", start, end))
        at = end + 3
    return "".join((*parts, text[at:]))


def _cut_elements(text: str) -> str:
    parts: list[str] = []
    at = 0
    while (opening := _SILENT.search(text, at)) is not None:
        closing = re.compile(rf"</{opening[1]}\s*>", re.IGNORECASE).search(text, opening.end())
        if closing is None and opening[1].lower() == "xml":
            break  # settings of an office program are cut out only where their end is known
        end = closing.end() if closing else len(text)
        parts += (text[at : opening.start()], "\n" * text.count("\n", opening.start(), end))
        at = end
    return "".join((*parts, text[at:])) if parts else text


def tokens(text: str, line: int = 1) -> Iterator[Tag | tuple[str, int]]:
    """Tags and ``(text, line)`` pieces in order; entities in the text are resolved.

    Tags of other vocabularies (``<o:p>`` of Word, ``<ucapcontent>`` of a site's own) are no text: a name
    with a colon or a hyphen, or one that is closed somewhere. Nor is a tag of a table that lacks its ``>``.

    >>> [t if isinstance(t, tuple) else t.name for t in tokens("<td>&ge;1<2<o:p></o:p></td>")]
    ['td', ('≥1<2', 1), 'td']
    """
    at = 0
    foreign = frozenset(found[1].lower() for found in _CLOSED.finditer(text)) - _ELEMENTS
    for found in _TAG.finditer(text):
        name = (found["name"] or "").lower()
        if name and not _is_tag(found, name, foreign):
            continue
        if found.start() > at:
            piece = text[at : found.start()]
            yield (unescape(piece) if "&" in piece else piece), line
            line += piece.count("\n")
        if name in _ELEMENTS:
            attrs = found["attrs"][:-1] if found["attrs"] else found["half"]
            yield Tag(name, bool(found["close"]), attrs, line)
        line += text.count("\n", found.start(), found.end())
        at = found.end()
    if at < len(text):
        yield unescape(text[at:]), line


def _is_tag(found: re.Match[str], name: str, foreign: frozenset[str]) -> bool:
    if found["attrs"]:
        return name in _ELEMENTS or name in foreign or ":" in name or "-" in name
    return name in _FRAME and _ATTRS.fullmatch(found["half"]) is not None


class Words:
    """The text of one cell or paragraph: pieces in, breaks for block tags, superscripts kept apart.

    With ``keep_lines`` a line break of the source is a line break of the text (OCR output prints
    them on purpose); without, it is a blank, as in a browser.
    """

    __slots__ = ("_keep_lines", "_linked", "_parts", "_plain", "_raised")

    def __init__(self, keep_lines: bool) -> None:
        self._keep_lines = keep_lines
        self._parts: list[str] = []
        self._raised = False
        self._linked = False  # inside a link …
        self._plain = False  # … and whether a text stood outside one

    @property
    def leads_away(self) -> bool:
        """Whether all its text is links."""
        return bool(self._parts) and not self._plain and bool(self.text())

    def add(self, piece: str) -> None:
        """Add a piece of text."""
        if "\n" in piece:
            first, *middle, last = piece.split("\n")
            parts = (first.rstrip(" \t"), *(part for line in middle if (part := line.strip())), last.lstrip())
            piece = ("\n" if self._keep_lines else " ").join(parts)
        self._parts.append(piece.translate(_SUPERSCRIPT) if self._raised else piece)
        self._plain |= not (self._linked or piece.isspace())

    def tag(self, tag: Tag) -> None:
        """Take note of a tag inside the text."""
        if tag.name == "sup":
            self._raised = not tag.closing
        elif tag.name == "a":
            self._linked = not tag.closing
        elif tag.name in BREAKS:
            self._parts.append("\n")

    def text(self) -> str:
        """The text so far: blank lines and blanks beside breaks removed."""
        joined = "".join(self._parts)
        if "\n" in joined:
            joined = "\n".join(part for line in joined.split("\n") if (part := line.strip()))
        return joined.strip()
