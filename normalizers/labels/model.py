"""The types of a label match, and the models of the reference files behind it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from normalizers.reference import Reference, load_yaml

How = Literal["exact", "alias", "fuzzy", "context"]


@dataclass(frozen=True, slots=True)
class LabelMatch:
    """What one printed label is taken for.

    ``node_id`` is a canonical id or None (abstained); ``level`` the node's level as printed there
    (1 or 2); ``version`` the tree that was asked or that alone decides. ``score`` is 0…1, 1 for a
    known wording; ``runner_up`` the next best node with its score. ``reason`` says why, in words.
    What hung on the label is kept: ``suffixes`` as printed (folded), ``weight`` the points of
    ``(50分)``, ``weight_range`` those of ``(40-50)分``, ``required`` from （必填）/（选填), ``marks``
    the number of ★. ``candidates`` are the nodes between which an abstention could not choose.
    """

    raw: str
    folded: str
    node_id: str | None
    version: str | None = None
    level: int | None = None
    how: How | None = None
    score: float = 0.0
    runner_up: str | None = None
    runner_up_score: float = 0.0
    reason: str = ""
    suffixes: tuple[str, ...] = ()
    weight: Decimal | None = None
    weight_range: tuple[Decimal, Decimal] | None = None
    required: bool | None = None
    marks: int = 0
    candidates: tuple[str, ...] = ()


class AliasEntry(Reference):
    """One printed label beyond the trees' own names."""

    label: str
    node: str
    level: Literal[1, 2]
    only_level: bool = False
    damaged: bool = False
    seen: str


class CombinedEntry(Reference):
    """Heads that may be joined before one tail (社会、经济、生态 + 效益)."""

    tail: str
    heads: dict[str, str]
    seen: str


class AliasFile(Reference):
    """Model of ``aliases.yaml``."""

    aliases: list[AliasEntry]
    combined: list[CombinedEntry]


class Damage(Reference):
    """How much damage is believed; see ``labels.yaml``."""

    limits: dict[int, int]
    shortest_unasked: int
    margin: float
    insertion: float
    cut_share: float


class Decoys(Reference):
    """Words of their own that resemble labels; see ``labels.yaml``."""

    words: list[str]
    texts: list[str]
    unasked: list[str]
    tails: list[str]


class EverydayFile(Reference):
    """Model of ``everyday.yaml``."""

    words: str


class LabelFile(Reference):
    """Model of ``labels.yaml``."""

    generic: list[str]
    value_signs: str
    required: list[str]
    optional: list[str]
    marks: str
    joiners: str
    damage: Damage
    confusions: dict[str, str]
    decoys: Decoys


RULES = load_yaml("labels.yaml", LabelFile)
ALIASES = load_yaml("aliases.yaml", AliasFile)
EVERYDAY = frozenset(load_yaml("everyday.yaml", EverydayFile).words.split())
