"""Who is asking: principals, the tokens that prove them, and what each may do."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from zaffre.api.audiences import Audience, Audiences
from zaffre.core.errors import Forbidden, Unauthenticated, WrongAudience
from zaffre.core.ports import Clock

_ALGORITHM = "EdDSA"
_LEEWAY_SECONDS = 5
_ISSUER = "zaffre:identity"
"""Marks the tokens that stand for somebody towards all services of an audience."""
NOWHERE: frozenset[Audience] = frozenset()
NOBODY = "00000000-0000-0000-0000-000000000000"
"""The tenant and object id of a home that belongs to no directory."""


class Permission(StrEnum):
    """What a route demands; every route declares exactly one."""

    READ = "read"
    """See resources, logs, artifacts and events."""
    WRITE = "write"
    """Create, change, cancel, archive."""
    DELETE = "delete"
    SECRETS = "secrets"
    """Read endpoint keys and stored credentials."""
    MANAGE = "manage"
    """Say who may do what and how much: people, tokens, quotas, the audit log; make workspaces, registries, computes."""
    TRACK = "track"
    """Speak MLflow's protocol; the tracking floor narrows it to runs."""
    OWN_RUN = "own-run"
    """Read the run that the token belongs to: users with READ, and the run itself."""
    DATA = "data"
    """Open files of datastores by their path; the route narrows what a job's token reaches."""
    IDENTITY = "identity"
    """Have a token made for one audience: whoever shows the secret for it. It opens nothing itself."""
    OPEN = "open"
    """Nobody in particular: the reviewed list of routes that answer without a credential."""


class Role(StrEnum):
    """What somebody is, from the least to the most."""

    READER = "reader"
    """Sees everything but secrets and changes nothing, as Azure's Reader."""
    CONTRIBUTOR = "contributor"
    """Works: jobs, assets, endpoints and their keys; as Azure's AzureML Data Scientist."""
    OWNER = "owner"
    """Everything, and says who is what; as Azure's Owner of a workspace."""


