"""Puts the drawn forms (``tests/fixtures/families``) within reach."""

from __future__ import annotations

import sys
from pathlib import Path

DRAWN = Path(__file__).parents[2] / "fixtures" / "families"

if str(DRAWN) not in sys.path:
    sys.path.insert(0, str(DRAWN))
