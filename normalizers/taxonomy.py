"""The indicator trees of Chinese budget-performance forms, one per version.

The facts stand in ``reference/taxonomy/<version>.yaml``. A node keeps its id over the versions as
long as it means the same; ``renamed_from`` names the id that stood for it before. Ids beyond the
contract (``additional`` in the YAML) exist so that labels of capital-spending and evaluation
forms are recognised for what they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from normalizers.reference import Reference, ReferenceFileError, load_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSIONS = ("pilot", "2015", "2021", "ndrc", "evaluation")
"""All trees there are, the oldest first; ``evaluation`` is never the version of a form."""


class _NodeEntry(Reference):
    id: str
    level: Literal[1, 2]
    name: str
    parent: str | None = None
    renamed_from: str | None = None
    additional: bool = False
    seen: str


class _TreeFile(Reference):
    version: str
    title: str
    since: int | None = None
    until: int | None = None
    seen: str
    nodes: list[_NodeEntry]


@dataclass(frozen=True, slots=True)
class Node:
    """One node of one version's tree.

    ``id`` is the canonical id (``output.quantity``), ``name`` the label as that version prints it
    (``数量指标``), ``parent`` the id above it (None at level 1), ``renamed_from`` the id that stood
    for it before, ``additional`` true where the id is not one of the published contract.
    """

    id: str
    level: int
    name: str
    version: str
    parent: str | None = None
    renamed_from: str | None = None
    additional: bool = False


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The tree of one version, its nodes in printed order."""

    version: str
    title: str
    nodes: tuple[Node, ...]
    by_id: Mapping[str, Node]

    def get(self, node_id: str) -> Node | None:
        """The node with this id, or None where the version does not have it.

        >>> taxonomy("2021").get("output.cost") is None
        True
        """
        return self.by_id.get(node_id)

    def parent(self, node_id: str) -> Node | None:
        """The node above ``node_id`` in this version; None at level 1 and for foreign ids.

        >>> taxonomy("pilot").parent("satisfaction.beneficiary").name
        '效益指标'
        """
        node = self.by_id.get(node_id)
        return self.by_id.get(node.parent) if node and node.parent else None

    def children(self, node_id: str) -> tuple[Node, ...]:
        """The nodes right below ``node_id``, in printed order.

        >>> [n.name for n in taxonomy("2021").children("cost")]
        ['经济成本指标', '社会成本指标', '生态环境成本指标']
        """
        return tuple(n for n in self.nodes if n.parent == node_id)

    def level(self, number: int) -> tuple[Node, ...]:
        """All nodes of level 1 or 2, in printed order.

        >>> [n.id for n in taxonomy("2015").level(1)]
        ['output', 'benefit', 'satisfaction']
        """
        return tuple(n for n in self.nodes if n.level == number)


@lru_cache(maxsize=len(VERSIONS))
def taxonomy(version: str) -> Taxonomy:
    """The tree of one version (one of :data:`VERSIONS`).

    Raises:
        KeyError: there is no such version.
        ReferenceFileError: the version's file is inconsistent (a parent is missing, an id twice).

    Example:
        >>> taxonomy("2015").parent("output.cost").name
        '产出指标'
    """
    if version not in VERSIONS:
        raise KeyError(version)
    name = f"taxonomy/{version}.yaml"
    file = load_yaml(name, _TreeFile)
    nodes = tuple(
        Node(e.id, e.level, e.name, version, e.parent, e.renamed_from, e.additional) for e in file.nodes
    )
    by_id = {node.id: node for node in nodes}
    _check(name, file, by_id)
    return Taxonomy(version, file.title, nodes, MappingProxyType(by_id))


def _check(name: str, file: _TreeFile, by_id: Mapping[str, Node]) -> None:
    if name != f"taxonomy/{file.version}.yaml":
        raise ReferenceFileError(f"{name}: says it is version {file.version}")
    if len(by_id) != len(file.nodes):
        raise ReferenceFileError(f"{name}: an id stands twice")
    for node in by_id.values():
        above = by_id.get(node.parent) if node.parent else None
        if node.level == 2 and (above is None or above.level != 1):
            raise ReferenceFileError(f"{name}: {node.id} hangs under {node.parent}, which is no level 1 here")
        if node.level == 1 and node.parent:
            raise ReferenceFileError(f"{name}: {node.id} is level 1 and has a parent")


def parent_id(node_id: str, version: str | None = None) -> str | None:
    """The level-1 id a level-2 id hangs under, in ``version`` or in the newest tree that has it.

    A node the given version lacks (可持续影响 in a strict 2021 form) is looked up in the others, so
    that mixed forms find a parent. None for level-1 and unknown ids.

    >>> parent_id("output.cost"), parent_id("satisfaction.beneficiary", "pilot")
    ('output', 'benefit')
    """
    order = ("2021", "2015", "pilot", "ndrc", "evaluation")
    for name in (version, *order) if version in VERSIONS else order:
        node = taxonomy(str(name)).get(node_id)
        if node:
            return node.parent
    return None


def level_of(node_id: str) -> int | None:
    """The usual level of an id (1 or 2), None for an unknown one; ``ndrc`` prints 产出 at level 2.

    >>> level_of("output"), level_of("cost.social"), level_of("nothing")
    (1, 2, None)
    """
    known = [n.level for v in VERSIONS for n in taxonomy(v).nodes if n.id == node_id]
    return min(known) if known else None
