"""``match_label``: exact, alias, damaged, or nothing, and always why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from normalizers.labels.damage import Near, near
from normalizers.labels.index import MAIN, Wording, index
from normalizers.labels.model import ALIASES, RULES, How, LabelMatch
from normalizers.labels.surface import Surface, surface
from normalizers.taxonomy import parent_id, taxonomy

_LONGEST = 40  # a label is short; anything longer is text


@dataclass(frozen=True, slots=True)
class _Verdict:
    node_id: str | None
    reason: str
    how: How | None = None
    score: float = 0.0
    level: int | None = None
    runner_up: str | None = None
    runner_up_score: float = 0.0
    candidates: tuple[str, ...] = ()


@lru_cache(maxsize=16384)
def match_label(text: str, *, level: int | None = None, version: str | None = None) -> LabelMatch:
    """Which node of the indicator tree a printed label stands for; abstains rather than guess.

    Args:
        text: the cell as printed; wrapped, spaced, with points, brackets or stars.
        level: the printed level asked for (1 or 2), None where it is not known.
        version: ``pilot`` | ``2015`` | ``2021`` | ``ndrc`` | ``evaluation`` where it is decided. It
            settles words that mean different nodes in different trees (成本指标); it never hides a
            node the tree lacks, because forms mix trees.

    Returns:
        A :class:`LabelMatch`; ``node_id`` is None where nothing fits or two nodes fit alike.

    Example:
        >>> match_label("满意度指").node_id, match_label("数量", level=2).node_id, match_label("数量").node_id
        ('satisfaction', 'output.quantity', None)
        >>> match_label("成本指标").candidates, match_label("成本指标", version="2015").node_id
        (('cost', 'output.cost'), 'output.cost')
    """
    asked = version if version in (*MAIN, "ndrc", "evaluation") else None
    if len(text) > 4 * _LONGEST:
        return LabelMatch(text, text, None, asked, reason="the text is too long for a label")
    cut = surface(text)
    verdict = _judge(cut, level, asked)
    return LabelMatch(
        raw=text,
        folded=cut.bare,
        node_id=verdict.node_id,
        version=asked,
        level=verdict.level,
        how=verdict.how,
        score=verdict.score,
        runner_up=verdict.runner_up,
        runner_up_score=verdict.runner_up_score,
        reason=verdict.reason,
        suffixes=cut.suffixes,
        weight=cut.weight,
        weight_range=cut.weight_range,
        required=cut.required,
        marks=cut.marks,
        candidates=verdict.candidates,
    )


def _judge(cut: Surface, level: int | None, version: str | None) -> _Verdict:
    if not cut.bare or len(cut.bare) > _LONGEST:
        return _Verdict(None, "there is nothing to match" if not cut.bare else "too long for a label")
    for text in dict.fromkeys((cut.whole, cut.bare)):
        known = _known(text, level, version) or _combined(text, level)
        if known:
            return known
    for text in dict.fromkeys((cut.whole, cut.bare)):
        if any(sign in text for sign in RULES.value_signs):
            return _Verdict(None, f"{text} holds a comparison: a value, no label")
        if text in index().decoys or (level is None and text in RULES.decoys.unasked):
            return _Verdict(None, f"{text} is a word of its own, no label of the tree")
    if cut.whole != cut.bare:
        whole = _damaged(cut.whole, level, version)
        if whole.node_id:
            return whole
    return _damaged(cut.bare, level, version)


def _known(text: str, level: int | None, version: str | None) -> _Verdict | None:
    """A wording that is written down: one node, or the choice between several."""
    every = index().wordings.get(text, ())
    found = [w for w in every if w.admits(level, version)]
    if level is not None or version is not None:
        found = _by_version(every, found, version)
    if not found:
        return _elsewhere(text, level, every)
    found = _prefer(found)
    if len({w.node_id for w in found}) > 1:
        names = tuple(sorted({w.node_id for w in found}))
        why = f"{text} is printed for {' and '.join(names)}; only the level or the form's version can tell"
        return _Verdict(None, why, candidates=names)
    chosen = found[0]
    if level is not None and chosen.level != level:
        why = f"{text} is printed at level {level}, but in the {version} tree it is {chosen.node_id}"
        return _Verdict(chosen.node_id, why, "context", 0.95, chosen.level)
    what = "the tree's own name" if chosen.how == "exact" else "a known wording"
    others = {w.node_id for w in every if w.node_id != chosen.node_id}
    tail = f", chosen over {', '.join(sorted(others))} by level or version" if others else ""
    return _Verdict(
        chosen.node_id, f"{text} is {what} of {chosen.node_id}{tail}", chosen.how, 1.0, chosen.level
    )


def _by_version(every: tuple[Wording, ...], found: list[Wording], version: str | None) -> list[Wording]:
    """Where one wording names unrelated nodes, the version's own tree decides, even against the level."""
    bound = [w for w in found if w.only_version is not None]
    if bound:
        return bound
    if version is None or len({w.node_id for w in every if w.only_version is None}) < 2:
        return found
    tree = taxonomy(version)
    own = [
        w for w in every if (node := tree.get(w.node_id)) and node.level == w.level and node.name == w.text
    ]
    related = {w.node_id.split(".")[0] for w in every}
    if len(related) == 1 or len({w.node_id for w in own}) != 1:
        return found
    if found and own[0] not in found and own[0].level < found[0].level:
        return [*found, *own]  # a level-1 name printed at level 2: no tree has it there
    return own


