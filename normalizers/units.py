"""Units: printed surface → unit, dimension and factor to the base. The table is ``reference/units.yaml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from pydantic import Field

from normalizers.quantity import Kind
from normalizers.reference import Reference, load_yaml


@dataclass(frozen=True, slots=True)
class Unit:
    """One canonical unit.

    ``factor`` turns a number in this unit into ``base`` (None where nothing converts: counts keep
    their unit). ``chain`` marks a unit that only continues another one (角 after 元).
    """

    id: str
    dimension: str | None
    kind: Kind
    base: str | None = None
    factor: Decimal | None = None
    chain: bool = False


class _Unit(Reference):
    surfaces: tuple[str, ...]
    factor: Decimal | None = None
    chain: bool = False
    dimension: str | None = "inherit"


class _Dimension(Reference):
    seen: str = Field(min_length=1)
    kind: Kind
    base: str | None = None
    families: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    plain: str = ""
    units: dict[str, _Unit] = Field(default_factory=dict)


class _Units(Reference):
    """Model of ``units.yaml``."""

    dimensions: dict[str, _Dimension]


def _family_base(dimension: _Dimension, unit: str) -> str | None:
    for base, members in dimension.families.items():
        if unit in members:
            return base
    return dimension.base


def _unit(name: str, key: str, dimension: _Dimension, unit: _Unit) -> Unit:
    base = _family_base(dimension, key) if unit.factor is not None else None
    return Unit(
        id=key,
        dimension=name if unit.dimension == "inherit" else unit.dimension,
        kind=dimension.kind,
        base=base,
        factor=unit.factor if base or unit.chain else None,
        chain=unit.chain,
    )


@lru_cache(maxsize=1)
def unit_table() -> dict[str, Unit]:
    """Every printed surface (folded, simplified) with its unit. A surface belongs to one unit only.

    Raises:
        ValueError: two units claim one surface.

    Example:
        >>> unit_table()["公里"].id, unit_table()["m2"].base, unit_table()["年"].factor
        ('千米', '平方米', Decimal('12'))
    """
    table: dict[str, Unit] = {}
    for name, dimension in load_yaml("units.yaml", _Units).dimensions.items():
        for plain in dimension.plain.split():
            table.setdefault(plain, Unit(plain, name, dimension.kind))
        for key, entry in dimension.units.items():
            unit = table.get(key) if key in dimension.plain.split() else None
            unit = unit or _unit(name, key, dimension, entry)
            for surface in entry.surfaces:
                if surface in table and table[surface].id != unit.id:
                    raise ValueError(f"units.yaml: {surface} belongs to {table[surface].id} and {unit.id}")
                table[surface] = unit
    return table


def trie_pattern(words: list[str]) -> str:
    """A regular expression for ``words``, longest first, that branches on one character at a time.

    Example:
        >>> trie_pattern(["人", "人次", "件"])
        '(?:人次?|件)'
    """
    trie: dict[str, dict[str, object]] = {}
    for word in words:
        node: dict[str, object] = trie  # type: ignore[assignment]
        for char in word:
            node = node.setdefault(char, {})  # type: ignore[assignment]
        node[""] = {}
    return _branch(trie)  # type: ignore[arg-type]


def _branch(node: dict[str, object]) -> str:
    optional = "" in node
    children = {char: child for char, child in node.items() if char and isinstance(child, dict)}
    ends = [
        char for char, child in children.items() if child.keys() == {""}
    ]  # one class of them compiles faster
    options = [re.escape(char) + _branch(child) for char, child in children.items() if char not in ends[1:]]
    if len(ends) > 1:
        options[list(children).index(ends[0])] = f"[{re.escape(''.join(ends))}]"
    if not options:
        return ""
    if len(options) == 1 and not optional:
        return options[0]
    if len(options) == 1 and len(options[0]) == 1:
        return options[0] + "?"
    return "(?:" + "|".join(options) + ")" + ("?" if optional else "")
