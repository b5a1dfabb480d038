"""Families: what a layout calls things. Models of the YAML files, their loader, the best-fit choice.

A family file says ``extends: base`` and gives only its differences: mappings are merged key by key,
lists are put before the inherited ones, everything else replaces. The layout code knows no label,
column head, cost or threshold by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

FOLDER = Path(__file__).parent
FALLBACK = "generic"
_OTHER_ORDER = 0.8  # what the right columns in another order are worth
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")

Takes = Literal["label", "level", "name", "value", "number", "sign", "unit", "direction", "tick", "text"]


class FamilyFileError(ValueError):
    """A family file is missing, inconsistent or extends itself. Our own data: loud at load."""


class Fact(BaseModel):
    """Base of the YAML models: unknown keys are refused, values are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Labels(Fact):
    """Printed labels of one slot and where they were seen."""

    labels: tuple[str, ...] = Field(min_length=1)
    seen: str


class Column(Labels):
    """Printed heads of one column role and the sort of text such a column takes."""

    takes: Takes


class TitleFacts(Fact):
    """What makes a line a form's title."""

    holds: tuple[str, ...]
    ends: tuple[str, ...]
    breaks_after: tuple[str, ...]
    others: tuple[str, ...]
    longest: int
    seen: str


class KindWords(Fact):
    """Words of a title that decide the kind of the form."""

    kind: str
    words: tuple[str, ...]
    seen: str


class HeadWords(Fact):
    """Patterns of heads (or labels) that name a role (or field) by their words where none is printed as known."""

    role: str
    words: tuple[str, ...]
    seen: str


class Money(Fact):
    """Labels of the money block: its section, its sources (rows) and its stages (columns)."""

    section: Labels
    scale_words: tuple[str, ...]
    sources: dict[str, Labels]
    stages: dict[str, Labels]
    section_words: tuple[HeadWords, ...]
    source_words: tuple[HeadWords, ...]
    stage_words: tuple[HeadWords, ...]
    lead_words: tuple[str, ...]
    row_heads: tuple[str, ...]
    midterm_labels: tuple[str, ...]
    whole_labels: tuple[str, ...]


class SmallTable(Fact):
    """A small table inside the header: labels of its section, heads of its columns by slot."""

    sections: tuple[str, ...]
    heads: dict[str, tuple[str, ...]]
    seen: str


class Signature(Fact):
    """What a form of this family is known by; all empty for a family without a look of its own."""

    title: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


class Family(Fact):
    """One layout of the form, complete after ``extends`` is resolved.

    Example:
        >>> load_family("yongning").fields["project_name"].labels[0]
        '项目名称'
    """

    name: str
    extends: str | None = None
    seen: str
    title: TitleFacts
    first_fields: tuple[str, ...]
    kinds: tuple[KindWords, ...]
    default_kind: str
    fields: dict[str, Labels]
    field_words: tuple[HeadWords, ...]
    repeatable: tuple[str, ...]
    signed_fields: tuple[str, ...]
    tail_fields: tuple[str, ...]
    own_labels: dict[str, tuple[str, ...]]
    money: Money
    list_columns: dict[str, Labels]
    list_totals: tuple[str, ...]
    shared_heads: tuple[str, ...]
    tables: dict[str, SmallTable]
    report_kinds: tuple[str, ...]
    report_levels: tuple[str, ...]
    columns: dict[str, Column]
    head_words: tuple[HeadWords, ...]
    group_heads: tuple[str, ...]
    midterm_heads: tuple[str, ...]
    default_columns: tuple[str, ...]
    shapes: dict[str, tuple[str, ...]]
    kind_words: dict[str, tuple[str, ...]]
    costs: dict[str, float]
    trust: dict[str, float]
    limits: dict[str, float]
    signature: Signature = Signature()
    lists: bool = False


type_of_yaml = dict[str, object]


@cache
def family_names() -> tuple[str, ...]:
    """All families a form can belong to, found by their files; ``base`` is none.

    >>> "generic" in family_names() and "base" not in family_names()
    True
    """
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml") if path.stem != "base"))


@cache
def load_family(name: str) -> Family:
    """One family with everything it inherits.

    Args:
        name: the file's name without ``.yaml``.

    Raises:
        FamilyFileError: no such file, a wrong ``name``, or a circle of ``extends``.
        pydantic.ValidationError: the merged facts do not fit the model.

    Example:
        >>> load_family("generic").default_columns
        ('section', 'level1', 'level2', 'name', 'target')
    """
    return Family.model_validate(_resolve(name, ()))


