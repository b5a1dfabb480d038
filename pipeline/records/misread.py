"""Numbers that OCR read and the form's own meaning contradicts: money that does not add up, rates without %.

A doubt, never a repair. Only cells a recogniser read are doubted (their read confidence is measured and
below 1, which is a text layer's): where the text is the document's own, the audit speaks.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from extractors.grid import Cell, TextBlock
from extractors.ocr.rules import limit
from normalizers.concepts.catalogue import concept
from normalizers.quantity import Kind, ParsedValue
from normalizers.reference import parsed
from normalizers.text import fold
from pipeline.records.types import RowReading
from pipeline.schema import FundingRow, IndicatorRow

FILE = Path(__file__).with_name("misread.yaml")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
Places = Mapping[str, Cell | TextBlock]


class _Seen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    seen: str


class _Digits(_Seen):
    digits: str


class _Chars(_Seen):
    chars: str


class _Yuan(_Seen):
    value: Decimal


class Facts(BaseModel):
    """What ``misread.yaml`` says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    confused: tuple[_Digits, ...]
    percent_like: _Chars
    bound_like: _Chars
    lost_bound: _Chars
    tolerance_yuan: _Yuan
    parts: tuple[tuple[str, ...], ...]
    may_exceed: frozenset[str]
    why: dict[str, str]


