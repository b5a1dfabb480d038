"""Tables written in lines of text: by tabs, by pipes (Markdown), by box characters, by blanks.

Each ``…_rows`` function takes a run of ``(line number, text)`` and gives rows of cell texts, or
None when the run is no table of its notation.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

Line = tuple[int, str]
Row = tuple[int, list[str]]

_PIPE = re.compile(r"(?<!\\)\|")
_RULE_CELL = re.compile(r"\s*:?-+:?\s*")
_ASCII_BORDER = re.compile(r"\s*\+(?:[-=~]+\+)+\s*")
_BOX_SPLIT = re.compile("[│┃║┆┇┊┋╎╏]")
_HORIZONTAL = "─━═┄┅┈┉╌╍╴╶╸╺╼╾"
_BOX_LINE = frozenset(map(chr, range(0x2500, 0x2580))) - frozenset("│┃║┆┇┊┋╎╏╱╲╳")
_JUNCTIONS = str.maketrans({c: " " if c in _HORIZONTAL else "│" for c in _BOX_LINE})
_GAP = re.compile(r" {2,}|[ \u3000]*\u3000[ \u3000]+")
_FIELDS = 3  # an aligned table has at least so many columns …
_ROWS = 3  # … and so many rows; less is a title, a signature line, a list


def kind(line: str) -> str:
    r"""The notation one line is written in: ``tabs`` ``pipes`` ``box`` ``blanks``, ``bars`` for pipes
    without one in front, empty for plain text.

    >>> [kind(line) for line in ("a\tb", "| a | b |", "│ a │ b │", "a   b   c", "a b")]
    ['tabs', 'pipes', 'box', 'blanks', '']
    """
    text = line.strip(" \u3000")
    if not text.strip():
        return "tabs" if "\t" in line else ""
    if text[0] in "|+" and ("|" in text[1:] or _ASCII_BORDER.fullmatch(text)):
        return "pipes"
    if "\t" in line:
        return "tabs"
    if text[0] in _BOX_LINE or _BOX_SPLIT.search(text):
        return "box"
    if "|" in text:
        return "bars"
    return "blanks" if "  " in text or "\u3000" in text else ""


def tab_rows(run: Sequence[Line]) -> list[Row]:
    r"""Lines split at their tabs.

    >>> tab_rows([(7, "a\t\tb")])
    [(7, ['a', '', 'b'])]
    """
    return [(number, line.split("\t")) for number, line in run]


def pipe_rows(run: Sequence[Line]) -> list[Row] | None:
    r"""A Markdown or ASCII-drawn table, with or without its separator row, which is left out.

    >>> pipe_rows([(1, "|a|b|"), (2, "|---|:-:|"), (3, "|1|x\\|y|")])
    [(1, ['a', 'b']), (3, ['1', 'x|y'])]
    """
    rows: list[Row] = []
    ruled = False
    for number, line in run:
        text = line.strip()
        if _ASCII_BORDER.fullmatch(text):
            ruled = True
            continue
        cells = _split_pipes(text)
        if _is_rule(cells, second=len(rows) == 1 and not ruled):
            ruled = True
            continue
        rows.append((number, cells))
    fenced = all(line.strip().startswith(("|", "+")) for _, line in run)
    lone = len(rows) == 1 and not (run[0][1].strip().endswith("|") and len(rows[0][1]) >= 2)
    if not rows or not (ruled or (fenced and not lone)):
        return None
    return rows


def _split_pipes(text: str) -> list[str]:
    text = text.removeprefix("|")
    if text.endswith("|") and not text.endswith("\\|"):
        text = text[:-1]
    return [cell.replace("\\|", "|") for cell in _PIPE.split(text)]


def _is_rule(cells: list[str], *, second: bool) -> bool:
    if not all(_RULE_CELL.fullmatch(cell) for cell in cells):
        return False
    # A row of single dashes below the second is filler of the form, not notation.
    return second or all("--" in cell or ":" in cell for cell in cells)


def box_rows(run: Sequence[Line]) -> list[Row] | None:
    """A table drawn with box characters; lines between two full borders are one row when borders part all rows.

    >>> box_rows([(1, "┌──┬──┐"), (2, "│ a│ b│"), (3, "└──┴──┘")])
    [(2, ['a', 'b'])]
    """
    groups: list[list[Row]] = [[]]
    for number, line in run:
        text = line.strip()
        if all(c in _BOX_LINE or c.isspace() for c in text):
            groups.append([])
            continue
        # A border that leaves merged cells open ("│    ├────┤") is a row only by the text in it.
        cells = [cell.strip() for cell in _BOX_SPLIT.split(_trim_bars(text.translate(_JUNCTIONS)))]
        if any(cells) or not any(c in _BOX_LINE for c in text):
            groups[-1].append((number, cells))
    groups = [group for group in groups if group]
    rows = [row for group in groups for row in group]
    if not rows or max(len(cells) for _, cells in rows) < 2:
        return None
    if len(groups) >= 3 and all(len({len(c) for _, c in group}) == 1 for group in groups):
        return [_fold(group) for group in groups]
    return rows


def _trim_bars(text: str) -> str:
    start = 1 if _BOX_SPLIT.match(text) else 0
    end = -1 if len(text) > 1 and _BOX_SPLIT.match(text[-1]) else None
    return text[start:end]


def _fold(group: list[Row]) -> Row:
    columns = zip(*(cells for _, cells in group), strict=True)
    return group[0][0], ["\n".join(part for part in column if part) for column in columns]


def blank_rows(run: Sequence[Line]) -> list[Row] | None:
    """Columns aligned by blanks, only when there is no doubt: same number of fields, at the same places.

    >>> blank_rows([(1, "甲    1   x"), (2, "乙    2   y"), (3, "丙    3   z")])[2]
    (3, ['丙', '3', 'z'])
    >>> blank_rows([(1, "单位：A    2024年    万元")]) is None
    True
    """
    if len(run) < _ROWS:
        return None
    rows = [(number, _fields(line)) for number, line in run]
    count = len(rows[0][1])
    if count < _FIELDS or any(len(fields) != count for _, fields in rows):
        return None
    for col in range(count):
        starts = {fields[col][0] for _, fields in rows}
        ends = {fields[col][1] for _, fields in rows}
        if len(starts) > 1 and len(ends) > 1:
            return None
    for col, after in pairwise(range(count)):
        if max(fields[col][1] for _, fields in rows) > min(fields[after][0] for _, fields in rows):
            return None
    return [(number, [text for _, _, text in fields]) for number, fields in rows]


def _fields(line: str) -> list[tuple[int, int, str]]:
    """The fields of a line with their first and last display column (wide characters take two)."""
    fields: list[tuple[int, int, str]] = []
    text = line.rstrip(" \u3000")
    at, width = 0, 0
    for gap in (*_GAP.finditer(text), None):
        end = gap.start() if gap else len(text)
        piece = text[at:end]
        if piece.strip(" \u3000"):
            lead = len(piece) - len(piece.lstrip(" \u3000"))
            fields.append((width + _width(piece[:lead]), width + _width(piece), piece.strip(" \u3000")))
        if gap:
            width += _width(text[at : gap.end()])
            at = gap.end()
    return fields


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)
