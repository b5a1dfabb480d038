"""Which code and which reference files made a publish: what a change is put down to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Editions:
    """Digests of the code and of the reference files behind a publish; empty where not known.

    >>> Editions("a", "b").against(Editions("a", "c")), Editions("a", "b").against(Editions("a", "b"))
    ('reference', 'source')
    """

    code: str = ""
    reference: str = ""

    def against(self, last: Editions) -> str:
        """Why a value differs whose own document is the same: ``version``, ``reference`` or ``source``.

        New code comes first: where code and reference files both changed, nobody can tell which of
        them did it. ``source`` is left for what depends on other documents (copies, links).
        """
        if self.code != last.code:
            return "version"
        return "reference" if self.reference != last.reference else "source"


def editions_of(package: Path) -> Editions:
    """The editions named in the ``datapackage.json`` of a publish; unknown where it names none."""
    try:
        found = json.loads(package.read_text(encoding="utf-8"))["madeBy"]
        return Editions(str(found["code"]), str(found["reference"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Editions()
