"""HTML in small pieces. Every text goes through :func:`esc`; nothing else writes text into the page."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from html import escape

from pipeline.report.words import Word

Cell = Word | str | tuple[str, str]


def esc(text: str) -> str:
    """A text that markup cannot come out of; control characters become visible.

    >>> esc('<script>"&')
    '&lt;script&gt;&quot;&amp;'
    """
    shown = "".join(c if c in "\n\t" or unicodedata.category(c) != "Cc" else "\ufffd" for c in text)
    return escape(shown, quote=True)


def both(word: Word) -> str:
    """A word in both languages, of which the page shows one.

    >>> both(Word(zh="表", en="table"))
    '<span class="zh">表</span><span class="en" lang="en">table</span>'
    """
    if word.zh == word.en:
        return esc(word.zh)
    return f'<span class="zh">{esc(word.zh)}</span><span class="en" lang="en">{esc(word.en)}</span>'


def _cell(cell: Cell) -> str:
    if isinstance(cell, tuple):  # (class, text that is already markup)
        return f'<td class="{cell[0]}">{cell[1]}</td>'
    return f"<td>{both(cell) if isinstance(cell, Word) else esc(cell)}</td>"


def table(heads: Iterable[Word], found: Iterable[Iterable[Cell]]) -> str:
    """A table; a cell that is a pair is a class and finished markup."""
    head = "".join(f"<th>{both(h)}</th>" for h in heads)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in found)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def note(word: Word) -> str:
    """A line of explanation."""
    return f'<p class="note">{both(word)}</p>'


def figure(title: Word, drawing: str) -> str:
    """A drawing under its title."""
    return f"<figure><figcaption>{both(title)}</figcaption>{drawing}</figure>"
