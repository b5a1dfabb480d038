"""What a doubt suggests instead: the reading an issue's sentence names, the figure a finding worked out.

The sentences of issues are those of ``pipeline/issues.yaml``, so the place of ``{suggestion}`` in them is
known; findings carry theirs among the numbers compared.
"""

from __future__ import annotations

import json
import re
from functools import cache
from string import Formatter

from pipeline.issues import registry
from pipeline.review.archive import Doubt

_NONE = frozenset({"", "?", "（未记录）"})


@cache
def _pattern(code: str) -> re.Pattern[str] | None:
    found = registry().get(code)
    if found is None or "{suggestion}" not in found.zh:
        return None
    parts, seen = [], set[str]()
    for text, name, _, _ in Formatter().parse(found.zh):
        parts.append(re.escape(text))
        if name:
            parts.append(f"(?P<{name}>.*?)" if name not in seen else ".*?")
            seen.add(name)
    return re.compile("".join(parts) + "$", re.DOTALL)


def suggestion(doubt: Doubt) -> str:
    """The text a doubt suggests instead of what was read; empty where it suggests none.

    >>> said = "单元格读作“292%”，疑为误读（sign），可能为“≥92%”；未作改动。"
    >>> suggestion(Doubt("i", "issue", "likely_misread", "warning", said, "f", (), (), {}))
    '≥92%'
    """
    if doubt.kind == "finding":
        numbers = json.loads(doubt.row.get("numbers") or "{}")
        said = str(numbers.get("suggested", "")) if isinstance(numbers, dict) else ""
    else:
        pattern = _pattern(doubt.code)
        match = pattern.search(doubt.message) if pattern else None
        said = match["suggestion"] if match else ""
    return "" if said in _NONE else said
