"""Bytes to text: mark, strict UTF-8, strict GB18030, fewest losses, then chardet."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.sniff import wide_codec


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the codec that gave it, and how many places could not be decoded (U+FFFD)."""

    text: str
    encoding: str
    replaced: int = 0


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Decode a text file; never fails."""
    wide = wide_codec(data[:65536])
    for codec in (wide, "utf-8-sig", "gb18030"):
        if codec is None:
            continue
        try:
            return Decoded(data.decode(codec), codec)
        except UnicodeDecodeError:
            continue
    text = data.decode("utf-8", errors="replace")
    return Decoded(text, "utf-8", text.count("\ufffd"))
