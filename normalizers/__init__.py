"""Floor 1: text in, meaning out. Knows no files.

The public names: :func:`fold`, :func:`parse_value`, :func:`match_label`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from normalizers.text import fold

if TYPE_CHECKING:
    from normalizers.labels import match_label as match_label
    from normalizers.values import parse_value as parse_value

__all__ = ["fold", "match_label", "parse_value"]


def __getattr__(name: str) -> Any:
    """Look the heavier readers up on first use, so that importing the package stays cheap."""
    if name == "parse_value":
        from normalizers.values import parse_value

        return parse_value
    if name == "match_label":
        from normalizers.labels import match_label

        return match_label
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
