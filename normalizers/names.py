"""Names of organisations and projects, folded for comparison only; published names stay as printed.

The facts (joining words, contrasts, shortened units) are in ``reference/matching.yaml``.
"""

from __future__ import annotations

import re
from functools import lru_cache

from normalizers.codes import NAMES, split_code
from normalizers.numerals import read_numeral
from normalizers.reference import Reference, load_yaml
from normalizers.text import fold, simplified

_KEPT = 65536


class _Matching(Reference):
    """Model of ``matching.yaml``."""

    seen: str
    not_after_year: tuple[str, ...]
    joining: tuple[str, ...]
    soft: tuple[str, ...]
    phases: tuple[str, ...]
    contrasts: tuple[frozenset[str], ...]
    look_alike: str
    shortened: dict[str, str]
    place_ends: tuple[str, ...]


MATCHING = load_yaml("matching.yaml", _Matching)
LOOK_ALIKE = tuple(frozenset(group) for group in MATCHING.look_alike.split())

_MARKS = re.compile(r"[\W_]+")
_LEVELS = "|".join(sorted(map(re.escape, NAMES.levels), key=len, reverse=True))
_LEVEL_END = re.compile(
    rf"(?<=.)(?:\((?:{_LEVELS})\)|(?:{'|'.join(w for w in NAMES.levels if '本级' in w)}))$"
)
_SPAN = r"(?:19|20)\d\d(?:[-—~至到](?:19|20)?\d\d)?"
_CHINESE_YEAR = r"二[〇○零O][〇○零O一二三四五六七八九]{2}"
_YEAR = re.compile(
    rf"(?<!\d)(?P<said>{_SPAN})(?:学年度?|年度|年)|(?P<words>{_CHINESE_YEAR})(?:年度|年)"
    rf"|^(?P<head>{_SPAN})(?=[^\d.{''.join(MATCHING.not_after_year)}])"
    rf"|\((?P<boxed>{_SPAN})\)|(?<![\d第])(?P<end>{_SPAN})$"
)
_PROJECT_END = re.compile(r"(?<=.{3})项目$")
_ZERO = str.maketrans("〇○零O一二三四五六七八九", "0000123456789")
_MARK_OF_NUMBER = re.compile(r"\d+|[a-z]+|[零〇两一二三四五六七八九十百千]+|[甲乙丙丁戊己庚辛]")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}
_SHORTEN = re.compile("|".join(sorted(map(re.escape, MATCHING.shortened), key=len, reverse=True)))
_PLACE = re.compile(rf".{{2,8}}?(?:{'|'.join(MATCHING.place_ends)})(?=.)")


@lru_cache(maxsize=_KEPT)
def fold_organisation(text: str) -> str:
    """An organisation's name for comparison: no code, no brackets or spaces, no 本级 at its end.

    What a bracket says is kept (办公室(信访局) is not 办公室), unless it only says 本级 or 机关.

    >>> fold_organisation("原州区人民政府办公室（本级）") == fold_organisation("219001-原州区人民政府办公室本级")
    True
    """
    name = fold(split_code(text).name).replace(" ", "")
    cut = _LEVEL_END.sub("", name)
    return _MARKS.sub("", cut).lower()


@lru_cache(maxsize=_KEPT)
def shorten_organisation(folded: str) -> str:
    """A folded organisation's name with its usual words shortened (人民政府 → 政府).

    >>> shorten_organisation("永宁县人民政府办公室"), shorten_organisation("永宁县政府办")
    ('永宁县政府办', '永宁县政府办')
    """
    before, after = folded, _SHORTEN.sub(lambda m: MATCHING.shortened[m.group()], folded)
    while before != after:
        before, after = after, _SHORTEN.sub(lambda m: MATCHING.shortened[m.group()], after)
    return after


@lru_cache(maxsize=_KEPT)
def without_place(short: str) -> str:
    """A unit's name without the places before it; whole where nothing would be left.

    >>> without_place("宁夏回族自治区银川市永宁县水务局"), without_place("原州区市场监管局")
    ('水务局', '市场监管局')
    """
    at = 0
    while found := _PLACE.match(short, at):
        at = found.end()
    return short[at:]


