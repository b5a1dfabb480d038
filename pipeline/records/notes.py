"""Doubts gathered while records are built, written as issue rows with a place and a full sentence."""

from __future__ import annotations

from dataclasses import dataclass, field

from extractors.grid import Cell, Doubt, Locator, TextBlock
from pipeline.issues import issue_code
from pipeline.records.ids import issue_id
from pipeline.schema import IssueRow

_UNKNOWN = "（无从推断）"  # what a sentence says where nobody can tell the likely reading


def place_of(at: Locator) -> str:
    """A locator in words of a Chinese sentence.

    >>> place_of(Locator(line=13)), place_of(Locator(sheet="目标表", ref="B7")), place_of(Locator(page=2))
    ('第13行', '工作表“目标表”B7', '第2页')
    """
    if at.line is not None:
        return f"第{at.line}行"
    if at.sheet is not None:
        return f"工作表“{at.sheet}”{at.ref or ''}"
    return f"第{at.page}页" if at.page is not None else ""


@dataclass(slots=True)
class Notes:
    """The issues of one document as they come up; ``path`` is how messages name the file.

    ``origins`` names, by the id of a cell or block, the reader and engine that read it.
    """

    path: str
    document_id: str
    places: dict[str, Cell | TextBlock]
    origins: dict[str, str] = field(default_factory=dict)
    rows: dict[str, IssueRow] = field(default_factory=dict)
    year: int = 0

    def add(
        self,
        code: str,
        data: dict[str, str],
        *,
        form_id: str | None = None,
        indicator_id: str | None = None,
        cell_id: str | None = None,
    ) -> None:
        """Note an issue; the same one twice is one. Raises UnknownIssueError."""
        entry = issue_code(code)
        cell = self.places.get(cell_id or "")
        suggestion = data.get("suggestion") or None
        if "suggestion" in data:
            data = {**data, "suggestion": f"“{suggestion}”" if suggestion else _UNKNOWN}
        place = " ".join(p for p in (self.path, place_of(cell.at) if cell else "") if p)
        message = f"{place}：{entry.sentence(data)}"
        key = issue_id(code, self.document_id, form_id, indicator_id, cell_id, message)
        self.rows[key] = IssueRow(
            issue_id=key,
            code=code,
            title=entry.title,
            severity=entry.severity.value,
            stage=entry.stage,
            document_id=self.document_id,
            form_id=form_id,
            indicator_id=indicator_id,
            cell_id=cell_id,
            message=message,
            suggestion=suggestion,
            fiscal_year=self.year,
        )

    def doubt(self, doubt: Doubt, *, form_id: str | None = None, indicator_id: str | None = None) -> None:
        """Note a reader's or layout's doubt at the first cell it names."""
        cell_id = doubt.cell_ids[0] if doubt.cell_ids else None
        cell = self.places.get(cell_id or "")
        data = {"text": cell.text, **doubt.data} if cell else doubt.data
        self.add(doubt.code, data, form_id=form_id, indicator_id=indicator_id, cell_id=cell_id)

    def take(self) -> tuple[IssueRow, ...]:
        """The issues so far, in the order they came up, and a fresh start."""
        rows = tuple(self.rows.values())
        self.rows = {}
        return rows
