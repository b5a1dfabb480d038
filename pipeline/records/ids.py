"""Stable ids: digests of what a thing is and where it stands, never of when or by what it was read."""

from __future__ import annotations

from hashlib import blake2b


def _digest(*parts: object) -> str:
    return blake2b("|".join(str(p) for p in parts).encode(), digest_size=8).hexdigest()


def form_id(document_id: str, form_no: int) -> str:
    """The id of a form: 16 hex digits from its document and its place there.

    >>> form_id("ab" * 32, 0) != form_id("ab" * 32, 1)
    True
    """
    return _digest("form", document_id, form_no)


def indicator_id(form: str, row_no: int) -> str:
    """The id of an indicator: 16 hex digits from its form and row."""
    return _digest("indicator", form, row_no)


def issue_id(code: str, *subject: object) -> str:
    """The id of an issue: 16 hex digits from its code and all that it is about."""
    return _digest("issue", code, *subject)


def finding_id(rule: str, *evidence: object) -> str:
    """The id of a finding: 16 hex digits from its rule and evidence."""
    return _digest("finding", rule, *evidence)
