"""The doors to what words mean: concepts of names, quantities inside sentences, years in names."""

from __future__ import annotations

from functools import lru_cache

from normalizers import fields
from normalizers.concepts import match_concept
from normalizers.mentions import find_quantities
from normalizers.quantity import ParsedValue, Quantity


def concept_of(
    name: str, level2_id: str | None, value: ParsedValue | None
) -> tuple[str | None, float | None]:
    """The concept of a level-3 name and its score; (None, None) where none fits.

    >>> concept_of("信访案件办结率", "output.quality", None)[0]
    'rate.closure'
    """
    dimension = value.parts[0].dimension if value is not None and value.parts else None
    found = match_concept(name, level2=level2_id, unit_dimension=dimension)
    return (None, None) if found.concept_id is None else (found.concept_id, found.score)


def quantities_in(text: str) -> tuple[Quantity, ...]:
    """The quantities stated in running words, in order; spans count in ``text``."""
    return find_quantities(text)


@lru_cache(maxsize=4096)
def year_in(source: str, text: str) -> int | None:
    """The one year that a ``title``, ``header``, ``period`` or ``path`` names; None for none or several.

    >>> year_in("title", "2023年部门项目支出预算绩效目标表"), year_in("period", "2023-2025")
    (2023, None)
    """
    return fields.fiscal_year(**{source: text}).year
