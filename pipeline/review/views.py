"""What the templates show of a form: doubts with their state, decisions in words, the slot under the cursor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from normalizers.concepts.catalogue import concept
from normalizers.taxonomy import taxonomy
from pipeline.corrections import Correction, Kind
from pipeline.corrections.types import Action
from pipeline.review.archive import Archive, Doubt, Row
from pipeline.review.desk import Decided, Slots, touched
from pipeline.review.fields import ROW_FIELDS, Field, Line
from pipeline.review.queue import WEIGHTY
from pipeline.review.sheet import WHOLE, Sheet
from pipeline.review.suggestions import suggestion
from pipeline.review.words import Speaker


@dataclass(frozen=True, slots=True)
class DoubtView:
    """A doubt as shown: ``at`` is the slot it is shown with, ``slot`` the one the ledger knows it by."""

    id: str
    kind: str
    code: str
    severity: str
    message: str
    suggestion: str
    at: str
    slot: str
    closed: bool
    cells: tuple[str, ...]

    @property
    def open(self) -> bool:
        """Whether it still wants a decision."""
        return not self.closed and self.severity in WEIGHTY


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision as shown. ``status`` is waiting, applied, stale, orphaned or conflict."""

    slot: str
    words: str
    who: str
    when: str
    why: str
    status: str
    machine: str
    message: str


class FormView:
    """A form with what was decided about it. ``touched`` are the rows that a decision is about."""

    def __init__(
        self,
        sheet: Sheet,
        doubts: tuple[DoubtView, ...],
        decisions: tuple[DecisionView, ...],
        touched: frozenset[int],
    ) -> None:
        self.sheet, self.doubts, self.decisions, self.touched = sheet, doubts, decisions, touched
        self._doubts: defaultdict[str, list[DoubtView]] = defaultdict(list)
        for doubt in doubts:
            for slot in _with_row(doubt.at):
                self._doubts[slot].append(doubt)
        self._decisions: defaultdict[str, list[DecisionView]] = defaultdict(list)
        for one in decisions:
            for slot in _with_row(one.slot):
                self._decisions[slot].append(one)

    def doubts_at(self, slot: str) -> list[DoubtView]:
        """The doubts shown with a slot; for a row (``row:5``) those of all its fields."""
        return self._doubts.get(slot, [])

    def decisions_at(self, slot: str) -> list[DecisionView]:
        """The decisions about a slot or its doubts, or for a row about any of its fields.

        With the whole form come those about what is no longer there.
        """
        found = [*self._decisions.get(slot, [])]
        if self._decisions:
            found += [d for doubt in self.doubts_at(slot) for d in self._decisions.get(doubt.slot, [])]
        if slot != WHOLE or not self._decisions:
            return found
        known = {f.slot for f in self.sheet.fields} | {line.slot for line in self.sheet.lines}
        known |= (
            {f"{line.slot}:concept" for line in self.sheet.lines} | {d.slot for d in self.doubts} | {WHOLE}
        )
        return [*found, *(d for d in self.decisions if d.slot not in known)]

    def waits(self, line: Line) -> bool:
        """Whether a row wants a decision: an open doubt, or little confidence and nobody who looked."""
        return any(d.open for d in self.doubts_at(line.slot)) or (
            line.low and line.row_no not in self.touched
        )

    @property
    def open(self) -> int:
        """How many decisions are still wanted."""
        low = sum(1 for line in self.sheet.lines if line.low and line.row_no not in self.touched)
        return sum(d.open for d in self.doubts) + low


def _with_row(slot: str) -> tuple[str, ...]:
    """A slot, and the row it lies in."""
    parts = slot.split(":")
    return (slot, ":".join(parts[:2])) if parts[0] == "row" and len(parts) > 2 else (slot,)


def form_view(archive: Archive, made: Sheet, decided: Decided, live: Decided, say: Speaker) -> FormView:
    """A form's sheet with the state of each doubt and every decision about it; ``live`` ones close doubts."""
    known = Slots(archive, made.form["form_id"])
    doubts = tuple(_doubt(at, doubt, known, live, made.path) for at, doubt in made.all_doubts())
    decisions = tuple(decision_view(archive, one, say) for one in decided.values())
    return FormView(made, doubts, decisions, frozenset(touched(live)))


def _doubt(at: str, doubt: Doubt, known: Slots, decided: Decided, path: str) -> DoubtView:
    return DoubtView(
        id=doubt.id,
        kind=doubt.kind,
        code=doubt.code,
        severity=doubt.severity,
        message=without_path(doubt.message, path),
        suggestion=suggestion(doubt),
        at=at,
        slot=known.of(doubt),
        closed=known.closed(doubt, decided),
        cells=doubt.cells,
    )


def without_path(message: str, path: str) -> str:
    """A sentence without the name of the file whose page it is shown on.

    >>> without_path("2023/a.pdf 第1页：读不清。", "2023/a.pdf"), without_path("2023/a.pdf：没有年度。", "2023/a.pdf")
    ('第1页：读不清。', '没有年度。')
    """
    return message.removeprefix(path).lstrip(" ：:") if message.startswith(path) else message


