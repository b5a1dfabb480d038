"""A parsed value as one short line, for specs: ``[95,) %`` is 95 and more, inclusive."""

from __future__ import annotations

from normalizers.quantity import ParsedValue, Quantity


def render_part(part: Quantity) -> str:
    """Bounds, 余-mark, unit, base, frequency, label, joiner and dates of one quantity."""
    lower = "" if part.lower is None else f"{part.lower.normalize():f}"
    upper = "" if part.upper is None else f"{part.upper.normalize():f}"
    words = [
        f"{'[' if part.lower_inclusive else '('}{lower},{upper}{']' if part.upper_inclusive else ')'}",
        f"~{part.approximate_word}" if part.approximate else "",
        part.unit or "-",
        f"per {part.per_count} {part.per_unit}" if part.per_unit else "",
        f"label {part.label}" if part.label else "",
        f"joiner {part.joiner}" if part.joiner else "",
        f"{part.date_start or ''}..{part.date_end or ''}" if part.date_start or part.date_end else "",
    ]
    return " ".join(word for word in words if word)


def render(value: ParsedValue) -> dict[str, object]:
    """The fields a spec may state."""
    return {
        "kind": str(value.kind),
        "parts": [render_part(part) for part in value.parts],
        "direction": None if value.direction is None else str(value.direction),
        "residue": value.residue,
    }
