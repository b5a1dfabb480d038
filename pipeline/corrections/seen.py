"""What stands in each slot of a published form, in words: what a person saw, and what the pipeline sees now.

The same words are made from published rows (the review page) and from fresh records (the pipeline),
so a decision holds exactly as long as both give the same. Rows are mappings from column to value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from pipeline.corrections.types import Seen

Row = Mapping[str, Any]
PLAIN_FIELDS = (
    "title",
    "project_name",
    "project_code",
    "department",
    "department_code",
    "agency",
    "agency_code",
    "goal",
    "goal_actual",
)
"""Header fields whose text is published as it is."""
ROLES = ("target", "actual")


def slots(
    form: Row, funding: Iterable[Row], indicators: Iterable[Row], quantities: Iterable[Row] = ()
) -> dict[str, Seen]:
    """Every slot of a form that a person can decide about, and what stands in it.

    ``form`` is a row of ``forms``; the others are the form's rows of these tables, in their published
    order. Findings and issues are not among them (:func:`finding_slot`, :func:`issue_slot`).
    Where a decision already stands the published rows show the person's value: a new decision about
    that slot keeps the ``seen`` of the one it replaces.

    >>> seen = slots({"kind": "target", "project_name": "信访工作"}, [], [
    ...     {"indicator_id": "9f", "row_no": 5, "level3_raw": "指标1：接访", "level3": "接访",
    ...      "target_raw": "≥95%", "target_kind": "percent", "target_lower": Decimal("95.000"),
    ...      "target_lower_inclusive": True, "target_unit": "%"}])
    >>> seen["row:5:target"]
    Seen(row='指标1：接访', text='≥95%', reading='percent [95…) %')
    """
    parts: dict[tuple[str, str], list[Row]] = {}
    for part in quantities:
        parts.setdefault((part["indicator_id"], part["role"]), []).append(part)
    found = dict(_fields(form))
    found |= _amounts(funding)
    rows = list(indicators)
    for row in rows:
        found |= _row(row, parts)
    found["form"] = Seen(text=_words(form.get("title")), reading=f"{_words(form.get('kind'))}, {len(rows)}")
    return found


def _fields(form: Row) -> Iterator[tuple[str, Seen]]:
    for name in PLAIN_FIELDS:
        yield f"field:{name}", Seen(text=_words(form.get(name)))
    yield "field:fiscal_year", Seen(reading=_words(form.get("fiscal_year")))
    yield "field:total_score", Seen(reading=_words(form.get("total_score")))
    nature = Seen(text=_words(form.get("project_nature_raw")), reading=_words(form.get("project_nature")))
    yield "field:project_nature", nature
    span = _span(form.get("period_start"), form.get("period_end"))
    yield "field:period", Seen(text=_words(form.get("period_raw")), reading=span)


def _amounts(funding: Iterable[Row]) -> dict[str, Seen]:
    found: dict[str, Seen] = {}
    for name, row in zip(funding_slots(rows := list(funding)), rows, strict=True):
        found[name] = Seen(text=_words(row.get("amount_raw")), reading=_words(row.get("amount_yuan")))
        for beside in ("rate", "weight", "score"):
            found[f"{name}:{beside}"] = Seen(reading=_words(row.get(beside)))
    return found


def funding_slots(rows: Sequence[Row]) -> list[str]:
    """The slot name of each amount of one form, in their published order.

    >>> total = {"source": "total", "stage": "target"}
    >>> funding_slots([total, {"source": "fiscal", "stage": "target"}, total])
    ['funding:total:target', 'funding:fiscal:target', 'funding:total:target#2']
    """
    counts: dict[str, int] = {}
    found = []
    for row in rows:
        name = f"funding:{row['source']}:{row['stage']}"
        counts[name] = counts.get(name, 0) + 1
        found.append(name if counts[name] == 1 else f"{name}#{counts[name]}")
    return found


def _row(row: Row, parts: Mapping[tuple[str, str], Sequence[Row]]) -> Iterator[tuple[str, Seen]]:
    at, name = f"row:{row['row_no']}", _words(row.get("level3_raw"))
    readings = {role: _reading(row, role, parts.get((row["indicator_id"], role), ())) for role in ROLES}
    whole = " | ".join([_words(row.get("level2_id")), *(_words(row.get(f"{role}_raw")) for role in ROLES)])
    yield at, Seen(row=name, text=name, reading=whole)
    yield f"{at}:name", Seen(row=name, text=name, reading=_words(row.get("level3")))
    for level in ("level1", "level2"):
        text, node = _words(row.get(f"{level}_raw")), _words(row.get(f"{level}_id"))
        yield f"{at}:{level}", Seen(row=name, text=text, reading=node)
    yield f"{at}:concept", Seen(row=name, text=name, reading=_words(row.get("concept_id")))
    for role in ROLES:
        yield f"{at}:{role}", Seen(row=name, text=_words(row.get(f"{role}_raw")), reading=readings[role])
    for points in ("weight", "score"):
        yield f"{at}:{points}", Seen(row=name, reading=_words(row.get(points)))
    yield f"{at}:deviation", Seen(row=name, text=_words(row.get("deviation")))


def _reading(row: Row, role: str, parts: Sequence[Row]) -> str:
    """A value as read: its kind, then every quantity with its bounds and unit, or the direction."""
    kind = row.get(f"{role}_kind")
    if kind is None:
        return ""
    first = {name: row.get(f"{role}_{name}") for name in _BOUNDS}
    said = [_quantity(part) for part in parts] or [_quantity(first)]
    return " ".join(s for s in (kind, " + ".join(s for s in said if s), row.get(f"{role}_direction")) if s)


_BOUNDS = (
    "lower",
    "upper",
    "lower_inclusive",
    "upper_inclusive",
    "approximate",
    "unit",
    "date_start",
    "date_end",
)


def _quantity(part: Row) -> str:
    lower, upper = part.get("lower"), part.get("upper")
    if lower is None and upper is None:
        return _span(part.get("date_start"), part.get("date_end"))
    opens = "[" if part.get("lower_inclusive") else "("
    closes = "]" if part.get("upper_inclusive") else ")"
    about = "~" if part.get("approximate") else ""
    bounds = f"{about}{opens}{_words(lower)}…{_words(upper)}{closes}"
    return " ".join(s for s in (bounds, part.get("unit")) if s)


def _span(start: object, end: object) -> str:
    return "" if start is None and end is None else f"{_words(start)}…{_words(end)}"


def _words(value: object) -> str:
    """A published value as text; a number without the zeros that only its column type adds."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def finding_slot(finding: Row, indicators: Iterable[Row]) -> str:
    """The slot of a finding: by what it says and about which rows, not by ids that a new file changes.

    ``indicators`` are (at least) those that the finding names. Findings of one form that agree in all
    this share the slot: nobody could tell them apart. One that compares two forms
    (``other_form_id``) is known by its sentence and figures alone.

    >>> made = {"rule": "cost_sum", "message": "合计不符。", "numbers": "{}", "indicator_ids": ["9f"]}
    >>> finding_slot(made, [{"indicator_id": "9f", "level3_raw": "接访"}])
    'finding:cost_sum:7ec787e1adae69b0'
    """
    names = {row["indicator_id"]: row for row in indicators}
    compared = finding.get("other_form_id") is not None
    rows = [] if compared else [names[i] for i in finding.get("indicator_ids") or () if i in names]
    said = [f"{_words(r.get('level3_raw'))}|{_words(r.get('target_raw'))}" for r in rows]
    return f"finding:{finding['rule']}:{_digest(finding['message'], finding['numbers'], *said)}"


def issue_slot(issue: Row, row_name: str = "", cell_text: str = "") -> str:
    """The slot of an issue: by code, sentence without the file's name, its row's name, its cell's text.

    >>> issue_slot({"code": "value_unread", "message": "2023/a.txt 第5行：“若干”未能识读。"}, "接访", "若干")
    'issue:value_unread:4284e799715f86b0'
    """
    sentence = issue["message"].partition("：")[2] or issue["message"]
    return f"issue:{issue['code']}:{_digest(sentence, row_name, cell_text)}"


def _digest(*parts: object) -> str:
    return blake2b("\x1f".join(str(p) for p in parts).encode(), digest_size=8).hexdigest()
