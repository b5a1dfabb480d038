"""Bytes to text: byte order mark, strict UTF-8, strict GB18030, fewest losses, chardet last.

GB18030 accepts almost any pair of high bytes, so "decodes without error" proves little: the text
must also look Chinese. It does when most of its characters are among those in common use: the
3,755 of GB 2312 level 1 (rows 16–55), or the 5,401 of Big5 level 1 (A440–C67E) for Big5.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import cache

import chardet

from extractors.sniff import wide_codec

_SAMPLE = 65_536
_LIKELY = 0.7  # share of common characters above which a reading is believed without comparing
# Marks, full-width forms and signs of government tables: common in every Chinese encoding.
_MARKS = frozenset(
    map(chr, (*range(0x3000, 0x3020), *range(0xFF01, 0xFF5F), *range(0x2460, 0x2474)))
) | frozenset("≥≤±×÷℃％‰—…“”‘’·★☆●○■□√")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with line ends as LF, the codec that gave it, and how much of it is damaged.

    ``replaced`` counts the places that could not be decoded and the NUL bytes (both U+FFFD now);
    ``lost`` the U+FFFD that already stood in the file, left there by whoever wrote it.
    """

    text: str
    encoding: str
    replaced: int = 0
    lost: int = 0


@dataclass(frozen=True, slots=True)
class _Trial:
    codec: str
    losses: int
    common: float
    chars: int  # above ASCII


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Decode a text file; never fails. ``declared`` is what the file says of itself (HTML ``charset``).

    >>> decode("≥95%的项目".encode("gb18030")).encoding
    'gb18030'
    """
    tail = 0
    if data.endswith(b"\x00\x00\x00\x00"):  # a file cut off and padded by the disk or the download
        tail = len(data) - len(data := data.rstrip(b"\x00"))
    codec = _pick(data, _known(declared))
    try:
        text, bad = data.decode(codec), 0
        lost = text.count("\ufffd")
    except UnicodeDecodeError:
        text, lost = data.decode(codec, errors="replace"), 0
        bad = text.count("\ufffd")
    if "\x00" in text:
        bad += text.count("\x00")
        text = text.replace("\x00", "\ufffd")
    bad += tail
    if "\ufeff" in text:  # files put one after the other, each with its mark
        text = text.replace("\n\ufeff", "\n")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return Decoded(text.removeprefix("\ufeff"), codec.removesuffix("-sig"), bad, lost)


def _known(name: str | None) -> str | None:
    """A declared charset as a codec; GB 2312 and GBK are read as their superset (WHATWG does too)."""
    if not name:
        return None
    try:
        codec = codecs.lookup(name.strip()).name
        "".encode(codec)  # refuses codecs that are no text encodings (rot13, zlib)
    except (LookupError, ValueError, TypeError):
        return None
    return {"gb2312": "gb18030", "gbk": "gb18030", "hz": "hz", "big5": "cp950"}.get(codec, codec)


def _pick(data: bytes, declared: str | None) -> str:
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    wide = wide_codec(data[:_SAMPLE])
    if wide is not None:
        return wide
    if _strict(data, "utf-8"):
        return "utf-8"
    sample = _sample(data)
    told = _try(sample, declared) if declared and declared != "utf-8" else None
    # Any bytes are Latin-1, and most pairs of them GB 18030: a declaration must be borne out by the text.
    if told and told.losses == 0 and (told.common >= _LIKELY or not told.chars):
        return told.codec
    trials = [_try(sample, codec) for codec in ("utf-8", "gb18030", "cp950")]
    return _best(sample, trials, told.codec if told and told.losses == 0 else "")


def _best(sample: bytes, trials: list[_Trial], declared: str) -> str:
    """Few losses first (one place in fifty is damage, more is the wrong codec), then common characters."""
    high = max(1, len(sample) - len(sample.translate(None, _HIGH)))
    sound = [t for t in trials if t.losses * 50 <= high or t.losses <= 4]
    utf8 = trials[0]
    if utf8.chars > 2 * utf8.losses and utf8.common >= 0.5:
        return utf8.codec  # UTF-8 proves itself by its form: damaged UTF-8 is still UTF-8
    # A character too few losses more must not decide: losses weigh against the share of common ones.
    ranked = sorted(sound, key=lambda t: -t.common + 10 * t.losses / high)
    if ranked and ranked[0].common >= _LIKELY:
        return ranked[0].codec
    if declared:
        return declared
    guess = chardet.detect(sample).get("encoding")
    known = _known(guess if isinstance(guess, str) else None)
    if known and known not in {"ascii", "utf-8"} and _try(sample, known).losses == 0:
        return known
    return min(trials, key=lambda t: (t.losses, -t.common)).codec


_HIGH = bytes(range(128, 256))
_ABOVE = re.compile(rb"[\x80-\xff]")
_AHEAD = 64  # bytes of ASCII before the first that decides


def _sample(data: bytes) -> bytes:
    """The part of the bytes that decides: from the first byte above ASCII on, bounded."""
    if len(data) <= _SAMPLE:
        return data
    first = _ABOVE.search(data)
    start = max(0, first.start() - _AHEAD) if first else 0
    part = data[start : start + _SAMPLE]
    if start + _SAMPLE >= len(data):
        return part
    end = max(part.rfind(b"\n"), part.rfind(b">")) + 1  # no character is cut there
    return part if part[:end].isascii() else part[:end]


def _strict(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _try(sample: bytes, codec: str) -> _Trial:
    text = sample.decode(codec, errors="replace")
    high = [c for c in text if c > "\x7f" and c != "\ufffd"]
    common = _big5_common() if codec == "cp950" else _gb_common()
    share = sum(1 for c in high if c in common) / len(high) if high else 0.0
    return _Trial(codec, text.count("\ufffd"), share, len(high))


@cache
def _gb_common() -> frozenset[str]:
    pairs = bytes(b for lead in range(0xB0, 0xD8) for trail in range(0xA1, 0xFF) for b in (lead, trail))
    return frozenset(pairs.decode("gb2312", errors="ignore")) | _MARKS


@cache
def _big5_common() -> frozenset[str]:
    trails = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    pairs = bytes(b for lead in range(0xA4, 0xC7) for trail in trails for b in (lead, trail))
    return frozenset(pairs.decode("cp950", errors="ignore")) | _MARKS
