"""Understanding forms: from a document's cells to forms, fields, amounts and indicator rows.

Looked up on first use: a run in which nothing changed needs the types of forms, never their making.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extractors.layout.find import find_forms as find_forms

__all__ = ["find_forms"]


def __getattr__(name: str) -> Any:
    if name == "find_forms":
        from extractors.layout.find import find_forms

        return find_forms
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