@lru_cache(maxsize=_KEPT)
def fold_project(text: str, *, drop_year: bool = True) -> str:
    """A project's name for comparison: no code, marks or closing 项目; numbers in digits; no year unless kept.

    A number is a year only where it can be nothing else: before 年, in brackets, or at either end and
    before no unit.

    >>> fold_project("2024年“四好农村路”建设项目") == fold_project("四好农村路建设（2023年度）")
    True
    >>> fold_project("2000亩高标准农田（二期）")
    '2000亩高标准农田2期'
    """
    name = simplified(fold(split_code(text).name)).replace(" ", "")
    if drop_year:
        name = _YEAR.sub("", name) or name
    name = _PROJECT_END.sub("", _MARKS.sub("", name)).lower()
    return _MARK_OF_NUMBER.sub(lambda m: _number(m.group()), name)


@lru_cache(maxsize=_KEPT)
def project_years(text: str) -> tuple[int, ...]:
    """The years that a project's name prints, in order; the ends of a span.

    >>> project_years("2023年农村公路养护"), project_years("养护（二〇二四年）"), project_years("2021-2023年改造")
    ((2023,), (2024,), (2021, 2023))
    """
    found: list[int] = []
    for match in _YEAR.finditer(simplified(fold(split_code(text).name)).replace(" ", "")):
        printed = next(g for g in match.groups() if g).translate(_ZERO)
        numbers = re.findall(r"\d+", printed)
        found += [int(n) if len(n) > 2 else int(numbers[0][:2] + n) for n in numbers]
    return tuple(found)


@lru_cache(maxsize=_KEPT)
def project_numbers(folded: str) -> str:
    """What counts projects of one name: numbers, letters, Chinese numerals, however written.

    Names that differ here are different projects, whatever else they share.

    >>> project_numbers("农村供水二期"), project_numbers("农村供水2期"), project_numbers("农村供水ii期")
    ('2', '2', '2')
    """
    return "|".join(_number(piece) for piece in _MARK_OF_NUMBER.findall(folded))


def _number(piece: str) -> str:
    number = None if piece.isascii() else read_numeral(piece)
    return _ROMAN.get(piece, piece) if number is None else f"{number.low:f}"


_JOINING = re.compile("|".join(sorted(map(re.escape, MATCHING.joining), key=len, reverse=True)))
_SOFT = re.compile("|".join(sorted(map(re.escape, MATCHING.soft), key=len, reverse=True)))


@lru_cache(maxsize=_KEPT)
def without_joining(folded: str) -> str:
    """A folded name without the words that only join (及, 和, 与, 的); whole where nothing would be left."""
    return _JOINING.sub("", folded) or folded


@lru_cache(maxsize=_KEPT)
def without_soft(folded: str) -> str:
    """A folded name without joining words and those that any project's name may carry (专项, 经费).

    >>> without_soft("信访工作专项经费")
    '信访工作'
    """
    return _SOFT.sub("", without_joining(folded)) or folded


_PHASE = re.compile(rf"第?\d+(?:{'|'.join(sorted(MATCHING.phases, key=len, reverse=True))})")
_REMARK = re.compile(r"(?<=.)\([^()]*\)$")


@lru_cache(maxsize=_KEPT)
def whole_project(text: str) -> str:
    """A project's folded name without phase and without what a bracket at its end says.

    Phases and parts of one project are projects of their own; what they share was not copied.

    >>> whole_project("高标准农田建设（二期）") == whole_project("2024年高标准农田建设一期项目")
    True
    >>> whole_project("河道治理（东片区）"), whole_project("1号泵站维修")
    ('河道治理', '1号泵站维修')
    """
    name = fold(text).strip()
    while (shorter := _REMARK.sub("", name)) != name:
        name = shorter.strip()
    folded = fold_project(name)
    return _PHASE.sub("", folded) or folded
