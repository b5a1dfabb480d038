"""The words and units of the value grammar as compiled tables. Everything comes from YAML."""

from __future__ import annotations

import re
from functools import lru_cache
from string import ascii_letters

from normalizers.numerals import ARABIC, DIGITS, SCALES, Numerals
from normalizers.quantity import Kind
from normalizers.reference import Reference, load_yaml
from normalizers.units import Unit, trie_pattern, unit_table


class _Pairs(Reference):
    seen: str
    pairs: str


class _Before(Reference):
    seen: str
    ge: tuple[str, ...]
    gt: tuple[str, ...]
    le: tuple[str, ...]
    lt: tuple[str, ...]
    eq: tuple[str, ...]
    plusminus: tuple[str, ...]
    approximate: tuple[str, ...]


class _After(Reference):
    seen: str
    ge: tuple[str, ...]
    gt: tuple[str, ...]
    le: tuple[str, ...]
    lt: tuple[str, ...]
    approximate: tuple[str, ...]
    deadline: tuple[str, ...]
    included: tuple[str, ...]
    excluded: tuple[str, ...]
    between: tuple[str, ...]
    harmless: tuple[str, ...]


class _List(Reference):
    seen: str
    words: tuple[str, ...]


class _NoNumber(Reference):
    seen: str
    words: str


class _Per(Reference):
    seen: str
    closed: dict[str, str]


class _Pattern(Reference):
    seen: str
    pattern: str


class _Compared(Reference):
    seen: str
    sides: dict[str, str]


class _Levels(Reference):
    seen: str
    ids: frozenset[str]
    words: frozenset[str]


class Words(Reference):
    """Model of ``words.yaml``."""

    numerals: Numerals
    simplified: _Pairs
    before: _Before
    after: _After
    range: _List
    weak_range: tuple[str, ...]
    also: _List
    approximate_after_number: _List
    per: _Per
    no_number: _NoNumber
    template: _Pattern
    money_labels: _List
    percent_labels: _List
    board_labels: _List
    bandwidth_labels: _List
    energy_labels: _List
    cost_levels: _Levels
    quantity_levels: _Levels
    compared: _Compared
    by_neighbour: _List


WORDS = load_yaml("words.yaml", Words)
UNITS = unit_table()

_PAIRS = {pair[0]: pair[1] for pair in WORDS.simplified.pairs.split() if pair[0] != pair[1]}
_TRADITIONAL = re.compile(f"[{''.join(_PAIRS)}]")
_SIMPLE = str.maketrans(_PAIRS)


def simplify(text: str) -> str:
    """Traditional characters of the value grammar to simplified, one to one, positions unchanged.

    Example:
        >>> simplify("三萬五千個")
        '三万五千个'
    """
    return text.translate(_SIMPLE) if _TRADITIONAL.search(text) else text


def _sides(block: _Before | _After, names: tuple[str, ...]) -> dict[str, str]:
    return {word: name for name in names for word in getattr(block, name)}


BEFORE = _sides(WORDS.before, ("ge", "gt", "le", "lt", "eq", "plusminus", "approximate"))
AFTER = _sides(
    WORDS.after, ("harmless", "between", "excluded", "included", "approximate", "lt", "le", "gt", "ge")
)
DEADLINE_WORDS = frozenset(WORDS.after.deadline)
AFTER |= {word: "le" for word in WORDS.after.deadline if word not in AFTER}


def _number_patterns() -> tuple[str, str]:
    """A numeral run, and one scale character. 千 of 千米 and 两 of 九两 belong to the unit."""
    rest: dict[str, list[str]] = {}
    for surface in UNITS:
        if surface[0] in SCALES and len(surface) > 1:
            rest.setdefault(surface[0], []).append(surface[1:])
    plain = "".join(c for c in DIGITS + SCALES if c not in rest and c != "两") + "廿卅卌"
    guarded = "|".join(f"{char}(?!{trie_pattern(tails)})" for char, tails in rest.items())
    number = f"{DIGITS}{SCALES}0-9"
    two = f"两(?=[{SCALES}])|(?<![{number}])两"
    pair = "一两(?=[个年天次月周项件人名场条种家户日小])"
    scale = "".join(char for char in SCALES if char not in rest)
    run = rf"(?:{pair}|{ARABIC}|[{plain}]|{guarded}|{two}|点(?=[\d{DIGITS}]))++"
    return run, rf"(?:[{scale}]|{guarded})"


NUMBER, SCALE = _number_patterns()
UNIT = trie_pattern(list(UNITS))
_MONEY_SIGNS = [
    s
    for s, u in UNITS.items()
    if u.kind is Kind.MONEY and not u.chain and s not in ("块", "镑", "铢", "马克", "元", "圆")
]
_CHENG = r"成(?![果本立员功效熟为交就长人])|折(?![旧算合叠扣])"

