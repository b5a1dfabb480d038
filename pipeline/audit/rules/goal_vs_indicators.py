"""Numbers in the words of the yearly goal against the indicators that speak of the same thing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from normalizers.quantity import Quantity
from pipeline.audit.limits import limits
from pipeline.audit.phrase import listing, place, plain, quote
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Line, Subject, is_calendar, number
from pipeline.audit.words import agree, clause, is_arabic, wording

_LIMITS = limits("goal_vs_indicators")
_SHARE = _LIMITS.number("shared_words")
_LEAST = _LIMITS.number("least_pieces")
_SENTENCE = re.compile(r"[，,。；;：:\s]")
_HAN = re.compile(r"[^一-鿿]+")


def _pieces(text: str) -> set[str]:
    han = _HAN.sub("", text)
    return {han[i : i + 2] for i in range(len(han) - 1)}


def _same_topic(one: set[str], other: set[str]) -> bool:
    shared = len(one & other)
    return shared >= _LEAST and shared >= _SHARE * min(len(one), len(other))


def _around(goal: str, quantity: Quantity) -> set[str]:
    start = max((m.end() for m in _SENTENCE.finditer(goal, 0, quantity.start)), default=0)
    _, end = clause(goal, quantity.end)
    return _pieces(goal[start : quantity.start] + goal[quantity.end : end])


def _spoken_of(line: Line, part: Quantity, said: list[tuple[Quantity, set[str]]]) -> list[Quantity]:
    topic = _pieces(line.name)
    return [q for q, around in said if q.unit == part.unit and _same_topic(around, topic)]


def _contradicts(mentions: list[Quantity], part: Quantity, siblings: list[Decimal]) -> bool:
    """No mention, no sum of mentions and no sum of sibling rows meets the value."""
    numbers = [n for n in map(number, mentions) if n is not None]
    value = number(part)
    if not numbers or any(agree(q, part) for q in mentions) or sum(numbers) == value:
        return False
    return not any(n == sum(siblings, Decimal(0)) for n in numbers)


@rule(
    "goal_vs_indicators",
    title="Number in the goal differs from the indicator on the same matter",
    severity=Severity.WARNING,
    basis="指标应由绩效目标分解细化：财预〔2021〕101号 [K]",
)
def goal_vs_indicators(subject: Subject) -> Iterator[Draft]:
    """Quiet unless the clause of the goal and the row share most of their words and the unit."""
    goal = subject.form.goal or ""
    usable = [
        q for q in subject.records.goal if is_arabic(q) and not is_calendar(q) and number(q) is not None
    ]
    if not usable:
        return
    said = [(q, _around(goal, q)) for q in usable]
    for line in subject.lines:
        parts = line.target.parts if line.target is not None else ()
        for part in parts[:1] if len(parts) == 1 else ():
            mentions = _spoken_of(line, part, said)
            siblings = [
                number(p) or Decimal(0)
                for other in subject.lines
                if other.target is not None
                for p in other.target.parts
                if p.unit == part.unit and _spoken_of(other, p, said) == mentions
            ]
            if not mentions or not _contradicts(mentions, part, siblings):
                continue
            words = [wording(goal, q) for q in mentions]
            yield Draft(
                f"年度总体目标中写明{listing(map(quote, words))}，而{place(line.row)}的指标值为"
                f"{quote(line.row.target.raw or '')}，两者对不上。",
                rows=(line.row,),
                cells=(subject.field_cell("goal"),),
                numbers={"goal": "+".join(words), "target": plain(number(part) or Decimal(0))},
            )
