"""Number format codes as data: sections, conditions and the tokens of each (ECMA-376 part 1, 18.8.31)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

_TOKEN = re.compile(
    r"""(?P<quoted>"[^"]*"?)|[\\!](?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]
        |(?P<ampm>AM/PM|A/P|上午/下午)|(?P<general>G/通用格式|General)|(?P<text>@)
        |(?P<date>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+|[aA]{3,4}|[eE](?![+-])|[gG]+|[bB]+)
        |(?P<exp>[eE][+-])|(?P<digit>[0#?])|(?P<point>\.)|(?P<comma>,)|(?P<percent>[%％])|(?P<other>.)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_LONGEST = 1000  # characters; Excel stops at 255


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a section: its kind (the names of the pattern, ``literal``, ``elapsed``) and its text."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """One of the up to four parts of a code: its tokens, its own condition, the DBNum style (0 none)."""

    tokens: tuple[Token, ...]
    condition: tuple[str, Decimal] | None = None
    dbnum: int = 0
    chinese: bool = False

    def has(self, *kinds: str) -> bool:
        """Whether a token of one of these kinds is there."""
        return any(token.kind in kinds for token in self.tokens)

    @property
    def is_date(self) -> bool:
        """Whether it shows a date or time."""
        return self.has("date", "elapsed", "ampm")


class _Known(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    builtin: dict[int, str]
    system: dict[str, str]
    named: dict[str, str]


@cache
def known() -> _Known:
    """The formats known by number: ``formats.yaml``."""
    text = Path(__file__).with_name("formats.yaml").read_text(encoding="utf-8")
    return _Known.model_validate(yaml.safe_load(text))


@cache
def sections(code: str) -> tuple[Section, ...]:
    """The sections of a format code; never raises, what is no code is a literal.

    >>> [token.kind for token in sections('0.0"万元"')[0].tokens]
    ['digit', 'point', 'digit', 'literal']
    """
    for name, replacement in known().system.items():
        if f"[$-{name}]" in code:
            code = replacement
    made: list[Section] = []
    draft = _Draft()
    for found in _TOKEN.finditer(code[:_LONGEST]):
        kind, text = str(found.lastgroup), found[str(found.lastgroup)]
        if kind == "other" and text == ";":
            made.append(draft.section())
            draft = _Draft()
        else:
            draft.take(kind, text)
    made.append(draft.section())
    return tuple(made[:4])


class _Draft:
    def __init__(self) -> None:
        self.tokens: list[Token] = []
        self.condition: tuple[str, Decimal] | None = None
        self.dbnum = 0
        self.chinese = False

    def take(self, kind: str, text: str) -> None:
        if kind == "bracket":
            self._bracket(text)
        elif kind == "space":
            self.tokens.append(Token("literal", " "))
        elif kind in ("quoted", "escaped", "other"):
            self.tokens.append(Token("literal", text.strip('"') if kind == "quoted" else text))
        elif kind != "fill":
            self.tokens.append(Token(kind, text.lower() if kind == "date" else text))

    def _bracket(self, text: str) -> None:
        low = text.lower()
        if low and set(low) in ({"h"}, {"m"}, {"s"}):
            self.tokens.append(Token("elapsed", low))
        elif low.startswith("$"):
            currency, _, locale = text[1:].partition("-")
            self.chinese |= locale.lower().endswith("804")
            if currency:
                self.tokens.append(Token("literal", currency))
        elif low.startswith("dbnum") and low[5:] in ("1", "2", "3"):
            self.dbnum = int(low[5:])
        elif condition := _CONDITION.fullmatch(text.strip()):
            self.condition = condition[1], Decimal(condition[2])

    def section(self) -> Section:
        return Section(tuple(self.tokens), self.condition, self.dbnum, self.chinese)
