"""CSV and TSV: quotes honoured, the delimiter found, every record with the line it starts on."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from extractors.errors import TooLarge
from extractors.grid import Document, Doubt
from extractors.readers.cells import Builder
from extractors.readers.encoding import decode
from extractors.source import SourceFile

_DELIMITERS = ("\t", ",", ";", "|")
_SAMPLE = 200  # records that decide the delimiter


class Delimited:
    """Reads text/csv and text/tab-separated-values."""

    name = "delimited"
    version = "2"
    media_types = frozenset({"text/csv", "text/tab-separated-values"})

    def bid(self, source: SourceFile) -> float:
        """How well this reader fits: a name that says so counts more than a guess."""
        return 0.8 if source.suffix in (".csv", ".tsv", ".tab") else 0.6

    def read(self, source: SourceFile) -> Document:
        """Runs of records with more than one field are grids, records of one field text blocks.

        A file whose quotes do not pair (``"20 inch``) is read with quotes as plain characters and
        a doubt ``unbalanced_quotes``. Raises TooLarge and Empty.
        """
        decoded = decode(source.data)
        builder = Builder(source, f"{self.name}/{self.version}")
        builder.encoding(decoded.encoding, decoded.replaced, decoded.lost)
        builder.check_area(decoded.text.count("\n"))
        lines, first = _lines(decoded.text), 1
        if max(map(len, lines)) > source.limits.max_line:
            raise TooLarge(f"{source.name}: a line is longer than {source.limits.max_line} characters")
        delimiter = _declared(lines)
        if delimiter:
            lines, first = lines[1:], 2
        delimiter = delimiter or _delimiter(lines, source.media_type)
        try:
            records = _gather(builder, _records(lines, delimiter, csv.QUOTE_MINIMAL, first))
        except csv.Error:
            builder.doubts.append(Doubt("unbalanced_quotes", data={"delimiter": delimiter}))
            records = _gather(builder, _plain(lines, delimiter, first))
        self._items(builder, records)
        return builder.document(decoded.encoding)

    def _items(self, builder: Builder, records: Iterable[tuple[int, list[str]]]) -> None:
        run: list[tuple[int, list[str]]] = []
        limit = builder.source.limits.max_line
        for line, fields in records:
            if sum(map(len, fields)) > limit:
                raise TooLarge(f"{builder.source.name}: the record at line {line} exceeds {limit} characters")
            if len(fields) > 1:
                run.append((line, fields))
                continue
            builder.rows(run, "records")
            run = []
            if fields:
                builder.text(fields[0], line)
        builder.rows(run, "records")


def _gather(builder: Builder, records: Iterable[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """All records; refuses too many fields while they come, not after."""
    gathered: list[tuple[int, list[str]]] = []
    fields = 0
    for record in records:
        gathered.append(record)
        fields += len(record[1])
        builder.check_area(fields)
    return gathered


def _lines(text: str) -> list[str]:
    return [line + "\n" for line in text.split("\n")]


def _declared(lines: list[str]) -> str | None:
    """The delimiter that Excel's own first line names (``sep=;``)."""
    head = lines[0].rstrip("\n")
    return head[4] if len(head) == 5 and head.lower().startswith("sep=") else None


def _delimiter(lines: list[str], media_type: str) -> str:
    """The delimiter that gives most records one same number of fields; a tab wins in a TSV."""
    best, best_score = "\t" if "tab" in media_type else ",", (0, 0)
    for delimiter in _DELIMITERS:
        try:
            records = list(islice(_records(lines[: 5 * _SAMPLE], delimiter, csv.QUOTE_MINIMAL, 1), _SAMPLE))
        except csv.Error:
            records = list(islice(_plain(lines, delimiter, 1), _SAMPLE))
        widths = Counter(len(fields) for _, fields in records if len(fields) > 1)
        if "tab" in media_type and delimiter == "\t" and widths:
            return delimiter
        # Records that have the delimiter at all, then how alike they are.
        score = (max(widths.values(), default=0), sum(widths.values()))
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _records(lines: list[str], delimiter: str, quoting: int, first: int) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines, delimiter=delimiter, quoting=quoting, strict=True)  # type: ignore[arg-type]
    start = first
    for fields in reader:
        yield start, fields
        start = first + reader.line_num


def _plain(lines: list[str], delimiter: str, first: int) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(lines, first):
        text = line.rstrip("\n")
        yield number, text.split(delimiter) if text.strip() else []


READER = Delimited()
