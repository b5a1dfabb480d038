"""The whole workbook: which sheets there are, what stands in them, and the contents before them all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

from pipeline.exports.published import rows
from pipeline.exports.workbook.places import LIMIT, Place, places, sheet_name
from pipeline.exports.workbook.sheet import Heading, Losses, Sheet
from pipeline.exports.workbook.words import Word, words
from pipeline.schema import TABLES, Column, Table

_STYLES: dict[str, dict[str, Any]] = {
    "text": {"valign": "top"},
    "texts": {"valign": "top"},
    "long": {"valign": "top", "text_wrap": True},
    "head": {
        "bold": True,
        "bg_color": "#1F3B57",
        "font_color": "#FFFFFF",
        "border": 1,
        "border_color": "#FFFFFF",
    },
    "name": {"italic": True, "bg_color": "#E4EAF0", "font_color": "#333333", "bottom": 1},
    "money": {"num_format": "#,##0.00", "valign": "top"},
    "number": {"num_format": "General", "valign": "top"},
    "integer": {"num_format": "0", "valign": "top"},
    "real": {"num_format": "0.00", "valign": "top"},
    "flag": {"valign": "top"},
    "day": {"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"},
    "link": {"font_color": "#0B5CAD", "underline": 1, "valign": "top"},
    "title": {"bold": True, "font_size": 16},
    "note": {"font_color": "#9A3B00", "text_wrap": True, "valign": "top"},
}
_LINKED = ("form_id", "other_form_id", "indicator_id", "indicator_ids", "cell_id", "cell_ids")
_ASKING = ("findings", "issues")
_BORN = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # fixed, so that equal data gives equal bytes
_SAMPLE = 200


def both(word: Word) -> str:
    """A word in both languages.

    >>> both(words()["cover"])
    '目录 contents'
    """
    return f"{word.zh} {word.en}"


def heading(table: Table, column: Column) -> Heading:
    """The heading of a published column; its unit stands beside the Chinese name."""
    zh = f"{column.zh}（{column.unit}）" if column.unit else column.zh
    return Heading(zh, column.name, column.type, table.name in _ASKING and column.name in _LINKED)


@dataclass(slots=True)
class Workbook:
    """A workbook under construction. ``limit`` is the number of rows one sheet takes."""

    book: Any
    clean: Path
    limit: int = LIMIT
    losses: Losses = field(default_factory=Losses)
    counts: dict[str, tuple[Word | Table, int]] = field(default_factory=dict)
    notices: list[tuple[str, str]] = field(default_factory=list)
    styles: dict[str, Any] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)

    def build(self) -> list[str]:
        """Fill it; give the notices in English."""
        self.book.set_properties({"title": words()["title"].zh, "created": _BORN})
        self.styles = {name: self.book.add_format(facts) for name, facts in _STYLES.items()}
        self.places = places(self.clean, self.limit)
        cover = self.book.add_worksheet(both(words()["cover"]))
        names = sorted(TABLES, key=lambda n: n != "findings")
        for name in names:
            self._table(TABLES[name])
            if name == "findings":
                self._evidence()
        self._dictionary()
        self._count_losses()
        self._cover(cover)
        return [english for _, english in self.notices]

    def _sheet(
        self, name: str, what: Word | Table, headings: tuple[Heading, ...], found: Iterable[Any]
    ) -> int:
        waiting = iter(found)
        sample = list(islice(waiting, _SAMPLE))
        page = self.book.add_worksheet(name)
        sheet = Sheet(page, headings, self.styles, self.places, self.losses)
        sheet.open(sample)
        for row in chain(sample, waiting):
            sheet.add(row)
        sheet.close()
        self.counts[name] = (what, sheet.rows)
        return sheet.rows

    def _table(self, table: Table) -> None:
        self._split(table, tuple(heading(table, c) for c in table.columns), rows(self.clean, table))

    def _split(self, table: Table, headings: tuple[Heading, ...], found: Iterator[Any]) -> None:
        number, total = 0, 0
        ahead = list(islice(found, 1))
        while ahead or number == 0:
            part = islice(chain(ahead, found), self.limit)
            total += self._sheet(sheet_name(table, number), table, headings, part)
            ahead = list(islice(found, 1))
            number += 1
        if number > 1:
            self._note("split", table=table.zh, rows=total, sheets=number)

    def _evidence(self) -> None:
        w = words()
        titles = ("finding", "rule", "severity", "kind", "target", "text")
        headings = tuple(Heading(w[t].zh, w[t].en, linked=t == "target") for t in titles)
        self._sheet(both(w["evidence"]), w["evidence"], headings, islice(self._proofs(), self.limit))

    def _proofs(self) -> Iterator[tuple[str | None, ...]]:
        w = words()
        columns = ("finding_id", "rule", "severity", "form_id", "other_form_id", "indicator_ids", "cell_ids")
        for finding, rule, severity, form, other, indicators, cells in rows(
            self.clean, TABLES["findings"], columns
        ):
            kinds = (("of_form", (form, other)), ("of_indicator", indicators), ("of_cell", cells))
            for kind, ids in kinds:
                for identity in filter(None, ids):
                    place = self.places.get(identity)
                    yield finding, rule, severity, w[kind].zh, identity, place.text if place else None

    def _dictionary(self) -> None:
        w = words()
        titles = ("table", "column", "column_title", "type", "unit", "explained", "example")
        headings = tuple(Heading(w[t].zh, w[t].en) for t in titles)
        found = (
            (f"{t.zh} {t.name}", c.name, c.zh, c.type.value, c.unit, c.en, c.example)
            for t in TABLES.values()
            for c in t.columns
        )
        self._sheet(both(w["dictionary"]), w["dictionary"], headings, found)

    def _count_losses(self) -> None:
        for name in ("cut", "exact", "links"):
            if count := getattr(self.losses, name):
                self._note(name, count=count)

    def _note(self, name: str, **facts: Any) -> None:
        word = words()[name]
        self.notices.append((word.zh.format(**facts), word.en.format(**facts)))

    def _cover(self, page: Any) -> None:
        w, styles = words(), self.styles
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.set_column(0, 0, 34)
        page.set_column(1, 1, 12)
        page.set_column(2, 2, 70)
        page.write_string(0, 0, both(w["title"]), styles["title"])
        for at, name in enumerate(("sheet", "rows", "meaning")):
            page.write_string(2, at, both(w[name]), styles["head"])
        row = 3
        for name, (what, count) in self.counts.items():
            page.write_url(row, 0, f"internal:'{name}'!A1", styles["link"], string=name)
            page.write_number(row, 1, count, styles["integer"])
            page.write_string(row, 2, what.en, styles["text"])
            row += 1
        for zh, en in self.notices:
            page.write_string(row + 1, 0, both(w["notices"]), styles["note"])
            page.write_string(row + 1, 2, f"{zh} {en}", styles["note"])
            row += 1
