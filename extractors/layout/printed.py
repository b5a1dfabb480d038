"""The labels of a family by group: fields, money sources, stages, column heads; one index each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from extractors.families.family import FALLBACK, Family, HeadWords, Labels, family_names, load_family
from extractors.layout.label_index import BRACKETS, LONGEST, LabelHit, LabelIndex, unnumbered
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
    words: tuple[tuple[re.Pattern[str], str], ...] = ()
    stage_words: tuple[tuple[re.Pattern[str], str], ...] = ()
    field_words: tuple[tuple[re.Pattern[str], str], ...] = ()
    section_words: tuple[tuple[re.Pattern[str], str], ...] = ()
    source_words: tuple[tuple[re.Pattern[str], str], ...] = ()
    lead: re.Pattern[str] | None = None

    def source(self, text: str) -> LabelHit | None:
        """The source of money a label names, numbered or led by the words of its group.

        >>> indexes_of("generic").source("1、资金来源：（1）政府预算资金").slot
        'government_budget'
        """
        hit = self.sources.find(text)
        lead = self.lead.match(text) if self.lead and (hit is None or hit.how == "fuzzy") else None
        hit = (self.sources.find(text[lead.end() :]) or hit) if lead and lead.end() else hit
        return (
            hit if hit is not None and hit.how != "fuzzy" else self._with_unit(text, self.source_words) or hit
        )

    def field(self, text: str) -> LabelHit | None:
        """The header field a table cell names, numbered as a chapter or not.

        >>> indexes_of("generic").field("三、绩效目标").slot
        'goal'
        """
        hit = _surest(self.fields, text)
        return hit if hit is not None and hit.how != "fuzzy" else _by_words(text, self.field_words) or hit

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

    def section(self, text: str) -> LabelHit | None:
        """The label of the money block, numbered as a chapter or not.

        >>> indexes_of("generic").section("二、资金情况（万元）").bracket
        '万元'
        """
        hit = _surest(self.money_section, text)
        return (
            hit
            if hit is not None and hit.how != "fuzzy"
            else self._with_unit(text, self.section_words) or hit
        )

    def _with_unit(self, text: str, words: Words) -> LabelHit | None:
        """What a label with a unit of money in its bracket names by its words."""
        hit = _by_words(unnumbered(text), words)
        units = (word in hit.bracket for word in self.family.money.scale_words) if hit else ()
        return hit if any(units) else None

    def stage(self, text: str) -> LabelHit | None:
        """The stage of money a column head names, known or told by its words.

        >>> indexes_of("generic").stage("1-11月执行数").slot
        'executed'
        """
        hit = self.stages.find(text)
        return hit if hit is not None and hit.how != "fuzzy" else _by_words(text, self.stage_words) or hit

    def head(self, text: str) -> LabelHit | None:
        """What a column head stands for: a known head, else the role its words name, else a near one.

        >>> indexes_of("generic").head("自评分值（分）").slot, indexes_of("generic").head("适用范围") is None
        ('score', True)
        """
        hit = self.columns.find(text)
        return hit if hit is not None and hit.how != "fuzzy" else _by_words(text, self.words) or hit


Words = tuple[tuple[re.Pattern[str], str], ...]


def _by_words(text: str, words: Words) -> LabelHit | None:
    """The role that the words of a head name, the first pattern that fits."""
    key = BRACKETS.sub("", key_of(text)).rstrip(":")
    named = next((slot for pattern, slot in words if pattern.fullmatch(key)), None)
    bracket = "".join(m.group()[1:-1] for m in BRACKETS.finditer(key_of(text)))
    return LabelHit(named, "words", 0.9, "", bracket) if named and len(key) <= LONGEST else None


def _surest(index: LabelIndex, text: str) -> LabelHit | None:
    """The label of a text; where that is doubtful, the sure one behind a number."""
    hit = index.find(text)
    bare = text if hit is not None and hit.how != "fuzzy" else unnumbered(text)
    inner = index.find(bare) if bare != text else None
    return inner if inner is not None and inner.how != "fuzzy" and not inner.rest else hit


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
    return Indexes(
        family=family,
        fields=LabelIndex(family.fields),
        sources=LabelIndex(family.money.sources),
        stages=LabelIndex(family.money.stages),
        columns=LabelIndex(family.columns),
        money_section=LabelIndex({"money": family.money.section}),
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
        stage_words=_compiled(family.money.stage_words),
        field_words=_compiled(family.field_words),
        section_words=_compiled(family.money.section_words),
        source_words=_compiled(family.money.source_words),
    )


def _compiled(facts: tuple[HeadWords, ...]) -> Words:
    return tuple((re.compile("|".join(fact.words)), fact.role) for fact in facts)


def _lead(words: tuple[str, ...]) -> re.Pattern[str]:
    """What may stand before a source: a number, the words of its group, a number in brackets."""
    number = r"(?:[0-9一二三四五六七八九十]{1,2}[、.．]|[(（][0-9一二三四五六七八九十]{1,2}[)）])?\s*"
    return re.compile(rf"\s*{number}(?:(?:{'|'.join(words)})[：:]\s*)?{number}")
