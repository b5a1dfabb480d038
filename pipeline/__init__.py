"""Floor 4 to 7: joins what stands there with what it means, remembers, judges, publishes.

The public names are :func:`extract` (archive → published tables), :func:`load` (tables → pandas),
:func:`explain`, and :func:`tables_at` (where the tables of a URL lie). They are looked up on first use, so importing the package pulls no floor up.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.exports.shelf import tables_at as tables_at
    from pipeline.provenance.explanation import explain as explain
    from pipeline.provenance.explanation import load as load
    from pipeline.run import extract as extract

__all__ = ["explain", "extract", "load", "tables_at"]

_HOMES = {
    "extract": "pipeline.run",
    "load": "pipeline.provenance.explanation",
    "explain": "pipeline.provenance.explanation",
    "tables_at": "pipeline.exports.shelf",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted(__all__)
