"""The tiny PDF writer and the scoring rule, as fixtures."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from extractors import read
from extractors.grid import Document
from extractors.source import SourceFile

ROOT = Path(__file__).parents[3]


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"_pdf_tests_{path.stem}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def make() -> ModuleType:
    return _module(ROOT / "tests" / "fixtures" / "make_pdf.py")


@pytest.fixture(scope="session")
def scoring() -> ModuleType:
    return _module(Path(__file__).with_name("scoring.py"))


@pytest.fixture
def page(make: ModuleType) -> Callable[..., Document]:
    """Read a document of one page with the given content."""

    def run(content: str, **entries: object) -> Document:
        pdf = make.Pdf()
        pdf.page(content, **entries)
        return read(SourceFile.from_bytes(pdf.bytes(), "page.pdf"))

    return run
