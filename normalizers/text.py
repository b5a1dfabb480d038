"""Text before meaning: folding (from :mod:`normalizers.folding`), ordinal marks and filler.

``fold`` is the one folding everybody uses; ``strip_ordinal`` cuts 指标N： and its kin; ``is_filler``
knows dots and dashes that stand for nothing. The facts are in ``reference/noise.yaml``.
"""

from __future__ import annotations

import re
from functools import lru_cache

from normalizers.folding import NOISE, Folded, fold, fold_map
from normalizers.reference import Reference, load_yaml

__all__ = ["Folded", "fold", "fold_map", "is_filler", "simplified", "strip_ordinal"]


class _Traditional(Reference):
    """Model of ``traditional.yaml``: each pair is a traditional character and its simple form."""

    seen: str
    pairs: str


_SIMPLE = {ord(pair[0]): pair[1] for pair in load_yaml("traditional.yaml", _Traditional).pairs.split()}
_TRADITIONAL = re.compile(f"[{''.join(map(chr, _SIMPLE))}]")


def simplified(text: str) -> str:
    """The text with the traditional characters of labels made simple, one to one: positions stay.

    For comparing only; what is published stays as printed.

    >>> simplified("項目資金(萬元)"), simplified("績效指標")
    ('项目资金(万元)', '绩效指标')
    """
    return text.translate(_SIMPLE) if _TRADITIONAL.search(text) else text


_KEPT = 4096  # one text is asked about by many steps, mostly within one document
_WORDS = "|".join(NOISE.ordinal.words)
_PREFIX = re.compile(
    rf"(?P<star>[{re.escape(NOISE.ordinal.stars)}]{{1,9}})"
    rf"|(?:{_WORDS})(?P<word>\d{{1,3}}|[一二三四五六七八九十]{{1,3}})?[:.、]"
    rf"|(?:{_WORDS})(?P<bare>\d{{1,3}})(?![\d.%])"
    rf"|(?:{'|'.join(NOISE.ordinal.others)})[:,]?"
    r"|[(\[](?P<round>\d{1,3}|[一二三四五六七八九十]{1,3})[)\]][:.、]?"
    r"|(?P<plain>\d{1,2})(?:、|\.(?!\d)|\)(?=[一-鿿]))"
    r"|(?P<chinese>[一二三四五六七八九十]{1,3})[、.]"
)
_CHINESE_ORDINAL = {c: i + 1 for i, c in enumerate("一二三四五六七八九十")}


def _ordinal_number(text: str) -> int:
    if text.isdigit():
        return int(text)
    tens, has_ten, units = text.rpartition("十")
    if not has_ten:
        return _CHINESE_ORDINAL[text[-1]]
    return _CHINESE_ORDINAL.get(tens[:1], 1) * 10 + _CHINESE_ORDINAL.get(units[:1], 0)


@lru_cache(maxsize=_KEPT)
def strip_ordinal(text: str) -> tuple[int | None, str]:
    """Cut the marks before an indicator's name: ``指标1：``, ``指标:``, ``★``, ``1.``, ``(1)``, ``其中:``.

    Args:
        text: a folded or raw cell text.

    Returns:
        The ordinal (None where none is printed) and the folded name without the marks.

    Example:
        >>> strip_ordinal("指标2：刊印《政府公报》"), strip_ordinal("★其中：培训人次"), strip_ordinal("指标:")
        ((2, '刊印《政府公报》'), (None, '培训人次'), (None, ''))
    """
    name = fold(text)
    plain = simplified(name)
    ordinal: int | None = None
    at = 0
    for _ in range(4):
        match = _PREFIX.match(plain, at)
        if not match:
            break
        number = next((g for g in match.group("word", "bare", "round", "plain", "chinese") if g), None)
        if number is not None:
            if ordinal is not None:
                break
            ordinal = _ordinal_number(number)
        at = match.end()
    return ordinal, name[at:]


_FILLER = re.compile(rf"[{re.escape(NOISE.filler.signs)} ]*")


@lru_cache(maxsize=_KEPT)
def is_filler(text: str) -> bool:
    """Whether a cell says nothing: empty, dots, dashes, ``无``, ``不适用`` …

    Example:
        >>> is_filler("……"), is_filler("--"), is_filler("无"), is_filler("0")
        (True, True, True, False)
    """
    folded = fold(text)
    if len(folded) > 4000:
        return _FILLER.fullmatch(folded) is not None
    bare = folded.strip("()[]")
    return _FILLER.fullmatch(bare) is not None or bare.lower() in NOISE.filler.words