_EVERYTHING = frozenset(Permission)
_OF_A_READER = frozenset(
    {Permission.READ, Permission.OWN_RUN, Permission.TRACK, Permission.DATA, Permission.IDENTITY, Permission.OPEN}
)
"""Two of them also write; the gate lets a reader ask only what reads."""
_OF_ROLES = {
    Role.READER: _OF_A_READER,
    Role.CONTRIBUTOR: _EVERYTHING - {Permission.MANAGE},
    Role.OWNER: _EVERYTHING,
}
_MANAGED = frozenset({"workspace", "registry", "compute"})
"""Kinds that only an owner makes and removes."""
_NEEDS = {"GET": Permission.READ, "HEAD": Permission.READ, "DELETE": Permission.DELETE}
_OF_A_RUN = frozenset({Permission.TRACK, Permission.OWN_RUN, Permission.DATA})
_OF_AN_ACTING_RUN = _OF_A_RUN | {Permission.READ, Permission.WRITE}
TO_ASK = frozenset({Permission.IDENTITY})


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller that proved who it is."""

    subject: str
    """``user:owner`` or ``run:<name>``."""
    permissions: frozenset[Permission]
    workspace: str | None = None
    """The only workspace it may touch; None for all."""
    run: str | None = None
    """The run whose token this is."""
    acts: bool = False
    """A run that was given an identity: it sees and makes what whoever submitted it could, in its workspace."""
    role: Role | None = None
    """What somebody is; runs have none."""
    token: str = ""
    """The name of the personal token that was shown; empty for the token of the home."""

    @property
    def only_reads(self) -> bool:
        """Whether nothing may be changed, in whatever spelling."""
        return self.role is Role.READER

    def require(self, permission: Permission, workspace: str | None, run: str | None = None) -> None:
        """Refuse what this caller may not do; an omitted workspace is not a way around the check."""
        if permission not in self.permissions:
            raise Forbidden(
                f"{self.subject} may not do this: it needs the permission {permission.value!r}.{self._hint(permission)}"
            )
        if permission in TO_ASK:
            return
        if self.workspace is not None and workspace != self.workspace:
            raise Forbidden(f"{self.subject} belongs to workspace {self.workspace!r} and may not reach another.")
        if self.run is not None and not self.acts and permission is Permission.OWN_RUN and run != self.run:
            raise Forbidden(f"{self.subject} may read its own run only.")

    def _hint(self, permission: Permission) -> str:
        if self.role is not None:
            return (
                f" A {self.role.value} does not have it; an owner gives roles in Settings, or with zaffre person set."
            )
        if self.run is None or self.acts or permission not in _OF_AN_ACTING_RUN:
            return ""
        return " A job has it that is submitted with identity: {type: user_identity} or managed."


OWNER = Principal("user:owner", _EVERYTHING, role=Role.OWNER)


def person(name: str, role: Role, workspace: str | None, token: str) -> Principal:
    """Somebody who showed a personal token."""
    return Principal(f"user:{name}", _OF_ROLES[role], workspace=workspace, role=role, token=token)


def claimed(token: str) -> Principal:
    """Whoever a personal token stands for, who may do nothing until that was looked up."""
    return Principal("user:", frozenset(), token=token)


def needed(method: str, kind: str) -> Permission:
    """What it takes to do this to a resource of a kind."""
    if kind in _MANAGED and method not in ("GET", "HEAD"):
        return Permission.MANAGE
    return _NEEDS.get(method, Permission.WRITE)


class Tokens:
    """Makes and checks tokens: the owner's random one, and signed ones for runs and for the official Azure client."""

    _audiences = Audiences(())
    _secret_digest = b""

    def __init__(self, key: Ed25519PrivateKey, owner_token: str, audience: str, clock: Clock) -> None:
        self._key = key
        self._public = key.public_key()
        self._owner_digest = hashlib.sha256(owner_token.encode()).digest()
        self._audience = audience
        self._clock = clock

    def introduce(self, audiences: Audiences, secret: str) -> None:
        """Take tokens for these audiences, which whoever shows ``secret`` may have."""
        self._audiences = audiences
        self._secret_digest = hashlib.sha256(secret.encode()).digest()

    def identified(self, secret: str) -> Principal:
        """Who shows this secret; raises ``Unauthenticated`` where it is not the one of this home.

        A run's own lets it ask for its tokens, and do nothing else; whoever takes it asks whether the run is open.
        """
        if hmac.compare_digest(hashlib.sha256(secret.encode()).digest(), self._secret_digest):
            return OWNER
        if secret.count(".") == 2:
            claims = self._verified(secret)
            if claims["aud"] == self._asking and "run" in claims and "ws" in claims:
                found = _of_run(claims)
                return replace(found, permissions=TO_ASK)
        told = "The identity secret (IDENTITY_HEADER, or the client secret) is not this installation's"
        raise Unauthenticated(f"{told}; zaffre azure env sets it.")

    def for_run(self, run: str, workspace: str, seconds: float) -> str:
        """A token that reaches the run's own records only; whoever checks it also asks whether the run is still open."""
        return self._run_token({"run": run, "ws": workspace, "aud": self._audience}, seconds)

    def secret_of_run(self, run: str, workspace: str, seconds: float, *, acts: bool) -> str:
        """What a run shows at the identity endpoint; a run that ``acts`` gets tokens for more than its own records."""
        return self._run_token({"run": run, "ws": workspace, "acts": acts, "aud": self._asking}, seconds)

    def sign(self, subject: str, audience: str, seconds: float) -> str:
        """A token for somebody else's ears: an endpoint's router checks it with the public key."""
        now = self._clock.now()
        claims = {"sub": subject, "aud": audience, "iat": int(now), "exp": int(now + seconds)}
        return jwt.encode(claims, self._key, algorithm=_ALGORITHM)

    def for_audience(self, audience: str, seconds: float, who: Principal = OWNER) -> tuple[str, int]:
        """The token of ``who`` for the services of ``audience``, as an Azure client reads it; and when it ends."""
        now = int(self._clock.now())
        until = now + int(seconds)
        claims = {
            "iss": _ISSUER,
            "sub": who.subject,
            "aud": audience,
            "iat": now,
            "nbf": now,
            "exp": until,
            "tid": NOBODY,
            "oid": NOBODY,
            "name": "owner",
            "upn": "owner@localhost",
            "ver": "1.0",
        }
        if who.token:
            said = who.subject.partition(":")[2]
            claims |= {"name": said, "upn": f"{said}@localhost", "token": who.token, "role": who.role}
            claims |= {"ws": who.workspace} if who.workspace else {}
        if who.run is not None:
            claims |= {"name": who.run, "run": who.run, "ws": who.workspace, "acts": who.acts}
        return jwt.encode(claims, self._key, algorithm=_ALGORITHM), until

    def check(self, token: str, wanted: frozenset[Audience] = NOWHERE) -> Principal:
        """The principal behind ``token``; raises ``Unauthenticated`` for anything that is not exactly ours.

        ``wanted`` are the audiences of which an Azure client's token is taken.
        """
        if hmac.compare_digest(hashlib.sha256(token.encode()).digest(), self._owner_digest):
            return OWNER
        claims = self._verified(token)
        if claims.get("iss") == _ISSUER:
            return self._heard(claims, wanted)
        if claims["aud"] != self._audience:
            raise Unauthenticated(_FOREIGN)
        if "run" not in claims or "ws" not in claims:
            raise Unauthenticated("The token names no run.")
        return _of_run(claims)

    def _heard(self, claims: dict[str, Any], wanted: frozenset[Audience]) -> Principal:
        said = str(claims["aud"])
        if self._audiences.named(said) not in wanted:
            raise WrongAudience(f"The token is for {said!r}, which is not what was asked.")
        if "run" in claims and "ws" in claims:
            return _of_run(claims)
        if claims.get("token"):
            return claimed(str(claims["token"]))
        if claims["sub"] != OWNER.subject:
            raise Unauthenticated(_FOREIGN)
        return OWNER

    @property
    def _asking(self) -> str:
        """The audience of a run's secret, which is none of a bearer token."""
        return f"{self._audience}:identity"

    def _run_token(self, claims: dict[str, Any], seconds: float) -> str:
        now = self._clock.now()
        times = {"iat": int(now), "exp": int(now + seconds)}
        return jwt.encode({"sub": f"run:{claims['run']}", **claims, **times}, self._key, algorithm=_ALGORITHM)

    def _verified(self, token: str) -> dict[str, Any]:
        """What a token says that we signed and whose time has not passed."""
        try:
            claims = jwt.decode(
                token,
                self._public,
                algorithms=[_ALGORITHM],
                # Whom it is for is looked at afterwards; the library reads the machine's clock, and we are given ours.
                options={
                    "require": ["exp", "sub", "aud"],
                    "verify_aud": False,
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except jwt.PyJWTError as error:
            raise Unauthenticated(_FOREIGN) from error
        if not isinstance(claims["exp"], (int, float)) or claims["exp"] + _LEEWAY_SECONDS < self._clock.now():
            raise Unauthenticated("The token has expired.")
        return claims


def _of_run(claims: dict[str, Any]) -> Principal:
    acts = claims.get("acts") is True
    may = _OF_AN_ACTING_RUN if acts else _OF_A_RUN
    return Principal(str(claims["sub"]), may, workspace=str(claims["ws"]), run=str(claims["run"]), acts=acts)


_FOREIGN = "The token is not one of this installation's. zaffre status shows where its own is."
