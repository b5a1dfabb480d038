"""Floor 4 to 7: joins what stands there with what it means, remembers, judges, publishes.

The public names are :func:`extract` (archive → published tables), :func:`load` (tables → pandas)
and :func:`explain`. They are looked up on first use, so importing the package pulls no floor up.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.explain import explain as explain
    from pipeline.explain import load as load
    from pipeline.run import extract as extract

__all__ = ["explain", "extract", "load"]

_HOMES = {"extract": "pipeline.run", "load": "pipeline.explain", "explain": "pipeline.explain"}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted(__all__)