@cache
def facts() -> Facts:
    """The facts, validated once. Raises pydantic's ValidationError."""
    return Facts.model_validate(parsed(FILE.read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class Misread:
    """One contradicted cell: what contradicts it, in Chinese, and what it probably says ("" unknown)."""

    cell_id: str
    why: str
    suggestion: str = ""
    indicator_id: str | None = None


def misreads(
    funding: Iterable[FundingRow],
    indicators: Iterable[tuple[IndicatorRow, RowReading]],
    places: Places,
) -> list[Misread]:
    """The cells of one form that OCR read and its meaning contradicts, each at most once."""
    found: dict[str, Misread] = {}
    rows = [row for row in funding if row.amount_yuan is not None]
    for stage in dict.fromkeys(row.stage for row in rows):
        for one in _sums([row for row in rows if row.stage == stage], places):
            found.setdefault(one.cell_id, one)
    for row, reading in indicators:
        for cell_id, value in ((row.target.cell_id, reading.target), (row.actual.cell_id, reading.actual)):
            against = _against_concept(row, value, cell_id) if _recognised(cell_id, places) else None
            if against is not None:
                found.setdefault(against.cell_id, against)
    return list(found.values())


def _recognised(cell_id: str | None, places: Places) -> bool:
    place = places.get(cell_id or "")
    read = place.confidence.read if place is not None else None
    return read is not None and read < 1


def _sums(rows: list[FundingRow], places: Places) -> Iterator[Misread]:
    """The amounts of one stage that one slip of the recogniser would explain, where they do not add up."""
    total = next((row for row in rows if row.source == "total"), None)
    named = next((names for names in facts().parts if any(r.source == names[0] for r in rows)), ())
    parts = [row for row in rows if row.source in named]
    if total is None or not parts:
        return
    gap = _yuan(total) - sum((_yuan(part) for part in parts), Decimal(0))
    if abs(gap) <= facts().tolerance_yuan.value * (len(parts) + 1):
        return
    for row, meant in [(total, _yuan(total) - gap), *((part, _yuan(part) + gap) for part in parts)]:
        text = _slipped(row, meant) if _recognised(row.cell_id, places) else None
        if text is not None:
            yield Misread(row.cell_id, facts().why["sum"], text)


def _yuan(row: FundingRow) -> Decimal:
    return row.amount_yuan or Decimal(0)


def _slipped(row: FundingRow, meant: Decimal) -> str | None:
    """The printed amount with the number that was meant, where it is one slip away from it."""
    text = fold(row.amount_raw)
    hit = _NUMBER.search(text)
    if hit is None or meant <= 0:
        return None
    read = hit.group().replace(",", "")
    scale = _yuan(row) / Decimal(read) if Decimal(read) else Decimal(1)
    for number in dict.fromkeys(_written(meant / scale, read)):
        if one_slip(read, number):
            return text[: hit.start()] + number + text[hit.end() :]
    return None


def _written(number: Decimal, like: str) -> Iterator[str]:
    """A number with as many decimals as another text, and as short as it goes."""
    places = len(like.partition(".")[2])
    yield f"{number:.{places}f}"
    yield f"{number.normalize():f}"


def one_slip(read: str, meant: str) -> bool:
    """Whether one slip makes the one number the other: a digit confused, dropped or added, a point lost.

    >>> one_slip("93.37", "98.37"), one_slip("9637", "96.37"), one_slip("96.37", "296.37")
    (True, True, True)
    >>> one_slip("90", "40"), one_slip("12", "12"), one_slip("12", "3456")
    (False, False, False)
    """
    if read == meant:
        return False
    if read.replace(".", "") == meant.replace(".", ""):
        return True
    if len(read) == len(meant):
        pairs = [(a, b) for a, b in zip(read, meant, strict=True) if a != b]
        return len(pairs) == 1 and any(set(pairs[0]) <= set(group.digits) for group in facts().confused)
    long, short = sorted((read, meant), key=len, reverse=True)
    dropped = len(long) == len(short) + 1 and len(short) > 1
    return dropped and any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


def _against_concept(row: IndicatorRow, value: ParsedValue | None, cell_id: str | None) -> Misread | None:
    known = concept(row.concept_id) if row.concept_id else None
    if known is None or value is None or cell_id is None:
        return None
    if known.dimension == "count" and value.kind in (Kind.DATE_PERIOD, Kind.DEADLINE):
        return Misread(cell_id, facts().why["dated"], "", row.indicator_id)
    if known.dimension != "percent" or len(value.parts) != 1:
        return None
    found = _against_rate(value, bounded=known.id not in facts().may_exceed)
    return None if found is None else Misread(cell_id, facts().why[found[0]], found[1], row.indicator_id)


def _against_rate(value: ParsedValue, *, bounded: bool) -> tuple[str, str] | None:
    """Why a value can be no rate, and the rate it probably is."""
    part, text = value.parts[0], "".join(value.folded.split())
    number = part.lower if part.lower is not None else part.upper
    if number is None or value.residue:
        return None
    if part.dimension == "percent":
        over = bounded and part.unit == "%" and number > 100
        if part.unit_source == "row" and number <= 100:  # the row's words alone make it a rate
            return "no_percent", f"{text}%"
        return ("over_hundred", _under_hundred(text)) if over else None
    if part.unit is not None:
        with_sign = text.replace(part.unit_raw or part.unit, "%", 1)
        return ("counted", with_sign if number <= 100 else "") if part.dimension == "count" else None
    if 1 < number <= 100:
        return "no_percent", f"{text}%"
    return ("no_percent", _with_percent(text)) if number > 100 else None


def _with_percent(text: str) -> str:
    """``≥958`` → ``≥95%``: the last digit was the sign.

    >>> _with_percent("≥958"), _with_percent("1200")
    ('≥95%', '')
    """
    short = re.fullmatch(r"\D*\d{2}(?:\.\d+)?", text[:-1]) is not None
    return f"{text[:-1]}%" if short and text[-1] in facts().percent_like.chars else ""


def _under_hundred(text: str) -> str:
    """``292%`` → ``≥92%``, ``195%`` → ``95%``, ``985%`` → ``98.5%``.

    >>> _under_hundred("292%"), _under_hundred("195%"), _under_hundred("985%")
    ('≥92%', '95%', '98.5%')
    """
    hit = re.fullmatch(r"(\D*)(\d)(\d)(\d)%", text)
    if hit is None:
        return ""
    before, first, second, third = hit.groups()
    if not before and first in facts().bound_like.chars:
        return f"≥{second}{third}%"
    if first in facts().lost_bound.chars:
        return f"{before}{second}{third}%"
    return f"{before}{first}{second}.{third}%"


def lowered(score: float | None, ids: Iterable[str | None], doubted: Collection[str]) -> float | None:
    """A read confidence after the doubt about some of its cells.

    >>> lowered(0.98, ["a"], {"a"}), lowered(0.98, ["b"], {"a"}), lowered(0.3, ["a"], {"a"})
    (0.6, 0.98, 0.3)
    """
    if score is None or not any(key in doubted for key in ids):
        return score
    return min(score, limit("doubted"))
