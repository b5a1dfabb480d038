"""A target that is another one on the later form of the same year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from normalizers import fold
from normalizers.quantity import Kind, Quantity
from pipeline.audit.limits import limits
from pipeline.audit.linked import Linked, Match
from pipeline.audit.phrase import place, plain, said
from pipeline.audit.promise import Way, comparable, day, deadline, differ, misread, sole, way
from pipeline.audit.rule import Draft, Severity, rule
from pipeline.audit.subject import number

_LADDERS = tuple(limits("target_changed").groups("ladders").values())


@dataclass(frozen=True, slots=True)
class _Change:
    """A target before and now as written; ``saved``: only the new one was met."""

    was: str
    now: str
    better: Way | None
    lower: bool
    saved: bool
    words: bool = False


def _met_only_now(match: Match, was: Quantity, better: Way) -> bool:
    """Does the result fall short of the old target, though not of the new one?"""
    actual, new = sole(match.later.actual), sole(match.later.target)
    if actual is None or new is None or not comparable(was, actual):
        return False
    old, now, done = number(was), number(new), number(actual)
    if old is None or now is None or done is None:
        return False
    return now <= done < old if better is Way.UP else old < done <= now


def _moved(match: Match, was: date, now: date) -> _Change | None:
    """A deadline that is another day."""
    if was == now:
        return None
    done = day(match.later.actual)
    saved = done is not None and was < done <= now
    return _Change(was.isoformat(), now.isoformat(), Way.DOWN, now > was, saved)


def _step(text: str, ladder: tuple[str, ...]) -> int | None:
    """On which step of a ladder a value in words stands, by the word it begins with."""
    return next((n for n, words in enumerate(ladder) if text.startswith(tuple(words.split("|")))), None)


def _weaker(match: Match) -> _Change | None:
    """A value in words that stands on a lower step of one ladder (显著提升 → 有所提升, 优良 → 合格)."""
    values = match.earlier.target, match.later.target
    if any(v is None or v.parts or v.kind is not Kind.QUALITATIVE for v in values):
        return None
    was, now = (fold(m.row.target.raw or "").strip() for m in (match.earlier, match.later))
    for ladder in _LADDERS:
        before, after = _step(was, ladder), _step(now, ladder)
        if before is not None and after is not None and after > before:
            return _Change(was, now, Way.UP, lower=True, saved=False, words=True)
    return None


def _change(match: Match) -> _Change | None:
    due, later_due = deadline(match.earlier.target), deadline(match.later.target)
    if due is not None and later_due is not None:
        return _moved(match, due, later_due)
    was, now = sole(match.earlier.target), sole(match.later.target)
    if was is None and now is None:
        return _weaker(match)
    if was is None or now is None or not comparable(was, now) or not differ(was, now):
        return None
    if misread(match.earlier, match.earlier.target) or misread(match.later, match.later.target):
        return None
    old, new, better = number(was) or Decimal(0), number(now) or Decimal(0), way(match.earlier, was)
    lower = better is not None and ((new < old) == (better is Way.UP))
    saved = better is not None and lower and _met_only_now(match, was, better)
    return _Change(plain(old), plain(new), better, lower, saved)


@rule(
    "target_changed",
    title="Target differs between two forms of one year",
    severity=Severity.WARNING,
    version="2",
    basis="绩效目标批复后一般不予调整：财预〔2015〕88号 [K]",
    relations=("declared_as", "monitored_by", "evaluated_by"),
)
def target_changed(pair: Linked) -> Iterator[Draft]:
    """Quiet unless both targets are one number of one kind, or deadlines with their year.

    A sign alone (≥90%, 90%) is no change, nor is another unit (12公里, 12000米) or a sign that was read as
    a digit (290%). Words count on a lower step of one ladder (优良, 合格): ``info``. ``error`` where the result keeps the new target and misses the old one; ``info`` between
    declaration and target, which an approval may well change.
    """
    for match in pair.matches:
        change = _change(match)
        if change is None:
            continue
        how = "，要求降低" if change.lower else "，要求提高" if change.better is not None else ""
        then = "；按原目标衡量则未完成" if change.saved else ""
        severity = Severity.ERROR if change.saved else None
        if severity is None and (change.words or pair.relation == "declared_as"):
            severity = Severity.INFO
        yield Draft(
            f"{place(match.later.row)}在{pair.follower}中的指标值为{said(match.later.row.target.raw, match.later.target)}，"
            f"而{pair.origin}中为{said(match.earlier.row.target.raw, match.earlier.target)}{how}{then}。",
            rows=(match.later.row, match.earlier.row),
            numbers={"was": change.was, "now": change.now, "better": change.better or "unknown"},
            severity=severity,
        )
