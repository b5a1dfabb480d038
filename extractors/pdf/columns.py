"""Tables with level rules only or without rules."""

from __future__ import annotations

from extractors.pdf.chars import Chars
from extractors.pdf.edges import Edges
from extractors.pdf.lattice import Lattice


def column_lattices(
    chars: Chars, level: Edges, found: list[Lattice], size: tuple[float, float]
) -> list[Lattice]:
    """Later."""
    return []
