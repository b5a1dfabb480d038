"""What a doubt suggests instead: the reading an issue carries, the figure a finding worked out."""

from __future__ import annotations

import json

from pipeline.review.archive import Doubt


def suggestion(doubt: Doubt) -> str:
    """The text a doubt suggests instead of what was read; empty where it suggests none.

    Issues have it in their column ``suggestion`` (null, or no such column in a publish of an earlier
    version: none), findings among the numbers compared.

    >>> suggestion(Doubt("i", "issue", "likely_misread", "warning", "…", "f", (), (), {"suggestion": "≥92%"}))
    '≥92%'
    """
    if doubt.kind == "issue":
        return str(doubt.row.get("suggestion") or "").strip()
    numbers = json.loads(doubt.row.get("numbers") or "{}")
    return str(numbers.get("suggested") or "").strip() if isinstance(numbers, dict) else ""
