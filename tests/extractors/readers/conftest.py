from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from extractors.grid import Document, Grid
from extractors.readers import read
from extractors.source import SourceFile

FIXTURES = Path(__file__).parents[2] / "fixtures" / "text"


def texts(grid: Grid) -> list[list[str]]:
    """The cells of a grid as rows of texts."""
    rows: list[list[str]] = [[] for _ in range(grid.rows)]
    for cell in grid.cells:
        rows[cell.row].append(cell.text)
    return rows


@pytest.fixture
def read_text() -> Callable[..., Document]:
    def _read(data: str | bytes, name: str = "x.txt") -> Document:
        return read(SourceFile.from_bytes(data if isinstance(data, bytes) else data.encode(), name))

    return _read
