"""Read: the bytes of one source file → its cells and text blocks, each with its place."""

from __future__ import annotations

from extractors.grid import Document
from extractors.source import SourceFile
from pipeline.stage import Stage
from pipeline.storage.codec import TREES


def read(source: SourceFile) -> Document:
    """The Document of one source. Raises an ExtractionError when it cannot be read."""
    from extractors import read as read_source  # loaded by runs that have something to do

    return read_source(source)


STAGE: Stage[SourceFile, Document] = Stage(
    name="read",
    version="1",
    reads=(
        "extractors/errors.py",
        "extractors/grid.py",
        "extractors/imaging",
        "extractors/memory.py",
        "extractors/ocr",
        "extractors/ofd",
        "extractors/parts.py",
        "extractors/pdf",
        "extractors/readers",
        "extractors/records.py",
        "extractors/sheets",
        "extractors/sniff.py",
        "extractors/source.py",
        "extractors/word",
        "extractors/words.py",
        "extractors/layout/forms.py",
        "normalizers/folding.py",
        "normalizers/frozen.py",
        "normalizers/reference.py",
        "normalizers/text.py",
        "normalizers/reference/noise.yaml",
        "normalizers/reference/traditional.yaml",
        "package:lxml",
        "package:numpy",
        "package:pdfplumber",
        "package:pypdfium2",
        "package:camelot-py",
        "package:onnxruntime",
        "package:openvino",
        "package:opencv-python-headless",
        "package:rapidocr",
        "package:chardet",
        "package:xlrd",
        "pipeline/storage/codec.py",
    ),
    call=read,
    codec=TREES,
)
