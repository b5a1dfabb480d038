"""Level labels as the layout asks for them: node, score and reason, cached, most cells refused unasked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from extractors.layout.shapes import key_of
from normalizers.labels import match_label
from normalizers.taxonomy import parent_id, taxonomy

_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
_LONGEST = 17  # 社会公众或服务对象满意度指标 has 14 characters
_CACHE = 1 << 16


@dataclass(frozen=True, slots=True)
class LevelHit:
    """A text taken as a level label: its node, how it was matched, 0…1, and why."""

    node_id: str
    how: str
    score: float
    reason: str


@lru_cache(maxsize=_CACHE)
def level_hit(text: str, level: int, version: str | None = None) -> LevelHit | None:
    """The node a cell stands for at this level of this version's tree, or None.

    >>> level_hit("满意度指", 1).node_id, level_hit("成本指标", 1, "2015"), level_hit("指标1: 培训人次", 2)
    ('satisfaction', None, None)
    """
    bare = _BRACKETS.sub("", key_of(text))
    if not 1 < len(bare) <= _LONGEST or ":" in bare or bare[0].isdigit():
        return None
    match = match_label(text, level=level, version=version)
    if match.node_id is None or match.how is None or match.level != level:
        return None
    return LevelHit(match.node_id, match.how, match.score, match.reason)


@lru_cache(maxsize=_CACHE)
def is_level_label(text: str) -> bool:
    """Whether a text is surely a level label, damaged ones not counted.

    >>> is_level_label("可持续影响指标"), is_level_label("督办工作经费")
    (True, False)
    """
    hits = (level_hit(text, 1), level_hit(text, 2))
    return any(hit is not None and hit.how in ("exact", "alias") for hit in hits)


@lru_cache(maxsize=4096)
def parent_of(node_id: str, version: str) -> str | None:
    """The level-1 id above a level-2 id in this version, or in the newest tree that has it."""
    return parent_id(node_id, version)


@lru_cache(maxsize=4096)
def name_of(node_id: str, version: str) -> str:
    """The printed name of a node in this version, or in any that has it; the id itself at last.

    >>> name_of("output", "2015")
    '产出指标'
    """
    for name in (version, "2015", "2021", "pilot", "ndrc", "evaluation"):
        try:
            node = taxonomy(name).get(node_id)
        except KeyError:
            continue
        if node is not None:
            return node.name
    return node_id


@lru_cache(maxsize=4096)
def only_child(node_id: str, version: str) -> str | None:
    """The single level-2 id under a level-1 id, or None where there are several or none.

    >>> only_child("satisfaction", "2015"), only_child("output", "2015")
    ('satisfaction.beneficiary', None)
    """
    try:
        children = taxonomy(version).children(node_id)
    except KeyError:
        children = taxonomy("2015").children(node_id)
    return children[0].id if len(children) == 1 else None


@lru_cache(maxsize=256)
def siblings_after(node_id: str, version: str) -> tuple[str, ...]:
    """The level-2 ids printed right after this one under the same parent."""
    try:
        tree = taxonomy(version)
    except KeyError:
        tree = taxonomy("2015")
    parent = tree.parent(node_id)
    if parent is None:
        return ()
    ids = [node.id for node in tree.children(parent.id)]
    return tuple(ids[ids.index(node_id) + 1 :]) if node_id in ids else ()
