"""Logs for operators: one JSON object a line, with ids as fields, never a secret."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import IO

_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """Newlines inside a message are escaped, so one line is one record."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        told = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **{key: value for key, value in record.__dict__.items() if key not in _STANDARD},
        }
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return json.dumps(told, default=str)


def configure(stream: IO[str]) -> None:
    """Log to ``stream`` from now on."""
    target = logging.StreamHandler(stream)
    target.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[target], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)
