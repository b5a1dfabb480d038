"""Understanding forms: from a document's cells to forms, fields, amounts and indicator rows."""

from __future__ import annotations

from extractors.layout.find import find_forms

__all__ = ["find_forms"]
