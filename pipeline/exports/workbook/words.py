"""The workbook's own words, Chinese and English, from ``words.yaml``."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter


class Word(BaseModel):
    """One word in both languages."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    zh: str
    en: str


@lru_cache(maxsize=1)
def words() -> dict[str, Word]:
    """All words by name. Raises pydantic's ValidationError when the file is not as it should be.

    >>> words()["cover"].zh
    '目录'
    """
    text = resources.files("pipeline.exports.workbook").joinpath("words.yaml").read_text(encoding="utf-8")
    return TypeAdapter(dict[str, Word]).validate_python(yaml.safe_load(text))
