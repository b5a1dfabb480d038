"""The lines that PaddleOCR recognised, as parallel lists: texts, scores, boxes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from extractors.readers.cells import Builder
from extractors.records import number_of, points_scale, share_of

Line = tuple[str, tuple[float, float, float, float], float | None]


def is_page(item: dict[str, Any]) -> bool:
    """Whether an object holds recognised lines."""
    return isinstance(item.get("rec_texts"), list) and bool(item.get("rec_boxes") or item.get("rec_polys"))


def lines_of(item: dict[str, Any]) -> Iterator[Line]:
    """Text, box in pixels and score of every line that has all of them.

    >>> list(lines_of({"rec_texts": ["甲"], "rec_scores": [0.9], "rec_polys": [[[1, 2], [9, 2], [9, 5], [1, 5]]]}))
    [('甲', (1.0, 2.0, 9.0, 5.0), 0.9)]
    """
    texts, scores = item.get("rec_texts"), item.get("rec_scores")
    boxes = item.get("rec_boxes") or item.get("rec_polys")
    if not isinstance(texts, list) or not isinstance(boxes, list):
        return
    given = scores if isinstance(scores, list) and len(scores) == len(texts) else [None] * len(texts)
    for text, box, score in zip(texts, boxes, given, strict=False):
        around = _around(box)
        if isinstance(text, str) and text.strip() and around:
            yield text, around, share_of(score)


def _around(box: Any) -> tuple[float, float, float, float] | None:
    """The upright box around four numbers or around a polygon."""
    points = box if isinstance(box, list) else []
    flat = [number_of(n) for p in points for n in (p if isinstance(p, list) else [p])]
    numbers = [n for n in flat if n is not None]
    if len(numbers) < 4 or len(numbers) != len(flat) or len(numbers) % 2:
        return None
    return min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2])


def scores_of(item: dict[str, Any]) -> dict[str, float]:
    """Recognised text -> the lowest score it was recognised with."""
    made: dict[str, float] = {}
    texts, scores = item.get("rec_texts"), item.get("rec_scores")
    if isinstance(texts, list) and isinstance(scores, list):
        for text, score in zip(texts, scores, strict=False):
            share = share_of(score)
            if isinstance(text, str) and share is not None:
                made[text.strip()] = min(share, made.get(text.strip(), 1.0))
    return made


def add_lines(builder: Builder, number: int, item: dict[str, Any]) -> None:
    """Add a page of lines without tables: grids are found by columns of lines. Raises TooLarge."""
    from extractors.words import Word, WordPage, add_page

    index = number_of(item.get("page_index"))
    lines = list(lines_of(item))
    width = max((box[2] for _, box, _ in lines), default=0.0)
    height = max((box[3] for _, box, _ in lines), default=0.0)
    scale = points_scale(width, height)
    words = tuple(
        Word(text, (box[0] * scale, box[1] * scale, box[2] * scale, box[3] * scale), score)
        for text, box, score in lines
    )
    shown = number if index is None else int(index) + 1
    add_page(builder, WordPage(shown, width * scale or 1.0, height * scale or 1.0, words))
