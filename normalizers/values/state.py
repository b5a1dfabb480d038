"""Qualitative words: 逐步提升, 有所下降, 长期有效, 按时完成. The words are ``reference/states.yaml``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from normalizers.frozen import maker
from normalizers.quantity import Direction, State
from normalizers.reference import Reference, load_yaml
from normalizers.text import Folded
from normalizers.units import trie_pattern


class _Names(Reference):
    endings: tuple[str, ...]


class _States(Reference):
    """Model of ``states.yaml``."""

    seen: str
    verbs: dict[Direction, str]
    phrases: dict[str, tuple[str, ...]]
    deadline: tuple[str, ...]
    modifiers: dict[str, tuple[str, ...]]
    strength: dict[str, tuple[str, ...]]
    cut_off: dict[str, Direction | None]
    plain: str
    names: _Names


_STATES = load_yaml("states.yaml", _States)
_DIRECTIONS = {str(direction): direction for direction in Direction}
_state = maker(State)
_UP_DOWN = (Direction.UP, Direction.DOWN)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a run of words says. ``deadline`` and ``cut`` are marks for the kind and for an issue."""

    direction: Direction | None
    strength: str | None
    horizon: str | None
    deadline: bool = False
    cut: bool = False


def _table() -> dict[str, tuple[str, str | None]]:
    """Word → (role, detail); what comes later overrides, so a longer list item keeps its own role."""
    table: dict[str, tuple[str, str | None]] = {}
    rows: list[tuple[list[str], str, str | None]] = [(_STATES.plain.split(), "plain", None)]
    rows += [(words.split(), "verb", str(direction)) for direction, words in _STATES.verbs.items()]
    rows += [(list(words), "strength", name) for name, words in _STATES.strength.items()]
    rows += [(list(words), "horizon", name) for name, words in _STATES.modifiers.items()]
    rows += [
        (list(words), "phrase", None if side == "none" else side) for side, words in _STATES.phrases.items()
    ]
    rows.append((list(_STATES.deadline), "deadline", None))
    for words, role, detail in rows:
        table |= dict.fromkeys(words, (role, detail))
    return table


_TABLE = _table()
# A single character (高, 好, 中) is a state only when it is the whole wording.
_WORD = re.compile(trie_pattern([word for word in _TABLE if len(word) > 1]))


def read_state(text: str) -> Reading | None:
    """Read one run of folded text without numbers; None when no known word is in it.

    The direction is that of a phrase before that of a verb, of 提升/下降 before 保持 before 完成,
    of the first before a later one.

    Example:
        >>> reading = read_state("逐步提升")
        >>> reading.direction, reading.horizon, read_state("原州区人民政府") is None
        (<Direction.UP: 'up'>, 'gradual', True)
    """
    if text in _STATES.cut_off:
        role, detail = _TABLE[text]
        cut = _STATES.cut_off[text]
        return Reading(
            cut, detail if role == "strength" else None, detail if role == "horizon" else None, cut=True
        )
    whole = _TABLE.get(text)
    if whole is None and text.endswith(_STATES.names.endings):
        return None
    found = [whole] if whole is not None else [_TABLE[word] for word in _WORD.findall(text)]
    if not found:
        return None
    details: dict[str, str] = {}
    verbs: list[Direction] = []
    for role, detail in found:
        if role == "verb" and detail is not None:
            verbs.append(_DIRECTIONS[detail])
        elif detail is not None:
            details.setdefault(role, detail)
    deadline = any(role == "deadline" for role, _ in found)
    return Reading(
        None if deadline else _direction(found, details, verbs),
        details.get("strength"),
        details.get("horizon"),
        deadline,
    )


def _direction(
    found: list[tuple[str, str | None]], details: dict[str, str], verbs: list[Direction]
) -> Direction | None:
    moving = [verb for verb in verbs if verb in _UP_DOWN]
    if "phrase" in details:
        return _DIRECTIONS[details["phrase"]]
    if moving:
        return moving[0]
    if any(role == "phrase" for role, _ in found):
        return None
    for wanted in (Direction.MAINTAIN, Direction.REACH):
        if wanted in verbs:
            return wanted
    return Direction.MAINTAIN if details.get("horizon") == "long_term" else None


def make_state(text: str, reading: Reading, folded: Folded, start: int, end: int) -> State:
    """The frozen state with its span in the raw text."""
    raw_start, raw_end = folded.span(start, end)
    return _state(text[start:end], reading.direction, reading.strength, reading.horizon, raw_start, raw_end)
