"""From read rows to :class:`FormRow`: names, slots, claims, and a doubt for every repair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.families.family import Family
from extractors.layout.account import Ledger
from extractors.layout.candidates import UNCLAIMED
from extractors.layout.columns import Head
from extractors.layout.forms import FormRow, LevelLabel, Slot
from extractors.layout.levels import parent_of
from extractors.layout.lines import Spot
from extractors.layout.lost import MISSING, LostLabels
from extractors.layout.rows import Open, ReadRow
from extractors.layout.shapes import Shapes, cut_name
from extractors.layout.wording import clean_text, one_line
from normalizers.frozen import maker

_FORM_ROW, _LEVEL, _SLOT = maker(FormRow), maker(LevelLabel), maker(Slot)
_USUAL_TREE = "2015"
_OF_NUMBERS = ("sign", "unit")  # what a target in words (明显改善) goes without
_FEW = 3  # named rows from which on one can speak of what is usual in a form
_TICKED = "possible_"
_NO_SLOT = ("section", "level1", "level2", "name")


class RowBuilder:
    """Turns the read rows of one block into form rows, numbering on from ``first``."""

    def __init__(
        self, family: Family, shapes: Shapes, ledger: Ledger, columns: Sequence[Head], version: str
    ) -> None:
        self.family = family
        self.shapes = shapes
        self.ledger = ledger
        self.columns = columns
        self.version = version
        self.waiting: dict[str, Spot] = {}
        self.last: FormRow | None = None

    def build(self, read: Sequence[ReadRow], first: int, horizon: str) -> list[FormRow]:
        """All form rows of a block in order; rows that hold labels only give none."""
        rows: list[FormRow] = []
        lost = LostLabels(read, self.version, self.shapes)
        for item in read:
            row = self._row(item, first + len(rows), horizon, lost)
            if row is not None:
                rows.append(row)
                self.last = row
        rows = self._check_gaps(rows)
        for spot in self.waiting.values():
            if not self.ledger.claimed(spot):
                self.ledger.claim(spot, "noise:level_without_rows")
                self.ledger.doubt("level_without_rows", [spot], None, text=spot.text)
        return rows

    def _check_gaps(self, rows: list[FormRow]) -> list[FormRow]:
        """A named row without a value that nearly every other row has: lost, or slid into its neighbour."""
        named = [row for row in rows if row.name]
        if len(named) < _FEW:
            return rows
        usual = [
            head.role
            for head in self.columns
            if head.takes in ("value", "number", "sign", "unit")
            and head.role != "target"
            and sum(head.role in row.slots for row in named) >= self.family.limits["usual_share"] * len(named)
        ]
        return [self._gap(row, [role for role in usual if role not in row.slots]) for row in rows]

    def _gap(self, row: FormRow, missing: list[str]) -> FormRow:
        target = row.slots.get("target")
        if target is not None and not self.shapes.is_("number", target.text.strip()):
            missing = [role for role in missing if role not in _OF_NUMBERS]
        if not row.name or not missing or row.name_cell is None:
            return row
        self.ledger.doubt(
            "slot_missing", [row.name_cell], row.row_no, text=row.name[:20], slots="、".join(missing)
        )
        structure = round(row.structure * self.family.trust["slot_missing"], 4)
        return replace(row, structure=structure, reasons=(*row.reasons, "slot_missing"))

    def _row(self, item: ReadRow, row_no: int, horizon: str, lost: LostLabels) -> FormRow | None:
        by_role = self._by_role(item)
        self._claim_labels(by_role)
        name_spot = by_role.get("name")
        slots = {role: self._slot(role, spot) for role, spot in by_role.items() if role not in _NO_SLOT}
        if name_spot is None and not slots:
            self._doubt(list(item.notes), item.spots, None)
            return None
        ordinal, name, _ = cut_name(one_line(clean_text(name_spot.text))) if name_spot else (None, "", False)
        codes = self._codes(item, by_role, ordinal, name, lost)
        self._claim_row(item, by_role, row_no)
        structure = self._doubt(codes, item.spots, row_no)
        slots = self._renamed(slots)
        unit = slots.get("unit")
        return _FORM_ROW(
            row_no=row_no,
            level1=_label(item.state.level1),
            level2=_label(item.state.level2),
            ordinal=ordinal,
            name=name,
            name_raw=name_spot.text if name_spot else "",
            name_cell=name_spot.cell if name_spot else None,
            slots=slots,
            blank=not name,
            horizon=horizon,
            structure=structure,
            column_unit=unit.text if unit else None,
            reasons=tuple(codes),
        )

    def _by_role(self, item: ReadRow) -> dict[str, Spot]:
        pairs = zip(item.reading.roles, item.spots, strict=True)
        return {self.columns[at].role: spot for at, spot in pairs if at != UNCLAIMED}

    def _claim_labels(self, by_role: dict[str, Spot]) -> None:
        """Labels wait for the first row that stands under them; a section label claims itself."""
        if "section" in by_role:
            self.ledger.claim(by_role["section"], "noise:printed_label")
        for role in ("level1", "level2"):
            if role in by_role:
                self.waiting[by_role[role].id] = by_role[role]

    def _claim_row(self, item: ReadRow, by_role: dict[str, Spot], row_no: int) -> None:
        for role, spot in by_role.items():
            self.ledger.claim(spot, f"row:{row_no}:{role}")
        for role, label in (("level1", item.state.level1), ("level2", item.state.level2)):
            if label is not None and label.spot is not None:
                self.ledger.claim(label.spot, f"row:{row_no}:{role}")
                self.waiting.pop(label.spot.id, None)
        for at, shift, spot in zip(item.reading.roles, item.reading.shifts, item.spots, strict=True):
            if at == UNCLAIMED:
                self.ledger.claim(spot, "issue:unclaimed_cell")
            elif shift:
                self.ledger.mark(spot, "shifted")

    def _codes(
        self,
        item: ReadRow,
        by_role: dict[str, Spot],
        ordinal: int | None,
        name: str,
        lost: LostLabels,
    ) -> list[str]:
        """The codes of everything doubtful about a row, in a fixed order."""
        codes = [note for note in item.notes if note != MISSING]
        reading = item.reading
        if any(reading.shifts):
            codes.append("shifted_row")
        labels = [
            (shift, self.columns[at].role)
            for at, shift in zip(reading.roles, reading.shifts, strict=True)
            if at != UNCLAIMED and self.columns[at].takes == "level"
        ]
        if any(shift for shift, _ in labels):
            codes.append("label_in_wrong_column")
        printed = [
            label
            for label, role in ((item.state.level1, "level1"), (item.state.level2, "level2"))
            if label is not None and role in by_role
        ]
        codes += ["label_damaged" for label in printed if label.how == "fuzzy"]
        applying = (item.state.level1, item.state.level2)
        codes += ["unknown_level_label" for label in applying if label is not None and label.node_id is None]
        codes += self._by_version(item, printed)
        has_target = "target" in by_role or not any(head.role == "target" for head in self.columns)
        if name and not has_target:
            codes.append("value_missing")
        if not name and by_role.keys() - set(_NO_SLOT):
            codes.append("value_without_name")
        codes += lost.codes(item, ordinal, name, self.last)
        if UNCLAIMED in reading.roles:
            codes.append("unclaimed_cell")
        in_place = item.line.spanned and not any(reading.shifts)  # merges are true: columns can be trusted
        if item.margin < self.family.limits["ambiguous_margin"] and not in_place:
            codes.append("ambiguous_row")
        return list(dict.fromkeys(codes))

    def _by_version(self, item: ReadRow, printed: Sequence[Open]) -> list[str]:
        """A level 1 that is not printed here and would be another one in the usual tree."""
        one, two = item.state.level1, item.state.level2
        if one is None or two is None or two.node_id is None or one in printed or one.node_id is None:
            return []
        if any(one.spot is not None and spot.id == one.spot.id for spot in item.line.covered):
            return []
        usual = parent_of(two.node_id, _USUAL_TREE)
        return ["level1_by_version"] if usual and usual != one.node_id else []

    def _doubt(self, codes: Sequence[str], spots: Sequence[Spot], row_no: int | None) -> float:
        """Record a row's doubts; what is left of its structure confidence."""
        structure = 1.0
        for code in codes:
            structure *= self.family.trust.get(code, 1.0)
            text = " | ".join(spot.text[:20] for spot in spots)
            self.ledger.doubt(code, spots, row_no, text=text)
        return round(structure, 4)

    def _slot(self, role: str, spot: Spot) -> Slot:
        head = next((head for head in self.columns if head.role == role), None)
        label = head.spot.cell if head is not None and head.spot is not None else None
        return _SLOT(spot.text, spot.cell, label, 1.0, f"column {role}")

    def _renamed(self, slots: dict[str, Slot]) -> dict[str, Slot]:
        """指标性质 and 指标方向 hold a sign, a kind or a direction, whatever the head: named by the text."""
        slots = self._ticked(slots)
        sign, other = slots.get("sign"), slots.get("direction")
        swapped = other is not None and self.shapes.is_("sign_word", other.text)
        if sign is None:
            return self._moved(slots, {"direction": "sign"}) if swapped else slots
        is_nature = self.shapes.is_("nature", sign.text)
        if swapped and not self.shapes.is_("sign_word", sign.text):
            return self._moved(slots, {"direction": "sign", "sign": "nature" if is_nature else "direction"})
        if is_nature:
            return self._moved(slots, {"sign": "nature"})
        if other is None and self.shapes.is_("direction_word", sign.text):
            return self._moved(slots, {"sign": "direction"})
        return slots

    @staticmethod
    def _moved(slots: dict[str, Slot], roles: dict[str, str]) -> dict[str, Slot]:
        return {roles.get(role, role): slot for role, slot in slots.items()}

    def _ticked(self, slots: dict[str, Slot]) -> dict[str, Slot]:
        """A tick under 确定能, 有可能 or 完全不可能 says what its head says."""
        ticks = [slot for role, slot in slots.items() if role.startswith(_TICKED)]
        if not ticks or "possibility" in slots:
            return slots
        first = ticks[0]
        said = "、".join(one_line(slot.label_cell.text) for slot in ticks if slot.label_cell is not None)
        rest = {role: slot for role, slot in slots.items() if not role.startswith(_TICKED)}
        return {**rest, "possibility": replace(first, text=said, how="ticked under its head")}


def _label(label: Open | None) -> LevelLabel | None:
    if label is None:
        return None
    cell = label.spot.cell if label.spot is not None else None
    return _LEVEL(label.text, label.node_id, label.how, label.score, cell, label.reason)
