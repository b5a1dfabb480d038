"""Folding: one printed text, one form. Used by every reader, label matcher and value parser.

``fold`` evens out width, dashes, comparator signs, LaTeX, HTML tags and entities, radical code
points and spaces; it never changes wording. The tables are in ``reference/noise.yaml``.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

from pydantic import Field

from normalizers.frozen import maker
from normalizers.reference import Reference, load_yaml


class _Ordinal(Reference):
    words: tuple[str, ...]
    stars: str
    others: tuple[str, ...]


class _Filler(Reference):
    signs: str
    words: frozenset[str]


class _Noise(Reference):
    """Model of ``noise.yaml``."""

    characters: dict[str, str] = Field(min_length=1)
    radicals: str
    tags: tuple[str, ...]
    latex: dict[str, str]
    ordinal: _Ordinal
    filler: _Filler


NOISE = load_yaml("noise.yaml", _Noise)
_CHARACTERS = NOISE.characters | {pair[0]: pair[1:] for pair in NOISE.radicals.split()}

# What folding leaves alone; one search for anything else is the whole cost of a clean text.
_CLEAN = "!-~ 一-鿿、。《》·×÷±≥≤≈≠°‰≡√…★☆※●◆■□▲△〇○μΦφΩ￥£€₩"
_ODD = re.compile(f"[^{_CLEAN}]")
_MARKUP = re.compile(r"[\\&$^{<]")
_SMALL_DIGITS = frozenset("²³₂₃")
_SPACES = re.compile(r" +")
_SIGNS = re.compile(r"[≥>]=|[≤<]=|=[≥>]|=[≤<]|==+|<>")
_SIGN = {"≥": "≥", ">": "≥", "≤": "≤", "<": "≤"}
_DIRTY = re.compile(rf"[^{_CLEAN.replace(' ', '')}]|[\\&$^{{]|<[A-Za-z/!]|[≥≤<>=]=|=[≥≤<>]|<>")

_MARKUP_PIECE = re.compile(
    r"</?(?:" + "|".join(NOISE.tags) + r")(?:[\s/:][^<>]{0,400})?>"  # tags
    r"|<!--[^<>]{0,400}-->"
    r"|&(?:[A-Za-z]{2,31}|\#\d{1,7}|\#[xX][0-9A-Fa-f]{1,6});"  # entities
    r"|\\[A-Za-z]{1,24}|\\[%&$\#_{}()\[\],;:!> ]"  # LaTeX commands and escaped signs
    r"|(?<=[A-Za-z米])\^\{?[23]\}?"  # m^2; a power of ten keeps its sign
)
_DOLLARS = re.compile(r"\$[^$\\]*\\[^$]*(?:\$|\Z)|\$[\d.,%~+=<>≥≤ -]{1,40}\$(?!\d)")
_BRACES = re.compile(r"[{}]")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text that still knows where each character stood.

    ``starts[i]``/``ends[i]`` bound the raw characters behind folded character ``i``; both are None
    when folding changed nothing.
    """

    text: str
    length: int
    starts: list[int] | None = None
    ends: list[int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Half-open raw span of the half-open folded span."""
        if self.starts is None or self.ends is None:
            return start, end
        if start >= end:
            at = self.starts[start] if start < len(self.starts) else self.length
            return at, at
        return self.starts[start], self.ends[end - 1]


_folded = maker(Folded)


@cache
def _fold_character(char: str) -> str:
    """One character that is not clean, folded. The cache is bounded by Unicode."""
    if char in _CHARACTERS:
        return _CHARACTERS[char]
    if char.isspace():
        return " "
    code = ord(char)
    if unicodedata.category(char) in {"Cc", "Cf"} or 0xFE00 <= code <= 0xFE0F:
        return ""
    if (
        0x2460 <= code <= 0x249B
        or 0x24EA <= code <= 0x24FF
        or 0x3220 <= code <= 0x3229
        or 0x2776 <= code <= 0x2793
    ):
        number = unicodedata.numeric(char, 0)
        return f"({int(number)})"
    plain = unicodedata.normalize("NFKC", char)
    if unicodedata.category(char) == "No" and char not in _SMALL_DIGITS:
        return char  # ½ or a superscript would glue itself to the digits before it
    if len(plain) > 1 or plain != char:
        return "".join(c if c == char else _CHARACTERS.get(c, c) for c in plain)
    return char


class _Narrow(dict[int, str]):
    """Table for ``str.translate``: characters that always fold to exactly one other (９, ％, ＞, ，)."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = _fold_character(char) if _ODD.match(char) and char not in _SMALL_DIGITS else char
        self[code] = folded if len(folded) == 1 else char
        return self[code]


_NARROW = _Narrow()


def _odd(match: re.Match[str]) -> str:
    char = match.group()
    if char in _SMALL_DIGITS:
        before = match.string[match.start() - 1 : match.start()]
        return _fold_character(char) if before and before.isalpha() else char
    return _fold_character(char)


def _markup(match: re.Match[str]) -> str:
    piece = match.group()
    if piece[0] == "<":
        return " "
    if piece[0] == "&":
        return html.unescape(piece)
    if piece[0] == "^":
        return piece.strip("^{}")
    if piece[1].isalpha():
        name = piece[1:]
        return NOISE.latex.get(name, piece)
    return " " if piece[1] in " ,;:!>" else piece[1]


def _dollars(match: re.Match[str]) -> str:
    return match.group().strip("$")


def _spaces(match: re.Match[str]) -> str:
    text, start, end = match.string, match.start(), match.end()
    left, right = text[start - 1 : start], text[end : end + 1]
    keep = left.isascii() and left.isalnum() and right.isascii() and right.isalnum()
    return " " if keep else ""


def _signs(match: re.Match[str]) -> str:
    piece = match.group()
    if piece == "<>":
        return "≠"
    return next((_SIGN[c] for c in piece if c in _SIGN), "=")


_PASSES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_ODD, _odd),
    (_DOLLARS, _dollars),
    (_MARKUP_PIECE, _markup),
    (_SPACES, _spaces),
    (_SIGNS, _signs),
)
_ROUNDS = 6


