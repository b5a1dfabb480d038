"""How the rows of each published table are recognised in two publishes."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.schema import TABLES, Column

_PROVENANCE = ("cell_id", "cell_ids", "indicator_ids")
_IDS = ("document_id", "form_id", "other_form_id", "indicator_id", "finding_id", "issue_id", "row_no")


@dataclass(frozen=True, slots=True)
class Watched:
    """How the rows of one table are recognised and named.

    ``identity`` names a row in both publishes; rows that share one are told apart by their order.
    ``name`` is the column that says in words which row came or went. ``parents`` are the id columns
    of what the row belongs to. ``listed`` is False where a row is not worth a line of its own when
    all of its first parent came or went with it. ``placed`` rows are known by their place alone: in
    a document with other bytes they cannot be recognised and are left out.
    """

    table: str
    identity: tuple[str, ...]
    name: str
    parents: tuple[str, ...]
    listed: bool = True
    placed: bool = False

    @property
    def compared(self) -> tuple[Column, ...]:
        """The columns whose values are compared: all but ids and places.

        >>> {c.name for c in WATCHED[1].compared} & {"form_id", "project_name", "goal"} == {"project_name", "goal"}
        True
        """
        kept = ("document_id",) if self.table == "documents" else ()
        return tuple(
            c
            for c in TABLES[self.table].columns
            if c.name in kept
            or not (c.name in self.identity or c.name in _IDS or c.name.endswith(_PROVENANCE))
        )


# From the top down: a form is paired inside paired documents, an indicator inside paired forms.
WATCHED = (
    Watched("documents", ("path", "member"), "path", ("document_id",)),
    Watched("forms", ("form_id",), "project_name", ("document_id",)),
    Watched("funding", ("form_id", "source", "stage"), "amount_raw", ("form_id",)),
    Watched("indicators", ("indicator_id",), "level3", ("form_id",)),
    Watched("quantities", ("indicator_id", "role", "part_no"), "number_raw", ("indicator_id",), listed=False),
    Watched("blank_slots", ("form_id", "row_no"), "level2_id", ("form_id",), listed=False),
    Watched("cells", ("document_id", "cell_id"), "text", ("document_id",), listed=False, placed=True),
    Watched(
        "issues",
        ("document_id", "form_id", "indicator_id", "code", "message"),
        "message",
        ("document_id",),
        listed=False,
    ),
    Watched(
        "findings", ("form_id", "other_form_id", "rule", "message"), "message", ("form_id", "other_form_id")
    ),
    Watched("links", ("form_id", "other_form_id", "relation"), "how", ("form_id", "other_form_id")),
)
