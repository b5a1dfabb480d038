"""Decisions on the page: which stand about a form, what they close, how they are saved and taken back.

They live in the ledger (``pipeline.corrections``), which any number of pages and people share; what
is kept here is only a view of it, made anew whenever it changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.corrections import Correction, Decision, Kind, Ledger, Seen, Target
from pipeline.corrections.seen import finding_slot, issue_slot, slots
from pipeline.review.archive import Archive, Doubt, name_of
from pipeline.review.queue import WEIGHTY, Entry, Standing
from pipeline.review.sheet import WHOLE

Decided = Mapping[str, Correction]
_NOTHING: Decided = {}
MOST_UNDO = 200
LIVE = ("applied", "waiting")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing a person did: the decisions it made, each with the one it replaced."""

    form_id: str
    made: tuple[tuple[Correction, Correction | None], ...]


class Desk:
    """The ledger as seen from the page. ``who`` signs what is saved."""

    def __init__(self, ledger: Ledger, who: str) -> None:
        self.ledger, self.who = ledger, who
        self._of: tuple[Archive, tuple[Correction, ...]] | None = None
        self._by_form: dict[str, dict[str, Correction]] = {}
        self._standings: dict[str, Standing] = {}
        self.version = 0  # goes up whenever what :meth:`look` found was new

    def look(self, archive: Archive) -> None:
        """Take note of what the ledger holds now. Raises LedgerError where a file of it cannot be read."""
        found = self.ledger.all()
        if self._of is not None and self._of[0] is archive and self._of[1] == found:
            return
        by_form: defaultdict[str, dict[str, Correction]] = defaultdict(dict)
        homes = _Homes(archive)
        for one in sorted(found, key=lambda c: c.when):
            home = homes.find(one.id, one.target)
            if home is not None:
                said = archive.corrections.get(one.id)  # a row may have moved since: then its slot did, too
                by_form[home][said["slot"] if said else one.target.slot] = one
        self._by_form, self._standings = dict(by_form), {}
        self._of = (archive, found)
        self.version += 1

    def decided(self, form_id: str) -> Decided:
        """The decisions about a form, by slot."""
        return self._by_form.get(form_id, _NOTHING)

    def live(self, archive: Archive, form_id: str) -> Decided:
        """Those of the decisions that hold or wait for the next run: stale ones close nothing."""
        found = self.decided(form_id)
        return {slot: one for slot, one in found.items() if archive.became(one.id) in LIVE}

    def standing(self, archive: Archive, entry: Entry) -> Standing:
        """How far the review of a form is."""
        known = self._standings.get(entry.form_id)
        if known is None:
            known = self._standings[entry.form_id] = _standing(
                archive, entry, self.live(archive, entry.form_id)
            )
        return known

    def signed(
        self, archive: Archive, form_id: str, slot: str, kind: str, decision: Mapping[str, Any], why: str
    ) -> Correction:
        """A decision as it would be saved now, signed and dated. Raises ValueError where it makes no sense."""
        target = self.target(archive, form_id, slot)
        before = self.decided(form_id).get(slot)
        if before is not None and archive.became(before.id) == "applied":
            seen = before.seen  # the published row now shows the person's value
        else:
            seen = self.seen(archive, form_id, slot)
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        return Correction(
            target=target,
            kind=Kind(kind),
            seen=seen,
            set=Decision(**decision),
            who=self.who,
            when=now,
            why=why,
        )

    def target(self, archive: Archive, form_id: str, slot: str) -> Target:
        """What a decision about a slot of a form is about."""
        form = archive.forms[form_id]
        return Target(
            document=form["document_id"],
            path=archive.path(form_id),
            form_no=form["form_no"],
            slot=slot,
            year=form["fiscal_year"],
            department=form["department"],
            project=form["project_name"],
            form_kind=form["kind"],
        )

    def seen(self, archive: Archive, form_id: str, slot: str) -> Seen:
        """What stands in a slot, in the words by which the pipeline will check that it still does."""
        if slot.startswith(("finding:", "issue:")):
            known = Slots(archive, form_id)
            return seen_doubt(next((d for d in archive.doubts.get(form_id, []) if known.of(d) == slot), None))
        indicators = archive.rows("indicators", form_id)
        if slot.startswith("row:"):  # one row of hundreds: the others say nothing about it
            number = slot.split(":")[1]
            indicators = [i for i in indicators if str(i["row_no"]) == number]
        funding, parts = archive.rows("funding", form_id), archive.quantities(indicators)
        found = slots(archive.forms[form_id], funding, indicators, parts)
        return found.get(slot, Seen())

    def save(self, form_id: str, made: Iterable[Correction], expected: str) -> Step:
        """Keep decisions, all about one form: all of them, or none. Of two about one slot the last one counts.

        What stood about the same place gives way, also where the file had other bytes then (a stale one).
        Raises Conflict for the first that somebody else decided.
        """
        wanted = list({one.target.key: one for one in made}.values())
        decided = self.decided(form_id)
        done = tuple((one, decided.get(one.target.slot)) for one in wanted)
        gone = [old.id for one, old in done if old is not None and old.target.path == one.target.path]
        self.ledger.save_all(wanted, expected, gone)
        return Step(form_id, done)

    def undo(self, step: Step) -> None:
        """Take a step back, whole. Raises Conflict where somebody decided otherwise since, or took it back."""
        made = [one for one, _ in step.made]
        before = [old for one, old in step.made if old is not None and old.target.path == one.target.path]
        self.ledger.take_back(made, before)