def _rounds(text: str, run: Callable[[str, re.Pattern[str], Callable[[re.Match[str]], str]], str]) -> None:
    """Call ``run`` pass after pass until nothing changes.

    Removing a tag can make a new one out of its neighbours; after a few rounds such a text is
    hostile and loses every markup sign, which ends the game in linear time.
    """
    for number in range(_ROUNDS + 4):
        before = text
        if ("\\" in text and "{" in text) or number >= _ROUNDS:
            text = run(text, _BRACES, lambda _: "")
        if number >= _ROUNDS:
            text = run(text, _MARKUP, lambda _: "")
        for pattern, replace in _PASSES:
            text = run(text, pattern, replace)
        if text == before or (number + 1 < _ROUNDS and not _DIRTY.search(text)):
            return


@lru_cache(maxsize=4096)  # texts of a few documents: many steps fold each of them
def fold(text: str) -> str:
    r"""Fold a printed text for comparison and reading. Folding twice changes nothing more.

    Args:
        text: any string, lone surrogates included.

    Returns:
        The text with ASCII punctuation and digits, one sign per comparator (≥ ≤ = > <), no markup,
        and no space except between two ASCII letters or digits.

    Example:
        >>> fold("$\\geq 95\\%$"), fold("２０ 万元"), fold("<p>⽬标：满意度</p>")
        ('≥95%', '20万元', '目标:满意度')
    """
    if not _DIRTY.search(text):
        return text
    result = text.translate(_NARROW)
    if not _MARKUP.search(result):
        result = _SIGNS.sub(_signs, _SPACES.sub(_spaces, result))
    if not _DIRTY.search(result):
        return result
    result = text

    def run(current: str, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str]) -> str:
        nonlocal result
        result = pattern.sub(replace, current)
        return result

    _rounds(text, run)
    return result


def fold_map(text: str) -> Folded:
    r"""Fold ``text`` and keep, for every folded character, the raw characters behind it.

    Example:
        >>> folded = fold_map("$\\geq 95\\%$")
        >>> folded.text, folded.span(1, 4)
        ('≥95%', (6, 10))
    """
    if not _DIRTY.search(text):
        return _folded(text, len(text), None, None)
    narrow = text.translate(_NARROW)
    if not _DIRTY.search(narrow):
        return _folded(narrow, len(text), None, None)
    state = Folded(text, len(text), list(range(len(text))), list(range(1, len(text) + 1)))

    def run(current: str, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str]) -> str:
        nonlocal state
        state = _replace(state, pattern, replace)
        return state.text if state.text != current else current

    _rounds(text, run)
    return state


def _replace(state: Folded, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str]) -> Folded:
    """``pattern.sub`` that carries the positions along."""
    if not pattern.search(state.text):
        return state
    starts, ends = state.starts or [], state.ends or []
    pieces: list[str] = []
    new_starts: list[int] = []
    new_ends: list[int] = []
    last = 0
    for match in pattern.finditer(state.text):
        begin, end = match.span()
        piece = replace(match)
        if piece == match.group():
            continue
        pieces += (state.text[last:begin], piece)
        new_starts += starts[last:begin]
        new_ends += ends[last:begin]
        inside = match.group().find(piece) if piece else -1
        if inside >= 0:  # what is kept keeps its own place
            new_starts += starts[begin + inside : begin + inside + len(piece)]
            new_ends += ends[begin + inside : begin + inside + len(piece)]
        else:
            new_starts += [starts[begin]] * len(piece)
            new_ends += [ends[end - 1]] * len(piece)
        last = end
    if not pieces:
        return state
    pieces.append(state.text[last:])
    return _folded("".join(pieces), state.length, new_starts + starts[last:], new_ends + ends[last:])
