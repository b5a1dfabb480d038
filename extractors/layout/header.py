"""Step 3: the fields of a form, wherever label and value stand: right of, below, or in one cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors.grid import TextBlock
from extractors.layout.account import FILLER, LABEL, Ledger
from extractors.layout.forms import Slot
from extractors.layout.furniture import furniture_of, is_purpose
from extractors.layout.goals import goal_slot, of_term
from extractors.layout.label_index import LabelHit
from extractors.layout.lines import Line, Spot
from extractors.layout.money import MoneyBlock
from extractors.layout.printed import Indexes
from extractors.layout.shapes import Shapes, is_noise, key_of
from extractors.layout.subtables import SmallTables
from extractors.layout.wording import clean_text, one_line

_PIECES = re.compile(r"[ \t\u3000]{2,}|\n|\s(?=[\u4e00-\u9fff（）()]{2,10}[：:])")
_LOOSE = ("words", "fuzzy")
_LONG = 60  # a text this long is never a label, whatever it begins with


@dataclass(frozen=True, slots=True)
class _Label:
    hit: LabelHit
    spot: Spot
    source: bool = False


class HeaderReader:
    """Reads the lines above (or below) the indicator block into fields and amounts."""

    def __init__(self, index: Indexes, shapes: Shapes, ledger: Ledger, *, money: bool = True) -> None:
        self.index = index
        self.shapes = shapes
        self.ledger = ledger
        self.fields: dict[str, Slot] = {}
        self.money = MoneyBlock(index, ledger) if money else None
        self.tables = SmallTables(index, ledger, self.money)
        self.above: list[_Label] = []
        self.before: dict[int, _Label] = {}
        self.waiting: tuple[LabelHit, TextBlock] | None = None

    def read(self, lines: Sequence[Line]) -> None:
        """Take lines in reading order."""
        for line in lines:
            if line.dropped:
                continue
            if line.block is not None:
                self.take_block(line.block)
            elif len(line.spots) == 1 and self.ledger.claimed(line.spots[0]):
                continue  # the title, printed as a row
            elif self._told_in_one(line):
                self._lonely(line.spots[0])
            elif line.spots and not self.tables.take(line):
                self._row(line)

    def take_block(self, block: TextBlock) -> None:
        """A text outside the table: fields after their labels, the year, notes, furniture."""
        if self.ledger.claimed(block):
            return
        waiting, self.waiting = self.waiting, None
        for piece in _PIECES.split(block.text.strip()):
            hit = self.index.fields.find(piece)
            if hit and hit.rest:
                self._put(hit.slot, hit.rest, block, block, hit.score, "in the text beside the table")
            elif self.shapes.is_("year_line", key_of(piece)):
                self._put("fiscal_year", piece, block, None, 1.0, "year in the text beside the table")
            elif hit and hit.how != "fuzzy" and piece == block.text.strip():
                self.ledger.claim(block, LABEL)
                if hit.slot not in self.index.family.signed_fields:
                    self.waiting = (hit, block)
        if self.ledger.claimed(block) or (self.money and self.money.take_text(block, bool(self.fields))):
            return
        if waiting and not is_noise(block.text):
            self._put(waiting[0].slot, block.text, block, waiting[1], waiting[0].score, "below its label")
            return
        self._beside(block)

    def _beside(self, item: TextBlock | Spot) -> None:
        """A text that is no field of its own."""
        furniture = furniture_of(item, self.fields.keys(), self.index, self.shapes)
        if isinstance(furniture, str):
            self.ledger.claim(item, furniture)
        elif furniture is not None:
            slot, text, how = furniture
            self._put(slot, text, item, None, 1.0, how)

    def _told_in_one(self, line: Line) -> bool:
        """Whether one cell holds several labels with their values (主管部门：某局  实施单位：某所)."""
        if len(line.spots) != 1 or len(line.spots[0].text) > 2 * _LONG or "\n" in line.spots[0].text:
            return False
        hits = [self.index.fields.find(piece) for piece in _PIECES.split(line.spots[0].text)]
        return len({hit.slot for hit in hits if hit and hit.rest and hit.how != "fuzzy"}) > 1

    def _lonely(self, spot: Spot) -> None:
        """The only text of a table row that no label claimed: what stands beside the table elsewhere."""
        for piece in _PIECES.split(spot.text):
            hit = self.index.fields.find(piece)
            if hit and hit.rest:
                self._put(hit.slot, hit.rest, spot, spot, hit.score, "in a row of its own")
            elif self.shapes.is_("year_line", key_of(piece)):
                self._put("fiscal_year", piece, spot, None, 1.0, "year in a row of its own")
        if not self.ledger.claimed(spot):
            self._beside(spot)

    def _row(self, line: Line) -> None:
        if self.money and self.money.take_stages(line):
            line = replace(line, spots=tuple(s for s in line.spots if not self.ledger.claimed(s)))
        unfilled: list[_Label] = []
        pending = self._reaching(line)
        values: list[Spot] = []
        before, self.before = self.before, {}
        for spot in line.spots:
            label = self._repeated(before.get(spot.col), spot) or self._label(
                spot, pending, awaiting=not values
            )
            if label is None:
                values.append(spot)
                continue
            unfilled += self._close(pending, values)
            pending, values = label, []
            self.before[spot.col] = label
        unfilled += self._close(pending, values)
        if unfilled or not line.covered:
            self.above = unfilled
        if len(line.spots) == 1 and not self.ledger.claimed(line.spots[0]):
            if self.money and is_purpose(line, self.index):
                self._put(
                    "use_of_funds", line.spots[0].text, line.spots[0], None, 0.9, "inside the money block"
                )
            else:
                self._lonely(line.spots[0])

    def _repeated(self, label: _Label | None, spot: Spot) -> _Label | None:
        """The label of the row above printed again in its column: a merged cell that lost its merge."""
        if label is None or label.hit.rest or label.spot.text != spot.text:
            return None
        self.ledger.claim(spot, LABEL)
        return label

    def _reaching(self, line: Line) -> _Label | None:
        """The label that a row span brings into this line from above, if any."""
        for spot in reversed(line.covered):
            hit = self.index.fields.find(spot.text)
            if hit and not hit.rest:
                return _Label(hit, spot)
        return None

    def _label(self, spot: Spot, pending: _Label | None, *, awaiting: bool) -> _Label | None:
        """The label a cell holds; a long text or a doubtful match right of a label is its value."""
        if is_noise(spot.text) or (len(spot.text) > _LONG and not self._own(spot, pending)):
            return None
        waits = awaiting and self._awaits(pending, spot)
        found = self._of_money(self.money, spot, waits) if self.money else None
        if found is not None:
            return found
        hit = self.index.fields.find(spot.text)
        doubtful = hit is not None and hit.how == "fuzzy"
        if hit is None or (doubtful and (waits or self._over(spot))):
            return None
        return _Label(of_term(hit, self.shapes), spot)

    def _of_money(self, money: MoneyBlock, spot: Spot, waits: bool) -> _Label | None:
        """The block's own label or the source of an amount; what is told by words gives way to what is known."""
        section = self.index.money_section.find(spot.text)
        source = self.index.source(spot.text) or money.sum_of(spot)
        sure = source is not None and source.how != "fuzzy"
        others = (self.index.fields.find(spot.text), self.index.stages.find(spot.text))
        told = section is not None and section.how == "words"
        known = told and any(hit is not None and hit.how not in _LOOSE for hit in others)
        if section and not known and not (sure and section.how in _LOOSE):
            money.section(spot, section)
            return _Label(section, spot)
        if source and (sure or money.begun) and (money.begun or not waits):
            return _Label(source, spot, source=True)
        return None

    def _own(self, spot: Spot, pending: _Label | None) -> bool:
        """Whether a long text begins with a label that the form did not print before it anyway."""
        hit = self.index.fields.find(spot.text)
        return hit is not None and bool(hit.rest) and (pending is None or pending.hit.slot == hit.slot)

    def _awaits(self, label: _Label | None, spot: Spot) -> bool:
        """Whether a label of the same row still waits for its value."""
        if label is None or label.spot.line != spot.line or label.source or label.hit.rest:
            return False
        return label.hit.slot not in self.fields

    def _close(self, label: _Label | None, values: list[Spot]) -> list[_Label]:
        """Give a label the values that follow it in its row; return it if it stays without one."""
        if label is None or label.hit.slot == "money":
            if values and self.money and self.money.stages and self.money.loose(values):
                return []
            self._below(self._whole_amount(label, values))
            return []
        if label.source and self.money:
            if values or label.hit.rest:
                self.money.take(label.hit, label.spot, values)
                return []
            self.ledger.claim(label.spot, LABEL)
            self.money.scale_of(label.hit)
            return [label]
        if label.hit.rest:
            self._put(
                label.hit.slot, label.hit.rest, label.spot, label.spot, label.hit.score, "in its label's cell"
            )
            self._below(values)
            return []
        self.ledger.claim(label.spot, LABEL)
        direct = [v for v in values if label.spot.line != v.line and self._over(v)]
        if not values or direct:
            self._below(values)
            return [label] if not values else []
        first, *rest = values
        self._put(label.hit.slot, first.text, first, label.spot, label.hit.score, "right of its label")
        self._below(rest)
        return []

    def _whole_amount(self, label: _Label | None, values: list[Spot]) -> list[Spot]:
        """A block of one amount prints it right behind its own label (预算金额（万元）| 50)."""
        if label is None or not self.money or not values or self.money.begun_amounts:
            return values
        first, *rest = values
        if first.line != label.spot.line or not self.shapes.is_("money", first.key):
            return values
        self.money.take(replace(label.hit, slot="total"), label.spot, [first])
        return rest

    def _over(self, value: Spot) -> _Label | None:
        for label in self.above:
            if (
                label.spot.col < value.end
                and value.col < label.spot.end
                and label.hit.slot not in self.fields
            ):
                return label
        return None

    def _below(self, values: list[Spot]) -> None:
        """Values without a label in their row: those under an unfilled label of the row above are its."""
        for value in values:
            if is_noise(value.text):
                self.ledger.claim(value, FILLER)
                continue
            label = self._over(value)
            if label is None:
                if self.waiting:
                    hit, block = self.waiting
                    self._put(hit.slot, value.text, value, block, hit.score, "below its label")
                    self.waiting = None
                continue
            if label.source and self.money:
                self.money.take(label.hit, label.spot, [value])
            else:
                self._put(label.hit.slot, value.text, value, label.spot, label.hit.score, "below its label")

    def _put(
        self,
        slot: str,
        text: str,
        place: Spot | TextBlock,
        label: Spot | TextBlock | None,
        score: float,
        how: str,
    ) -> None:
        """Fill a field; a second, different value is an issue, never a replacement."""
        text = self.index.without_own_label(slot, clean_text(text))
        if slot not in self.index.family.own_labels and len(text) <= _LONG:
            text = one_line(text)
        if slot == "fiscal_year":
            text = self.shapes.find("year", key_of(text)) or text
        slot = goal_slot(slot, label.text if label is not None else "", self.fields, self.shapes)
        known = self.fields.get(slot)
        if known is not None and known.text != text and slot not in self.index.family.repeatable:
            self.ledger.claim(place, "issue:second_value")
            self.ledger.doubt("second_value", (place,), None, field=slot, text=text[:40])
            return
        self.ledger.claim(place, f"form:{slot}")
        if known is None:
            cell = place.cell if isinstance(place, Spot) else place
            tag = label.cell if isinstance(label, Spot) else label
            self.fields[slot] = Slot(text, cell, tag, round(score, 3), how)
            if score < 1 and label is not None and self.index.is_fuzzy(label.text):
                self.ledger.doubt("label_damaged", (place,), None, field=slot)
