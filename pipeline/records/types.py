"""The types of a normalised form: published rows and, beside them, what the audit rules look at.

:class:`FormRecords` is the one input of every audit rule. Nothing here reads or decides anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from normalizers.quantity import ParsedValue, Quantity
from pipeline.schema import (
    BlankSlotRow,
    CellRow,
    CorrectionRow,
    FormRow,
    FundingRow,
    IndicatorRow,
    IssueRow,
    QuantityRow,
)


@dataclass(frozen=True, slots=True)
class RowReading:
    """How the values of one indicator were read, and the quantities found in the words of its name.

    ``name`` holds the quantities of the level-3 text in printed order (``办公经费60万`` → one of
    kind money, 600000 元), their spans counted in ``IndicatorRow.level3``. ``target`` and ``actual``
    are None where the row has no such cell or the cell is empty.
    """

    indicator_id: str
    row_no: int
    target: ParsedValue | None
    actual: ParsedValue | None
    name: tuple[Quantity, ...] = ()
    concept_id: str | None = None


@dataclass(frozen=True, slots=True)
class BlankValue:
    """A value that stands beside a printed slot without a name (``指标2：`` | ``30次``)."""

    row_no: int
    role: str  # target | actual
    text: str
    cell_id: str


@dataclass(frozen=True, slots=True)
class FormRecords:
    """One form, normalised. ``readings`` runs parallel to ``indicators``.

    ``dismissals`` are people's decisions about findings, which only the audit can meet.
    ``goal`` holds the quantities in the words of the goal; ``field_cells`` maps a header field
    (``goal``, ``project_name``, ``project_nature`` …) to the id of the cell its value stands in,

    >>> records = FormRecords(form=FormRow(form_id="f", document_id="d", form_no=0, kind="target",
    ...     family="base", taxonomy_version="2015", cells_total=0, cells_claimed=0, grade="good"))
    >>> records.indicators, records.reading("nothing")
    ((), None)
    """

    form: FormRow
    funding: tuple[FundingRow, ...] = ()
    indicators: tuple[IndicatorRow, ...] = ()
    quantities: tuple[QuantityRow, ...] = ()
    blank_slots: tuple[BlankSlotRow, ...] = ()
    cells: tuple[CellRow, ...] = ()
    issues: tuple[IssueRow, ...] = ()
    readings: tuple[RowReading, ...] = ()
    blank_values: tuple[BlankValue, ...] = ()
    goal: tuple[Quantity, ...] = ()
    field_cells: dict[str, str] = field(default_factory=dict)
    dismissals: tuple[CorrectionRow, ...] = ()

    def reading(self, indicator_id: str) -> RowReading | None:
        """The reading of one indicator, or None if this form has no such indicator."""
        return next((r for r in self.readings if r.indicator_id == indicator_id), None)

    def text(self, cell_id: str) -> str | None:
        """The printed text of one of this form's cells or blocks, or None if it is not this form's."""
        return next((c.text for c in self.cells if c.cell_id == cell_id), None)


@dataclass(frozen=True, slots=True)
class DocumentRecords:
    """One document, normalised: its forms, and the cells and issues that belong to none of them.

    ``media_type``, ``reader`` and ``pages`` describe how it was read; ``fiscal_year`` is the year
    of the whole document, 0 where its forms disagree and neither its name nor folder tells.
    ``corrections`` are people's decisions and what became of them, those about findings left out.
    """

    document_id: str
    media_type: str
    reader: str
    pages: int | None
    fiscal_year: int
    forms: tuple[FormRecords, ...] = ()
    cells: tuple[CellRow, ...] = ()
    issues: tuple[IssueRow, ...] = ()
    corrections: tuple[CorrectionRow, ...] = ()
