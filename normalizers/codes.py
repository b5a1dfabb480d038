"""Codes before or behind the name of a unit or project (219001-某局, [105]教育部)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from normalizers.reference import Reference, load_yaml


class NameFile(Reference):
    """Model of ``names.yaml``."""

    levels: tuple[str, ...]
    never_code_before: tuple[str, ...]
    project_code_length: int


NAMES = load_yaml("names.yaml", NameFile)


@dataclass(frozen=True, slots=True)
class CodedName:
    """A unit's name and its printed code, if any; both untouched but for the mark between them."""

    raw: str
    code: str | None
    name: str


_LEADING = re.compile(
    r"(?:[\[【(〔](?P<boxed>[0-9][0-9A-Z]{2,24})[\]】)〕]|(?P<plain>[0-9][0-9A-Z]{2,24})(?P<mark>\s*[-—_:：、]\s*|\s+)"
    r"|(?P<long>[0-9]{6,24}))(?P<name>\D.*)"
)
_TRAILING = re.compile(
    r"(?P<name>.*?[^\d\s\[【(〔\-—_])\s*(?:[\[【(〔](?P<boxed>[0-9][0-9A-Z]{2,24})[\]】)〕]|[-—_\s]*(?P<plain>[0-9]{3,24}))"
)


def split_code(text: str) -> CodedName:
    """Code and name of a 主管部门及代码 or 实施单位 cell.

    Example:
        >>> split_code("[105]教育部").code, split_code("219001-某局").name, split_code("某局 051001").code
        ('105', '某局', '051001')
        >>> split_code("110指挥中心").code is None, split_code("[219]人民检察院").code
        (True, '219')
    """
    clean = re.sub(r"\s+", " ", text).strip()
    plain = clean.translate(_WIDE)
    for pattern in (_LEADING, _TRAILING):
        found = pattern.fullmatch(plain)
        if found is None:
            continue
        groups = found.groupdict()
        code = groups["boxed"] or groups["plain"] or groups.get("long")
        sure = (
            groups["boxed"] or len(code or "") >= NAMES.project_code_length
        )  # 51152324Y000008800002-日常公用经费
        if sure or not found["name"].lstrip().startswith(NAMES.never_code_before):
            return CodedName(text, code, clean[found.start("name") : found.end("name")].strip())
    return CodedName(text, None, clean)


def project_code(text: str) -> str | None:
    """The number of the budget platform printed before a project's name, else None.

    Example:
        >>> project_code("51000021R000000019951-工资性支出"), project_code("2023-乡村振兴项目") is None
        ('51000021R000000019951', True)
    """
    code = split_code(text).code
    return code if code is not None and len(code) >= NAMES.project_code_length else None


_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
