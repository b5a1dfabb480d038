"""Writes rar archives (format 4, packing of version 2.9), for no free program does.

After the public description of the format: technote.txt of the rar program for the blocks, the
sources of free unpackers for the bit stream. Packed members hold literal bytes only, never a
repetition: larger than what they pack, and yet read by every unpacker.
"""

from __future__ import annotations

import struct
from zlib import crc32

_MARK = b"Rar!\x1a\x07\x00"
_ARCHIVE, _FILE, _END = 0x73, 0x74, 0x7B
_LONG, _UTF8, _LOCKED, _WINDOW = 0x8000, 0x0200, 0x0004, 0x0060
_STORED, _PACKED = 0x30, 0x33
_UNIX, _VERSION, _MODE, _TIME = 3, 29, 0o100644, 0x58210000
_END_OF_FILE = 256
# Code lengths of the main alphabet (299 symbols): 213 of 8 bits and 86 of 9 fill the code exactly.
_EIGHT, _NINE, _REST = 213, 86, 60 + 17 + 28


def rarred(members: dict[str, bytes], *, packed: bool = True, locked: bool = False) -> bytes:
    """A rar archive; ``locked`` only marks its members as encrypted."""
    blocks = [_MARK, _block(_ARCHIVE, 0, bytes(6))]
    for name, data in members.items():
        body = _literals(data) if packed else data
        title = name.encode()
        flags = _LONG | _UTF8 | _WINDOW | (_LOCKED if locked else 0)
        head = struct.pack("<IIBII", len(body), len(data), _UNIX, crc32(data), _TIME)
        head += struct.pack("<BBHI", _VERSION, _PACKED if packed else _STORED, len(title), _MODE)
        blocks += [_block(_FILE, flags, head + title), body]
    return b"".join((*blocks, _block(_END, 0x4000, b"")))


def _block(kind: int, flags: int, rest: bytes) -> bytes:
    body = struct.pack("<BHH", kind, flags, 7 + len(rest)) + rest
    return struct.pack("<H", crc32(body) & 0xFFFF) + body


def _literals(data: bytes) -> bytes:
    """A bit stream of one Huffman block: its tables, every byte as itself, and the end."""
    bits = ["00"]  # no PPM, new tables
    bits += [f"{2 if symbol in (8, 9, 17, 19) else 0:04b}" for symbol in range(20)]
    eight, nine, again, nothing = "00", "01", "10", "11"
    bits += [eight, again, f"{138 - 11:07b}", again, f"{_EIGHT - 139 - 11:07b}"]
    bits += [nine, again, f"{_NINE - 1 - 11:07b}", nothing, f"{_REST - 11:07b}"]
    bits += [_code(byte) for byte in data]
    bits += [_code(_END_OF_FILE), "00"]
    whole = "".join(bits)
    whole += "0" * (-len(whole) % 8)
    return int(whole, 2).to_bytes(len(whole) // 8, "big")


def _code(symbol: int) -> str:
    return f"{symbol:08b}" if symbol < _EIGHT else f"{2 * _EIGHT + symbol - _EIGHT:09b}"