def decision_view(archive: Archive, one: Correction, say: Speaker) -> DecisionView:
    """A decision in words."""
    became = archive.corrections.get(one.id)
    return DecisionView(
        slot=one.target.slot,
        words=decision_words(one, say),
        who=one.who,
        when=one.when[:16].replace("T", " "),
        why=one.why,
        status=archive.became(one.id),
        machine=one.seen.text if became is not None and one.kind is not Kind.DISMISS else "",
        message=_unapplied(one, became, say),
    )


def _unapplied(one: Correction, became: Row | None, say: Speaker) -> str:
    """Why a decision was not applied; of a stale one what was then seen, as what stands now is shown beside it."""
    if became is not None and became["status"] == "stale" and one.kind is not Kind.DISMISS and one.seen.text:
        return say("decision", "seen_then", text=one.seen.text)
    return (became or {}).get("message") or ""


def decision_words(one: Correction, say: Speaker) -> str:
    """What was decided, in a few words.

    >>> from pipeline.review.words import speaker
    >>> made = Correction.model_validate({"target": {"document": "ab" * 32, "path": "a", "form_no": 0,
    ...     "slot": "row:5:target"}, "kind": "value", "set": {"text": "120次"}, "who": "王",
    ...     "when": "2023-11-22T08:00:00+08:00"})
    >>> decision_words(made, speaker("zh"))
    '读作“120次”'
    """
    action, said = one.set.action, one.set
    if action is Action.ACCEPT:
        kind = one.target.slot.partition(":")[0]
        return say("decision", {"finding": "confirmed", "issue": "checked"}.get(kind, "accepted"))
    if action is Action.DISMISS:
        return say("decision", "dismissed")
    if action is not None:
        words = say("decision", action.value)
        where = say("level", said.node) if said.node else slot_words(said.to, say) if said.to else ""
        return f"{words} {where}".strip()
    if said.node is not None:
        return f"{say('decision', 'label')}“{node_words(said.node, say)}”"
    return f"{say('decision', one.kind.value)}“{said.words()}”"


def node_words(node: str, say: Speaker) -> str:
    """A node of the tree, a concept or a nature in words."""
    for group in ("level", "nature"):
        found = say(group, node)
        if found != node:
            return found
    known = concept(node)
    return known.name if known is not None else node


def slot_words(slot: str, say: Speaker) -> str:
    """A slot in words.

    >>> from pipeline.review.words import speaker
    >>> slot_words("row:5:target", speaker("zh")), slot_words("field:goal", speaker("zh"))
    ('第6行 · 指标值', '年度总体目标')
    """
    kind, *rest = slot.split(":")
    if kind == "row":
        row = say("edit", "to_row", n=int(rest[0]) + 1)
        return f"{row} · {say('field', rest[1])}" if len(rest) > 1 else row
    if kind == "field":
        return say("field", rest[0])
    if kind == "funding":
        return f"{say('source', rest[0])} · {say('stage', rest[1].partition('#')[0])}"
    return say("field", slot)


def tree(version: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The level-1 nodes of a form's tree in words, each with its level-2 nodes (id, name as printed)."""
    found = taxonomy(version if version in ("pilot", "2015", "2021", "ndrc") else "2015")
    for top in found.level(1):
        below = [(n.id, n.name) for n in found.children(top.id)]
        if below:
            yield top.name, below


def where(cell: Row | None, say: Speaker) -> str:
    """Where a cell stands, in words."""
    if cell is None:
        return ""
    said = []
    if cell["page"] is not None:
        said.append(say("places", "page", n=cell["page"]))
    if cell["sheet"] or cell["ref"]:
        said.append(" ".join(filter(None, (cell["sheet"], cell["ref"]))))
    if cell["line"] is not None:
        said.append(say("places", "line", n=cell["line"]))
    return " ".join(said)


def moves(made: Sheet, slot: str, say: Speaker) -> list[tuple[str, str]]:
    """The slots that what stands in a row's slot may be moved to: its own row's and its neighbours'."""
    parts = slot.split(":")
    if len(parts) != 3 or parts[0] != "row" or parts[2] not in ROW_FIELDS[3:]:
        return []
    row = int(parts[1])
    near = [n for n in (row, row - 1, row + 1) if made.line(n) is not None]
    names = [n for n in ROW_FIELDS[3:] if n in made.shown or n == "target"]
    found = [f"row:{n}:{name}" for n in near for name in names]
    return [(one, slot_words(one, say)) for one in found if one != slot]


def facts_of(made: Sheet, slot: str) -> tuple[Field | None, Line | None]:
    """The field and the row of a slot, where it has them."""
    line = made.line(int(slot.split(":")[1])) if slot.startswith("row:") else None
    if line is not None:
        name = slot.split(":")[2] if slot.count(":") == 2 else ""
        return line.fields.get(name), line
    return (None if slot == WHOLE else made.field(slot)), None


def scores(row: Row, say: Speaker) -> list[tuple[str, Any]]:
    """The three confidences of a row or form with their names; None where one was not measured."""
    names = ("read", "structure", "meaning")
    return [(say("reading", f"of_{name}"), row[f"confidence_{name}"]) for name in names]
