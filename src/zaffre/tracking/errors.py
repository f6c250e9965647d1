"""The one error MLflow's clients understand: a code, a message, and the status the code stands for."""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    """MLflow's error codes, as far as this floor gives them."""

    INVALID = "INVALID_PARAMETER_VALUE"
    MISSING = "RESOURCE_DOES_NOT_EXIST"
    EXISTS = "RESOURCE_ALREADY_EXISTS"
    STATE = "INVALID_STATE"
    DENIED = "PERMISSION_DENIED"
    BAD_REQUEST = "BAD_REQUEST"
    UNKNOWN_ROUTE = "ENDPOINT_NOT_FOUND"
    INTERNAL = "INTERNAL_ERROR"
    NOT_BUILT = "NOT_IMPLEMENTED"
    BUSY = "TEMPORARILY_UNAVAILABLE"


_STATUS = {
    Code.INVALID: 400,
    Code.MISSING: 404,
    Code.EXISTS: 400,
    Code.STATE: 500,
    Code.DENIED: 403,
    Code.BAD_REQUEST: 400,
    Code.UNKNOWN_ROUTE: 404,
    Code.INTERNAL: 500,
    Code.NOT_BUILT: 501,
    Code.BUSY: 503,
}


class Refusal(Exception):
    """Answered as ``{"error_code": …, "message": …}`` with the status of its code."""

    def __init__(self, message: str, code: Code = Code.INVALID) -> None:
        super().__init__(message)
        self.message = message
        self.code = code

    @property
    def status(self) -> int:
        """The HTTP status that MLflow gives this code."""
        return _STATUS[self.code]

    def to_json(self) -> dict[str, str]:
        """The answer's body."""
        return {"error_code": self.code.value, "message": self.message}


def missing(message: str) -> Refusal:
    """The refusal for something that is not there (or not in this workspace)."""
    return Refusal(message, Code.MISSING)


def denied(message: str) -> Refusal:
    """The refusal for something that is there, and not for this caller."""
    return Refusal(message, Code.DENIED)
