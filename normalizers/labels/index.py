"""The wordings a label may have, built once from the trees, the aliases and the look-alikes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from normalizers.labels.model import ALIASES, EVERYDAY, RULES, How
from normalizers.labels.surface import plain
from normalizers.taxonomy import VERSIONS, Node, level_of, taxonomy

MAIN = ("pilot", "2015", "2021")
"""The trees of target forms; the words of the others never outvote theirs."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One known wording of one node: at which level, whose (exact = a tree's own name), under what terms.

    ``only_level``: an everyday word that counts only where its level is asked.
    ``only_version``: a wording that means this node in one tree only.
    """

    text: str
    node_id: str
    level: int
    how: How
    only_level: bool = False
    only_version: str | None = None
    damaged: bool = False

    def admits(self, level: int | None, version: str | None) -> bool:
        """Whether the wording may be used under this question."""
        if self.only_version is not None and version != self.only_version:
            return False
        return not self.only_level if level is None else level == self.level


@dataclass(frozen=True, slots=True)
class Index:
    """All wordings, by text; and the texts that are words of their own."""

    wordings: Mapping[str, tuple[Wording, ...]]
    decoys: frozenset[str]
    written_decoys: tuple[str, ...]
    decoy_words: frozenset[str]

    def admitted(self, text: str, level: int | None, version: str | None) -> tuple[Wording, ...]:
        """The wordings of exactly this text that the question admits."""
        return tuple(w for w in self.wordings.get(text, ()) if w.admits(level, version))


@lru_cache(maxsize=1)
def index() -> Index:
    """Build the index.

    Raises:
        ReferenceFileError: a tree or alias file is inconsistent.
    """
    table: dict[str, list[Wording]] = defaultdict(list)
    for version in MAIN:
        for node in taxonomy(version).nodes:
            _add_all(table, _names(node, None))
    for entry in ALIASES.aliases:
        if level_of(entry.node) is None:
            raise ValueError(f"aliases.yaml: {entry.label} names an unknown node {entry.node}")
        wording = Wording(
            plain(entry.label), entry.node, entry.level, "alias", entry.only_level, None, entry.damaged
        )
        _add(table, wording)
    for version in VERSIONS:
        if version not in MAIN:
            for node in taxonomy(version).nodes:
                _add_all(table, (_bound(w, version, table) for w in _names(node, version)))
    written = {plain(text) for text in RULES.decoys.texts}
    words = frozenset(RULES.decoys.words)
    decoys = (
        EVERYDAY
        | written
        | _blends(_cores(table), words)
        | words
        | {word + tail for word in words for tail in RULES.generic}
    )
    decoys |= {core + tail for core in _cores(table) for tail in RULES.decoys.tails}
    return Index(
        MappingProxyType({text: tuple(found) for text, found in table.items()}),
        frozenset(decoys - table.keys()),
        tuple(sorted(written - table.keys())),
        words,
    )


def core(text: str) -> str:
    """A label without 指标/目标 at its end.

    >>> core("数量指标"), core("指标")
    ('数量', '指标')
    """
    for tail in RULES.generic:
        if text.endswith(tail) and len(text) > len(tail):
            return text[: -len(tail)]
    return text


def _names(node: Node, version: str | None) -> list[Wording]:
    """A tree's own name, the same with the other generic word, and bare."""
    bare = core(node.name)
    shifted = version is not None and level_of(node.id) != node.level
    only = version if shifted else None
    found = [Wording(node.name, node.id, node.level, "exact", False, only)]
    found += [
        Wording(bare + tail, node.id, node.level, "alias", False, only)
        for tail in RULES.generic
        if bare + tail != node.name and version is None
    ]
    found.append(Wording(bare, node.id, node.level, "alias", True, only))
    return found


def _bound(wording: Wording, version: str, table: Mapping[str, list[Wording]]) -> Wording:
    """Tie a wording to its version where the target forms use the same words for something else."""
    known = table.get(wording.text, [])
    if all(w.node_id == wording.node_id for w in known if w.level == wording.level):
        return wording
    return Wording(wording.text, wording.node_id, wording.level, wording.how, wording.only_level, version)


def _add_all(table: dict[str, list[Wording]], wordings: Iterable[Wording]) -> None:
    for wording in wordings:
        _add(table, wording)


def _add(table: dict[str, list[Wording]], wording: Wording) -> None:
    """Keep one wording per (text, node, level): the tree's name wins, the freer terms win."""
    same = [w for w in table[wording.text] if (w.node_id, w.level) == (wording.node_id, wording.level)]
    if not same:
        table[wording.text].append(wording)
        return
    old = same[0]
    how: How = "exact" if "exact" in (old.how, wording.how) else "alias"
    bound = old.only_version if old.only_version == wording.only_version else None
    merged = Wording(
        old.text, old.node_id, old.level, how, old.only_level and wording.only_level, bound, old.damaged
    )
    table[wording.text][table[wording.text].index(old)] = merged


def _blends(cores: Iterable[str], words: frozenset[str]) -> set[str]:
    """Cores of four characters with one half replaced by a look-alike word: 产品数量, 经济收益."""
    found: set[str] = set()
    for text in cores:
        if len(text) == 4:
            left, right = text[:2], text[2:]
            found |= {word + right for word in words if set(word) & set(left)}
            found |= {left + word for word in words if set(word) & set(right)}
    return found


def _cores(table: Mapping[str, list[Wording]]) -> frozenset[str]:
    return frozenset(core(w.text) for found in table.values() for w in found)
