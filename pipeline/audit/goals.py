"""When the same goal on two forms means something: short goals are alike by nature, unless figures stand in them."""

from __future__ import annotations

import re

from pipeline.audit.limits import limits

_LIMITS = limits("copied_goal")
LONG, _SHORT = int(_LIMITS.number("least_characters")), int(_LIMITS.number("least_exact"))
_FIGURES = int(_LIMITS.number("least_figures"))
# Of two digits and more: 目标1, 2项 are in every goal; years are no figures.
_FIGURE = re.compile(r"(?<!\d)(?!(?:19|20)\d\d年)\d{2,}")


def telling(bare: str) -> bool:
    """Is a goal's skeleton long enough, or full enough of figures, that the same text was copied?

    >>> telling("保障机关正常运转"), telling("制作新闻节目317期发布短视频1011条扩大主流舆论影响力")
    (False, True)
    """
    if len(bare) >= LONG:
        return True
    return len(bare) >= _SHORT and len(set(_FIGURE.findall(bare))) >= _FIGURES
