"""Export formats: found by looking into ``pipeline/exports/formats``, one file each.

A format reads the published Parquet and the declared tables, nothing else, and writes one file or
one folder of files. What it could not carry over unchanged it says in its notices.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from pipeline.settings import SettingsError

Write = Callable[[Path, Path], list[str]]


class FormatFileError(TypeError):
    """A file in the formats folder holds no format, or one whose id is not the file's name."""


@dataclass(frozen=True, slots=True)
class Format:
    """One export format. ``write(clean, out)`` writes it and returns its notices as sentences.

    ``default`` is where it goes when nothing is said; ``needs`` names a module of the extra
    ``exports``, or is empty.
    """

    id: str
    title: str
    default: str
    write: Write
    needs: str = ""


def _only_format(name: str) -> Format:
    module = importlib.import_module(f"pipeline.exports.formats.{name}")
    found = [value for value in vars(module).values() if isinstance(value, Format)]
    if len(found) != 1 or found[0].id != name:
        raise FormatFileError(f"{module.__name__}: must hold exactly one format, with the id {name}")
    return found[0]


@lru_cache(maxsize=1)
def formats() -> dict[str, Format]:
    """All formats by id.

    Raises FormatFileError when a file of the folder holds no format or one with another id.

    >>> sorted(formats())
    ['csv', 'duckdb', 'jsonl', 'sqlite', 'xlsx']
    """
    folder = importlib.import_module("pipeline.exports.formats")
    names = sorted(m.name for m in pkgutil.iter_modules(folder.__path__))
    return {name: _only_format(name) for name in names}


def export(clean: Path, to: str, out: Path | None = None) -> tuple[Path, list[str]]:
    """Write the tables published in ``clean`` in the format ``to``; give the place and the notices.

    Raises SettingsError: no such format, nothing published, or a library of the extra is missing.

    >>> export(Path("nowhere"), "csv")
    Traceback (most recent call last):
    pipeline.settings.SettingsError: nowhere: nothing is published here; run: jixiao extract
    """
    found = formats().get(to)
    if found is None:
        raise SettingsError(f"no export format {to!r}; there are: {', '.join(formats())}")
    if not (clean / "documents").is_dir():
        raise SettingsError(f"{clean}: nothing is published here; run: jixiao extract")
    if found.needs and find_spec(found.needs) is None:
        raise SettingsError(f"--to {to} needs {found.needs}; install: pip install 'jixiao[exports]'")
    place = out or Path(found.default)
    place.parent.mkdir(parents=True, exist_ok=True)
    return place, found.write(clean, place)
