"""A list form's projects as forms: the head read once, every project with its own rows and account."""

from __future__ import annotations

from dataclasses import replace

from extractors.families.family import FALLBACK, FamilyMatch
from extractors.layout.account import LABEL, Ledger
from extractors.layout.assemble import (
    claim_title,
    claim_titles_again,
    family_of,
    fill_fiscal_year,
    finish,
    kind_of,
)
from extractors.layout.block import read_block
from extractors.layout.forms import Form, FundingItem, Slot
from extractors.layout.header import HeaderReader
from extractors.layout.heads import find_heads
from extractors.layout.label_index import LabelHit
from extractors.layout.leftovers import claim_leftovers, claim_loose, claim_outside
from extractors.layout.lines import Line, Spot, cover
from extractors.layout.listed import SERIAL, UNITS, Lead, Listing, Project, listing_of
from extractors.layout.money import MoneyBlock
from extractors.layout.printed import Indexes, indexes_of
from extractors.layout.segment import Segment
from extractors.layout.shapes import shapes_of
from extractors.layout.stitch import Stitched
from extractors.layout.totals import claim_subtotals, read_totals
from extractors.layout.wording import clean_text, one_line


def find_listing(part: Segment, scan: Indexes) -> Listing | None:
    """The list of projects in a segment, or None."""
    part.lines = cover(part.lines)
    return listing_of(part.lines, find_heads(part.lines, scan), scan)


def assemble_list(part: Segment, listing: Listing, form_no: int, stitched: Stitched) -> list[Form]:
    """One form a project; none where the list is empty.

    Args:
        part: a segment whose lines are a list.
        listing: the list as :func:`find_listing` cut it.
        form_no: number of the first form.
        stitched: what joining did.
    """
    match = family_of(part, listing.heads, listed=True)
    maker = _Maker(part, listing, match, stitched)
    return [maker.form(at, form_no + at) for at in range(len(listing.projects))]


class _Maker:
    """What all projects of one list share."""

    def __init__(self, part: Segment, listing: Listing, match: FamilyMatch, stitched: Stitched) -> None:
        self.part = part
        self.listing = listing
        self.match = match
        self.stitched = stitched
        self.index = indexes_of(match.family.name)
        self.shapes = shapes_of(match.family.name)
        self.fields: dict[str, Slot] = {}

    def form(self, at: int, form_no: int) -> Form:
        """The form of one project; the first also owns the head, the last what stands below."""
        project, ledger = self.listing.projects[at], Ledger()
        above = self._head(ledger) if at == 0 else []
        last = at == len(self.listing.projects) - 1
        below = [*project.tail, *(self.listing.tail if last else [])]
        fields, funding = self._own(project, ledger)
        heads = self.listing.heads if at == 0 else replace(self.listing.heads, unknown=())
        block = read_block(_rows(project), heads, self.index, self.shapes, ledger)
        reader = HeaderReader(self.index, self.shapes, ledger, money=False)
        reader.read([line for line in project.lines if _is_beside(line, ledger)])
        self.fields |= {slot: found for slot, found in reader.fields.items() if slot in UNITS}
        for spot in (spot for line in project.aside for spot in line.spots):
            ledger.claim(spot, "form:list_total")
        reader.fields |= read_totals(below, heads, self.index, self.shapes, ledger)
        claim_subtotals(below, self.index, self.shapes, ledger)
        reader.read([line for line in below if line.block or not all(map(ledger.claimed, line.spots))])
        claim_outside((*project.lines, *below), ledger)
        claim_leftovers(below, self.shapes, ledger)
        claim_loose(below, ledger)
        fields = {**self.fields, **reader.fields, **fields}
        fill_fiscal_year(fields, self.shapes)
        if self.match.family.name == FALLBACK:
            ledger.doubt("unknown_family", (), None, nearest=self.match.reason, score=str(self.match.score))
        lines = [*above, *project.aside, *_with_leads(project), *below]
        if at == 0:
            lines += self.part.repeated_titles
        kind = kind_of(fields.get("title"), heads, self.index)
        return finish(form_no, kind, self.match, fields, funding, block, lines, ledger, self.stitched)

    def _head(self, ledger: Ledger) -> list[Line]:
        """Read what stands above the rows once, for all projects."""
        head = self.listing.head
        claim_titles_again(self.part, ledger)
        title = claim_title(self.part, ledger)
        for lead in self.listing.leads:
            ledger.claim(lead.spot, LABEL)
        upper = head[: self.listing.heads.start]
        reader = HeaderReader(self.index, self.shapes, ledger)
        rows = [replace(ln, spots=tuple(s for s in ln.spots if not ledger.claimed(s))) for ln in upper]
        reader.read([ln for ln in rows if ln.spots or ln.block is not None])
        for spot in (spot for line in upper for spot in line.spots if not ledger.claimed(spot)):
            again = any(
                lead.spot.key == spot.key for lead in self.listing.leads
            )  # a merged head that lost its merge
            if again or _is_section(spot, self.index) or spot.key in self.index.groups:
                ledger.claim(spot, LABEL)
        self.fields = {**({"title": title} if title else {}), **reader.fields}
        return head

    def _own(self, project: Project, ledger: Ledger) -> tuple[dict[str, Slot], tuple[FundingItem, ...]]:
        fields: dict[str, Slot] = {}
        money = MoneyBlock(self.index, ledger)
        leads = {lead.spot.col: lead for lead in self.listing.leads}
        inside = {spot.id for line in project.lines for spot in line.spots}
        for at, spot in project.cells.items():
            lead = leads[at]
            if lead.is_amount:
                hit = LabelHit(lead.source, "exact", 1.0, "", _bracket(lead.spot) or lead.scale)
                money.put(hit, lead.stage, lead.spot, spot)
            else:
                ledger.claim(spot, _claim(lead))
                if lead.slot != SERIAL:
                    text = clean_text(spot.text)
                    text = text if lead.slot in self.index.family.own_labels else one_line(text)
                    how = "in its project's column" if spot.id in inside else "reaching over its project"
                    fields.setdefault(lead.slot, Slot(text, spot.cell, lead.spot.cell, 1.0, how))
        for lead, spot in project.again:
            ledger.claim(spot, _claim(lead))
        if project.unit is not None and "agency" not in fields:
            ledger.claim(project.unit, "form:agency")
            fields["agency"] = Slot(
                one_line(project.unit.text), project.unit.cell, None, 0.9, "unit's row above its projects"
            )
        return fields, money.finish(self.fields.get("unit_note"))


def _claim(lead: Lead) -> str:
    return f"form:funding_{lead.source}_{lead.stage}" if lead.is_amount else f"form:{lead.slot}"


def _is_section(spot: Spot, index: Indexes) -> bool:
    hit = index.columns.find(spot.text)
    return hit is not None and hit.slot == "section" and not hit.rest


def _bracket(spot: Spot) -> str:
    return spot.key[spot.key.find("(") :] if "(" in spot.key else ""


def _rows(project: Project) -> list[Line]:
    return [line for line in project.lines if line.block is None]


def _with_leads(project: Project) -> list[Line]:
    """The project's lines with the cells that were taken out of them as the project's own."""
    again = [spot for _, spot in project.again]
    own = [*project.cells.values(), *again]
    return [
        replace(line, spots=tuple(sorted((*[s for s in own if s.line == line.no], *line.spots), key=_col)))
        for line in project.lines
    ]


def _col(spot: Spot) -> int:
    return spot.col


def _is_beside(line: Line, ledger: Ledger) -> bool:
    if line.dropped:
        return False
    return not ledger.claimed(line.block) if line.block is not None else False
