"""The money block: amounts by source (row) and stage (column), with the scale printed for them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from extractors.grid import Cell, TextBlock
from extractors.layout.account import LABEL, Ledger
from extractors.layout.forms import FundingItem, Slot
from extractors.layout.in_line import BESIDE, PLANNED, in_line
from extractors.layout.label_index import LabelHit
from extractors.layout.lines import Line, Spot, block_spot
from extractors.layout.printed import Indexes
from extractors.layout.shapes import key_of


@dataclass(slots=True)
class _Amount:
    source: str
    stage: str
    slot: Slot
    own_scale: str | None
    column_scale: str | None


class MoneyBlock:
    """Collects the amounts of one form as the header reader comes upon them."""

    def __init__(self, index: Indexes, ledger: Ledger) -> None:
        self.index = index
        self.ledger = ledger
        self.stages: list[tuple[str, Spot, str | None]] = []
        self.section_scale: str | None = None
        self.section_line = -1
        self.amounts: list[_Amount] = []
        self.midterm_columns: set[int] = set()
        self.beside: dict[str, dict[str, Slot]] = {}
        self.late: list[_Amount] = []  # second amounts: of the year beside the whole, or contradictions

    @property
    def begun(self) -> bool:
        """Whether the section's label or an amount has been seen."""
        return self.section_line >= 0 or bool(self.amounts) or bool(self.stages)

    @property
    def begun_amounts(self) -> bool:
        """Whether an amount of the plan or a row of stage heads has been seen."""
        return bool(self.stages) or any(amount.stage in PLANNED for amount in self.amounts)

    def section(self, spot: Spot, hit: LabelHit) -> None:
        """The block's own label, e.g. 项目资金(万元)."""
        self.section_line = spot.line
        self.section_scale = self.scale_in(hit.bracket) or self.section_scale
        if hit.rest:
            self.take(replace(hit, slot="total"), spot, [])
        self.ledger.claim(spot, LABEL)

    def scale_of(self, hit: LabelHit) -> None:
        """A source's label without an amount of its own names the block: 资金金额（万元） over its parts."""
        self.section_scale = self.section_scale or self.scale_in(hit.bracket)

    def scale_in(self, text: str) -> str | None:
        """The unit of money a bracket or note holds, the longest word first."""
        key = key_of(text)
        return next((word for word in self.index.family.money.scale_words if word in key), None)

    def take_stages(self, line: Line) -> bool:
        """Take a row of stage heads (年初预算数 | 全年执行数 …); False where the line is none."""
        hits = [(spot, self.index.stages.find(spot.text)) for spot in line.spots]
        found = [(s, hit) for s, hit in hits if hit and not hit.rest and not self._is_section(s, hit)]
        pairs = in_line(line, found, self.index)
        for label, stage, spot in pairs:
            self._put_stage(label, stage, spot)
        if pairs:
            return True
        if len(found) < 2 or any(spot.key[:1].isdigit() for spot, hit in hits if hit is None):
            return False  # labels with their amounts between them are no row of heads
        self.stages = [(hit.slot, spot, self.scale_in(hit.bracket)) for spot, hit in found]
        over_rows = set(map(key_of, self.index.family.money.row_heads))
        for spot in [*(spot for spot, _ in found), *(s for s in line.spots if s.key in over_rows)]:
            self.ledger.claim(spot, LABEL)
        for spot, hit in hits:  # a head of no known sort between or behind the others (预警等级)
            if hit is None and spot.col > found[0][0].col:
                self.ledger.claim(spot, LABEL)
        return True

    def sum_of(self, spot: Spot) -> LabelHit | None:
        """The total, where a row of sums (合计) stands under the stage heads."""
        words = map(key_of, self.index.family.list_totals)
        return LabelHit("total", "exact", 1.0) if self.stages and spot.key.rstrip(":") in words else None

    def _put_stage(self, label: Spot, hit: LabelHit, value: Spot) -> None:
        """The total of one stage, right of its label."""
        slot = Slot(value.text, value.cell, label.cell, 1.0, f"right of the head {hit.slot}")
        self.ledger.claim(label, LABEL)
        self.ledger.claim(value, f"form:funding_total_{hit.slot}")
        self._place("total", hit.slot, slot, self.scale_in(hit.bracket), None)

    def _place(self, source: str, name: str, slot: Slot, own: str | None, scale: str | None) -> None:
        """What stands under a stage head: an amount of that stage, or a rate or points beside the amounts."""
        if name in BESIDE:
            self.beside.setdefault(source, {})[name] = slot
        else:
            self._add(source, name, slot, own, scale)

    def _is_section(self, spot: Spot, stage: LabelHit) -> bool:
        """Whether a doubtful stage head is surely the block's own label (年度预算数（万元）)."""
        section = self.index.money_section.find(spot.text) if stage.how == "fuzzy" else None
        return section is not None and section.how != "fuzzy"

    def take(self, hit: LabelHit, label: Spot, values: list[Spot]) -> None:
        """The amounts printed behind one source label (in its own cell, or the cells that follow)."""
        own = self.scale_in(hit.bracket)
        if self._is_midterm(label):
            self.midterm_columns.add(label.col)
        stage = "midterm" if label.col in self.midterm_columns else "target"
        if hit.rest:
            self._add(
                hit.slot, stage, Slot(hit.rest, label.cell, label.cell, 0.95, "glued to its label"), own, None
            )
            self.ledger.claim(label, f"form:funding_{hit.slot}")
        else:
            self.ledger.claim(label, LABEL)
        if not self.stages:
            for spot in values[:1]:
                self._add(
                    hit.slot,
                    stage,
                    Slot(spot.text, spot.cell, label.cell, 1.0, "right of its label"),
                    own,
                    None,
                )
                self.ledger.claim(spot, f"form:funding_{hit.slot}")
            return
        for spot, (name, _, scale), sure in self._by_stage(values):
            slot = Slot(spot.text, spot.cell, label.cell, sure, f"under the head {name}")
            self.ledger.claim(spot, f"form:funding_{hit.slot}_{name}")
            self._place(hit.slot, name, slot, own, scale)

    def take_text(self, block: TextBlock, known: bool) -> bool:
        """Take a line of text that is an amount behind its label (项目资金（万元）：50); False where it is none.

        Nothing is believed before the block's label, an amount or (``known``) a field of the form was seen.
        """
        section = self.index.money_section.find(block.text)
        hit = section or self.index.source(block.text)
        if not (self.begun or known) or hit is None or not hit.rest or hit.how == "fuzzy":
            return False
        spot = block_spot(block, -1)
        if section:
            self.section(spot, section)
        else:
            self.take(hit, spot, [])
        return True

    def put(self, hit: LabelHit, stage: str, label: Spot, value: Spot) -> None:
        """An amount whose source and stage are both known from its column (lists)."""
        slot = Slot(value.text, value.cell, label.cell, 1.0, "in its project's column")
        self.ledger.claim(value, f"form:funding_{hit.slot}_{stage}")
        self._add(hit.slot, stage, slot, self.scale_in(hit.bracket), None)

    def append(self, source: str, slot: Slot, head: Spot, over: str | None = None) -> None:
        """One of several amounts of the same sort (the tasks of a department); ``over`` is a wider head's unit."""
        scale = self.scale_in(head.key) or over or self.section_scale
        self.amounts.append(_Amount(source, "target", slot, None, scale))

    def loose(self, values: list[Spot]) -> bool:
        """Amounts under the stage heads without a label of their own: they are the total."""
        known = {(a.source, a.stage) for a in self.amounts}
        places = [stage for _, stage, _ in self._by_place(values)]
        fresh = places and not any(("total", name) in known for name, _, _ in places)
        if len(places) != len(values) or len(values) < 2 or not fresh:
            return False
        label = self.stages[0][1]
        self.take(LabelHit("total", "exact", 0.9), label, values)
        return True

    def _is_midterm(self, label: Spot) -> bool:
        return any(label.key.startswith(key_of(w)) for w in self.index.family.money.midterm_labels)

    def _by_stage(self, values: list[Spot]) -> list[tuple[Spot, tuple[str, Spot, str | None], float]]:
        """Every value with the stage head over it; by order where the columns do not agree."""
        placed = self._by_place(values)
        if len(placed) == len(values):
            return placed
        self.ledger.doubt("amount_column_unclear", values)
        return [(spot, stage, 0.6) for spot, stage in zip(values, self.stages, strict=False)]

    def _by_place(self, values: list[Spot]) -> list[tuple[Spot, tuple[str, Spot, str | None], float]]:
        placed = []
        for spot in values:
            over = next((s for s in self.stages if s[1].col < spot.end and spot.col < s[1].end), None)
            if over is not None:
                placed.append((spot, over, 1.0))
        return placed

    def _add(self, source: str, stage: str, slot: Slot, own: str | None, column: str | None) -> None:
        for known in self.amounts:
            if (known.source, known.stage) == (source, stage):
                if stage == "target" and self._is_whole(known.slot) != self._is_whole(slot):
                    whole, other = (known, slot) if self._is_whole(known.slot) else (None, None)
                    if whole is not None and other is not None:
                        whole.stage = "midterm"
                        break
                    self.amounts.append(_Amount(source, "midterm", slot, own, column))
                    return
                if known.slot.text != slot.text and slot.cell is not None:
                    self.late.append(_Amount(source, stage, slot, own, column))
                return
        self.amounts.append(_Amount(source, stage, slot, own, column))

    def _is_whole(self, slot: Slot) -> bool:
        """Whether an amount is printed for the whole project and not for the year."""
        label = key_of(slot.label_cell.text) if slot.label_cell is not None else ""
        return any(label.startswith(key_of(word)) for word in self.index.family.money.whole_labels)

    def _share_whole(self) -> None:
        """Parts printed in the column of the whole project's amount are of the whole, not of the year."""
        rows = {self._label_row(a) for a in self.amounts if a.source == "total" and a.stage == "target"}
        whole = {self._label_col(a) for a in self.amounts if a.stage == "midterm" and self._is_whole(a.slot)}
        year = {self._label_col(a) for a in self.amounts if a.source == "total" and a.stage == "target"}
        for amount in self.amounts:
            taken = any((a.source, a.stage) == (amount.source, "midterm") for a in self.amounts)
            beside = self._label_row(amount) in rows  # in the row of the year's total
            if amount.stage == "target" and not taken | beside and self._label_col(amount) in whole - year:
                amount.stage = "midterm"
        for late in self.late:
            if not any((a.source, a.stage) == (late.source, late.stage) for a in self.amounts):
                self.amounts.append(late)
            elif late.slot.cell is not None:
                data = {"source": late.source, "text": late.slot.text}
                self.ledger.doubt("second_amount", (late.slot.cell,), None, **data)

    def _alone(self) -> None:
        """Amounts of the term, where the form prints no others, are all it says of its money (陕西 表13)."""
        if self.amounts and all(amount.stage == "midterm" for amount in self.amounts):
            for amount in self.amounts:
                amount.stage = "target"

    def _label_col(self, amount: _Amount) -> int:
        label = amount.slot.label_cell
        return label.col if isinstance(label, Cell) else -1

    def _label_row(self, amount: _Amount) -> int:
        label = amount.slot.label_cell
        return label.row if isinstance(label, Cell) else -1

    def finish(self, unit_note: Slot | None) -> tuple[FundingItem, ...]:
        """All amounts, each with the nearest unit printed for it."""
        form_scale = self.scale_in(unit_note.text) if unit_note else None
        self._share_whole()
        self._alone()
        return tuple(self._item(amount, form_scale) for amount in self.amounts)

    def _item(self, amount: _Amount, form_scale: str | None) -> FundingItem:
        # 年度资金总额（万元） stands for the block: what follows are its parts.
        total = next((a.own_scale for a in self.amounts if a.source == "total" and a.own_scale), None)
        scales = (
            (amount.own_scale, "row_label"),
            (amount.column_scale, "column"),
            (self.section_scale, "row_label"),
            (total, "row_label"),
            (form_scale, "form"),
        )
        word, where = next(((w, s) for w, s in scales if w), (None, None))
        stages = [a.stage for a in self.amounts if a.source == amount.source]
        carrier = "executed" if "executed" in stages else stages[-1]
        beside = self.beside.get(amount.source, {}) if amount.stage == carrier else {}
        return FundingItem(
            amount.source,
            amount.stage,
            amount.slot,
            word,
            where,
            beside.get("weight"),
            beside.get("rate"),
            beside.get("score"),
        )
