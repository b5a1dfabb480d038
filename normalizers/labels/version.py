"""Which version of the tree a form prints: decided by structure, never by its year.

The words 成本指标 are a level 2 in the older trees and a level 1 in the new one (taxonomy §1), so
the decision looks at what stands under and beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from normalizers.labels.index import core
from normalizers.labels.match import match_label
from normalizers.labels.surface import surface

_KINDS = frozenset({"cost.economic", "cost.social", "cost.ecological"})
_OUTPUT = frozenset({"output.quantity", "output.quality", "output.timeliness"})
_COST = frozenset({"cost", "output.cost"})


@dataclass(frozen=True, slots=True)
class _Block:
    """One printed level-1 label (or none) and the level-2 labels under it, as nodes."""

    head: str
    words: str
    weighted: bool
    below: tuple[str, ...]
    printed: tuple[str, ...]


def decide_version(evidence: Sequence[tuple[str | None, Sequence[str]]]) -> tuple[str, str]:
    """The tree version of a form, and why.

    Args:
        evidence: in printed order, one ``(level-1 label or None, its level-2 labels)`` for each
            printed level-1 cell; None where level-2 labels stand under no level-1 label. Texts are
            as printed; slid or damaged ones are matched as far as they can be.

    Returns:
        ``(version, reason)`` with version ``pilot`` | ``2015`` | ``2021`` | ``ndrc`` | ``none``.

    Example:
        >>> decide_version([("产出指标", ("数量指标", "质量指标", "时效指标")), ("成本指标", ())])[0]
        '2015'
        >>> decide_version([("成本指标", ("经济成本指标",)), ("产出指标", ("数量指标",))])[0]
        '2021'
        >>> decide_version([("会议", ("次数",))])[0]
        'none'
    """
    blocks = [_block(head, tuple(below)) for head, below in evidence]
    for rule in (_ndrc, _evaluation, _new_cost, _pilot, _level1_cost, _older):
        found = rule(blocks)
        if found:
            return found
    return "none", "no label of any known indicator tree is printed"


@lru_cache(maxsize=1024)  # most forms print the same blocks
def _block(head: str | None, below: tuple[str, ...]) -> _Block:
    words = core(surface(head).bare) if head else ""
    match = match_label(head, level=1) if head else None
    node = match.node_id if match else None
    if head and not node:
        node = match_label(head, level=2).node_id
    weighted = bool(match and (match.weight is not None or match.weight_range is not None))
    nodes = [_second(text) for text in below]
    return _Block(
        node or "", words, weighted, tuple(n for n in nodes if n), tuple(surface(t).bare for t in below)
    )


def _second(text: str) -> str | None:
    found = match_label(text, level=2)
    return found.node_id or match_label(text, level=2, version="ndrc").node_id


def _ids(blocks: list[_Block]) -> set[str]:
    return {b.head for b in blocks if b.head} | {n for b in blocks for n in b.below}


def _ndrc(blocks: list[_Block]) -> tuple[str, str] | None:
    heads = {b.head for b in blocks}
    if "effect" in heads:
        return "ndrc", "实施效果指标 is a level 1: the tree of central capital spending, one level down"
    if "management" in heads and any(b.below for b in blocks if b.head == "management"):
        return "ndrc", "过程管理指标 with kinds of management below: the tree of central capital spending"
    return None


def _evaluation(blocks: list[_Block]) -> tuple[str, str] | None:
    heads = {b.head for b in blocks}
    if heads & {"decision", "process"}:
        return "none", "决策/过程 are level 1: the tree of an evaluation report, not of a target form"
    return None


def _new_cost(blocks: list[_Block]) -> tuple[str, str] | None:
    """Cost kinds as level 2 outside 产出: 101号. Under 产出 beside 成本 they are names (taxonomy §1)."""
    for block in blocks:
        kinds = _KINDS & set(block.below)
        if kinds and block.head in {"cost", "", *_KINDS}:
            return "2021", f"{', '.join(sorted(kinds))} stand as level 2: cost is a level 1 (101号)"
        if len(kinds) > 1 and "output.cost" not in block.below:
            return "2021", "two and more cost kinds stand as level 2, though their level-1 cell is lost"
        if block.head in _KINDS:
            return "2021", f"{block.head} stands in the level-1 column, its own level 1 lost (101号)"
    return None


def _pilot(blocks: list[_Block]) -> tuple[str, str] | None:
    ids = _ids(blocks)
    if any(b.words == "投入" for b in blocks) and ids & {
        "output.timeliness",
        "output.cost",
        "output.resources",
    }:
        return "pilot", "投入 is a level 1 over 时效/成本: the city variant of the pilot forms"
    printed = [text for b in blocks for text in b.printed]
    goals = sum(text.endswith("目标") for text in printed if _second(text))
    if goals > 2 and goals * 2 > len(printed):
        return "pilot", "most level-2 labels end in 目标: the city variant of the pilot forms"
    own_level = any(b.head.startswith("satisfaction") for b in blocks)
    if any(core(text) == "环境效益" for text in printed) and not own_level:
        return "pilot", "环境效益 stands where later trees print 生态效益"
    under = any(b.head == "benefit" and "satisfaction.beneficiary" in b.below for b in blocks)
    if under and not own_level and "benefit.ecological" not in ids:
        return "pilot", "服务对象满意度 hangs under 效益 and no level 1 of satisfaction is printed"
    return None


def _level1_cost(blocks: list[_Block]) -> tuple[str, str] | None:
    """成本指标 in the level-1 column without kinds below: by place and points, new or a lost merge."""
    at = next((i for i, b in enumerate(blocks) if b.head in _COST), None)
    if at is None or any("output.cost" in b.below for b in blocks):
        return None
    after_output = any(b.head == "output" or _OUTPUT & {b.head, *b.below} for b in blocks[:at])
    others = [b for i, b in enumerate(blocks) if i != at and b.head in {"output", "benefit", "satisfaction"}]
    if blocks[at].weighted and others and all(b.weighted for b in others):
        return "2021", "成本指标 carries points as the other level-1 labels do (101号)"
    if not after_output and any(b.head == "output" or _OUTPUT & set(b.below) for b in blocks):
        return "2021", "成本指标 stands as level 1 before 产出: it cannot be the last kind of 产出"
    if after_output:
        why = "成本指标 follows 数量/质量/时效 with no kinds of cost below: their sibling, slid out of its column"
        return "2015", why
    return None


def _older(blocks: list[_Block]) -> tuple[str, str] | None:
    ids = _ids(blocks)
    if "output.cost" in ids and ids & _OUTPUT:
        return "2015", "成本指标 stands beside 数量/质量/时效 as level 2 (88号)"
    if "benefit.sustainability" in ids:
        return "2015", "可持续影响 is printed and nothing shows cost as a level 1 (88号)"
    if ids & _OUTPUT or {"output", "benefit"} <= ids:
        return "2015", "the levels are printed and nothing shows cost as a level 1; the usual form is taken"
    return None
