"""Decisions as YAML text and back. Everything is text here: 20, no and 2023-11-22 are never guessed to be more.

Of YAML only what such a file needs is read: lists, mappings, scalars; an unquoted ``null`` is
nothing. Anchors, repeated keys and unknown keys are refused with file and line.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from pipeline.corrections.types import Correction, plain
from pipeline.settings import SettingsError

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


# Line breaks that YAML folds inside simple quotes, so that they would come back as another character.
_FOLDED = frozenset("\r\x85\u2028\u2029")


class _Dumper(yaml.SafeDumper):
    """Writes text so that it comes back as it was."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = '"' if _FOLDED.intersection(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


class LedgerError(SettingsError):
    """A file of corrections that cannot be read as such; the message names file and line."""


def parsed(file: Path) -> tuple[Correction, ...]:
    """The decisions in a file, in its order. Raises LedgerError."""
    try:
        text = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = file.read_bytes()[: error.start].count(b"\n") + 1
        raise LedgerError(f"{file}: line {line}: is no UTF-8") from error
    return read(text, str(file))


def read(text: str, name: str) -> tuple[Correction, ...]:
    r"""The decisions in a text; ``name`` is what errors call it. Raises LedgerError.

    >>> read("- who: 王\n  who: 李", "a.yaml")
    Traceback (most recent call last):
    pipeline.corrections.text.LedgerError: a.yaml: line 2: who stands twice
    """
    try:
        root = _root(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else "somewhere"
        why = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise LedgerError(f"{name}: {where}: is no YAML ({why})") from error
    except RecursionError:
        raise LedgerError(f"{name}: line 1: is nested too deeply") from None
    if root is None:
        return ()
    if not isinstance(root, yaml.SequenceNode):
        raise LedgerError(f"{name}: line {_line(root)}: is no list of corrections")
    return tuple(_correction(node, name) for node in root.value)


def _root(text: str) -> Any:
    loader = _LOADER(text)
    try:
        return loader.get_single_node()
    finally:
        loader.dispose()


def _correction(node: Any, name: str) -> Correction:
    try:
        return Correction.model_validate(_value(node, name, set()))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        said = ": ".join(part for part in (place, first["msg"].removeprefix("Value error, ")) if part)
        raise LedgerError(f"{name}: line {_line(node)}: {said}") from error


def _line(node: Any) -> int:
    line: int = node.start_mark.line + 1
    return line


def _value(node: Any, name: str, seen: set[int]) -> Any:
    if id(node) in seen:
        raise LedgerError(f"{name}: line {_line(node)}: an alias (*) has no place here")
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        return None if node.tag == "tag:yaml.org,2002:null" else node.value
    if isinstance(node, yaml.SequenceNode):
        return [_value(one, name, seen) for one in node.value]
    found: dict[str, Any] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.value in found:
            said = f"{key.value} stands twice" if isinstance(key, yaml.ScalarNode) else "no plain key"
            raise LedgerError(f"{name}: line {_line(key)}: {said}")
        found[key.value] = _value(value, name, seen)
    return found


def dumped(found: Sequence[Correction]) -> str:
    """The text of a file that holds these decisions, read back once to be sure it holds just them.

    Raises LedgerError where YAML cannot hold them: a fault of ours, found before anything is written.
    """
    text = "\n".join(_block(one) for one in found)
    if read(text, "what was to be saved") != tuple(found):
        raise LedgerError("the corrections do not survive being written as YAML; nothing was saved")
    return text


def _block(one: Correction) -> str:
    made: str = yaml.dump([plain(one)], Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
    return made
