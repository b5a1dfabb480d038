"""What an audit rule is: a pure function from one form to drafts of findings, and its facts.

A rule lies alone in a file of ``pipeline/audit/rules`` whose name is the rule's id. It sees one
form (:class:`pipeline.audit.subject.Subject`), writes nothing and asks nobody. Rules over two forms lie
in ``pipeline/audit/across`` and say of which links; they see :class:`pipeline.audit.linked.Linked`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from types import ModuleType
from typing import Any

from pipeline.issues import Severity
from pipeline.schema import IndicatorRow

__all__ = [
    "Check",
    "Draft",
    "Number",
    "Rule",
    "RuleError",
    "RuleFileError",
    "Severity",
    "linked_rules",
    "rule",
    "rules",
]


class RuleFileError(TypeError):
    """A file in the rules folder holds no rule, or one whose id is not the file's name."""


class RuleError(RuntimeError):
    """A rule broke on a form: our fault. The message names the rule and the form."""


Number = str | int


@dataclass(frozen=True, slots=True)
class Draft:
    """What a rule has to say about a form, before it gets its id.

    ``rows`` are the indicators concerned, in printed order; their name and value cells become
    evidence, ``cells`` adds others (money block, goal). ``numbers`` are the figures compared, money
    in yuan. ``severity`` replaces the rule's own where the case is milder: ``error`` means that the
    printed numbers contradict each other, ``warning`` that an auditor asks, ``info`` worth a look.
    """

    message: str
    rows: tuple[IndicatorRow, ...] = ()
    cells: tuple[str | None, ...] = ()
    numbers: Mapping[str, Number] = field(default_factory=dict)
    severity: Severity | None = None


Check = Callable[[Any], Iterator[Draft]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One audit rule: its facts and its check. ``basis`` names the norm, with [P], [F] or [K].

    ``relations`` is empty for a rule over one form; else it names the links (``evaluated_by``,
    ``next_year``, ``copied_from`` …) whose two forms the rule looks at together.
    """

    id: str
    version: str
    title: str
    severity: Severity
    basis: str
    since: str
    check: Check
    relations: tuple[str, ...] = ()

    def __call__(self, subject: Any) -> Iterator[Draft]:
        """The drafts for one form, in the order in which the rule meets them."""
        return self.check(subject)


def rule(
    id: str,  # noqa: A002 - the word used everywhere else for it
    *,
    title: str,
    severity: Severity,
    basis: str,
    version: str = "1",
    since: str = "0.1",
    relations: tuple[str, ...] = (),
) -> Callable[[Check], Rule]:
    """Declare a rule on its check function.

    Example:
        >>> @rule("goal_empty", title="Goal is empty", severity=Severity.WARNING, basis="[K]")
        ... def goal_empty(subject):
        ...     yield Draft("未填写年度总体目标。")
        >>> goal_empty.id, [draft.message for draft in goal_empty(None)]
        ('goal_empty', ['未填写年度总体目标。'])
    """

    def declare(check: Check) -> Rule:
        return Rule(id, version, title, severity, basis, since, check, relations)

    return declare


def _only_rule(module: ModuleType) -> Rule:
    found = [value for value in vars(module).values() if isinstance(value, Rule)]
    name = module.__name__.rpartition(".")[2]
    if len(found) != 1 or found[0].id != name:
        raise RuleFileError(f"{module.__name__}: must hold exactly one rule, with the id {name}")
    return found[0]


def _in_folder(name: str) -> tuple[Rule, ...]:
    folder = importlib.import_module(name)
    names = sorted(m.name for m in pkgutil.iter_modules(folder.__path__))
    return tuple(_only_rule(importlib.import_module(f"{name}.{found}")) for found in names)


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """All rules over one form, those of the folder ``rules``, sorted by id.

    Raises:
        RuleFileError: a file there holds no rule or one with another id.
    """
    return _in_folder("pipeline.audit.rules")


@cache
def linked_rules(relation: str | None = None) -> tuple[Rule, ...]:
    """All rules over two linked forms, those of the folder ``across``, sorted by id; or of one relation.

    Raises:
        RuleFileError: a file there holds no rule, one with another id, or one without relations.
    """
    found = _in_folder("pipeline.audit.across")
    alone = [r.id for r in found if not r.relations]
    if alone:
        raise RuleFileError(f"pipeline.audit.across: {', '.join(alone)} must say of which relations")
    return tuple(r for r in found if relation is None or relation in r.relations)
