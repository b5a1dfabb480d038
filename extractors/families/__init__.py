"""Families: what each layout of the form calls its fields, columns and amounts, as YAML."""

from __future__ import annotations

from extractors.families.family import Family, FamilyFileError, FamilyMatch, choose_family, load_family

__all__ = ["Family", "FamilyFileError", "FamilyMatch", "choose_family", "load_family"]
