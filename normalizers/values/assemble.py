"""From scanned items to a :class:`~normalizers.quantity.ParsedValue`: parts, labels, states, residue, kind."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from normalizers.folding import NOISE
from normalizers.quantity import Direction, Kind, ParsedValue, State
from normalizers.text import Folded
from normalizers.values.context import BOARDS, Context, fill
from normalizers.values.draft import Draft, finish, make_value, part_kind
from normalizers.values.lexicon import ALSO, WORDS
from normalizers.values.number import set_per
from normalizers.values.scan import Per, Scan
from normalizers.values.state import Reading, make_state, read_state

_SPLIT = re.compile(r"[,;、。/+&|:!?\"'\[\]()=*×-]+")
_MATTERS = re.compile(r"[\w%‰°*]")
_MAX_LABEL = 40
_MAX_NOUN = 12
_MAX_TAIL = 6


@dataclass(slots=True)
class _State:
    """Working state of one assembly."""

    folded: Folded
    text: str
    drafts: list[Draft] = field(default_factory=list)
    states: list[State] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    residue: list[str] = field(default_factory=list)
    per: list[Per] = field(default_factory=list)
    joiner: str | None = None  # printed before the next quantity


def assemble(raw: str, folded: Folded, scanned: Scan, context: Context) -> ParsedValue:
    """Join what was scanned; see the module docstrings of the readers for the single pieces."""
    work = _State(folded, scanned.text)
    for index, item in enumerate(scanned.items):
        if isinstance(item, Draft):
            _quantity(work, item)
        elif isinstance(item, Per):
            work.per.append(item)
        else:
            _text(work, scanned, index, item)
    for per in work.per:
        _leftover(work, per.start, per.end)
    if scanned.rest is not None:
        work.residue.append(work.folded.text[scanned.rest :])
    _merge_bounds(work)
    for draft in work.drafts:
        fill(draft, context)
    _settle_boards(work.drafts)
    kind, parser = _kind(work, scanned)
    residue = " ".join(work.residue)
    return make_value(
        raw,
        folded.text,
        kind,
        tuple(finish(draft, folded) for draft in work.drafts),
        tuple(work.states),
        _direction(work.states),
        residue,
        parser,
        tuple(scanned.ambiguous),
    )


def _quantity(work: _State, draft: Draft) -> None:
    draft.joiner, work.joiner = work.joiner if work.drafts else None, None
    if work.per:
        draft.start = min(draft.start, work.per[0].start)
        for per in work.per:
            set_per(draft, per.unit, per.count)
        work.per = []
    elif work.drafts:
        _dated(work, draft)
        _implied_per(work, draft)
    work.drafts.append(draft)


def _dated(work: _State, draft: Draft) -> None:
    """全年12次, 2024年完成3次: a date directly before a number says when, it is no part of its own."""
    last = work.drafts[-1]
    if last.end != draft.start or last.parser not in ("period", "deadline") or draft.parser == last.parser:
        return
    work.drafts.pop()
    draft.label = draft.label or work.text[last.start : last.end]
    draft.date_start, draft.date_end = last.date_start, last.date_end
    draft.start, draft.joiner = last.start, last.joiner


def _implied_per(work: _State, draft: Draft) -> None:
    """一年两次: one span of time directly before a count is its frequency."""
    last = work.drafts[-1] if work.drafts else draft
    if (
        last.end != draft.start
        or last.unit is None
        or last.unit.dimension != "time"
        or last.signed
        or last.deadline
    ):
        return
    if draft.unit is None or draft.unit.dimension == "time" or last.lower is None or last.lower != last.upper:
        return
    set_per(draft, last.unit.id, last.lower)
    draft.start = last.start
    work.drafts.pop()


def _text(work: _State, scanned: Scan, index: int, span: tuple[int, int]) -> None:
    """Text between quantities: a noun behind one, a label before the next, states, joiners, residue."""
    start, end = span
    after = index > 0 and isinstance(scanned.items[index - 1], Draft)
    following = scanned.items[index + 1] if index + 1 < len(scanned.items) else None
    if after and following is not None and ALSO.fullmatch(scanned.text, start, end):
        work.joiner = scanned.text[start:end]
        return
    pieces = list(_pieces(scanned.text, start, end))
    if after and following is not None:
        separator = _SPLIT.search(scanned.text, start, end)
        work.joiner = separator.group() if separator else None
    if following is not None and not after and scanned.text[end - 1] == "-" and end - start > 1:
        work.residue.append("-")  # a dash before a number that may be its sign
    for begin, stop in pieces:
        if following is not None and stop == end:
            _label(work, following, begin, stop)
        elif after and begin == start:
            _noun(work, begin, stop)
        else:
            _state(work, begin, stop)


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    found, at = [], start
    for match in _SPLIT.finditer(text, start, end):
        if match.start() > at:
            found.append((at, match.start()))
        at = match.end()
    if at < end:
        found.append((at, end))
    return found


def _label(work: _State, item: Draft | Per | tuple[int, int], start: int, end: int) -> None:
    word = work.text[start:end].strip(" :")
    reading = read_state(word)
    named = word.endswith((*WORDS.percent_labels.words, "数", "量", "额"))
    if (
        reading is not None
        and not named
        and (reading.direction is not None or reading.cut)
        and len(word) <= 4
    ):
        _add_state(work, reading, start, end)
    elif isinstance(item, Draft) and len(word) <= _MAX_LABEL:
        item.label = item.label or word
    elif reading is not None:
        _add_state(work, reading, start, end)
    else:
        _leftover(work, start, end)


def _noun(work: _State, start: int, end: int) -> None:
    word = work.text[start:end].strip()
    draft = work.drafts[-1]
    reading = read_state(word)
    counted = part_kind(draft) in (Kind.COUNT, Kind.MONEY, Kind.MEASURE)
    short = len(word) <= (_MAX_NOUN if counted else _MAX_TAIL)
    plain = reading is None or reading.direction is None
    if draft.unit is not None and draft.label is None and short and plain:
        draft.label = word
    elif reading is not None:
        _add_state(work, reading, start, end)
    else:
        _leftover(work, start, end)


def _state(work: _State, start: int, end: int) -> None:
    reading = read_state(work.text[start:end])
    if reading is None:
        _leftover(work, start, end)
    else:
        _add_state(work, reading, start, end)


def _add_state(work: _State, reading: Reading, start: int, end: int) -> None:
    work.readings.append(reading)
    work.states.append(make_state(work.folded.text, reading, work.folded, start, end))


def _leftover(work: _State, start: int, end: int) -> None:
    piece = work.folded.text[start:end]
    if _MATTERS.search(piece) and piece not in NOISE.ordinal.others:
        work.residue.append(piece)


def _merge_bounds(work: _State) -> None:
    """大于20的同时小于等于35 is one quantity, 18以上60以下 too."""
    merged: list[Draft] = []
    for draft in work.drafts:
        last = merged[-1] if merged else None
        if last is not None and _opposite(last, draft) and _only_also(work.text, last, draft):
            low, high = (last, draft) if last.lower is not None else (draft, last)
            last.lower, last.lower_inclusive = low.lower, low.lower_inclusive
            last.upper, last.upper_inclusive = high.upper, high.upper_inclusive
            if last.unit is None:
                last.unit, last.unit_raw, last.unit_source = draft.unit, draft.unit_raw, draft.unit_source
            last.number_raw = f"{last.number_raw}-{draft.number_raw}"
            last.end = draft.end
        else:
            merged.append(draft)
    work.drafts = merged


def _only_also(text: str, last: Draft, draft: Draft) -> bool:
    return last.end == draft.start or ALSO.fullmatch(text, last.end, draft.start) is not None


def _opposite(first: Draft, second: Draft) -> bool:
    if not (first.signed and second.signed) or first.label != second.label:
        return False
    if first.unit is not None and second.unit is not None and first.unit.id != second.unit.id:
        return False
    low, high = (first, second) if first.lower is not None else (second, first)
    bounds: tuple[Decimal | None, ...] = (low.lower, high.upper)
    if low.upper is not None or high.lower is not None or None in bounds:
        return False
    return bool(low.lower is not None and high.upper is not None and low.lower <= high.upper)


def _settle_boards(drafts: list[Draft]) -> None:
    """块 beside counts counts things, alone it is money."""
    boards = [draft for draft in drafts if draft.unit_raw == "块" and draft.unit_source == "cell"]
    if boards and any(part_kind(draft) is Kind.COUNT and draft.unit is not None for draft in drafts):
        for draft in boards:
            if part_kind(draft) is Kind.MONEY:
                draft.unit, draft.parser = BOARDS, "count"


def _kind(work: _State, scanned: Scan) -> tuple[Kind, str]:
    if not work.drafts:
        return _kind_of_words(work, scanned)
    if work.residue:
        return Kind.OTHER, "number"
    if len(work.drafts) > 1:
        return Kind.COMPOUND, "compound"
    kind = part_kind(work.drafts[0])
    if kind is Kind.DURATION and any(reading.deadline for reading in work.readings):
        kind = Kind.DEADLINE
    return kind, str(kind)


def _kind_of_words(work: _State, scanned: Scan) -> tuple[Kind, str]:
    if scanned.template and not work.states:
        work.residue = [work.folded.text]
        return Kind.BLANK, "template"
    if not work.states:
        return Kind.OTHER, "none"
    if any(reading.cut for reading in work.readings):
        return Kind.QUALITATIVE, "state.cut_off"
    if work.residue and not scanned.template:
        work.residue = []  # wording around a known word belongs to it
    if work.residue:
        return Kind.OTHER, "state"
    if any(reading.deadline for reading in work.readings):
        return Kind.DEADLINE, "deadline"
    return Kind.QUALITATIVE, "state"


def _direction(states: list[State]) -> Direction | None:
    if not states:
        return None
    found = [state.direction for state in states if state.direction is not None]
    moving = {direction for direction in found if direction in (Direction.UP, Direction.DOWN)}
    if len(moving) == 1:
        return moving.pop()
    return found[0] if found and not moving else None
