"""The registry of issue codes: severity, stage, English title and the Chinese sentence of each.

The registry is ``issues.yaml``. A code that is not in it is a fault of ours and stops the run.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache
from pathlib import Path
from string import Formatter

import yaml
from pydantic import BaseModel, ConfigDict, field_validator

REGISTRY = Path(__file__).with_name("issues.yaml")


class UnknownIssueError(LookupError):
    """An issue code that nobody registered: our fault, never the document's."""


class Severity(StrEnum):
    """How much an issue or finding weighs."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class IssueCode(BaseModel):
    """One registered code. ``partial`` marks codes after which a document counts as read in part.

    ``unread`` marks those after which whole pages were not read: a document without a form may hold one.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    severity: Severity
    stage: str
    title: str
    zh: str
    partial: bool = False
    unread: bool = False

    @field_validator("code")
    @classmethod
    def _is_a_name(cls, value: str) -> str:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", value):
            raise ValueError(f"{value}: a code is written in lower case with underscores")
        return value

    @field_validator("zh")
    @classmethod
    def _is_a_sentence(cls, value: str) -> str:
        if not value.endswith("。"):
            raise ValueError(f"{value}: a sentence ends with 。")
        return value

    def sentence(self, data: dict[str, str]) -> str:
        """The Chinese sentence with its blanks filled; what the finder did not record stays visible.

        >>> code = registry()["damaged_bytes"]
        >>> code.sentence({"count": "3", "encoding": "gb18030"})
        '按 gb18030 解码时有 3 处字节损坏，已用替换符标出。'
        """
        blanks = {name for _, name, _, _ in Formatter().parse(self.zh) if name}
        return self.zh.format_map({name: data.get(name, "（未记录）") for name in blanks})


class _Registry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    codes: list[IssueCode]


@cache
def registry() -> dict[str, IssueCode]:
    """Every registered code by name. Raises ValueError when the registry is inconsistent."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data = yaml.load(REGISTRY.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe loader
    codes = _Registry.model_validate(data).codes
    found = {code.code: code for code in codes}
    if len(found) != len(codes):
        twice = {c.code for c in codes if [d.code for d in codes].count(c.code) > 1}
        raise ValueError(f"issues.yaml: registered twice: {', '.join(sorted(twice))}")
    return found


def issue_code(code: str) -> IssueCode:
    """The registered code. Raises UnknownIssueError.

    >>> issue_code("year_conflict").severity.value
    'warning'
    """
    try:
        return registry()[code]
    except KeyError:
        raise UnknownIssueError(f"issue code {code!r} is not registered in pipeline/issues.yaml") from None