def _resolve(name: str, below: tuple[str, ...]) -> type_of_yaml:
    if name in below:
        raise FamilyFileError(f"families extend each other in a circle: {' → '.join((*below, name))}")
    path = FOLDER / f"{name}.yaml"
    if not path.is_file():
        raise FamilyFileError(f"no family file {name}.yaml")
    raw = _parsed(path)
    if not isinstance(raw, dict) or raw.get("name") != name:
        raise FamilyFileError(f"{name}.yaml must be a mapping whose name is {name}")
    parent = raw.get("extends")
    if parent is None:
        return raw
    inherited = _resolve(str(parent), (*below, name))
    # A look is not inherited.
    return _merge({key: value for key, value in inherited.items() if key != "signature"}, raw)


@cache
def _parsed(path: Path) -> Any:
    """What a file holds, read once for all families that extend it; nobody may change it."""
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe loader


def _merge(old: type_of_yaml, new: type_of_yaml) -> type_of_yaml:
    merged = dict(old)
    for key, value in new.items():
        before = merged.get(key)
        if isinstance(before, dict) and isinstance(value, dict):
            merged[key] = _merge(before, value)
        elif isinstance(before, list) and isinstance(value, list):
            merged[key] = value + [item for item in before if item not in value]
        else:
            merged[key] = value
    return merged


@dataclass(frozen=True, slots=True)
class FamilyMatch:
    """The chosen family and how well it fits: 1 = everything of its signature is there."""

    family: Family
    score: float
    reason: str


def choose_family(
    title: str, labels: Iterable[str], columns: Sequence[str], *, listed: bool = False
) -> FamilyMatch:
    """The family whose signature fits best; ``generic`` with the best losing score if none does.

    Args:
        title: the form's title, folded, or empty.
        labels: every short text printed in the form, folded and without spaces.
        columns: roles of the indicator columns from left to right.
        listed: whether the form is a list of projects; only such families are asked then, else only others.

    Example:
        >>> printed = ["主管部门及代码", "年度资金总额:", "年度总体目标", "项目属性", "项目期"]
        >>> heads = ["section", "level1", "level2", "name", "target"]
        >>> match = choose_family("原州区部门项目支出年度预算绩效目标申报表", printed, heads)
        >>> match.family.name, match.score
        ('yuanzhou', 1.0)
    """
    printed = {bare(label) for label in labels}
    scored = [
        (_fit(load_family(name).signature, title, printed, columns), name)
        for name in family_names()
        if name != FALLBACK and load_family(name).lists is listed
    ]
    score, name = max(scored, default=(0.0, FALLBACK))
    fallback = load_family(FALLBACK)
    if score < fallback.limits["family_threshold"]:
        return FamilyMatch(fallback, round(score, 3), f"nearest known layout: {name}")
    return FamilyMatch(load_family(name), round(score, 3), "signature")


def _fit(signature: Signature, title: str, printed: set[str], columns: Sequence[str]) -> float:
    """Weighted share of the signature that is there: labels half, title and columns a quarter each."""
    if not signature.labels:
        return 0.0
    label_share = sum(map(printed.__contains__, _bare_all(signature.labels))) / len(signature.labels)
    title_share = float(any(words in title for words in signature.title))
    return 0.5 * label_share + 0.25 * title_share + 0.25 * _column_share(signature.columns, tuple(columns))


@lru_cache(maxsize=4096)  # families by headers
def _column_share(known: tuple[str, ...], columns: tuple[str, ...]) -> float:
    here = [role for role in columns if role != "section"]
    shared = [role for role in here if role in known]
    either = len({*here, *known}) or 1
    in_order = shared == [role for role in known if role in shared]
    return len(set(shared)) / either * (1.0 if in_order else _OTHER_ORDER)


@lru_cache(maxsize=256)  # families
def _bare_all(labels: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(bare, labels))


def bare(label: str) -> str:
    """A printed label without brackets and closing colon, for comparing looks.

    >>> bare("年度资金总额(万元):")
    '年度资金总额'
    """
    return _BRACKETS.sub("", label).rstrip(":") or label
