"""JSON that OCR systems write: loaded without trust, looked through without schema."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from extractors.errors import Damaged
from extractors.grid import Box
from extractors.readers.encoding import decode
from extractors.source import SourceFile

_LONG_SIDE = 841.89  # points: the longer side of A4, taken where a page's resolution is not told
_DEPTH = 12


def load(source: SourceFile) -> Any:
    """The JSON value of a source, or the list of its lines' values (JSON Lines). Raises Damaged.

    The standard knows UTF-8 only; a script on a Chinese system writes GB 18030.
    """
    decoded = decode(source.data)
    if decoded.replaced:
        raise Damaged(f"{source.name}: JSON with bytes that are no text ({decoded.encoding})")
    text = decoded.text
    try:
        return json.loads(text)
    except RecursionError as error:
        raise Damaged(f"{source.name}: JSON nested too deep") from error
    except ValueError as error:
        told = str(error)[:120]
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError) as error:
        raise Damaged(f"{source.name}: the JSON is broken ({told})") from error


def mappings(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """All objects in a JSON value, outer ones first, down to a bounded depth.

    >>> [sorted(found) for found in mappings([{"a": {"b": 1}}])]
    [['a'], ['b']]
    """
    if depth > _DEPTH:
        return
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from mappings(item, depth + 1)


def text_of(value: Any) -> str:
    r"""A text, or a list of texts as lines; anything else is no text.

    >>> text_of(["a", "b"]), text_of(None)
    ('a\nb', '')
    """
    if isinstance(value, list):
        return "\n".join(item for item in value if isinstance(item, str))
    return value if isinstance(value, str) else ""


def number_of(value: Any) -> float | None:
    """A finite number, else None.

    >>> number_of(3), number_of("3"), number_of(True)
    (3.0, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def share_of(value: Any) -> float | None:
    """A score as 0…1, None when it is none.

    >>> share_of(0.5), share_of(7), share_of(None)
    (0.5, None, None)
    """
    number = number_of(value)
    return number if number is not None and 0 <= number <= 1 else None


def box_of(value: Any, scale: float) -> Box | None:
    """A box [x0, y0, x1, y1], scaled; None when it is none.

    >>> box_of([0, 0, 10, 20], 0.5)
    Box(x0=0.0, y0=0.0, x1=5.0, y1=10.0)
    """
    if not isinstance(value, list) or len(value) != 4:
        return None
    four = [number_of(item) for item in value]
    x0, y0, x1, y1 = (0.0 if item is None else item * scale for item in four)
    return None if None in four else Box(x0, y0, x1, y1)


def points_scale(width: float, height: float, resolution: float | None = None) -> float:
    """Points in one pixel: by the resolution (dots an inch), else as if the page were A4.

    >>> points_scale(2480, 3508, 300)
    0.24
    """
    if resolution and resolution > 0:
        return 72 / resolution
    longer = max(width, height)
    return _LONG_SIDE / longer if longer > 0 else 1.0
