"""Word boundaries of Chinese text, by jieba: loaded at first use, quietly, without a cache file."""

from __future__ import annotations

import warnings
from functools import lru_cache
from typing import Any

from normalizers.concepts.library import library

_OFTEN = 50_000  # heavier than any chance compound of the dictionary (群众满意), so key words stay whole


@lru_cache(maxsize=1)
def _tokenizer() -> Any:
    """Jieba's dictionary in memory; ``gen_pfdict`` instead of ``initialize`` keeps it from writing a file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    for word in sorted({w for c in library().by_id.values() for group in (*c.all, c.any) for w in group}):
        if len(word) > 1:
            tokenizer.add_word(word, freq=_OFTEN)
    return tokenizer


@lru_cache(maxsize=512)
def words(text: str) -> tuple[str, ...]:
    """The words of a text, in order; joined they are the text.

    >>> words("信访案件办结")
    ('信访', '案件', '办结')
    """
    return tuple(_tokenizer().lcut(text, HMM=False))


def whole(text: str, word: str) -> bool:
    """Whether ``word`` stands somewhere in ``text`` without cutting two neighbouring words apart.

    >>> whole("召开会议", "会议"), whole("社会议题", "会议")
    (True, False)
    """
    starts, ends, at = [], [], 0
    for token in words(text):
        starts.append(at)
        at += len(token)
        ends.append(at)
    begin = text.find(word)
    while begin >= 0:
        end = begin + len(word)
        if not _cuts(starts, ends, begin, end):
            return True
        begin = text.find(word, begin + 1)
    return False


def _cuts(starts: list[int], ends: list[int], begin: int, end: int) -> bool:
    """Whether one edge of the span lies inside a token that does not hold the whole span."""
    for start, stop in zip(starts, ends, strict=True):
        if start <= begin and end <= stop:
            return False
        if start < begin < stop or start < end < stop:
            return True
    return False
