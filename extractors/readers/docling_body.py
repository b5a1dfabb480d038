"""The items of a DoclingDocument in reading order: references followed once, runs of one line joined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from extractors.records import number_of, text_of

_DEPTH = 64
Item = dict[str, Any]


def items_of(root: Item) -> Iterator[Item]:
    """The texts and tables of a document: its body, and what older versions keep apart as furniture of the pages.

    >>> texts = [{"text": "题", "prov": [{"page_no": 1}]}, {"text": "附件2", "prov": [{"page_no": 1}]}]
    >>> body, furniture = ({"children": [{"$ref": f"#/texts/{n}"}]} for n in (0, 1))
    >>> [item["text"] for item in items_of({"texts": texts, "body": body, "furniture": furniture})]
    ['附件2', '题']
    """
    seen: set[str] = set()
    body = list(_below(root, root.get("body"), seen, 0))
    apart = list(_below(root, root.get("furniture"), seen, 0))
    heads = [item for item in apart if item.get("label") != "page_footer"]
    for item in body:
        page = _page(item)
        while heads and page is not None and (_page(heads[0]) or 0) <= page:
            yield heads.pop(0)
        yield item
    yield from heads
    yield from (item for item in apart if item.get("label") == "page_footer")


def _page(item: Item) -> float | None:
    prov = item.get("prov")
    return (
        number_of(prov[0].get("page_no"))
        if isinstance(prov, list) and prov and isinstance(prov[0], dict)
        else None
    )


def _below(root: Item, node: Any, seen: set[str], depth: int) -> Iterator[Item]:
    """The items that the children of a node point to, each once, with their own children after them."""
    for item in _children(root, node, seen, depth):
        # A caption stands over its table, though it is listed among what is below.
        yield from _linked(root, item.get("captions"), seen)
        if item.get("label") == "inline":
            yield _one_line(item, _below(root, item, seen, depth + 1))
            continue
        yield _with_marker(item)
        inner = _below(root, item, seen, depth + 1)
        yield from _not_said(item, inner) if isinstance(item.get("data"), dict) else inner


def _children(root: Item, node: Any, seen: set[str], depth: int) -> Iterator[Item]:
    if isinstance(node, dict) and depth <= _DEPTH:
        yield from _linked(root, node.get("children"), seen)


def _linked(root: Item, references: Any, seen: set[str]) -> Iterator[Item]:
    for reference in references if isinstance(references, list) else ():
        pointer = reference.get("$ref") if isinstance(reference, dict) else None
        if isinstance(pointer, str) and pointer not in seen:
            seen.add(pointer)
            found = _resolve(root, pointer)
            if found is not None:
                yield found


def _resolve(root: Item, pointer: str) -> Item | None:
    parts = pointer.removeprefix("#/").split("/")
    found: Any = root.get(parts[0])
    if len(parts) == 2 and isinstance(found, list) and parts[1].isdecimal() and int(parts[1]) < len(found):
        found = found[int(parts[1])]
    return found if isinstance(found, dict) else None


def _not_said(table: Item, inner: Iterable[Item]) -> Iterator[Item]:
    """What stands in a table's cells beyond their texts: the cells of a document say their contents twice."""
    cells = table["data"].get("table_cells")
    texts = [text_of(c.get("text")) for c in cells if isinstance(c, dict)] if isinstance(cells, list) else []
    lines = {_bare(line) for text in texts for line in (text, *text.split("\n"))} | {""}
    whole = "\n".join(map(_bare, texts))
    for item in inner:
        said = _bare(item.get("text"))
        if isinstance(item.get("data"), dict) or (said not in lines and said not in whole):
            yield item


def _bare(value: Any) -> str:
    return "".join(text_of(value).split())


def _one_line(group: Item, inner: Iterable[Item]) -> Item:
    """A line whose runs of different type are items of their own, as one item again."""
    items = list(inner)
    line = ""
    for text in (text_of(item.get("text")).strip() for item in items):
        apart = line and text and line[-1].isascii() and text[0].isascii()
        line += f" {text}" if apart else text
    return {
        "text": line,
        "prov": next((item["prov"] for item in items if item.get("prov")), group.get("prov")),
    }


def _with_marker(item: Item) -> Item:
    """A list item with the number printed before it (a mere dot is left out)."""
    marker, text = text_of(item.get("marker")).strip(), text_of(item.get("text"))
    if (
        item.get("enumerated") is True
        and text
        and any(c.isalnum() for c in marker)
        and not text.startswith(marker)
    ):
        return {**item, "text": f"{marker} {text}"}
    return item
