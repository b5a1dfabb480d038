"""What one decision of a person is: about which slot, what they saw, what they decided, who, when, why.

Slots have names that people can read and that outlive a re-run:

=============================== ==========================================================================
``field:<name>``                a header field: ``field:project_name``, ``field:department``, ``field:goal`` …
``funding:<source>:<stage>``    an amount: ``funding:total:target``; the second one printed for the same
                                source and stage is ``funding:total:target#2``
``funding:…:rate``              what stands beside it: ``rate``, ``weight`` or ``score``
``row:<row_no>:<slot>``         ``name`` ``target`` ``actual`` ``weight`` ``score`` ``deviation`` ``level1``
                                ``level2`` ``concept`` of the row with this published ``row_no``
``row:<row_no>``                the row itself (structure)
``form``                        the form itself (structure)
``finding:<rule>:<digest>``     a finding (``seen.finding_slot``)
``issue:<code>:<digest>``       an issue (``seen.issue_slot``); ``form_no`` is None for one of no form
=============================== ==========================================================================
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from hashlib import blake2b
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

_SLOT = re.compile(
    r"form|field:[a-z][a-z0-9_]*|row:\d{1,6}(:[a-z][a-z0-9_]*)?"
    r"|funding:[a-z][a-z0-9_]*:[a-z][a-z0-9_]*(#\d{1,4})?(:(rate|weight|score))?"
    r"|(finding|issue):[a-z][a-z0-9_]*:[0-9a-f]{8,64}"
)
MOST = 20_000  # characters of one text; a goal is a few hundred


class Kind(StrEnum):
    """What sort of decision it is.

    ``text``: the printed text was misread (then the text is the person's). ``label``: the node of a
    label. ``value``: the reading of a printed text. ``structure``: what belongs where. ``dismiss``:
    a finding is no fault, an issue is accepted.
    """

    TEXT = "text"
    LABEL = "label"
    VALUE = "value"
    STRUCTURE = "structure"
    DISMISS = "dismiss"


class Action(StrEnum):
    """What a decision does where it gives no text, node or number.

    Of kind structure: ``no_form`` (slot ``form``), ``no_indicator`` (the row is none), ``join_next``
    (the row goes on in the next one), ``under`` (the row belongs to level-2 ``node``), ``move``
    (what stands in this slot belongs to slot ``to`` of the same form). Of kind value: ``accept``
    (the machine's reading is right). Of kind dismiss: ``dismiss`` (a finding is no fault), ``accept``
    (an issue was checked; a finding stands: nothing is taken off it).
    """

    NO_FORM = "no_form"
    NO_INDICATOR = "no_indicator"
    JOIN_NEXT = "join_next"
    UNDER = "under"
    MOVE = "move"
    ACCEPT = "accept"
    DISMISS = "dismiss"


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Target(_Written):
    """What a decision is about.

    ``document`` is the sha256 of the file whose form the person saw, ``path`` its published path (with
    ``!member`` in an archive), ``form_no`` the form's place in it, None for the document itself;
    ``year``, ``department``, ``project`` and ``form_kind`` as published are the form's natural key: by it
    the form is found again where the file has changed or moved.
    """

    document: str = Field(pattern=r"^[0-9a-f]{64}$")
    path: str = Field(min_length=1, max_length=4096)
    form_no: int | None = Field(default=None, ge=0, le=1_000_000)
    slot: str
    year: int = Field(default=0, ge=0, le=9999)
    department: str | None = Field(default=None, max_length=MOST)
    project: str | None = Field(default=None, max_length=MOST)
    form_kind: str | None = Field(default=None, max_length=100)

    @field_validator("slot")
    @classmethod
    def _is_a_slot(cls, slot: str) -> str:
        if not _SLOT.fullmatch(slot):
            raise ValueError(f"{slot!r} is no name of a slot, such as row:5:target or field:project_name")
        return slot

    @property
    def natural(self) -> tuple[int, str, str]:
        """The form's natural key: year, department, project; empty text where nothing was printed."""
        return (self.year, self.department or "", self.project or "")

    @property
    def key(self) -> tuple[str, int, str]:
        """Document, form and slot: two decisions with this key are about the same slot."""
        return (self.document, -1 if self.form_no is None else self.form_no, self.slot)


class Seen(_Written):
    """What the person had before them: the cell's raw text and the machine's reading, both in words.

    ``row`` is the printed name of the row, for a slot of a row: by it the row is found again where rows
    have moved. Make it with :func:`pipeline.corrections.seen.slots`, which the pipeline also asks when
    it checks whether the decision still holds.
    """

    row: str | None = Field(default=None, max_length=MOST)
    text: str = Field(default="", max_length=MOST)
    reading: str = Field(default="", max_length=MOST)


class Decision(_Written):
    """What was decided (``set``): exactly one of a text, a node, bounds with a unit, or an action.

    ``text`` is what is printed (kind text; empty: nothing is) or the value in words, read like a
    printed one (kind value). ``lower``, ``upper`` and ``unit`` give the value in figures; an end left
    out is open; a bound is inclusive unless said otherwise. ``node`` is an id of the tree, a concept
    or a code of the field. ``to`` is the slot that a ``move`` goes to.
    """

    text: str | None = Field(default=None, max_length=MOST)
    node: str | None = Field(default=None, max_length=200)
    lower: Decimal | None = None
    upper: Decimal | None = None
    lower_inclusive: bool | None = None
    upper_inclusive: bool | None = None
    unit: str | None = Field(default=None, max_length=100)
    action: Action | None = None
    to: str | None = None

    @property
    def in_figures(self) -> bool:
        """Whether the value is given by its bounds."""
        return self.lower is not None or self.upper is not None

    def words(self) -> str:
        """The decision in a few words, as published in ``corrections.human``.

        >>> Decision(lower="95", unit="%").words(), Decision(action="move", to="row:6:target").words()
        ('95… %', 'move row:6:target')
        """
        if self.action is not None:
            return " ".join(part for part in (self.action.value, self.node, self.to) if part)
        if self.in_figures:
            ends = ("" if end is None else f"{end:f}" for end in (self.lower, self.upper))
            return " ".join(part for part in ("…".join(ends), self.unit) if part)
        return self.node if self.node is not None else (self.text or "")


class Correction(_Written):
    """One decision. ``when`` is ISO with a zone; ``why`` is required where something is dismissed.

    ``id`` is a short digest of all the rest and is filled in where it is left out.

    >>> target = Target(document="ab" * 32, path="2023/a.txt", form_no=0, slot="row:5:target", year=2023)
    >>> made = Correction(target=target, kind="value", seen=Seen(text="100余次", reading="count 100… 次"),
    ...     set=Decision(text="120次"), who="王", when="2023-11-22T08:00:00+08:00")
    >>> made.id, made.set.words()
    ('fe8db325f874', '120次')
    """

    id: str = Field(default="", max_length=64, pattern=r"^[0-9a-zA-Z_-]*$")
    target: Target
    kind: Kind
    seen: Seen = Seen()
    set: Decision
    who: str = Field(min_length=1, max_length=200)
    when: str = Field(max_length=40)
    why: str = Field(default="", max_length=MOST)

    @field_validator("when")
    @classmethod
    def _is_a_time(cls, when: str) -> str:
        if datetime.fromisoformat(when).tzinfo is None:
            raise ValueError(f"{when}: a time is written with its zone, such as 2023-11-22T08:00:00+08:00")
        return when

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        problem = _problem(self)
        if problem:
            raise ValueError(problem)
        if not self.id:
            object.__setattr__(self, "id", digest_of(self))
        return self


_ROW_ACTIONS = (Action.NO_INDICATOR, Action.JOIN_NEXT, Action.UNDER)
_LABELS = re.compile(r"row:\d+:(level1|level2|concept)|field:project_nature")
_PRINTED = re.compile(r"field:.*|funding:.*|row:\d+:(?!concept)[a-z0-9_]+")
_VALUED = re.compile(r"field:.*|funding:.*|row:\d+:(target|actual|weight|score|deviation)")
_ROW = re.compile(r"row:\d+")
_ROW_SLOT = re.compile(r"row:\d+:(?!level|concept|name)[a-z0-9_]+")


def _problem(made: Correction) -> str:
    """What does not fit together in a decision; empty where all does."""
    given, slot = made.set, made.target.slot
    ways = [given.text is not None, given.node is not None and given.action is None, given.in_figures]
    if sum((*ways, given.action is not None)) != 1:
        return "set needs exactly one of text, node, lower/upper or action"
    if (given.to is not None) != (given.action is Action.MOVE):
        return "set.to goes with the action move, and only with it"
    if made.target.form_no is None and not slot.startswith("issue:"):
        return f"{slot} needs form_no"
    return _CHECKS[made.kind](made, slot)


def _text_problem(made: Correction, slot: str) -> str:
    if made.set.text is None or not _PRINTED.fullmatch(slot):
        return f"kind text sets the text of something printed, not {slot}"
    return ""


def _label_problem(made: Correction, slot: str) -> str:
    if made.set.node is None or made.set.action is not None or not _LABELS.fullmatch(slot):
        return f"kind label sets the node of a level1, level2 or concept, not {slot}"
    return ""


def _value_problem(made: Correction, slot: str) -> str:
    given = made.set
    wrong = given.node is not None or given.action not in (None, Action.ACCEPT)
    if given.in_figures and slot.startswith("field:"):
        return "a header field is set by text"
    if wrong or not (_VALUED.fullmatch(slot) or (given.action and _PRINTED.fullmatch(slot))):
        return f"kind value sets text, lower/upper or accepts, and does not fit {slot}"
    if given.lower is not None and given.upper is not None and given.lower > given.upper:
        return "set.lower lies above set.upper"
    return ""


def _structure_problem(made: Correction, slot: str) -> str:
    action = made.set.action
    if action is Action.NO_FORM:
        return "" if slot == "form" else "no_form belongs to the slot form"
    if action in _ROW_ACTIONS:
        if (action is Action.UNDER) != (made.set.node is not None):
            return "under needs the node of a level 2, the other actions have none"
        return "" if _ROW.fullmatch(slot) else f"{action} belongs to a slot such as row:5"
    if action is Action.MOVE:
        fits = _ROW_SLOT.fullmatch(slot) and _ROW_SLOT.fullmatch(str(made.set.to)) and slot != made.set.to
        return "" if fits else "move goes from one slot such as row:5:target to another"
    return "kind structure needs no_form, no_indicator, join_next, under or move"


def _dismiss_problem(made: Correction, slot: str) -> str:
    finding = slot.startswith("finding:")
    wanted = (Action.DISMISS, Action.ACCEPT) if finding else (Action.ACCEPT,)
    if made.set.action not in wanted or not slot.startswith(("finding:", "issue:")):
        return "a finding is dismissed or accepted (it stands) and an issue accepted, nothing else"
    if finding and made.set.action is Action.ACCEPT:
        return ""
    return "" if made.why.strip() else "a dismissal needs a reason (why)"


_CHECKS = {
    Kind.TEXT: _text_problem,
    Kind.LABEL: _label_problem,
    Kind.VALUE: _value_problem,
    Kind.STRUCTURE: _structure_problem,
    Kind.DISMISS: _dismiss_problem,
}


def plain(made: Correction) -> dict[str, Any]:
    """The decision as it is written down: nested, in a fixed order, what is not given left out."""
    found = made.model_dump(mode="json", exclude_none=True)
    found["set"] = {name: value for name, value in found["set"].items() if value is not None}
    return found


def digest_of(made: Correction) -> str:
    """The short digest that names a decision: of everything but its id."""
    found = plain(made)
    found.pop("id")
    return blake2b(repr(found).encode(), digest_size=6).hexdigest()


def digest_of_all(found: Iterable[Correction]) -> str:
    """A digest of several decisions, whatever their order."""
    return blake2b("\n".join(sorted(repr(plain(c)) for c in found)).encode(), digest_size=16).hexdigest()
