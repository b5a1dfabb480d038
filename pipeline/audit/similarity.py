"""How alike two texts are, from sketches of a few bytes: bottom-k minhash over character shingles.

A text is reduced to its letters, digits and Chinese characters; every run of ``width`` characters
is a shingle, every shingle a 32-bit hash; the ``size`` smallest hashes are the sketch. Two sketches
estimate the share of shingles two texts have in common, exactly so for texts of up to ``size``
shingles. Characters, not words: no dictionary to load, and a wrong character costs two shingles
instead of a whole different cut into words.
"""

from __future__ import annotations

import re
from array import array
from functools import lru_cache
from hashlib import blake2b
from zlib import crc32

from normalizers import fold

_SIGNS = re.compile(r"[\W_]+")
_MIX, _MASK = 0x9E3779B1, 0xFFFFFFFF


def skeleton(text: str) -> str:
    """A text without signs and spaces, folded.

    >>> skeleton("领导满意、接待对象满意。") == skeleton("领导满意，接待对象满意")
    True
    """
    return _SIGNS.sub("", fold(text)).lower()


def key(*texts: str) -> int:
    """A 64-bit key of exact texts."""
    return int.from_bytes(blake2b("\x1f".join(texts).encode(), digest_size=8).digest(), "big")


def sketch(bare: str, *, size: int, width: int = 2) -> bytes:
    """The sketch of a skeleton: at most ``size`` sorted 32-bit hashes."""
    hashes = {
        crc32(bare[i : i + width].encode()) * _MIX & _MASK for i in range(max(1, len(bare) - width + 1))
    }
    return array("I", sorted(hashes)[:size]).tobytes()


def hashes(packed: bytes) -> list[int]:
    """The hashes of a sketch, smallest first."""
    values = array("I")
    values.frombytes(packed)
    return values.tolist()


def resemblance(one: bytes, other: bytes, *, size: int) -> float:
    """Estimated share of common shingles among all shingles of two texts, 0…1.

    >>> a, b = (sketch(t, size=64) for t in ("全面推进基层政务公开标准化", "全面推进基层政务公开规范化"))
    >>> round(resemblance(a, b, size=64), 2), resemblance(a, a, size=64)
    (0.6, 1.0)
    """
    first, second = _set(one), _set(other)
    shared = first & second
    if not shared:
        return 0.0
    whole = first | second
    if len(whole) <= size:
        return len(shared) / len(whole)
    lowest = sorted(whole)[:size]
    return sum(h in shared for h in lowest) / size


@lru_cache(maxsize=8192)
def _set(packed: bytes) -> frozenset[int]:
    return frozenset(hashes(packed))
