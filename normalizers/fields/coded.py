"""Coded header fields: 项目属性, and units with a code before or behind their name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from normalizers.fields.model import FIELDS
from normalizers.text import fold


@dataclass(frozen=True, slots=True)
class Nature:
    """A 项目属性 with its code (None where it is unknown or the boxes do not decide) and the reason."""

    raw: str
    code: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class CodedName:
    """A unit's name and its printed code, if any; both untouched but for the mark between them."""

    raw: str
    code: str | None
    name: str


@lru_cache(maxsize=1)
def _natures() -> dict[str, str]:
    return {_bare(text): nature.id for nature in FIELDS.natures for text in nature.printed}


def _bare(text: str) -> str:
    return fold(text).replace(" ", "").replace("(", "").replace(")", "").strip("。;,:")


_BOXES = f"{FIELDS.ticked}{FIELDS.unticked}"
_BOX_BEFORE = re.compile(rf"(?P<box>[{_BOXES}])(?P<words>[^{_BOXES}]*)")
_BOX_BEHIND = re.compile(rf"(?P<words>[^{_BOXES}]*)(?P<box>[{_BOXES}])")


def project_nature(text: str) -> Nature:
    """The code of a 项目属性 cell; tick boxes are honoured, an unknown wording gives no code.

    Example:
        >>> project_nature("延续性项目").code, project_nature("□新增项目 ☑延续项目").code
        ('continuing', 'continuing')
        >>> project_nature("其他项目").code is None
        True
    """
    layout = _BOX_BEHIND if text.rstrip()[-1:] and text.rstrip()[-1] in _BOXES else _BOX_BEFORE
    boxes = list(layout.finditer(text))
    if boxes:
        taken = [_bare(found["words"]) for found in boxes if found["box"] in FIELDS.ticked]
        if len(taken) != 1:
            return Nature(text, None, f"{len(taken)} boxes are ticked")
        printed = taken[0]
    else:
        printed = _bare(text)
    if not printed:
        return Nature(text, None, "nothing is printed")
    code = _natures().get(printed)
    return Nature(text, code, f"{printed} is a known wording" if code else f"{printed} is no known nature")


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
        >>> split_code("110指挥中心").code is None
        True
    """
    clean = re.sub(r"\s+", " ", text).strip()
    plain = clean.translate(_WIDE)
    for pattern in (_LEADING, _TRAILING):
        found = pattern.fullmatch(plain)
        if found and not found["name"].lstrip().startswith(FIELDS.names.never_code_before):
            groups = found.groupdict()
            code = groups["boxed"] or groups["plain"] or groups.get("long")
            return CodedName(text, code, clean[found.start("name") : found.end("name")].strip())
    return CodedName(text, None, clean)


_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