def _prefer(found: list[Wording]) -> list[Wording]:
    """A tree's own name before an alias; within one branch the deeper node."""
    if any(w.how == "exact" for w in found):
        found = [w for w in found if w.how == "exact"]
    ids = {w.node_id for w in found}
    if len(ids) == 2 and any(parent_id(i) in ids for i in ids):
        found = [w for w in found if parent_id(w.node_id) in ids]
    return found


def _elsewhere(text: str, level: int | None, every: tuple[Wording, ...]) -> _Verdict | None:
    """A wording known, but not as what was asked: say so instead of looking for damage."""
    if not every:
        return None
    ids = tuple(sorted({w.node_id for w in every}))
    if level is None:
        why = f"{text} is an everyday word too; it is {ids[0]} only where its level is known"
    else:
        places = sorted(
            {f"level {w.level}" + (f" in {w.only_version}" if w.only_version else "") for w in every}
        )
        why = f"{text} is a label of {', '.join(places)}; level {level} was asked"
    return _Verdict(None, why, candidates=ids)


def _combined(text: str, level: int | None) -> _Verdict | None:
    """Several heads before one tail (社会、经济、生态效益指标)."""
    if level == 1:
        return None
    for pattern, heads, tail in _patterns():
        if not pattern.fullmatch(text):
            continue
        stem = text[: text.rindex(tail)] if tail else text
        ids = tuple(dict.fromkeys(heads[h] for h in re.findall(_alternatives(heads), stem)))
        if len(ids) == 1:
            return _Verdict(ids[0], f"{text} names {ids[0]} in two words", "alias", 0.98, 2)
        return _Verdict(None, f"{text} names {len(ids)} nodes at once; no single id is true", candidates=ids)
    return None


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[re.Pattern[str], dict[str, str], str]]:
    join, end = f"[{re.escape(RULES.joiners)}]*", "|".join(RULES.generic)
    return [
        (
            re.compile(f"(?:(?:{_alternatives(e.heads)})(?:{e.tail})?{join}){{2,}}(?:{e.tail})(?:{end})?"),
            e.heads,
            e.tail,
        )
        for e in ALIASES.combined
    ]


def _alternatives(heads: dict[str, str]) -> str:
    return "|".join(sorted(heads, key=len, reverse=True))


def _damaged(text: str, level: int | None, version: str | None) -> _Verdict:
    if level is None and len(text) < RULES.damage.shortest_unasked:
        return _Verdict(None, f"{text} is no known label and too short to be a damaged one")
    order, decoy = near(text, level, version)
    if not order:
        return _Verdict(None, f"nothing in the trees is like {text}")
    order = _settle(order, version)
    best, second = order[0], order[1] if len(order) > 1 else None
    up = (second.wording.node_id, second.score) if second else (None, 0.0)
    if decoy < best.distance:
        why = f"{text} is nearer to a word of its own than to {best.wording.text}"
        return _Verdict(None, why, runner_up=best.wording.node_id, runner_up_score=best.score)
    rivals = [n for n in order[1:] if _rivals(best, n)]
    if second and rivals:
        second = rivals[0]
        ids = (best.wording.node_id, *(n.wording.node_id for n in rivals))
        why = f"{text} may be a damaged {best.wording.text} or {second.wording.text}; nothing settles it"
        return _Verdict(None, why, runner_up=up[0], runner_up_score=up[1], candidates=ids)
    why = (
        f"{text} is {best.wording.text} with {best.distance:g} of {len(best.wording.text)} characters damaged"
    )
    if second:
        why += f"; the next label, {second.wording.text}, is {second.distance:g} away"
    return _Verdict(best.wording.node_id, why, "fuzzy", best.score, best.wording.level, *up)


def _rivals(best: Near, other: Near) -> bool:
    """Too close to choose: as near (a look-alike character settles a tie), or explained by losses alone."""
    margin = 0.5 if best.distance % 1 else RULES.damage.margin
    if other.lost_only and not best.lost_only:
        margin += 1
    return other.distance - best.distance < margin


def _settle(order: list[Near], version: str | None) -> list[Near]:
    """Nodes of one branch or of one tree's choice do not compete (满意度 levels, 成本指标 by version)."""
    best = order[0]
    tied = [n for n in order if n.distance == best.distance]
    if len(tied) < 2:
        return order
    same = [n for n in tied if n.wording.text == best.wording.text]
    if len(same) < 2:
        return order
    kept = _prefer([n.wording for n in same])
    if version and len({w.node_id for w in kept}) > 1:
        tree = taxonomy(version)
        kept = [w for w in kept if (n := tree.get(w.node_id)) and n.level == w.level] or kept
    dropped = {n.wording.node_id for n in same} - {w.node_id for w in kept}
    return [n for n in order if n.wording.node_id not in dropped]
