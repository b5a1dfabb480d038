"""Step 2: one document's lines cut into forms, by title and by the row every form begins with."""

from __future__ import annotations

from dataclasses import dataclass, field

from extractors.layout.levels import is_level_label
from extractors.layout.lines import Line
from extractors.layout.printed import Indexes
from extractors.layout.shapes import Shapes, key_of
from extractors.layout.signature import (
    bare_key,
    begins_form,
    field_slots,
    head_count,
    line_title,
    lone_text,
    wrapped_title,
)

_ABOVE_TITLE = ("filled_by", "filled_on", "project_code")  # lines that may stand over a title

_TABLE_ENDS = ("表",)


@dataclass(slots=True)
class Segment:
    """The lines from one form's beginning to the next one's, and what was seen in them."""

    title: str = ""
    lines: list[Line] = field(default_factory=list)
    repeated_titles: list[Line] = field(default_factory=list)
    begun: str = ""
    heads: int = 0
    levels: set[str] = field(default_factory=set)
    slots: set[str] = field(default_factory=set)
    slot_lines: int = 0
    report: set[str] = field(default_factory=set)
    is_other: bool = False

    @property
    def has_rows(self) -> bool:
        """Whether any table row has been seen."""
        return any(line.spots for line in self.lines)

    @property
    def is_form(self) -> bool:
        """Whether the evidence is enough: column heads, or level labels, or a title over header fields."""
        named = "project_name" in self.slots or "programme_name" in self.slots
        if self.is_other and not named:
            return False
        if self.heads >= 2 or len(self.levels) >= 2:
            return named or not self.is_report
        enough = len(self.slots) >= (3 if self.title else 4)
        return named and enough and self.slot_lines >= (1 if self.title else 2)

    @property
    def is_report(self) -> bool:
        """Whether the levels are those of an evaluation report (决策, 过程 …), which is no form."""
        return len(self.report) >= 2


