"""Normalise: forms → records: people's decisions applied, values read, labels and concepts attached, doubts as issues."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.grid import Document
from extractors.layout.forms import Reading
from pipeline.corrections.types import Correction
from pipeline.records.types import DocumentRecords
from pipeline.stage import Stage
from pipeline.storage.codec import rows_of


@dataclass(frozen=True, slots=True)
class Understood:
    """A document, its forms, the path by which messages name it, and what people decided about it."""

    document: Document
    reading: Reading
    path: str
    corrections: tuple[Correction, ...] = ()


def normalise(given: Understood) -> DocumentRecords:
    """The records of one document, people's decisions applied where they hold."""
    from pipeline.corrections.apply import decided_records  # loaded by runs that have something to do

    return decided_records(given.document, given.reading, given.path, given.corrections)


STAGE: Stage[Understood, DocumentRecords] = Stage(
    name="normalise",
    version="1",
    reads=(
        "extractors/grid.py",
        "extractors/layout/forms.py",
        "extractors/layout/shapes.py",
        "extractors/layout/wording.py",
        "extractors/ocr/rules.py",
        "extractors/ocr/rules.yaml",
        "normalizers",
        "package:jieba",
        "package:rapidfuzz",
        "pipeline/corrections",
        "pipeline/grades.yaml",
        "pipeline/issues.py",
        "pipeline/issues.yaml",
        "pipeline/records",
        "pipeline/schema",
    ),
    call=normalise,
    codec=rows_of(DocumentRecords),
)
