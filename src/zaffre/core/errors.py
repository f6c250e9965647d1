"""Errors a user can act on: what was expected, what was found, what to do.

    ZaffreError
    ├── Invalid              400  ValidationError: one or more problems in a document or request
    ├── Unauthenticated      401  AuthenticationFailed
    │   └── WrongAudience    401  InvalidAuthenticationTokenAudience
    ├── Forbidden            403  AuthorizationFailed
    ├── NotFound             404  ResourceNotFound
    ├── WrongMethod          405  MethodNotAllowed
    ├── TooSlow              408  RequestTimeout
    ├── Conflict             409  ResourceConflict
    │   └── Overtaken        409  ResourceConflict
    ├── TooLarge             413  PayloadTooLarge
    ├── NotBuilt             501  NotImplemented
    ├── Unavailable          503  ServiceUnavailable
    └── NoSpace              507  InsufficientStorage

Each class carries its code (Azure Resource Manager's word) and its HTTP status; ``api.errors`` maps
them to answers once. A user's script failing is not an error here but a ``core.reasons.Reason``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong at one place, written the way a compiler writes it."""

    message: str
    field: str = ""
    """Dotted path inside the document, e.g. ``inputs.data.path``."""
    file: str = ""
    line: int = 0
    """1-based; 0 when the place is not known (a request body, a ``--set``)."""
    column: int = 0
    hint: str = ""

    def __str__(self) -> str:
        place = self.file
        if self.line:
            place = f"{place}:{self.line}:{self.column}" if place else f"line {self.line}:{self.column}"
        parts = [part for part in (place, self.field) if part]
        text = ": ".join([*parts, self.message])
        return f"{text}; {self.hint}" if self.hint else text


class ZaffreError(Exception):
    """The root; never raised itself."""

    code = "InternalError"
    status = 500

    def __init__(self, message: str, *, target: str = "", retry_after: float | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.target = target
        self.retry_after = retry_after


class Invalid(ZaffreError):
    """A document or request is wrong; ``problems`` says where, one entry a mistake."""

    code = "ValidationError"
    status = 400

    def __init__(self, problems: Sequence[Problem] | str, *, target: str = "") -> None:
        found = (Problem(problems),) if isinstance(problems, str) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in found), target=target)
        self.problems = found


class Unauthenticated(ZaffreError):
    """No credential, or one that is not ours or no longer valid."""

    code = "AuthenticationFailed"
    status = 401


class WrongAudience(Unauthenticated):
    """A token of ours, for another service than the one it was shown to."""

    code = "InvalidAuthenticationTokenAudience"


class Forbidden(ZaffreError):
    """A known caller without the permission the route declares."""

    code = "AuthorizationFailed"
    status = 403


class NotFound(ZaffreError):
    """Nothing of that name (or not visible to the caller)."""

    code = "ResourceNotFound"
    status = 404


class WrongMethod(ZaffreError):
    """A path that is there, asked in a way it does not answer; ``allowed`` are the ways it does."""

    code = "MethodNotAllowed"
    status = 405

    def __init__(self, message: str, *, allowed: Sequence[str] = (), target: str = "") -> None:
        super().__init__(message, target=target)
        self.allowed = tuple(allowed)


class TooSlow(ZaffreError):
    """A request that did not come on."""

    code = "RequestTimeout"
    status = 408


class Conflict(ZaffreError):
    """The name is taken by something else, or the state forbids the change."""

    code = "ResourceConflict"
    status = 409


class Overtaken(Conflict):
    """What was read has been changed by somebody else before it was written; reading it again helps."""


class TooLarge(ZaffreError):
    """A body, archive or document past its limit."""

    code = "PayloadTooLarge"
    status = 413


class NotBuilt(ZaffreError):
    """An operation of the platform that this version does not have, named precisely."""

    code = "NotImplemented"
    status = 501


class Unavailable(ZaffreError):
    """Something needed is down for the moment; ``retry_after`` says when to ask again."""

    code = "ServiceUnavailable"
    status = 503


class NoSpace(ZaffreError):
    """The disk that holds the state is full."""

    code = "InsufficientStorage"
    status = 507