UNIT_AT = re.compile(UNIT)
BRACKET_UNIT = re.compile(rf"\({UNIT}\)")
NUMERAL_CHARS = frozenset(DIGITS + SCALES + "0123456789.廿卅卌")
AMOUNT = re.compile(
    rf"(?:(?P<thermo>华氏|摄氏)(?:温度)?)?(?P<neg>[-+]|负|零下)?(?P<cur>{trie_pattern(_MONEY_SIGNS)})?[: ]?(?P<neg2>-)?"
    r"(?P<few>几|数|上)?"
    rf"(?P<num>\d \d(?=折)|{NUMBER}|半)"
    rf"(?:(?P<mid>[余多几来]|有余)(?P<scale>{SCALE}*))?"
    r"(?: ?(?P<k>[kKwM](?![A-Za-z/]))|(?P<dozen>打(?![一-鿿])))?"
    r"(?P<ge>个)?(?P<mid2>[余多来])?(?P<gehalf>半(?!年|天|日|个))?"
    rf"(?: ?(?P<unit>{UNIT}(?![A-Za-z])|{_CHENG})|\((?P<bracket>{UNIT})\))?"
    r"(?P<half>半(?![年天月日个小价成数]))?(?P<tail>[余多](?![次个人项家]))?"
)
PERCENT_OF = re.compile(rf"(?P<neg>[-+]|负)?(?P<den>[{SCALES}]+)分之(?P<num>{NUMBER})")
FRACTION = re.compile(
    rf"(?P<neg>[-+]|负)?(?:(?:(?P<whole>{NUMBER})又)?(?P<den>{NUMBER})分之(?P<num>{NUMBER})"
    rf"|(?P<a>\d{{1,6}})/(?P<b>\d{{1,6}})(?![\d/.]|{UNIT}))"
)
RATIO = re.compile(
    r"(?P<a>\d{1,6}(?:\.\d{1,4})?|[一二三四五六七八九十]):(?P<b>\d{1,6}(?:\.\d{1,4})?|[一二三四五六七八九十])(?![:\d])"
)
BEFORE_RUN = re.compile(rf"(?:{trie_pattern(list(BEFORE))})++")
BEFORE_WORD = re.compile(trie_pattern(list(BEFORE)))
AFTER_WORD = re.compile(trie_pattern(list(AFTER)))
CONNECT = re.compile(rf"(?:{trie_pattern(list(WORDS.range.words))})[-~]*")
CHAIN = re.compile(r"[又零加]?")
ALSO = re.compile(rf"(?:{trie_pattern(list(WORDS.also.words))})++")
PER_AFTER = re.compile(rf"(?:/|每)(?P<n>{NUMBER})?(?P<u>{UNIT})(?:[*·×/每](?P<u2>{UNIT}))?")
PER_BEFORE = re.compile(
    rf"每(?P<n>{NUMBER})?个?(?P<u>{UNIT})|(?P<closed>{trie_pattern(list(WORDS.per.closed))})|平均每(?P<v>{UNIT})"
)
NO_NUMBER = re.compile(
    trie_pattern(WORDS.no_number.words.split())
    + r"|第(?:[一二三四五六七八九十百]{1,4}|\d{1,4})(?!季度|个?月|[\d.%])"
    r"|[A-Za-z]++[-.]?\d++(?:\.\d++)*(?![\d%])|1次性"
    rf"|(?:\d{{1,2}}|[{DIGITS}十]{{1,3}})世纪(?:\d{{1,2}}年代)?|(?:\d{{4}}|\d0|[{DIGITS}]十)年代"
)
# A percentage, a fraction or a ratio of numbers goes on like this behind its first numeral.
SPECIAL = re.compile(rf"[-+负]?[{DIGITS}{SCALES}0-9\d.,点廿卅卌]*+(?:分之|又|[/:])")
# What each reader can begin with: most characters of a cell begin nothing and are passed over.
BEFORE_FIRST = frozenset(word[0] for word in BEFORE)
OPEN_WORDS = ("从", "自", "比", "在", "位于", "介于")
OPEN_FIRST = frozenset(word[0] for word in OPEN_WORDS)
PER_FIRST = frozenset(word[0] for word in ("每", "平均每", *WORDS.per.closed))
NO_NUMBER_FIRST = frozenset(
    [word[0] for word in WORDS.no_number.words.split()] + list(f"第0123456789十{DIGITS}{ascii_letters}")
)
AMOUNT_FIRST = NUMERAL_CHARS | frozenset("点半几数上-+负华摄: ") | frozenset(sign[0] for sign in _MONEY_SIGNS)
QUANTITY_FIRST = BEFORE_FIRST | OPEN_FIRST | AMOUNT_FIRST - frozenset(": ")
TEMPLATE = re.compile(WORDS.template.pattern)


@lru_cache(maxsize=4096)
def find_unit(surface: str) -> Unit | None:
    """The unit of one printed surface; Latin letters also in the other case."""
    return UNITS.get(surface) or (UNITS.get(surface.lower()) if len(surface) > 1 else None)
