"""The fiscal year of a form, wherever it is printed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from normalizers.text import fold


@dataclass(frozen=True, slots=True)
class YearReading:
    """A fiscal year, where it was printed (``title`` ``header`` ``period`` ``path``), and other years met."""

    year: int | None
    source: str | None = None
    others: tuple[int, ...] = ()


_HAN = str.maketrans("〇零一二三四五六七八九", "00123456789")
_HAN_YEAR = re.compile(r"[二][〇零0○O][〇零0○一二三四五六七八九]{2}(?=年)")
_YEAR = re.compile(r"(?<![\d.])((?:19|20)\d\d)(?=年|财年|\)|\]|$|-(?:19|20)\d\d)")
_PATH_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")


def fiscal_year(title: str = "", *, header: str = "", period: str = "", path: str = "") -> YearReading:
    """The fiscal year of a form, from the first place that prints exactly one.

    Args:
        title: the form's title (``2023年部门项目支出预算绩效目标表``).
        header: what stands under it (``(2024年度)``).
        period: the 项目期 cell.
        path: the file's path in the archive; the last folder or name with one year counts.

    Returns:
        ``year`` None where no place prints one; ``others`` are differing years of the other places.

    Example:
        >>> fiscal_year("绩效目标申报表", header="(2024年度)", period="2023年").year
        2024
        >>> fiscal_year("绩效目标表", path="2023/甲县.txt")
        YearReading(year=2023, source='path', others=())
    """
    found = {
        "title": _years(title),
        "header": _years(header),
        "period": _years(period, whole=True),
        "path": _path_years(path),
    }
    for source, years in found.items():
        if len(set(years)) == 1:
            others = {y for other in found.values() for y in other} - {years[0]}
            return YearReading(years[0], source, tuple(sorted(others)))
    return YearReading(None, None, tuple(sorted({y for years in found.values() for y in years})))


def _years(text: str, *, whole: bool = False) -> list[int]:
    folded = _HAN_YEAR.sub(lambda m: m.group().replace("○", "0").translate(_HAN), fold(text))
    pattern = _PATH_YEAR if whole else _YEAR
    return [int(year) for year in pattern.findall(folded)]


def _path_years(path: str) -> list[int]:
    for part in reversed(re.split(r"[/\\!]", path)):
        years = [int(year) for year in _PATH_YEAR.findall(part)]
        if years:
            return years
    return []
