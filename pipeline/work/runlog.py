"""The log of a run: what the stages say, one JSON object a line."""

from __future__ import annotations

import json
import logging
from pathlib import Path

LOG = "run.log"
"""Its name in the work folder."""


class _Lines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        found = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "pid": record.process,
            "message": record.getMessage(),
        }
        if record.exc_info:
            found["trace"] = self.formatException(record.exc_info)
        return json.dumps(found, ensure_ascii=False)


def log_to(path: Path) -> logging.Handler:
    """Send what the stages log to a file, as JSON lines; whole lines, whoever else writes there."""
    handler = logging.FileHandler(path, encoding="utf-8", delay=True)
    return logged(handler)


def logged(handler: logging.Handler) -> logging.Handler:
    """Send what the stages log to a handler, and nowhere else."""
    handler.setFormatter(_Lines())
    logger = logging.getLogger("jixiao")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    return handler
