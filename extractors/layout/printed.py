"""The labels of a family by group: fields, money sources, stages, column heads; one index each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from extractors.families.family import FALLBACK, Family, HeadWords, Labels, family_names, load_family
from extractors.layout.label_index import BRACKETS, LONGEST, LabelHit, LabelIndex, Words, bracket_of
from extractors.layout.shapes import key_of


@dataclass(frozen=True, slots=True)
class Indexes:
    """The label groups of one family; ``tables`` are the heads of its small tables, by name."""

    family: Family
    fields: LabelIndex
    sources: LabelIndex
    stages: LabelIndex
    columns: LabelIndex
    money_section: LabelIndex
    own_labels: LabelIndex
    list_columns: LabelIndex
    groups: frozenset[str]
    midterm: frozenset[str]
    tables: dict[str, dict[str, str]]
    words: Words = ()
    lead: re.Pattern[str] | None = None

    def source(self, text: str) -> LabelHit | None:
        """The source of money a label names, numbered or led by the words of its group.

        >>> indexes_of("generic").source("1、资金来源：（1）政府预算资金").slot
        'government_budget'
        """
        hit = self.sources.find(text)
        lead = self.lead.match(text) if self.lead and (hit is None or hit.how == "fuzzy") else None
        return (self.sources.find(text[lead.end() :]) or hit) if lead and lead.end() else hit

    def is_label(self, text: str) -> bool:
        """Whether a text is surely the label of a field, a source of money or the money block, alone.

        >>> indexes_of("generic").is_label("其他资金"), indexes_of("generic").is_label("某局")
        (True, False)
        """
        hits = (self.fields.find(text), self.source(text), self.money_section.find(text))
        return any(hit is not None and hit.how != "fuzzy" and not hit.rest for hit in hits)

    def is_head(self, text: str) -> bool:
        """Whether a text is surely the head of a column, alone."""
        hit = self.columns.find(text)
        return hit is not None and hit.how != "fuzzy" and not hit.rest

    def is_fuzzy(self, text: str) -> bool:
        """Whether a field's label was only matched approximately."""
        hit = self.fields.find(text)
        return hit is not None and hit.how == "fuzzy"

    def without_own_label(self, slot: str, text: str) -> str:
        """A goal without the label that its own cell repeats before a colon.

        >>> indexes_of("generic").without_own_label("goal", "年度绩效目标：做好甲。")
        '做好甲。'
        """
        hit = self.own_labels.find(text) if slot in self.family.own_labels else None
        return hit.rest if hit and hit.rest and hit.slot == slot and hit.how != "fuzzy" else text

    def head(self, text: str) -> LabelHit | None:
        """What a column head stands for: a known head, else the role its words name, else a near one.

        >>> indexes_of("generic").head("自评分值（分）").slot, indexes_of("generic").head("适用范围") is None
        ('score', True)
        """
        hit = self.columns.find(text)
        if hit is not None and hit.how != "fuzzy":
            return hit
        key = BRACKETS.sub("", key_of(text)).rstrip(":")
        named = next((slot for pattern, slot in self.words if pattern.fullmatch(key)), None)
        bracket = bracket_of(key_of(text))
        return LabelHit(named, "words", 0.9, "", bracket) if named and len(key) <= LONGEST else hit


@cache
def indexes_of(name: str) -> Indexes:
    """The label indexes of the family with this name."""
    return _indexes(load_family(name))


@cache
def scanning_indexes() -> Indexes:
    """The labels of all families together, for finding forms before their family is known.

    Where two families use one word for two slots, the family of last resort has the say.
    """
    known = load_family(FALLBACK)
    fields, columns = dict(known.fields), dict(known.columns)
    for name in family_names():
        family = load_family(name)
        for slot, facts in family.fields.items():
            fields[slot] = _joined(fields.get(slot, facts), facts)
        for role, column in family.columns.items():
            columns[role] = _joined(columns.get(role, column), column)
    return _indexes(known.model_copy(update={"fields": fields, "columns": columns}))


F = TypeVar("F", bound=Labels)


def _joined(one: F, two: F) -> F:
    return one.model_copy(update={"labels": tuple(dict.fromkeys((*one.labels, *two.labels)))})


def _indexes(family: Family) -> Indexes:
    own = {slot: Labels(labels=labels, seen="own_labels") for slot, labels in family.own_labels.items()}
    units = family.money.scale_words
    return Indexes(
        family=family,
        fields=LabelIndex(family.fields, _compiled(family.field_words)),
        sources=LabelIndex(family.money.sources, _compiled(family.money.source_words), units),
        stages=LabelIndex(family.money.stages, _compiled(family.money.stage_words)),
        columns=LabelIndex(family.columns),
        money_section=LabelIndex(
            {"money": family.money.section}, _compiled(family.money.section_words), units
        ),
        own_labels=LabelIndex(own),
        list_columns=LabelIndex(family.list_columns),
        groups=frozenset(map(key_of, family.group_heads)),
        midterm=frozenset(map(key_of, family.midterm_heads)),
        tables={
            name: {key_of(word): slot for slot, words in facts.heads.items() for word in words}
            for name, facts in family.tables.items()
        },
        lead=_lead(family.money.lead_words),
        words=_compiled(family.head_words),
    )


def _compiled(facts: Sequence[HeadWords]) -> Words:
    return tuple((re.compile("|".join(fact.words)), fact.role) for fact in facts)


def _lead(words: tuple[str, ...]) -> re.Pattern[str]:
    """What may stand before a source: a number, the words of its group, a number in brackets."""
    number = r"(?:[0-9一二三四五六七八九十]{1,2}[、.．]|[(（][0-9一二三四五六七八九十]{1,2}[)）])?\s*"
    return re.compile(rf"\s*{number}(?:(?:{'|'.join(words)})[：:]\s*)?{number}(?:其中[：:])?")
