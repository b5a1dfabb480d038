"""A text with tables of several notations in it, in order: HTML, then by lines tabs, pipes, box, blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from extractors.errors import Empty, TooLarge
from extractors.grid import Document
from extractors.readers.cells import Builder
from extractors.readers.encoding import decode
from extractors.readers.html_table import add_tables
from extractors.readers.lines import Line, Row, blank_rows, box_rows, kind, pipe_rows, tab_rows
from extractors.source import SourceFile

_STRUCTURE = re.compile(r"<(/?)(table|tr|td|th|thead|tbody)(?=[\s>/])", re.IGNORECASE)
# Only the name of a language may stand on the line of a fence (```html); any other word there is text.
_FENCE = re.compile(r"\s*(?:```|~~~)\s*(?:[A-Za-z][\w+-]*)?\s*", re.ASCII)
_HEADING = re.compile(r"\s*#{1,6}\s+")
_WRAPPER = re.compile(r"</?(?:html|body|div|center|p|br|span|h[1-6])(?:\s[^<>]*+)?/?>\s*+", re.IGNORECASE)
_SEPARATORS = {"tabs": "\t", "pipes": "|", "bars": "|", "box": "│", "blanks": "  "}
_LOOSE = 2  # rows without <table> around them are a table from so many tags on


def weave(source: SourceFile, reader: str) -> Document:
    r"""Read a text source: every table a grid, every other non-empty line a text block.

    Notation is no content: Markdown's separator rows, heading marks and code fences are left out,
    and so are the tags around a line of text (``<div align=center>标题</div>``).
    Raises TooLarge (a line longer than ``max_line``, too many cells) and Empty.

    >>> source = SourceFile.from_bytes(b"# t\n| a | b |\n|---|---|\n<table><tr><td>c</td></tr></table>", "x.md")
    >>> [len(grid.cells) for grid in weave(source, "demo/1").grids]
    [2, 1]
    """
    decoded = decode(source.data)
    builder = Builder(source, reader)
    builder.encoding(decoded.encoding, decoded.replaced, decoded.lost)
    text = decoded.text
    if not text or text.isspace():
        raise Empty(f"{source.name}: nothing but white space")
    builder.check_area(text.count("\n"))
    at, line = 0, 1
    for start, end in _regions(text, builder):
        _lines(builder, text[at:start], line)
        line += text.count("\n", at, start)
        add_tables(builder, text[start:end], line)
        line += text.count("\n", start, end)
        at = end
    _lines(builder, text[at:] if at else text, line)
    return builder.document(decoded.encoding)


def _regions(text: str, builder: Builder) -> Iterator[tuple[int, int]]:
    """Where HTML tables stand, outermost only. One never closed ends with the line of its last tag."""
    if "<" not in text:
        return
    most = 2 * builder.source.limits.max_cells + 2
    found = islice(_STRUCTURE.finditer(text), most)
    tags = [(m.start(), m.end(), bool(m[1]), m[2].lower()) for m in found]
    builder.check_area(len(tags) // 2)
    ends = _partners(tags)
    index = 0
    while index < len(tags):
        start, _, _, name = tags[index]
        if index in ends:
            after = ends[index]
            close = text.find(">", tags[after][1])
            yield start, (close + 1 if close >= 0 else len(text))
        else:
            after = _open_end(tags, index)
            if name != "table" and after - index < _LOOSE:
                index += 1
                continue
            stop = tags[after + 1][0] if after + 1 < len(tags) else len(text)
            newline = text.find("\n", tags[after][1])
            yield start, min(stop, newline if newline >= 0 else len(text))
        index = after + 1


def _partners(tags: list[tuple[int, int, bool, str]]) -> dict[int, int]:
    """For each ``<table`` that is closed, the index of its ``</table``; the innermost pairs first."""
    partners: dict[int, int] = {}
    stack: list[int] = []
    for index, (_, _, closing, name) in enumerate(tags):
        if name != "table":
            continue
        if not closing:
            stack.append(index)
        elif stack:
            partners[stack.pop()] = index
    return partners


def _open_end(tags: list[tuple[int, int, bool, str]], index: int) -> int:
    """The last tag of a table without a partner: before the next ``<table``, or a stray ``</table``."""
    last = index
    if tags[index][2] and tags[index][3] == "table":
        return index  # the end of a table that never began
    for at in range(index + 1, len(tags)):
        if tags[at][3] == "table":
            return at if tags[at][2] else last
        last = at
    return last


def _lines(builder: Builder, text: str, first: int) -> None:
    limit = builder.source.limits.max_line
    if len(text) > limit:
        _check_lines(builder, text, first, limit)
    run: list[Line] = []
    current = ""
    for number, line in enumerate(text.split("\n"), first):
        found = kind(line)
        if found != current or not found:
            _flush(builder, run, current)
            run, current = [], found
        if found:
            run.append((number, line))
        elif not _FENCE.fullmatch(line):
            builder.text(_plain(line), number)
    _flush(builder, run, current)


def _check_lines(builder: Builder, text: str, first: int, limit: int) -> None:
    for number, line in enumerate(text.split("\n"), first):
        if len(line) > limit:
            raise TooLarge(f"{builder.source.name}: line {number} is longer than {limit} characters")


def _flush(builder: Builder, run: list[Line], notation: str) -> None:
    if not run:
        return
    # Before any splitting: a run of separators alone would take eight bytes for each of its own.
    builder.check_area(sum(line.count(_SEPARATORS[notation]) for _, line in run))
    rows: list[Row] | None
    if notation == "tabs":
        rows = tab_rows(run)
    elif notation in ("pipes", "bars"):
        rows = pipe_rows(run)
    elif notation == "box":
        rows = box_rows(run)
    else:
        rows = blank_rows(run)
    if rows is None:
        for number, line in run:
            builder.text(_plain(line), number)
    else:
        builder.rows(rows, "pipes" if notation == "bars" else notation)


def _plain(line: str) -> str:
    text = line.strip()
    if text.startswith("<"):
        text = _unwrap(text)
    if text.startswith("#"):
        text = _HEADING.sub("", text, count=1)
    if len(text) > 4 and text.startswith("**") and text.endswith("**") and "**" not in text[2:-2]:
        text = text[2:-2]
    return text


def _unwrap(text: str) -> str:
    """A line without the tags around it: ``<div align=center>title</div>``, ``<html><body>`` before a table."""
    start, end = 0, len(text)
    while start < end and (tag := _WRAPPER.match(text, start)):
        start = tag.end()
    while (at := text.rfind("<", start, end)) >= 0 and _WRAPPER.fullmatch(text, at, end):
        end = at
    return text[start:end].strip()
