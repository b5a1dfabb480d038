"""Reference data: YAML files that people write, validated when they are loaded.

The files lie in ``normalizers/reference/``. A pydantic model (extra keys forbidden) belongs to
each; the module that uses a file owns its model. Nothing here knows what the files mean.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

M = TypeVar("M", bound=BaseModel)

_FOLDER = Path(__file__).with_name("reference")


class ReferenceFileError(ValueError):
    """A reference file is missing, is no YAML, or breaks its model; the message names the file."""


class Reference(BaseModel):
    """Base of all models of reference files: unknown keys are refused, instances are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _path(name: str) -> Path:
    path = (_FOLDER / name).resolve()
    if not path.is_relative_to(_FOLDER.resolve()):
        raise ReferenceFileError(f"{name}: lies outside the reference folder")
    return path


@lru_cache(maxsize=64)
def _bytes(name: str) -> bytes:
    try:
        return _path(name).read_bytes()
    except OSError as error:
        raise ReferenceFileError(f"{name}: cannot be read ({error.strerror})") from error


def load_yaml(name: str, model: type[M]) -> M:
    """Read ``normalizers/reference/<name>`` and validate it as ``model``.

    Args:
        name: path below the reference folder, e.g. ``units.yaml`` or ``taxonomy/2015.yaml``.
        model: pydantic model of the whole file.

    Raises:
        ReferenceFileError: the file is missing, is no YAML or breaks the model.

    Example:
        >>> class Words(Reference):
        ...     ordinals: list[str]
        >>> load_yaml("nothing.yaml", Words)
        Traceback (most recent call last):
        normalizers.reference.ReferenceFileError: nothing.yaml: cannot be read (No such file or directory)
    """
    try:
        data = parsed(_bytes(name))
    except yaml.YAMLError as error:
        raise ReferenceFileError(f"{name}: no valid YAML: {error}") from error
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise ReferenceFileError(f"{name}: {error}") from error


def parsed(text: str | bytes) -> Any:
    """What a YAML text holds; read in C where that is there, some ten times as fast as in Python.

    >>> parsed("{千米: km}")
    {'千米': 'km'}
    """
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(text, Loader=loader)  # noqa: S506 - a safe loader


def names(folder: str = "") -> tuple[str, ...]:
    """Names of the YAML files below ``folder``, sorted, as :func:`load_yaml` takes them."""
    root = _path(folder)
    return tuple(sorted(str(p.relative_to(_FOLDER.resolve())) for p in root.glob("*.yaml")))


def digest(name: str) -> str:
    """sha256 (hex) of one reference file: part of the key under which results are stored.

    Raises:
        ReferenceFileError: the file is missing.
    """
    return hashlib.sha256(_bytes(name)).hexdigest()
