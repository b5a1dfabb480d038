"""The money block: amounts by source (row) and stage (column), with the scale printed for them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from extractors.layout.account import LABEL, Ledger
from extractors.layout.forms import FundingItem, Slot
from extractors.layout.lines import Line, Spot
from extractors.layout.printed import Indexes, LabelHit
from extractors.layout.shapes import key_of

_BESIDE = ("rate", "weight", "score", "reason")


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

    @property
    def begun(self) -> bool:
        """Whether the section's label or an amount has been seen."""
        return self.section_line >= 0 or bool(self.amounts) or bool(self.stages)

    def section(self, spot: Spot, hit: LabelHit) -> None:
        """The block's own label, e.g. 项目资金(万元)."""
        self.section_line = spot.line
        self.section_scale = self.scale_in(hit.bracket) or self.section_scale
        if hit.rest:
            self.take(replace(hit, slot="total"), spot, [])
        self.ledger.claim(spot, LABEL)

    def scale_in(self, text: str) -> str | None:
        """The unit of money a bracket or note holds, the longest word first."""
        key = key_of(text)
        return next((word for word in self.index.family.money.scale_words if word in key), None)

    def take_stages(self, line: Line) -> bool:
        """Take a row of stage heads (年初预算数 | 全年执行数 …); False where the line is none."""
        hits = [(spot, self.index.stages.find(spot.text)) for spot in line.spots]
        found = [(spot, hit) for spot, hit in hits if hit and not hit.rest]
        if len(found) < 2:
            return False
        self.stages = [(hit.slot, spot, self.scale_in(hit.bracket)) for spot, hit in found]
        for spot, _ in found:
            self.ledger.claim(spot, LABEL)
        return True

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
            if name in _BESIDE:
                self.beside.setdefault(hit.slot, {})[name] = slot
            else:
                self._add(hit.slot, name, slot, own, scale)

    def _is_midterm(self, label: Spot) -> bool:
        return any(label.key.startswith(key_of(w)) for w in self.index.family.money.midterm_labels)

    def _by_stage(self, values: list[Spot]) -> list[tuple[Spot, tuple[str, Spot, str | None], float]]:
        """Every value with the stage head over it; by order where the columns do not agree."""
        placed = []
        for spot in values:
            over = next((s for s in self.stages if s[1].col < spot.end and spot.col < s[1].end), None)
            if over is not None:
                placed.append((spot, over, 1.0))
        if len(placed) == len(values):
            return placed
        self.ledger.doubt("amount_column_unclear", values)
        return [(spot, stage, 0.6) for spot, stage in zip(values, self.stages, strict=False)]

    def _add(self, source: str, stage: str, slot: Slot, own: str | None, column: str | None) -> None:
        for known in self.amounts:
            if (known.source, known.stage) == (source, stage):
                if known.slot.text != slot.text and slot.cell is not None:
                    self.ledger.doubt("second_amount", (slot.cell,), None, source=source, text=slot.text)
                return
        self.amounts.append(_Amount(source, stage, slot, own, column))

    def finish(self, unit_note: Slot | None) -> tuple[FundingItem, ...]:
        """All amounts, each with the nearest unit printed for it."""
        form_scale = self.scale_in(unit_note.text) if unit_note else None
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
