"""Thresholds and word lists of the rules, read from ``thresholds.yaml`` and validated at load."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter

from normalizers.reference import parsed

_FILE = Path(__file__).with_name("thresholds.yaml")


class LimitError(ValueError):
    """A rule asks for a threshold that the file does not give, or for one of another type."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    value: Decimal | tuple[str, ...] | dict[str, tuple[str, ...]]
    why: str
    seen: str


_FILE_MODEL = TypeAdapter(dict[str, dict[str, _Entry]])


@dataclass(frozen=True, slots=True)
class Limits:
    """The entries of one rule."""

    rule: str
    entries: dict[str, Any]

    def _get(self, name: str, kind: type) -> Any:
        value = self.entries.get(name)
        if not isinstance(value, kind):
            raise LimitError(f"thresholds.yaml: {self.rule}.{name} is missing or is no {kind.__name__}")
        return value

    def number(self, name: str) -> Decimal:
        """A numeric threshold."""
        value: Decimal = self._get(name, Decimal)
        return value

    def words(self, name: str) -> tuple[str, ...]:
        """A word list, in the order of the file."""
        value: tuple[str, ...] = self._get(name, tuple)
        return value

    def groups(self, name: str) -> dict[str, tuple[str, ...]]:
        """A map from a word to the words that go with it."""
        value: dict[str, tuple[str, ...]] = self._get(name, dict)
        return value

    def pattern(self, name: str, form: str = "(?:{})") -> re.Pattern[str]:
        """One pattern that matches any word of a list, longest first; ``form`` says where."""
        words = sorted(self.words(name), key=len, reverse=True)
        return re.compile(form.format("|".join(map(re.escape, words))))


@lru_cache(maxsize=1)
def _load() -> dict[str, dict[str, _Entry]]:
    return _FILE_MODEL.validate_python(parsed(_FILE.read_text(encoding="utf-8")))


def limits(rule: str) -> Limits:
    """The thresholds of one rule (or of ``shared``).

    Raises:
        LimitError: the file has no such section.

    Example:
        >>> limits("shared").number("money_tolerance_yuan")
        Decimal('50')
    """
    sections = _load()
    if rule not in sections:
        raise LimitError(f"thresholds.yaml: no section {rule}")
    return Limits(rule, {name: entry.value for name, entry in sections[rule].items()})
