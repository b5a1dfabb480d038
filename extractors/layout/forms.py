"""The types of an understood form: slots that point to cells, and who claims which cell.

Nothing here reads anything. A slot keeps the **cells** (for provenance) and the **text** that
belongs to the slot once the cell's own label is cut away (``年度资金总额 20万`` → ``20万``).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from extractors.grid import Cell, Doubt, TextBlock


@dataclass(frozen=True, slots=True)
class Slot:
    """One value of the form: its text, the cell it stands in, the cell of its printed label.

    ``text`` is the printed wording without the cell's own label; ``structure`` is how sure we are
    that this cell belongs here (0…1); ``how`` says in a few words why.
    """

    text: str
    cell: Cell | TextBlock | None
    label_cell: Cell | TextBlock | None = None
    structure: float = 1.0
    how: str = ""


@dataclass(frozen=True, slots=True)
class FundingItem:
    """One amount of the money block. ``source`` and ``stage`` as in the published ``funding`` table.

    ``scale_word`` is the unit printed for it outside the amount (``万元``), ``scale_source`` where
    that stood: ``row_label``, ``column`` or ``form``; None when only the cell itself can say.
    ``weight``, ``rate`` and ``score`` are slots of the same printed row.
    """

    source: str
    stage: str
    amount: Slot
    scale_word: str | None = None
    scale_source: str | None = None
    weight: Slot | None = None
    rate: Slot | None = None
    score: Slot | None = None


@dataclass(frozen=True, slots=True)
class LevelLabel:
    """A level-1 or level-2 label as it applies to a row: printed text, node, how it was matched.

    ``cell`` is None when nothing is printed and the tree alone supplies it (``how = context``).
    """

    text: str
    node_id: str | None
    how: str  # exact | alias | fuzzy | context
    score: float
    cell: Cell | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FormRow:
    """One level-3 row: labels open above it, its name, its values by role.

    ``slots`` holds any of ``target`` ``actual`` ``weight`` ``score`` ``deviation`` ``sign``
    ``unit`` ``direction`` ``remark`` …; ``name`` is the text without 指标N: and closing 。；，.
    A row without a name is a blank slot (``blank`` true). ``line_rows`` are grid row numbers.
    """

    row_no: int
    level1: LevelLabel | None
    level2: LevelLabel | None
    ordinal: int | None
    name: str
    name_raw: str
    name_cell: Cell | None
    slots: dict[str, Slot]
    blank: bool = False
    horizon: str = "annual"
    structure: float = 1.0
    column_unit: str | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a document, every non-empty cell of it accounted for in ``claims``.

    ``fields`` is keyed by slot name (``project_name`` ``project_code`` ``department`` ``agency``
    ``project_nature`` ``period`` ``goal`` ``goal_actual`` ``title`` ``fiscal_year`` ``total_score``
    ``unit_note`` …). ``claims`` maps cell or block id to ``form:<field>``, ``row:<row_no>:<slot>``,
    ``noise:<why>`` or ``issue:<code>``; it covers every non-empty cell and block in ``cells`` and
    ``blocks``. ``kind`` and ``taxonomy_version`` use the words of the published ``forms`` table.
    """

    form_no: int
    kind: str
    family: str
    family_score: float
    taxonomy_version: str
    fields: dict[str, Slot]
    funding: tuple[FundingItem, ...]
    rows: tuple[FormRow, ...]
    cells: tuple[Cell, ...]
    blocks: tuple[TextBlock, ...]
    claims: dict[str, str]
    doubts: tuple[Doubt, ...] = ()
    pages: tuple[int, ...] = ()
    structure: float = 1.0
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a document gave: its forms, and the claims of what lies outside any form."""

    forms: tuple[Form, ...]
    outside_cells: tuple[Cell, ...]
    outside_blocks: tuple[TextBlock, ...]
    claims: dict[str, str]
    doubts: tuple[Doubt, ...] = ()
