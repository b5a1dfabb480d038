"""What one form says, as rows of the published tables plus the readings the audit rules need."""

from __future__ import annotations

from pipeline.records.types import BlankValue, DocumentRecords, FormRecords, RowReading

__all__ = ["BlankValue", "DocumentRecords", "FormRecords", "RowReading"]
