"""Numbers as a sheet shows them: rounding, grouping, scaling, percent, fractions, exponents, numerals."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from extractors.sheets.format_code import Section, Token

_DIGITS = 15  # what a spreadsheet computes with
_PLAIN = "〇一二三四五六七八九"
_BANK = "零壹贰叁肆伍陆柒捌玖"
_WIDE = "０１２３４５６７８９"
_SHORT = 11  # characters of a computed fraction in a cell of format General
_HUGE = 1e20


def significant(value: Decimal) -> Decimal:
    """The value with the 15 digits a spreadsheet knows of it.

    >>> significant(Decimal("4.4000000000000004"))
    Decimal('4.4')
    """
    if not value:
        return Decimal(0)
    rounded = value.quantize(Decimal(1).scaleb(value.adjusted() - _DIGITS + 1), ROUND_HALF_UP)
    return rounded.normalize()


def general(value: Decimal) -> str:
    """A number without a format: all digits that were typed; a computed fraction at eleven characters.

    >>> general(Decimal("1234567.891")), general(Decimal(1) / 3), general(Decimal("640000123456"))
    ('1234567.891', '0.333333333', '640000123456')
    """
    value = significant(value)
    if abs(value) >= _HUGE or (value and abs(value) < Decimal("1e-9")):
        return f"{value:.5E}".replace("E+", "E+").replace(".00000E", "E")
    text = f"{value:f}"
    if "." in text and len(value.as_tuple().digits) >= _DIGITS:
        whole = len(text.partition(".")[0].lstrip("-"))
        value = value.quantize(Decimal(1).scaleb(-max(_SHORT - 1 - whole, 0)), ROUND_HALF_UP)
        text = f"{value:f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    return text


def numerals(digits: str, style: int, positional: bool) -> str:
    """Digits as Chinese numerals: DBNum 1 一二三, 2 壹贰叁, 3 full width; ``positional`` with 十 百 千 万.

    >>> numerals("105", 1, True), numerals("2023", 1, False), numerals("12.5", 2, True)
    ('一百〇五', '二〇二三', '壹拾贰.伍')
    """
    table = {1: _PLAIN, 2: _BANK, 3: _WIDE}[style]
    whole, point, part = digits.partition(".")
    if not positional or style == 3 or not whole.isdigit():
        return "".join(table[int(c)] if c in "0123456789" else c for c in digits)
    units = "十百千" if style == 1 else "拾佰仟"
    return (_positional(whole, table, units) or table[0]) + point + numerals(part, style, False)


def _positional(digits: str, table: str, units: str) -> str:
    digits = digits.lstrip("0")
    out, zero = "", False
    for place, digit in zip(range(len(digits) - 1, -1, -1), digits, strict=True):
        if digit == "0":
            zero = True
        else:
            out += (
                (table[0] if zero else "")
                + table[int(digit)]
                + ("" if place % 4 == 0 else units[place % 4 - 1])
            )
            zero = False
        if place and place % 4 == 0:
            out += "万亿兆"[place // 4 - 1] if place // 4 <= 3 else ""
    return out


def show_number(value: Decimal, section: Section) -> str:
    """A number by one section; the sign is the caller's business."""
    tokens = section.tokens
    if section.has("general"):
        plain = general(value)
        shown = numerals(plain, section.dbnum, True) if section.dbnum else plain
        return "".join(
            shown if t.kind == "general" else t.text if t.kind == "literal" else "" for t in tokens
        )
    if not section.has("digit"):
        return "".join(t.text for t in tokens if t.kind in ("literal", "percent"))
    value = value * 100 ** sum(t.kind == "percent" for t in tokens)
    slash = next((i for i, t in enumerate(tokens) if t.kind == "literal" and t.text == "/"), None)
    if slash is not None and _parts_a_fraction(tokens, slash):
        return _fraction(value, tokens, slash)
    if section.has("exp"):
        return _exponent(value, tokens)
    shown = _fixed(value, tokens)
    return numerals(shown, section.dbnum, False) if section.dbnum else shown


