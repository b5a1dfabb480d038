"""Numbers in the words of the yearly goal against the indicators that speak of the same thing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from normalizers.quantity import Quantity
from pipeline.audit.limits import limits
from pipeline.audit.phrase import listing, place, plain, quote, shown
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import Line, Subject, is_calendar, number
from pipeline.audit.words import agree, clause, is_counted, wording

_LIMITS = limits("goal_vs_indicators")
_SHARE = _LIMITS.number("shared_words")
_LEAST = _LIMITS.number("least_pieces")
_EMPTY = _LIMITS.pattern("empty_words")
_SENTENCE = re.compile(r"[，,。；;：:\s]")
_HAN = re.compile(r"[^一-鿿]+")


def _pieces(text: str) -> set[str]:
    """The two-character pieces of a text, words that say nothing cut out."""
    runs = _HAN.sub(" ", _EMPTY.sub(" ", text)).split()
    return {run[i : i + 2] for run in runs for i in range(len(run) - 1)}


def _likeness(one: set[str], other: set[str]) -> Decimal:
    """Share of the shorter text found in the longer; 0 below the threshold."""
    shared = Decimal(len(one & other))
    share = shared / max(1, min(len(one), len(other)))
    return share if shared >= _LEAST and share >= _SHARE else Decimal(0)


def _around(goal: str, quantity: Quantity) -> set[str]:
    start = max((m.end() for m in _SENTENCE.finditer(goal, 0, quantity.start)), default=0)
    _, end = clause(goal, quantity.end)
    return _pieces(goal[start : quantity.start] + " " + goal[quantity.end : end])


def _single(line: Line) -> Quantity | None:
    """The one quantity a row promises."""
    parts = line.target.parts if line.target is not None else ()
    return parts[0] if len(parts) == 1 and parts[0].per_unit is None else None


def _assigned(subject: Subject, said: list[Quantity]) -> dict[int, list[Quantity]]:
    """For each row (by its place) the numbers of the goal that speak of it more than of any other row."""
    goal = subject.form.goal or ""
    rows = [(n, part, _pieces(line.name)) for n, line in enumerate(subject.lines) if (part := _single(line))]
    found: dict[int, list[Quantity]] = {}
    for quantity in said:
        around = _around(goal, quantity)
        scores = {n: _likeness(around, topic) for n, part, topic in rows if part.unit == quantity.unit}
        best = max(scores.values(), default=Decimal(0))
        for n in (n for n, score in scores.items() if score and score == best):
            found.setdefault(n, []).append(quantity)
    return found


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
    said = [q for q in subject.records.goal if is_counted(q) and not is_calendar(q) and number(q) is not None]
    assigned = _assigned(subject, [q for q in said if q.per_unit is None]) if said else {}
    for place_no, mentions in sorted(assigned.items()):
        line = subject.lines[place_no]
        part = _single(line)
        together = [_single(subject.lines[n]) for n, others in assigned.items() if others == mentions]
        siblings = [number(p) or Decimal(0) for p in together if p is not None]
        if part is None or not _contradicts(mentions, part, siblings):
            continue
        words = [wording(goal, q) for q in mentions]
        yield Draft(
            f"年度总体目标中写明{listing(map(quote, words))}，而{place(line.row)}的指标值为"
            f"{quote(shown(line.row.target.raw, line.target))}，两者对不上。",
            rows=(line.row,),
            cells=(subject.field_cell("goal"),),
            numbers={"goal": "+".join(words), "target": plain(number(part) or Decimal(0))},
        )
