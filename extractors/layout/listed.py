"""List forms: one table, many projects. Its lines are cut at every project, each becomes a form.

The project's own cells (name, unit, amount, goal) stand left of the indicators, merged down, blank
below the first row, or printed again in every row; all three are cut the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from extractors.layout.columns import Heads
from extractors.layout.lines import Line, Spot
from extractors.layout.printed import Indexes
from extractors.layout.regions import ends_block
from extractors.layout.shapes import key_of, shapes_of

SERIAL = "serial"
UNITS = ("unit_name", "department_name", "agency", "department", "filled_by")  # texts over a table
_INNER = ("level1", "level2", "name")
_OTHER_NAMES = (
    "programme_name",
    "department_name",
    "unit_name",
)  # what names the form where no project is named
_ABOVE = 2  # header rows over the heads in which a project column may begin


@dataclass(frozen=True, slots=True)
class Lead:
    """A project column: a field, or an amount by source and stage; ``scale`` is the unit in its heads."""

    slot: str
    spot: Spot
    source: str = ""
    stage: str = ""
    scale: str = ""

    @property
    def is_amount(self) -> bool:
        """Whether the column holds an amount."""
        return bool(self.source)


@dataclass(slots=True)
class Project:
    """One project: its first cells by column, its rows, and the lead cells printed again.

    ``aside`` are rows of groups and sums of the list, ``tail`` totals, notes and signatures below,
    ``unit`` the last row of a unit above, where units and projects share a column.
    """

    cells: dict[int, Spot]
    lines: list[Line] = field(default_factory=list)
    again: list[tuple[Lead, Spot]] = field(default_factory=list)
    aside: list[Line] = field(default_factory=list)
    tail: list[Line] = field(default_factory=list)
    unit: Spot | None = None


@dataclass(slots=True)
class Listing:
    """A list form cut up: its project columns, the head above the rows, the projects, what is below."""

    leads: tuple[Lead, ...]
    heads: Heads
    head: list[Line]
    projects: list[Project]
    tail: list[Line]


def listing_of(lines: Sequence[Line], heads: Heads | None, index: Indexes) -> Listing | None:
    """The list in these lines, None where they are no list; a list may turn out to hold no project.

    Args:
        lines: the lines of one segment, covered.
        heads: its indicator columns.
        index: the label indexes to read the project columns by.
    """
    if heads is None or not heads.columns or heads.columns[0].spot is None:
        return None
    leads = _leads(lines, heads, index)
    if not any(lead.slot in index.family.first_fields for lead in leads):
        return None
    taken = {lead.spot.id for lead in leads}
    columns = tuple(head for head in heads.columns if head.spot is None or head.spot.id not in taken)
    inner = replace(
        heads, columns=columns, unknown=tuple(spot for spot in heads.unknown if spot.id not in taken)
    )
    listing = Listing(leads, inner, list(lines[: heads.stop]), [], [])
    _Cut(listing, index).run(lines[heads.stop :])
    return listing


def _leads(lines: Sequence[Line], heads: Heads, index: Indexes) -> tuple[Lead, ...]:
    """The project columns among the heads, and those whose head stands in a row above only."""
    border = min((h.col for h in heads.columns if h.role in _INNER), default=0)
    spots = [h.spot for h in heads.columns if h.spot is not None and h.end <= border]
    spots = [spot for spot in spots if not _is_section(spot, index)]
    spots += [
        s for s in heads.unknown if s.col >= border and _is_field(s, index)
    ]  # 自评总分 at the right end
    lowest = [head for head in heads.columns if head.spot is not None]
    upper = list(heads.groups)
    for line in lines[max(0, heads.start - _ABOVE) : heads.start]:
        if line.block is None and line.table == lines[heads.start].table and len(line.spots) > 1:
            upper += line.spots
            spots += [s for s in line.spots if not any(s.col < h.end and h.col < s.end for h in lowest)]
    leads = [_lead(spot, upper, index) for spot in sorted(spots, key=lambda s: s.col)]
    named = [lead for lead in leads if lead.slot == "project_name"]
    if named:  # beside the project's own name, a unit's or a programme's name opens nothing
        return tuple(leads)
    return tuple(lead for lead in leads if lead.slot in _OTHER_NAMES)[:1] and tuple(leads)


def _is_section(spot: Spot, index: Indexes) -> bool:
    hit = index.columns.find(spot.text)
    return hit is not None and hit.slot == "section" and hit.how != "fuzzy"


def _is_field(spot: Spot, index: Indexes) -> bool:
    hit = index.fields.find(spot.text)
    return hit is not None and hit.how != "fuzzy"


def _lead(spot: Spot, upper: Sequence[Spot], index: Indexes) -> Lead:
    own, known = index.list_columns.find(spot.text), index.fields.find(spot.text)
    if (
        own is not None
        and own.how != "fuzzy"
        and (own.how == "exact" or known is None or known.how != "exact")
    ):
        return Lead(own.slot, spot)
    source, stage = index.sources.find(spot.text), index.stages.find(spot.text)
    over = next((s for s in upper if s.id != spot.id and s.col <= spot.col and spot.end <= s.end), None)
    section = index.money_section.find(over.text) if over is not None else None
    if section is not None:  # 项目资金（万元） over 合计 | 财政拨款 | 其他资金
        total = spot.key in frozenset(map(key_of, index.family.list_totals))
        name = source.slot if source is not None else "total" if total else ""
        if name or stage is not None:
            staged = stage.slot if stage is not None and not name else "target"
            return Lead("", spot, name or "total", staged, section.bracket)
    if known is not None and known.how != "fuzzy":
        return Lead(known.slot, spot)
    if source is not None and source.how != "fuzzy":
        return Lead("", spot, source.slot, "target")
    if stage is not None and stage.how != "fuzzy":
        return Lead("", spot, "total", stage.slot)
    block = index.money_section.find(spot.text)
    if block is not None and block.how != "fuzzy" and block.bracket:
        return Lead("", spot, "total", "target")  # 某某资金（万元）
    return Lead(f"column_{spot.col}", spot)


class _Cut:
    """Walks the lines below the heads and opens a project at every new name."""

    def __init__(self, listing: Listing, index: Indexes) -> None:
        self.listing = listing
        self.index, self.shapes = index, shapes_of(index.family.name)
        self.totals = frozenset(map(key_of, index.family.list_totals))
        names = [lead for lead in listing.leads if lead.slot == "project_name"]
        self.name = (names or [lead for lead in listing.leads if lead.slot in _OTHER_NAMES])[0]
        shared = frozenset(map(key_of, index.family.shared_heads))
        self.units = self.name.spot.key in shared
        self.unit: Spot | None = None
        self.heads = frozenset(lead.spot.key for lead in listing.leads) | {
            head.spot.key for head in listing.heads.columns if head.spot is not None
        }
        self.seen: dict[int, Spot] = {}
        self.waiting: list[Line] = []

    def run(self, lines: Sequence[Line]) -> None:
        for line in lines:
            self._take(line)
        self.listing.tail += self.waiting

    def _take(self, line: Line) -> None:
        projects = self.listing.projects
        own, rest = self._split(line)
        if self._names_unit_beside(line):
            self.waiting.append(line)
            return
        if line.dropped or line.block is not None or not line.spots:
            (projects[-1].lines if projects else self.waiting).append(line)
            return
        if len(line.spots) > 2 and all(spot.key in self.heads for spot in line.spots):
            (projects[-1].lines if projects else self.waiting).append(
                replace(line, dropped="repeated_header")
            )
            return
        if projects and rest and ends_block(line, self.index, self.shapes):
            projects[-1].tail.append(line)
            return
        if not rest:  # a group's name, a subtotal, a note: no project has no indicator
            self._aside(line, own)
            return
        if self._opens(own, projects):
            beside = [w for w in self.waiting if w.block is not None or w.dropped]
            groups = [w for w in self.waiting if w.block is None and not w.dropped]
            if self.units and groups:
                self.unit = groups[-1].spots[0] if len(groups[-1].spots) == 1 else self.unit
            projects.append(Project(self._cells(own, line), beside, [], groups, unit=self.unit))
            self.waiting = []
        elif projects:
            projects[-1].again += [(lead, spot) for lead, spot in own.values()]
        if projects:
            projects[-1].lines.append(replace(line, spots=tuple(rest)))
        else:
            self.waiting.append(line)

    def _names_unit_beside(self, line: Line) -> bool:
        """Whether a text between two tables names the unit of the next one (单位名称：某局)."""
        hit = self.index.fields.find(line.block.text) if line.block is not None else None
        return hit is not None and bool(hit.rest) and hit.how != "fuzzy" and hit.slot in UNITS

    def _split(self, line: Line) -> tuple[dict[int, tuple[Lead, Spot]], list[Spot]]:
        """The cells in project columns by column, and the others."""
        own: dict[int, tuple[Lead, Spot]] = {}
        rest: list[Spot] = []
        for spot in line.spots:
            lead = next((x for x in self.listing.leads if x.spot.col <= spot.col < x.spot.end), None)
            if lead is None:
                rest.append(spot)
            else:
                own[lead.spot.col] = (lead, spot)
        return own, rest

    def _aside(self, line: Line, own: dict[int, tuple[Lead, Spot]]) -> None:
        """A line without indicators: below a project it belongs to it, a unit's own row to the next one."""
        is_total = any(spot.key in self.totals for _, spot in own.values())
        projects = self.listing.projects
        if is_total or not projects:
            (projects[-1].aside if projects else self.waiting).append(line)
        elif ends_block(line, self.index, self.shapes) or (
            len(line.spots) == 1 and not self._names_unit(own)
        ):
            projects[-1].tail.append(line)
        else:
            self.waiting.append(line)

    def _names_unit(self, own: dict[int, tuple[Lead, Spot]]) -> bool:
        """Whether a lone text is a unit's own row over its projects."""
        return self.units and self.name.spot.col in own

    def _opens(self, own: dict[int, tuple[Lead, Spot]], projects: list[Project]) -> bool:
        """Whether these cells begin another project: another name, or the same one in another unit."""
        if self.name.spot.col not in own:
            return False
        if not projects:
            return True
        known = projects[-1].cells
        return any(at not in known or known[at].key != spot.key for at, (_, spot) in own.items())

    def _cells(self, own: dict[int, tuple[Lead, Spot]], line: Line) -> dict[int, Spot]:
        """The project's cells by column: printed here, reaching here, or of the unit above."""
        cells = {at: spot for at, (_, spot) in own.items()}
        for lead in self.listing.leads:
            at = lead.spot.col
            if at in cells:
                continue
            over = next((s for s in line.covered if at <= s.col < lead.spot.end), None)
            if over is None and at < self.name.spot.col and lead.slot != SERIAL and not lead.is_amount:
                over = self.seen.get(at)
            if over is not None:
                cells[at] = over
        self.seen = cells
        return cells