def _fixed(value: Decimal, tokens: tuple[Token, ...]) -> str:
    kinds = [token.kind for token in tokens]
    last = max(i for i, kind in enumerate(kinds) if kind == "digit")
    first = kinds.index("digit")
    point = kinds.index("point") if "point" in kinds else len(tokens)
    scale = 0
    while last + 1 + scale < len(kinds) and kinds[last + 1 + scale] == "comma":
        scale += 1
    if point > last:  # commas before the point scale as well: ``0,.00``
        scale += sum(kind == "comma" for kind in kinds[last + 1 + scale : point])
    value = value.scaleb(-3 * scale)
    after = kinds[point + 1 :].count("digit")
    value = value.quantize(Decimal(1).scaleb(-after), ROUND_HALF_UP)
    whole, _, part = f"{value:f}".partition(".")
    grouped = "comma" in kinds[first : min(last, point)]
    head = _whole(whole.lstrip("0"), tokens[:point], grouped)
    return head + _part(part, tokens[point:])


def _whole(digits: str, tokens: tuple[Token, ...], grouped: bool) -> str:
    """The integer digits laid on their places from the right; those left over go to the first place."""
    out: list[str] = []
    places = sum(token.kind == "digit" for token in tokens)
    done = 0
    for token in reversed(tokens):
        if token.kind in ("literal", "percent"):
            out.append(token.text)
        if token.kind != "digit":
            continue
        places -= 1
        take = 1 if places else max(len(digits), 1)
        for _ in range(take):
            digit, digits = (digits[-1], digits[:-1]) if digits else (_filler(token.text), "")
            if grouped and digit.isdigit() and done and done % 3 == 0:
                out.append(",")
            out.append(digit)
            done += 1
    if not any(token.kind == "digit" for token in tokens) and digits:
        out.append(digits)
    return "".join(reversed(out)) if len(digits) < 2 or places == 0 else digits + "".join(reversed(out))


def _filler(place: str) -> str:
    return {"0": "0", "?": " "}.get(place, "")


def _part(digits: str, tokens: tuple[Token, ...]) -> str:
    """The decimals laid on their places from the left; ``#`` prints no closing zeros."""
    shown = len(digits.rstrip("0"))
    out, at = "", 0
    for token in tokens:
        if token.kind == "point":
            out += "."
        elif token.kind in ("literal", "percent"):
            out += token.text
        elif token.kind == "digit":
            digit = digits[at] if at < len(digits) else "0"
            out += digit if at < shown or token.text == "0" else _filler(token.text)
            at += 1
    return out


def _exponent(value: Decimal, tokens: tuple[Token, ...]) -> str:
    at = next(i for i, token in enumerate(tokens) if token.kind == "exp")
    before, after = tokens[:at], tokens[at + 1 :]
    point = next((i for i, token in enumerate(before) if token.kind == "point"), len(before))
    width = max(sum(token.kind == "digit" for token in before[:point]), 1)
    power = value.adjusted() if value else 0
    power -= power % width if width > 1 else 0
    decimals = sum(token.kind == "digit" for token in before[point:])
    scaled = value.scaleb(-power).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    if scaled >= Decimal(10) ** width:
        power += width
        scaled = scaled.scaleb(-width)
    sign = "-" if power < 0 else "+" if tokens[at].text.endswith("+") else ""
    digits = str(abs(power)).zfill(sum(token.kind == "digit" for token in after))
    tail = "".join(token.text for token in after if token.kind in ("literal", "percent"))
    return f"{_fixed(scaled, before)}E{sign}{digits}{tail}"


def _parts_a_fraction(tokens: tuple[Token, ...], slash: int) -> bool:
    """Whether a stroke stands between places of digits (or a fixed denominator): ``0"元"/"人"`` is no fraction."""
    after = next((t for t in tokens[slash + 1 :] if t.text.strip()), None)
    over = after is not None and (after.kind == "digit" or after.text.isdigit())
    return over and any(t.kind == "digit" for t in tokens[:slash])


def _fraction(value: Decimal, tokens: tuple[Token, ...], slash: int) -> str:
    digits = sum(token.kind == "digit" for token in tokens[slash + 1 :]) or 2
    fixed = "".join(token.text for token in tokens[slash + 1 :] if token.kind == "literal").strip()
    spaced = any(token.kind == "literal" and token.text == " " for token in tokens[:slash])
    exact = Fraction(value)
    if fixed.isdigit() and int(fixed):
        near = Fraction(round(exact * int(fixed)), 1)
        top, bottom = int(near), int(fixed)
    else:
        near = exact.limit_denominator(10 ** min(digits, 6) - 1)
        top, bottom = near.numerator, near.denominator
    whole = top // bottom if spaced else 0
    top -= whole * bottom
    parts = [str(whole)] if whole or not top else []
    parts += [f"{top}/{bottom}"] if top else []
    return " ".join(parts)
