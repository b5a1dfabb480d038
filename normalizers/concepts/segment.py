"""Word boundaries of Chinese text, by jieba: loaded at first use, quietly, without a cache file."""

from __future__ import annotations

import warnings
from functools import lru_cache, partial
from typing import Any

from normalizers.concepts.catalogue import library

_OFTEN = 50_000  # heavier than any chance compound of the dictionary (群众满意), so key words stay whole


@lru_cache(maxsize=1)
def _tokenizer() -> Any:
    """Jieba over its own dictionary, read here: ``initialize`` would write a cache file.

    Jieba lists every beginning of every word beside the words, to know when to stop looking; names
    are short, so it is cheaper to look up all pieces as long as the longest word that begins so. The cuts are the same.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
    tokenizer = jieba.Tokenizer()
    with tokenizer.get_dict_file() as file:
        entries = file.read().decode("utf-8").split()  # word, weight, part of speech
    weights = list(map(int, entries[1::3]))
    tokenizer.FREQ, tokenizer.total = dict(zip(entries[::3], weights, strict=True)), sum(weights)
    tokenizer.initialized = True
    for word in sorted({w for c in library().by_id.values() for group in (*c.all, c.any) for w in group}):
        if len(word) > 1:
            tokenizer.add_word(word, freq=_OFTEN)
    reach: dict[str, int] = {}
    for word in tokenizer.FREQ:
        if len(word) > reach.get(word[0], 0):
            reach[word[0]] = len(word)
    tokenizer.get_DAG = partial(_ends, tokenizer.FREQ, reach)
    return tokenizer


def _ends(weights: dict[str, int], reach: dict[str, int], text: str) -> dict[int, list[int]]:
    """For each character, the last characters of the words that begin with it; itself where none does."""
    size = len(text)
    return {
        start: [
            end
            for end in range(start, min(size, start + reach.get(text[start], 1)))
            if weights.get(text[start : end + 1])
        ]
        or [start]
        for start in range(size)
    }


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
