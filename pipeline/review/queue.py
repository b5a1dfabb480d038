"""What to look at first: forms by severity of what is still open, then money, then confidence.

A form is open while a finding or issue of weight, or a row read with little confidence, has no
decision. Notes (severity ``info``) are shown and ask for nothing.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pipeline.review.archive import Archive, Doubt

SIZE = 50  # forms a page of the queue
WEIGHTY = ("error", "warning")
LOW = frozenset({"fair", "poor"})
STATES = ("open", "done", "all")
SORTS = ("matters", "money", "confidence", "place")
_LONGEST = 200
MOST_CHOICES = 300  # departments offered; all others are found by their words


@dataclass(frozen=True, slots=True)
class Entry:
    """One form as the queue knows it. ``low`` are the numbers of its rows of little confidence.

    ``confidence`` is the lowest of those measured, 1 where none was; ``words`` is all that a text
    filter looks through; ``place`` its place in published order.
    """

    form_id: str
    year: int
    department: str
    project: str
    family: str
    kind: str
    grade: str
    confidence: float
    yuan: Decimal | None
    path: str
    doubts: tuple[Doubt, ...]
    low: tuple[int, ...]
    words: str
    place: int

    @property
    def codes(self) -> frozenset[str]:
        """The rules and issue codes of its doubts."""
        return frozenset(d.code for d in self.doubts)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the review of a form is: what is open by weight, and how many decisions stand."""

    errors: int = 0
    warnings: int = 0
    low: int = 0
    closed: int = 0
    decisions: int = 0
    waiting: int = 0  # of the decisions, those saved since the last publish
    first: Doubt | None = None  # the gravest open doubt

    @property
    def open(self) -> int:
        """Everything that still wants a decision."""
        return self.errors + self.warnings + self.low

    @property
    def worst(self) -> int:
        """0 for an open error, 1 for a warning, 2 for weak rows, 3 for nothing open."""
        return 0 if self.errors else 1 if self.warnings else 2 if self.low else 3


Judge = Callable[[Entry], Standing]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the queue is narrowed to; what is empty does not narrow it.

    >>> Filters.of({"year": "2023", "state": "odd", "text": " 清淤 ", "page": "-1"})
    Filters(year=2023, department='', family='', grade='', rule='', text='清淤', state='open', sort='matters', page=1)
    """

    year: int | None = None
    department: str = ""
    family: str = ""
    grade: str = ""
    rule: str = ""
    text: str = ""
    state: str = "open"
    sort: str = "matters"
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Filters:
        """The filters a query string asks for; what makes no sense is as if it were not there."""
        said = {
            k: query.get(k, "").strip()[:_LONGEST] for k in ("department", "family", "grade", "rule", "text")
        }
        year, page = query.get("year", ""), query.get("page", "")
        state, sort = query.get("state", ""), query.get("sort", "")
        return cls(
            year=int(year) if _is_number(year) else None,
            state=state if state in STATES else STATES[0],
            sort=sort if sort in SORTS else SORTS[0],
            page=max(1, int(page)) if _is_number(page) else 1,
            **said,
        )

    def query(self, **other: object) -> dict[str, str]:
        """The query string that asks for this, with some of it changed; what is at its default is left out."""
        plain = Filters()
        said = {name: getattr(self, name) for name in self.__slots__} | other
        return {k: str(v) for k, v in said.items() if v not in (None, "") and v != getattr(plain, k)}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 7


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one department of one year is."""

    year: int
    department: str
    forms: int
    done: int
    closed: int
    total: int


class Queue:
    """The forms of an archive, ready to be sorted and filtered."""

    def __init__(self, archive: Archive) -> None:
        low = _low_rows(archive)
        words = _row_words(archive)
        self.entries = {
            form_id: _entry(archive, form_id, n, low.get(form_id, ()), words.get(form_id, ""))
            for n, form_id in enumerate(archive.forms)
        }
        self._choices = _choices(self.entries.values())

    @property
    def choices(self) -> dict[str, list[tuple[str, int]]]:
        """What each filter offers, with how many forms have it, the most first (years: latest first)."""
        return self._choices

    def find(self, filters: Filters, judge: Judge) -> list[tuple[Entry, Standing]]:
        """The forms that pass, in order of what matters (or as ``filters.sort`` says)."""
        found = [
            (entry, standing)
            for entry in self.entries.values()
            if _passes(entry, filters) and _stands(standing := judge(entry), filters.state)
        ]
        found.sort(key=_ORDERS[filters.sort])
        return found

    def progress(self, judge: Judge) -> list[Progress]:
        """The review's progress per year and department; years latest first, then the most open first."""
        sums: defaultdict[tuple[int, str], Counter[str]] = defaultdict(Counter)
        for entry in self.entries.values():
            standing = judge(entry)
            total = sums[entry.year, entry.department]
            asked = standing.open + standing.closed
            if asked:
                total.update(forms=1, done=int(not standing.open), closed=standing.closed, total=asked)
        made = [
            Progress(year, department, n["forms"], n["done"], n["closed"], n["total"])
            for (year, department), n in sums.items()
        ]
        return sorted(made, key=lambda p: (-p.year, p.closed - p.total, p.department))


