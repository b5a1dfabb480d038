"""What people decided about the slots of a form, as the building of records needs it.

Keys are names of slots as in ``pipeline.corrections``; an amount is found by :func:`amount_key`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from extractors.layout.forms import Slot
from normalizers.quantity import ParsedValue


@dataclass(frozen=True, slots=True)
class Word:
    """A person's word about one slot.

    ``text`` is read instead of what is printed, which stays published as printed; ``value`` is read
    already; ``node`` is a concept or code. None of them: the machine's reading of the slot, as it now
    stands, is the person's too.
    """

    text: str | None = None
    value: ParsedValue | None = None
    node: str | None = None


People = Mapping[str, Word]
NOBODY: People = {}


def spoken(slot: Slot | None, word: Word | None) -> Slot | None:
    """The slot as it is to be read: with the person's text in place of the printed one.

    >>> spoken(Slot("3O", None), Word(text="30")).text, spoken(None, None)
    ('30', None)
    """
    if word is None or word.text is None:
        return slot
    return Slot(word.text, None) if slot is None else replace(slot, text=word.text)


def decided(people: People, under: str) -> tuple[str, ...]:
    """The names of the slots ``<under>:<name>`` that people decided, sorted.

    >>> decided({"row:5:target": Word(), "row:51:target": Word()}, "row:5")
    ('target',)
    """
    start = f"{under}:"
    return tuple(sorted(name.removeprefix(start) for name in people if name.startswith(start)))


def amount_key(source: str, stage: str, cell_id: str) -> str:
    """How the word about an amount is found: several may be printed for one source and stage."""
    return f"funding:{source}:{stage}:{cell_id}"