class Cutter:
    """Walks the lines once and opens a segment at every beginning. Use :func:`segment`."""

    def __init__(self, lines: list[Line], index: Indexes, shapes: Shapes) -> None:
        self.lines = lines
        self.index = index
        self.shapes = shapes
        self.report = frozenset(map(key_of, index.family.report_levels))
        self.tail = frozenset(index.family.tail_fields)
        self.others = index.family.title.others
        self.taken: set[int] = set()
        self.segments: list[Segment] = [Segment()]

    def run(self) -> list[Segment]:
        """All segments in order, those that are no form included."""
        for at, line in enumerate(self.lines):
            self._take(at, line)
        return [s for s in self.segments if s.lines]

    def _take(self, at: int, line: Line) -> None:
        current = self.segments[-1]
        title = self._title_at(at)
        if title:
            if self._is_running_title(at, title):
                current.repeated_titles.append(line)
                return
            if current.lines:
                current = self._open(carry=True)
            current.title = title
        elif self._leaves(at, current):
            current = self._open(carry=True)
        elif begins_form(line, self.index):
            if self._begins_anew(line, current):
                current = self._open(carry=True)
            current.begun = current.begun or self._first_field(line)
        self._note(current, line)

    def _first_field(self, line: Line) -> str:
        hit = self.index.fields.find(line.spots[0].text) if line.spots else None
        return hit.slot if hit is not None else ""

    def _begins_anew(self, line: Line, current: Segment) -> bool:
        """Whether a row that begins forms begins another one; 单位名称 and 项目名称, in any order, begin the same."""
        if current.heads < 2 and not current.levels and self._names_further(line, current):
            return False
        return bool(current.begun) or current.heads >= 2 or (current.has_rows and current.is_form)

    def _names_further(self, line: Line, current: Segment) -> bool:
        """Whether a row names the open form by a field of another sort: its project, or right below its first."""
        first = current.slots & set(self.index.family.first_fields)
        if first and "project_name" not in first and "project_name" in field_slots(line, self.index):
            return True
        above = current.lines[-1] if current.lines else None
        follows = above is not None and not above.dropped and self._first_field(above) == current.begun
        return bool(current.begun) and follows and self._first_field(line) != current.begun

    def _leaves(self, at: int, current: Segment) -> bool:
        """Whether a line opens something else than the form so far: another sheet, another table's title."""
        line, above = self.lines[at], current.lines[-1] if current.lines else None
        if line.dropped or above is None or at in self.taken:
            return False
        sheets = [x.spots[0].cell.at.sheet if x.spots else None for x in (line, above)]
        if None not in sheets and sheets[0] != sheets[1]:
            return True
        complete = current.heads >= 2 or len(current.levels) >= 2 or not current.is_form
        return complete and current.has_rows and self._names_table(at, current)

    def _names_table(self, at: int, current: Segment) -> bool:
        """Whether a lone text is the title of another table, which begins below it and goes on nothing."""
        line = self.lines[at]
        key = bare_key(lone_text(line))
        hit = self.index.fields.find(lone_text(line))
        ends = (*_TABLE_ENDS, *self.others)
        if (
            not 2 < len(key) <= self.index.family.title.longest
            or not key.endswith(ends)
            or key.startswith("续")
        ):
            return False
        if (hit is not None and hit.how != "fuzzy") or self.shapes.is_("attachment", key_of(lone_text(line))):
            return False
        below = next((x for x in self.lines[at + 1 : at + 6] if len(x.spots) > 1 and not x.dropped), None)
        last = next((x.table for x in reversed(current.lines) if x.spots), -1)
        if below is None or (line.block is not None and below.table == last):
            return False
        return not any(is_level_label(spot.text) and spot.key.endswith("指标") for spot in below.spots)

    def _title_at(self, at: int) -> str:
        """The title that begins in a line; one over two lines belongs to the first of them."""
        line = self.lines[at]
        if line.dropped or at in self.taken:
            return ""
        wrapped = wrapped_title(line, self.lines[at + 1], self.index) if at + 1 < len(self.lines) else ""
        if wrapped:
            self.taken.add(at + 1)
        return wrapped or line_title(line, self.index)

    def _open(self, *, carry: bool = False) -> Segment:
        """A new segment; ``carry`` takes year and unit lines that stand right above it along."""
        segment = Segment()
        if carry:
            before = self.segments[-1].lines
            while before and lone_text(before[-1]) and self._belongs_below(before[-1]):
                segment.lines.insert(0, before.pop())
        self.segments.append(segment)
        return segment

    def _belongs_below(self, line: Line) -> bool:
        text = lone_text(line)
        hit = self.index.fields.find(text)
        if hit is not None and (hit.slot == "unit_note" or (hit.rest and hit.slot in _ABOVE_TITLE)):
            return True
        return self.shapes.is_("year_line", key_of(text)) or self.shapes.is_("attachment", key_of(text))

    def _is_running_title(self, at: int, title: str) -> bool:
        """The open form's own title printed again on a page on which its table simply goes on."""
        current = self.segments[-1]
        if not current.has_rows or not current.title:
            return False
        if self.shapes.is_("continued", key_of(title)) and bare_key(title).startswith(
            bare_key(current.title)
        ):
            return True
        if key_of(title) != key_of(current.title):
            return False
        if any(self._names_project(line) for line in self.lines[at + 1 : at + 5]):
            return False
        following = [line for line in self.lines[at + 1 : at + 8] if line.spots and not line.dropped][:3]
        if self._resumes_list(following):
            return True
        return (
            bool(following)
            and not any(begins_form(line, self.index) for line in following)
            and (self.lines[at].page is not None)
        )

    def _resumes_list(self, lines: list[Line]) -> bool:
        """Whether the heads of a list are followed by a row that names no project: it goes on."""
        if len(lines) < 2 or head_count(lines[0], self.index) < 2 or not lines[1].spots[0].col:
            return False
        return bool(set(field_slots(lines[0], self.index)) & set(self.index.family.first_fields))

    def _names_project(self, line: Line) -> bool:
        """Whether a text beside the table begins a form (项目名称：某项目)."""
        hit = self.index.fields.find(line.block.text) if line.block is not None else None
        return hit is not None and bool(hit.rest) and hit.slot in self.index.family.first_fields

    def _note(self, segment: Segment, line: Line) -> None:
        segment.lines.append(line)
        if line.dropped:
            return
        segment.heads = max(segment.heads, head_count(line, self.index))
        for spot in line.spots:
            if is_level_label(spot.text):
                segment.levels.add(spot.key)
            if spot.key in self.report:
                segment.report.add(spot.key)
        if len(line.spots) < 2 and any(word in key_of(lone_text(line)) for word in self.others):
            segment.is_other |= bare_key(lone_text(line)).endswith((*_TABLE_ENDS, *self.others))
        if len(segment.slots) < 12:
            new = set(field_slots(line, self.index)) - self.tail - segment.slots
            segment.slots |= new
            segment.slot_lines += bool(new) and len(line.spots) > 1


def segment(lines: list[Line], index: Indexes, shapes: Shapes) -> list[Segment]:
    """The lines cut into segments; :attr:`Segment.is_form` tells forms from the rest.

    Args:
        lines: as :func:`~extractors.layout.stitch.stitch` gives them.
        index: label indexes of the family all others extend.
        shapes: its shape patterns.

    Returns:
        Segments in reading order that together hold every line once.

    Example:
        >>> from extractors.layout.printed import indexes_of
        >>> from extractors.layout.shapes import shapes_of
        >>> segment([], indexes_of("generic"), shapes_of("generic"))
        []
    """
    return Cutter(lines, index, shapes).run()
