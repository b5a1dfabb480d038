"""Assemble: cells and text blocks → forms, every non-empty cell claimed."""

from __future__ import annotations

from extractors.grid import Document
from extractors.layout.forms import Reading
from pipeline.stage import Stage
from pipeline.storage.codec import TREES


def assemble(document: Document) -> Reading:
    """The forms of one document and the claims of what lies outside them."""
    from extractors.layout import find_forms  # loaded by runs that have something to do

    return find_forms(document)


STAGE: Stage[Document, Reading] = Stage(
    name="assemble",
    version="1",
    # Layout understands rows by the words of their labels: an edited alias re-runs it.
    reads=(
        "extractors/families",
        "extractors/grid.py",
        "extractors/layout",
        "normalizers/folding.py",
        "normalizers/frozen.py",
        "normalizers/labels",
        "normalizers/nearness.py",
        "normalizers/numerals.py",
        "normalizers/reference.py",
        "normalizers/reference/aliases.yaml",
        "normalizers/reference/labels.yaml",
        "normalizers/reference/noise.yaml",
        "normalizers/reference/taxonomy",
        "normalizers/reference/traditional.yaml",
        "normalizers/taxonomy.py",
        "normalizers/text.py",
        "package:rapidfuzz",
        "pipeline/storage/codec.py",
    ),
    call=assemble,
    codec=TREES,
)
