"""Coded header fields: 项目属性."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from normalizers.fields.model import FIELDS
from normalizers.text import fold, simplified, strip_ordinal


@dataclass(frozen=True, slots=True)
class Nature:
    """A 项目属性 with its code (None where it is unknown or the boxes do not decide) and the reason."""

    raw: str
    code: str | None
    reason: str


@lru_cache(maxsize=1)
def _natures() -> dict[str, str]:
    return {_bare(text): nature.id for nature in FIELDS.natures for text in nature.printed}


def _bare(text: str) -> str:
    return simplified(fold(text)).replace(" ", "").replace("(", "").replace(")", "").strip("。;,:")


_BOXES = f"{FIELDS.ticked}{FIELDS.unticked}"
_BOX_BEFORE = re.compile(rf"(?P<box>[{_BOXES}])(?P<words>[^{_BOXES}]*)")
_BOX_BEHIND = re.compile(rf"(?P<words>[^{_BOXES}]*)(?P<box>[{_BOXES}])")


def project_nature(text: str) -> Nature:
    """The code of a 项目属性 cell; tick boxes are honoured, an unknown wording gives no code.

    Example:
        >>> project_nature("延续性项目").code, project_nature("□新增项目 ☑延续项目").code
        ('continuing', 'continuing')
        >>> project_nature("1、持续性项目 ☑   2、新增性项目 □").code
        'recurring'
        >>> project_nature("其他项目").code is None
        True
    """
    layout = _BOX_BEHIND if text.rstrip()[-1:] and text.rstrip()[-1] in _BOXES else _BOX_BEFORE
    boxes = list(layout.finditer(text))
    if boxes:
        taken = [_bare(found["words"]) for found in boxes if found["box"] in FIELDS.ticked]
        if len(taken) != 1:
            return Nature(text, None, f"{len(taken)} boxes are ticked")
        printed = _bare(strip_ordinal(taken[0])[1])
    else:
        printed = _bare(text)
    if not printed:
        return Nature(text, None, "nothing is printed")
    code = _natures().get(printed)
    return Nature(text, code, f"{printed} is a known wording" if code else f"{printed} is no known nature")
