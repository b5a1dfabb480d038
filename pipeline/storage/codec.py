"""Stage results as bytes and back: msgpack that keeps the dataclass type.

Rows of tables go straight through msgspec. What the extractors produce holds cells **or** text
blocks in one place, a union msgspec cannot tell apart, and holds the same cell in many places; so
cells and blocks go into two lists and the tree around them refers to them by number. A cell that
was one object before is one object afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from operator import attrgetter
from typing import Any, Generic, TypeVar, get_type_hints

import msgspec

from extractors import grid
from extractors.grid import Cell, TextBlock
from extractors.layout import forms

T = TypeVar("T")

# Positions in this list are written into the store: a change here changes the code digest of the
# stages that use it, so nothing old is ever read with a new list.
_TAGGED: tuple[type, ...] = tuple(
    sorted(
        {
            value
            for module in (grid, forms)
            for value in vars(module).values()
            if is_dataclass(value) and isinstance(value, type) and value not in (Cell, TextBlock)
        },
        key=lambda cls: cls.__name__,
    )
)
_TAG = {cls: number for number, cls in enumerate(_TAGGED)}
_FIELDS: dict[type, Callable[[Any], Any]] = {
    cls: attrgetter(*(f.name for f in fields(cls))) for cls in _TAGGED
}
_PLAIN = frozenset({type(None), str, int, float, bool})
_PLAIN_HINTS = frozenset(_PLAIN | {kind | None for kind in (str, int, float, bool)})
# Of each class the places, its number at 0, of the fields that may hold more than a plain value.
_NESTED: dict[type, tuple[int, ...]] = {
    cls: tuple(at for at, f in enumerate(fields(cls), 1) if get_type_hints(cls)[f.name] not in _PLAIN_HINTS)
    for cls in _TAGGED
}
_TUPLE, _CELL, _BLOCK = -1, -2, -3


class CodecError(TypeError):
    """A value of a type the store does not know: a fault of ours."""


@dataclass(slots=True)
class _Wire:
    cells: list[Cell]
    blocks: list[TextBlock]
    tree: Any


def encode_tree(value: object) -> bytes:
    """The bytes of a Document, a Reading or anything else made of the extractors' types."""
    cells: list[Cell] = []
    blocks: list[TextBlock] = []
    known: dict[int, list[int]] = {}

    def flat(node: Any) -> Any:
        cls = type(node)
        if cls in _PLAIN:
            return node
        if cls is Cell or cls is TextBlock:
            found = known.get(id(node))
            if found is None:
                tag, places = (_CELL, cells) if cls is Cell else (_BLOCK, blocks)
                found = known[id(node)] = [tag, len(places)]
                places.append(node)
            return found
        if cls is tuple:
            return [_TUPLE, *[item if type(item) in _PLAIN else flat(item) for item in node]]
        if cls is dict:
            return {key: item if type(item) in _PLAIN else flat(item) for key, item in node.items()}
        if cls in _TAG:
            row = [_TAG[cls], *_FIELDS[cls](node)]
            for at in _NESTED[cls]:
                if type(row[at]) not in _PLAIN:
                    row[at] = flat(row[at])
            return row
        raise CodecError(f"{cls.__name__} cannot be stored")

    tree = flat(value)
    return msgspec.msgpack.encode(_Wire(cells, blocks, tree))


def decode_tree(blob: bytes) -> Any:
    """The value that :func:`encode_tree` was given.

    >>> from extractors.grid import Document, Locator
    >>> line = TextBlock("b1", "2023年度", Locator(line=1))
    >>> document = Document("d1", "text/plain", "text_dump/1", (line,))
    >>> decode_tree(encode_tree(document)) == document
    True
    """
    wire = _decoder(_Wire).decode(blob)
    cells, blocks = wire.cells, wire.blocks

    def build(node: Any) -> Any:
        if type(node) is dict:
            return {key: item if type(item) in _PLAIN else build(item) for key, item in node.items()}
        if type(node) is not list:
            return node
        tag = node[0]
        if tag == _CELL:
            return cells[node[1]]
        if tag == _BLOCK:
            return blocks[node[1]]
        if tag == _TUPLE:
            return tuple([item if type(item) in _PLAIN else build(item) for item in node[1:]])
        return _TAGGED[tag](*[item if type(item) in _PLAIN else build(item) for item in node[1:]])

    return build(wire.tree)


@cache
def _decoder(kind: Any) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(kind)


@dataclass(frozen=True, slots=True)
class Codec(Generic[T]):
    """How one stage's results become bytes and come back."""

    encode: Callable[[T], bytes]
    decode: Callable[[bytes], T]


TREES: Codec[Any] = Codec(encode_tree, decode_tree)


def rows_of(kind: Any) -> Codec[Any]:
    """The codec of a type that msgspec knows by itself: row dataclasses, Decimal, date, tuples.

    >>> from decimal import Decimal
    >>> codec = rows_of(tuple[Decimal, ...])
    >>> codec.decode(codec.encode((Decimal("28800.00"),)))
    (Decimal('28800.00'),)
    """
    return Codec(msgspec.msgpack.encode, lambda blob: _decoder(kind).decode(blob))
