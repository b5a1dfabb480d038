"""What this installation can read: the readers found, the libraries behind them, the rules and codes."""

from __future__ import annotations

import sqlite3
import sys
from importlib import import_module, metadata
from importlib.util import find_spec
from shutil import which

from extractors.readers.base import Reader, readers

LIBRARIES = (
    "camelot-py",
    "jieba",
    "lxml",
    "msgspec",
    "numpy",
    "pandas",
    "pdfplumber",
    "pillow",
    "pyarrow",
    "pypdfium2",
    "rapidfuzz",
)
MODULES = {"camelot-py": "camelot", "pillow": "PIL"}


def report() -> tuple[list[str], bool]:
    """The lines of ``jixiao doctor``, and whether everything this version needs is there.

    >>> lines, healthy = report()
    >>> any("text_dump" in line for line in lines)
    True
    """
    lines = [f"python {sys.version.split()[0]}, sqlite {sqlite3.sqlite_version}", "", "can read:"]
    lines += [f"  {r.name}/{r.version}: {', '.join(sorted(r.media_types))}{_needs(r)}" for r in readers()]
    lines += ["", "libraries:"]
    healthy = True
    for name in LIBRARIES:
        state = _state(name)
        healthy &= state != "missing"
        lines.append(f"  {name}: {state}")
    if not healthy:
        lines += [
            "",
            "something is missing; run make extract, or pip install --require-hashes -r requirements.lock",
        ]
    return lines, healthy


def _needs(reader: Reader) -> str:
    """What a reader needs beside this package, and whether it is there."""
    kind, _, name = str(getattr(reader, "needs", "")).partition(" ")
    if not name:
        return ""
    there = which(name) if kind == "program" else find_spec(name)
    return f" (needs {kind} {name}: {'found' if there else 'missing'})"


def _state(name: str) -> str:
    try:
        import_module(MODULES.get(name, name))
        return metadata.version(name)
    except ImportError:
        return "missing"
