"""Normalise: forms → records: values read, labels and concepts attached, money in yuan, doubts as issues."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.grid import Document
from extractors.layout.forms import Reading
from pipeline.codec import rows_of
from pipeline.records.types import DocumentRecords
from pipeline.stage import Stage


@dataclass(frozen=True, slots=True)
class Understood:
    """A document, its forms, and the path by which messages name it."""

    document: Document
    reading: Reading
    path: str


def normalise(given: Understood) -> DocumentRecords:
    """The records of one document."""
    from pipeline.records.build import document_records  # loaded by runs that have something to do

    return document_records(given.document, given.reading, given.path)


STAGE: Stage[Understood, DocumentRecords] = Stage(
    name="normalise",
    version="1",
    reads=(
        "extractors/grid.py",
        "extractors/layout/forms.py",
        "normalizers",
        "package:jieba",
        "package:rapidfuzz",
        "pipeline/grades.yaml",
        "pipeline/issues.py",
        "pipeline/issues.yaml",
        "pipeline/records",
        "pipeline/schema",
    ),
    call=normalise,
    codec=rows_of(DocumentRecords),
)
