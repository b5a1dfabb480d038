"""How badly a text fits a role: the one place where words become costs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from extractors.families.family import Family
from extractors.layout.levels import LevelHit, level_hit
from extractors.layout.printed import Indexes, indexes_of
from extractors.layout.shapes import Shapes, cut_name, is_noise, key_of, shapes_of
from extractors.layout.signature import bare_key

NEVER = 99.0
_LABEL_LIKE = 12  # characters an unknown level label may have
_CACHE_LIMIT = 100_000


@dataclass(frozen=True, slots=True)
class Fit:
    """The cost of one text for every sort of column, and what was found out on the way.

    ``costs`` is keyed by what a column takes (``level1``/``level2`` for ``level``); one unit is one
    clear fault. ``numbered`` tells whether 指标N： stands before it; ``serial`` is shared
    by all texts with the same costs, so that rows of the same shape share their readings.
    """

    serial: int
    costs: dict[str, float]
    level1: LevelHit | None
    level2: LevelHit | None
    numbered: bool


class Fits:
    """Costs for one family and one taxonomy version, cached by text."""

    def __init__(self, index: Indexes, shapes: Shapes, version: str) -> None:
        self._index = index
        self._family: Family = index.family
        self._shapes = shapes
        self._version = version
        self._report_kinds = frozenset(map(key_of, index.family.report_kinds))
        self._reports = self._report_kinds | frozenset(map(key_of, index.family.report_levels))
        self._cache: dict[str, Fit] = {}
        self._serials: dict[tuple[float, ...], int] = {}

    def of(self, text: str) -> Fit:
        """The costs of ``text``.

        >>> fits = fits_of("generic", "2015")
        >>> fits.of("指标1：培训人次").costs["name"], fits.of("成本指标").level2.node_id
        (0.0, 'output.cost')
        """
        fit = self._cache.get(text)
        if fit is None:
            if len(self._cache) > _CACHE_LIMIT:
                self._cache.clear()
            fit = self._cache[text] = self._measure(text)
        return fit

    def _measure(self, text: str) -> Fit:
        cost = self._family.costs
        key = key_of(text)
        numbered = cut_name(text)[2]
        like = self._shapes.value_like(key)
        level1 = level2 = None
        if not numbered and like < 1:
            level1 = level_hit(text, 1, self._version)
            level2 = level_hit(text, 2, self._version)
        if level2 is not None and level2.how == "fuzzy" and bare_key(key) in self._report_kinds:
            level2 = None  # 投入管理 is a word of evaluation reports and no damaged 项目管理
        is_label = any(hit is not None and hit.how != "fuzzy" for hit in (level1, level2))
        costs = {
            "label": NEVER if is_label else self._label(text, numbered),
            "level1": self._level(level1, key, numbered, like, self._reports),
            "level2": self._level(level2, key, numbered, like, self._report_kinds),
            "name": self._name(key, numbered, like),
            "value": self._value(key, numbered, like, text),
            "number": 0.0 if self._shapes.is_("number", key) else cost["number_unlike"],
            "text": self._free(key, like),
        }
        costs["tick"] = 0.0 if self._shapes.is_("tick", key) else cost["tick_unlike"]
        for shape in ("sign", "unit", "direction"):
            costs[shape] = 0.0 if self._shapes.is_(shape, key) else cost["shape_unlike"]
        if not self._shapes.is_("unit_sure", key):
            costs["unit"] += cost["unit_odd"]
        if numbered:
            for role in ("number", "text", "tick", "sign", "unit", "direction"):
                costs[role] += cost["ordinal_as_other"]
        if is_label:
            for role in ("name", "value", "text", "unit"):
                costs[role] += cost["label_as_text"]
        serial = self._serials.setdefault(tuple(costs.values()), len(self._serials))
        return Fit(serial, costs, level1, level2, numbered)

    def _free(self, key: str, like: float) -> float:
        cost = self._family.costs
        if self._shapes.is_("number", key):
            return cost["free_number"]
        sure = 0.0 if is_noise(key) else max(0.0, (like - 0.8) / 0.2)
        return cost["free_text"] + cost["free_value_like"] * sure

    def _label(self, text: str, numbered: bool) -> float:
        hit = None if numbered else self._index.columns.find(text)
        if hit is None or hit.slot != "section":
            return NEVER
        return self._family.costs["label_fuzzy"] if hit.how == "fuzzy" else 0.0

    def _level(
        self, hit: LevelHit | None, key: str, numbered: bool, like: float, reports: frozenset[str]
    ) -> float:
        cost = self._family.costs
        if (hit is None or hit.how == "fuzzy") and bare_key(key) in reports:
            return cost["label_alias"]
        if hit is None:
            odd = numbered or like >= 0.8 or len(key) > _LABEL_LIKE or key[:1].isdigit()
            return NEVER if odd else cost["label_unknown"]
        if hit.how == "exact":
            return 0.0
        if hit.how == "alias":
            return cost["label_alias"]
        return cost["label_fuzzy"] + cost["label_fuzzy_slope"] * (1 - hit.score)

    def _name(self, key: str, numbered: bool, like: float) -> float:
        cost = self._family.costs
        if numbered:
            return 0.0
        if self._shapes.is_("number", key):
            return cost["name_number"]
        return cost["name_plain"] + cost["name_value_like"] * max(0.0, (like - 0.4) / 0.6)

    def _value(self, key: str, numbered: bool, like: float, text: str) -> float:
        cost = self._family.costs
        if numbered:
            return cost["ordinal_as_other"]
        if is_noise(text):
            return cost["value_unlike"] * 0.3
        total = cost["value_unlike"] * (1 - like)
        if len(key) > self._family.limits["long_value"]:
            total += cost["value_long"]
        if like < 0.8 and self._shapes.is_("name", key):
            total += cost["value_name_like"]
        return total


@cache
def fits_of(family: str, version: str) -> Fits:
    """The costs of one family under one taxonomy version, shared by all its forms."""
    return Fits(indexes_of(family), shapes_of(family), version)
