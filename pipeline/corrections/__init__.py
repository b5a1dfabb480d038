"""Decisions of people about what was read, kept as YAML under ``data/review`` and never forgotten by a re-run.

``types`` says what a decision is, ``ledger`` keeps them, ``seen`` says what a person saw of a slot,
``locate`` finds the form and row a decision is about, ``apply`` turns those that still hold into
records and the others into ``stale``, ``orphaned`` or ``conflict``.
"""

from __future__ import annotations

from pipeline.corrections.ledger import Conflict, Ledger
from pipeline.corrections.types import Correction, Decision, Kind, Seen, Target

__all__ = ["Conflict", "Correction", "Decision", "Kind", "Ledger", "Seen", "Target"]