def _confidence(form: Mapping[str, object]) -> float:
    names = ("confidence_read", "confidence_structure", "confidence_meaning")
    return min((v for n in names if isinstance(v := form[n], float)), default=1.0)


def _low_rows(archive: Archive) -> dict[str, tuple[int, ...]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for form_id, row_no, grade in archive.columns("indicators", "form_id", "row_no", "grade"):
        if grade in LOW:
            found[form_id].append(row_no)
    return {form_id: tuple(rows) for form_id, rows in found.items()}


def _row_words(archive: Archive) -> dict[str, str]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for form_id, name, target in archive.columns("indicators", "form_id", "level3", "target_raw"):
        found[form_id] += [name or "", target or ""]
    return {form_id: "\n".join(words) for form_id, words in found.items()}


def folded(text: str) -> str:
    """A text as the filter compares it: width and case do not count.

    >>> folded("ＡＢ≥９５％")
    'ab≥95%'
    """
    return unicodedata.normalize("NFKC", text).casefold()


def _entry(archive: Archive, form_id: str, place: int, low: tuple[int, ...], words: str) -> Entry:
    form, path = archive.forms[form_id], archive.path(form_id)
    named = ("project_name", "project_code", "department", "agency", "title", "goal")
    return Entry(
        form_id=form_id,
        year=form["fiscal_year"],
        department=form["department"] or form["agency"] or "",
        project=form["project_name"] or form["title"] or "",
        family=form["family"],
        kind=form["kind"],
        grade=form["grade"],
        confidence=_confidence(form),
        yuan=form["funding_total_yuan"],
        path=path,
        doubts=tuple(archive.doubts.get(form_id, ())),
        low=low,
        words=folded("\n".join([*(form[n] or "" for n in named), path, words])),
        place=place,
    )


def _passes(entry: Entry, filters: Filters) -> bool:
    return (
        (filters.year is None or entry.year == filters.year)
        and (not filters.department or entry.department == filters.department)
        and (not filters.family or entry.family == filters.family)
        and (not filters.grade or entry.grade == filters.grade)
        and (not filters.rule or any(d.code == filters.rule for d in entry.doubts))
        and (not filters.text or all(word in entry.words for word in folded(filters.text).split()))
    )


def _stands(standing: Standing, state: str) -> bool:
    if state == "open":
        return standing.open > 0
    return state == "all" or (standing.open == 0 and standing.closed + standing.decisions > 0)


def _money(entry: Entry) -> Decimal:
    return -(entry.yuan or Decimal(0))


_ORDERS: dict[str, Callable[[tuple[Entry, Standing]], tuple[object, ...]]] = {
    "matters": lambda one: (one[1].worst, _money(one[0]), one[0].confidence, one[0].place),
    "money": lambda one: (_money(one[0]), one[1].worst, one[0].place),
    "confidence": lambda one: (one[0].confidence, one[1].worst, _money(one[0]), one[0].place),
    "place": lambda one: (one[0].place,),
}


def _choices(entries: Iterable[Entry]) -> dict[str, list[tuple[str, int]]]:
    counts: dict[str, Counter[str]] = {
        n: Counter() for n in ("year", "department", "family", "grade", "rule")
    }
    for entry in entries:
        for name, values in _values(entry):
            counts[name].update(values)
    found = {name: sorted(n.items(), key=lambda kv: (-kv[1], kv[0])) for name, n in counts.items()}
    found["department"] = found["department"][:MOST_CHOICES]
    found["year"].sort(key=lambda kv: kv[0], reverse=True)
    return found


def _values(entry: Entry) -> Iterator[tuple[str, list[str]]]:
    yield "year", [str(entry.year)]
    yield "department", [entry.department] if entry.department else []
    yield "family", [entry.family]
    yield "grade", [entry.grade]
    yield "rule", sorted({d.code for d in entry.doubts})
