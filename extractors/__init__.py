"""Sources in, cells and forms out: what stands on the paper, not yet what it means.

``read`` turns one file into a :class:`~extractors.grid.Document`; ``find_forms`` turns a Document
into forms. Both are looked up on first use, so that importing the package pulls in no reader.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extractors.layout import find_forms as find_forms
    from extractors.readers import read as read

__all__ = ["find_forms", "read"]

_HOMES = {"read": "extractors.readers", "find_forms": "extractors.layout"}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted(__all__)