class _Homes:
    """Which form a decision is about: the same place in the same bytes, else the same form in the same file."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._exact = {(f["document_id"], f["form_no"]): i for i, f in archive.forms.items()}
        self._natural: dict[tuple[str, int, str, str], str] = {}
        for form_id, form in archive.forms.items():
            path = name_of(archive.documents[form["document_id"]])
            key = (path, form["fiscal_year"], form["department"] or "", form["project_name"] or "")
            self._natural.setdefault(key, form_id)

    def find(self, correction_id: str, target: Target) -> str | None:
        """The id of the form, or None where it is no longer published."""
        said = self._archive.corrections.get(correction_id)
        if said is not None and said["form_id"]:
            return str(said["form_id"])
        if target.form_no is not None:
            found = self._exact.get((target.document, target.form_no))
            if found is not None:
                return found
        return self._natural.get((target.path, *target.natural))


class Slots:
    """The slots by which the ledger knows the findings and issues of one form."""

    def __init__(self, archive: Archive, form_id: str) -> None:
        self.indicators = archive.rows("indicators", form_id)
        self.rows = {i["indicator_id"]: i["row_no"] for i in self.indicators}
        self._names = {i["indicator_id"]: i["level3_raw"] for i in self.indicators}
        self._archive, self._form_id = archive, form_id
        self._texts: dict[str, str] | None = None

    def of(self, doubt: Doubt) -> str:
        """The slot of a doubt."""
        if doubt.kind == "finding":
            return finding_slot(doubt.row, self.indicators)
        name = self._names.get(doubt.row["indicator_id"] or "", "")
        return issue_slot(doubt.row, name, self._text(doubt.row["cell_id"]))

    def _text(self, cell_id: str | None) -> str:
        if cell_id is None:
            return ""
        if self._texts is None:
            cells = self._archive.rows("cells", self._form_id)
            self._texts = {c["cell_id"]: c["text"] for c in cells}
        return self._texts.get(cell_id, "")

    def closed(self, doubt: Doubt, decided: Decided) -> bool:
        """Whether a doubt has its decision: its own, or one about the only row it speaks of."""
        if not decided:
            return False
        if WHOLE in decided or doubt.row.get("dismissed_by") or self.of(doubt) in decided:
            return True
        numbers = {self.rows[i] for i in doubt.indicators if i in self.rows}
        return len(numbers) == 1 and numbers <= touched(decided)


def touched(decided: Decided) -> set[int]:
    """The numbers of the rows that some decision is about."""
    return {int(slot.split(":")[1]) for slot in decided if slot.startswith("row:")}


def seen_doubt(doubt: Doubt | None) -> Seen:
    """What a person saw of a finding or issue: its sentence, and the numbers it compares."""
    if doubt is None:
        return Seen()
    return Seen(text=doubt.message, reading=str(doubt.row.get("numbers") or ""))


def _standing(archive: Archive, entry: Entry, decided: Decided) -> Standing:
    weighty = [d for d in entry.doubts if d.severity in WEIGHTY]
    still, low = weighty, len(entry.low)
    if decided:
        slots_of = Slots(archive, entry.form_id)
        still = [d for d in weighty if not slots_of.closed(d, decided)]
        low = 0 if WHOLE in decided else len(set(entry.low) - touched(decided))
    errors = sum(d.severity == "error" for d in still)
    return Standing(
        errors=errors,
        warnings=len(still) - errors,
        low=low,
        closed=len(weighty) - len(still) + len(entry.low) - low,
        decisions=len(decided),
        waiting=sum(archive.became(one.id) == "waiting" for one in decided.values()),
        first=min(still, key=lambda d: WEIGHTY.index(d.severity), default=None),
    )
