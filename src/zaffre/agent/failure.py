"""What the agent says when it could not do its part: a ``Cause`` value and the facts its sentence needs."""

from __future__ import annotations

INPUT_MISSING = "InputMissing"
INPUT_FAILED = "InputFailed"
OUTPUT_FAILED = "OutputFailed"
LAUNCH_FAILED = "LaunchFailed"
INTERNAL = "InternalError"


class Failure(Exception):
    """Ends the task with ``Exit.error`` and ``Exit.error_facts``."""

    def __init__(self, cause: str, **facts: str) -> None:
        super().__init__("%s %r" % (cause, facts))
        self.cause = cause
        self.facts = facts


class Interrupted(Exception):
    """A stop was asked for while the inputs were still being made ready."""


def words(error: Exception) -> str:
    """An error as a user reads it."""
    if isinstance(error, OSError) and error.strerror:
        return "%s: %s" % (error.filename, error.strerror) if error.filename else error.strerror
    return str(error) or type(error).__name__
