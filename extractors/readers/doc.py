"""Word 97 documents (.doc) through antiword, which prints them as DocBook XML: rows and column widths kept."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from itertools import accumulate
from pathlib import Path
from typing import Any

from extractors.errors import Damaged, Encrypted, ExtractionError, TooLarge
from extractors.grid import Document, Locator
from extractors.parts import local, xml_of
from extractors.readers.cells import Builder, Located
from extractors.source import SourceFile

TOOL = "antiword"
SECONDS = 60
_NEAR = 1.5  # points between two column edges that are one
_DOCTYPE = re.compile(rb"<!DOCTYPE[^>]*>")
_CONTROLS = bytes(set(range(32)) - {9, 10, 13})
_SUPERSCRIPT = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_BLOCKS = frozenset({"para", "title", "subtitle", "listitem"})


class Doc:
    """Reads application/msword; macros are not looked at.

    Cells merged down come as empty cells below the first: the format's own marks do not reach us.
    """

    name = "doc"
    version = "1"
    media_types = frozenset({"application/msword"})
    needs = f"program {TOOL}"

    def bid(self, source: SourceFile) -> float:
        """How well this reader fits: the content said it is such a document."""
        return 0.9 if source.data else 0.0

    def read(self, source: SourceFile) -> Document:
        """Paragraphs and tables in order.

        Raises Damaged, Encrypted, TooLarge, Empty, and ``needs_tool`` where antiword is not installed.
        """
        tool = shutil.which(TOOL)
        if tool is None:
            message = f"{source.name}: reading .doc needs the program antiword (Debian package antiword)"
            raise ExtractionError("needs_tool", message)
        builder = Builder(source, f"{self.name}/{self.version}")
        _Walk(builder).walk(xml_of(_printed(source, tool), source.name))
        return builder.document()


def _printed(source: SourceFile, tool: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "source.doc")
        path.write_bytes(source.data)
        command = [tool, "-m", "UTF-8.txt", "-x", "db", str(path)]
        home = {"HOME": folder, "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}
        try:
            done = subprocess.run(command, capture_output=True, timeout=SECONDS, env=home, check=False)  # noqa: S603
        except subprocess.TimeoutExpired as error:
            raise Damaged(f"{source.name}: antiword found no end in {SECONDS} seconds") from error
        except OSError as error:
            raise ExtractionError(
                "needs_tool", f"{source.name}: antiword cannot be started ({error})"
            ) from error
    told = (
        done.stderr.decode("utf-8", "replace").replace(str(path), "the file").strip().partition("\n")[0][:120]
    )
    if "ncrypted" in told or "password" in told.lower():
        raise Encrypted(f"{source.name}: the document opens only with a password")
    if done.returncode or not done.stdout.strip():
        raise Damaged(f"{source.name}: antiword cannot read it ({told or f'status {done.returncode}'})")
    if len(done.stdout) > source.limits.max_unpacked:
        raise TooLarge(f"{source.name}: prints more than {source.limits.max_unpacked} bytes")
    return _DOCTYPE.sub(b"", done.stdout, count=1).translate(None, _CONTROLS)


class _Walk:
    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.paragraphs = self.tables = 0

    def walk(self, element: Any) -> None:
        """Paragraphs and tables below an element, in order."""
        for child in element:
            kind = local(child)
            if kind == "informaltable":
                self._table(child)
            elif kind in _BLOCKS and not any(local(e) in _BLOCKS for e in child):
                self._paragraph(child)
            elif kind != "bookinfo":
                self.walk(child)

    def _paragraph(self, element: Any) -> None:
        tables = [e for e in element.iter() if local(e) == "informaltable"]
        self.paragraphs += not tables
        self.builder.block(_text(element), Locator(ref=f"p{self.paragraphs}"))
        for table in tables:
            self._table(table)

    def _table(self, table: Any) -> None:
        self.tables += 1
        drafts: list[tuple[int, int, list[float], str]] = []  # row, number, left and right edge, text
        row = 0
        for group in (e for e in table.iter() if local(e) == "tgroup"):
            widths = [_points(e.get("colwidth", "")) for e in group if local(e) == "colspec"]
            edges = [0.0, *accumulate(widths)]
            for line in (e for e in group.iter() if local(e) == "row"):
                entries = [e for e in line if local(e) == "entry"]
                last = len(entries) - 1
                for number, entry in enumerate(entries):
                    right = edges[-1] if number == last else edges[min(number + 1, len(edges) - 1)]
                    span = [edges[min(number, len(edges) - 1)], right]
                    drafts.append((row, number, span, _text(entry)))
                row += 1
        if drafts:
            self._emit(drafts, row)

    def _emit(self, drafts: list[tuple[int, int, list[float], str]], rows: int) -> None:
        """Lay the rows on one axis: column edges of all rows, near ones as one."""
        axis: list[float] = []
        for edge in sorted(edge for _, _, span, _ in drafts for edge in span):
            if not axis or edge - axis[-1] > _NEAR:
                axis.append(edge)
        found: list[Located] = []
        free = 0
        for row, number, (left, right), text in drafts:
            first = _nearest(axis, left) if number else 0
            first = max(first, free) if number else 0
            free = max(_nearest(axis, right), first + 1)
            at = Locator(ref=f"t{self.tables}/r{row + 1}c{number + 1}")
            found.append(Located(row, first, 1, free - first, text, at))
        self.builder.located(found, (rows, max(c.col + c.cols for c in found)), "table")


def _nearest(axis: list[float], edge: float) -> int:
    return min(range(len(axis)), key=lambda k: abs(axis[k] - edge))


def _points(width: str) -> float:
    try:
        return max(float(width.removesuffix("pt")), 0.0)
    except ValueError:
        return 0.0


def _text(element: Any) -> str:
    """The text of a paragraph or entry, tables in it left out; lines of an entry stay lines."""
    parts: list[str] = [element.text or ""]
    for child in element:
        kind = local(child)
        if kind not in ("informaltable", "footnote"):
            inner = _text(child)
            parts.append(inner.translate(_SUPERSCRIPT) if kind == "superscript" else inner)
            if kind in _BLOCKS:
                parts.append("\n")
        parts.append(child.tail or "")
    return "\n".join(line for part in "".join(parts).split("\n") if (line := part.strip()))


READER = Doc()
