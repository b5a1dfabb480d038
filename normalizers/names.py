"""Names of organisations and projects, folded for comparison only; published names stay as printed."""

from __future__ import annotations

import re

from normalizers.codes import NAMES, split_code
from normalizers.text import fold

_MARKS = re.compile(r"[\s()\[\]《》“”\"'‘’「」〔〕【】·,，、。.:：;；\-—_]+")
_LEVELS = "|".join(sorted(map(re.escape, NAMES.levels), key=len, reverse=True))
_LEVEL_END = re.compile(
    rf"(?<=.)(?:\((?:{_LEVELS})\)|(?:{'|'.join(w for w in NAMES.levels if '本级' in w)}))$"
)
_YEAR_HEAD = re.compile(r"^(?:19|20)\d\d(?:-(?:19|20)\d\d)?年?度?(?=\D)")
_PROJECT_END = re.compile(r"(?<=.{3})项目$")


def fold_organisation(text: str) -> str:
    """An organisation's name for comparison: no code, no brackets or spaces, no 本级 at its end.

    What a bracket says is kept (办公室(信访局) is not 办公室), unless it only says 本级 or 机关.

    >>> fold_organisation("原州区人民政府办公室（本级）") == fold_organisation("219001-原州区人民政府办公室本级")
    True
    """
    name = fold(split_code(text).name).replace(" ", "")
    cut = _LEVEL_END.sub("", name)
    return _MARKS.sub("", cut).lower()


def fold_project(text: str, *, drop_year: bool = True) -> str:
    """A project's name for comparison: no code, marks or closing 项目; no year at its head unless kept.

    >>> fold_project("2024年“四好农村路”建设项目") == fold_project("四好农村路建设")
    True
    """
    name = fold(split_code(text).name).replace(" ", "")
    if drop_year:
        name = _YEAR_HEAD.sub("", name) or name
    name = _MARKS.sub("", name)
    return _PROJECT_END.sub("", name).lower()
