"""The reference file of header fields, ``reference/fields.yaml``."""

from __future__ import annotations

from normalizers.reference import Reference, load_yaml


class _Nature(Reference):
    id: str
    name: str
    printed: tuple[str, ...]
    seen: str


class _Period(Reference):
    open: frozenset[str]
    whole_year: frozenset[str]
    joiners: str
    filler: tuple[str, ...]


class FieldFile(Reference):
    """Model of ``fields.yaml``."""

    natures: tuple[_Nature, ...]
    ticked: str
    unticked: str
    period: _Period


FIELDS = load_yaml("fields.yaml", FieldFile)
