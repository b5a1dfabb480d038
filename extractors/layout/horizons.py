"""Two values for one name (中期 beside 年度 in one row): the row of the whole term stands apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.layout.account import Ledger
from extractors.layout.forms import FormRow

_OF_TERM = "_midterm"


def rows_of_terms(rows: Sequence[FormRow], first: int, ledger: Ledger) -> list[FormRow]:
    """One further row with ``horizon = midterm`` for every row that also has values of the whole term.

    Args:
        rows: the rows of one block.
        first: the number of the first new row.
        ledger: takes over the claims of the values that move.

    Returns:
        The given rows without those values, then the new ones.

    Example:
        >>> rows_of_terms([], 0, Ledger())
        []
    """
    kept: list[FormRow] = []
    new: list[FormRow] = []
    for row in rows:
        later = {role: slot for role, slot in row.slots.items() if role.endswith(_OF_TERM)}
        if not later or not row.name:
            kept.append(row)
            continue
        number = first + len(new)
        slots = {role.removesuffix(_OF_TERM): slot for role, slot in later.items()}
        for role, slot in slots.items():
            if slot.cell is not None:
                ledger.claims[slot.cell.id] = f"row:{number}:{role}"
        shared = {role: slot for role, slot in row.slots.items() if role in ("sign", "unit", "direction")}
        reasons = tuple(code for code in row.reasons if code != "value_missing")
        new.append(replace(row, row_no=number, slots={**shared, **slots}, horizon="midterm", reasons=reasons))
        kept.append(replace(row, slots={role: s for role, s in row.slots.items() if role not in later}))
    return kept + new
