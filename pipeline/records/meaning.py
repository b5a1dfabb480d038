"""The doors to what words mean: concepts of names, quantities inside sentences, years in names."""

from __future__ import annotations

import re
from functools import lru_cache

from extractors.layout.forms import FormRow
from normalizers.mentions import find_quantities
from normalizers.quantity import Quantity

_YEAR = re.compile(r"(?<!\d)(19[5-9]\d|20\d\d)(?!\d)")


def concept_of(row: FormRow) -> tuple[str | None, float | None]:
    """The concept of a level-3 name and its score; (None, None) where none fits."""
    return None, None


def quantities_in(text: str) -> tuple[Quantity, ...]:
    """The quantities stated in running words, in order; spans count in ``text``."""
    return find_quantities(text)


@lru_cache(maxsize=4096)
def years_in(text: str) -> tuple[int, ...]:
    """The years written in a name or title, each once, in order.

    >>> years_in("2023年部门项目支出预算绩效目标表"), years_in("永政办发[2014]131号"), years_in("12023")
    ((2023,), (2014,), ())
    """
    return tuple(dict.fromkeys(int(y) for y in _YEAR.findall(text)))
