"""The wording of a cell: markup removed, wrapped lines joined."""

from __future__ import annotations

import html
import re

_TAGS = re.compile(
    r"\s*</?(?:p|br|div|span|b|i|u|strong|em|font|li|ul|ol|table|tr|td|th|sub|sup)(?:\s[^<>]*)?/?>\s*",
    re.IGNORECASE,
)


def clean_text(text: str) -> str:
    """A text without markup, its wording untouched; a tag becomes one space between words.

    >>> clean_text("<p>目标1: 办会。</p> <p>目标2: 培训。</p>"), clean_text("国办发<2019>54号")
    ('目标1: 办会。 目标2: 培训。', '国办发<2019>54号')
    """
    if "<" in text:
        pieces = [piece.strip() for piece in _TAGS.split(text)]
        text = " ".join(piece for piece in pieces if piece)
    return (html.unescape(text) if "&" in text else text).strip()


def one_line(text: str) -> str:
    r"""A text that wraps over lines of its cell as one line; a goal keeps its paragraphs instead.

    >>> one_line("全年办理\n各项督查"), one_line("PM\nvalue")
    ('全年办理各项督查', 'PM value')
    """
    if "\n" not in text:
        return text
    pieces = [piece.strip() for piece in text.splitlines() if piece.strip()]
    joined = pieces[0] if pieces else ""
    for piece in pieces[1:]:
        latin = (
            joined[-1:].isascii() and joined[-1:].isalnum() and piece[:1].isascii() and piece[:1].isalnum()
        )
        joined += (" " if latin else "") + piece
    return joined
