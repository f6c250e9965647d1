"""What one asks about environments: what it is made of, how two differ, its lock; and to try a failed one again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.responses import Response

from zaffre.api.auth import Permission
from zaffre.api.route import Call, Route, reply
from zaffre.assets.environment import reconcile
from zaffre.assets.environment.parts import difference
from zaffre.assets.environment.parts.resolve import resolve
from zaffre.assets.environment.parts.wanted import Wanted, unbuildable
from zaffre.core.draft import Lookup
from zaffre.core.errors import Conflict, Invalid, Problem
from zaffre.core.plain import is_dict
from zaffre.core.ports import BuildPhase, BuildState, EnvironmentBuilder
from zaffre.core.registry import kinds
from zaffre.core.resource import absent
from zaffre.store import Store, Tx, runs
from zaffre.store.runs import RunQuery

_ROOT = "/api/v1/workspaces/{ws}/environments:"
_WAYS = "name (with version or label, and registry), job, environment or fingerprint"
_LOOKED_AT = 200
"""Runs among which those that use an environment are found."""


class Actions:
    """Routes beside those every kind has; each names environments in its body."""

    def __init__(self, store: Store, builder: EnvironmentBuilder, lookup: Callable[[Tx], Lookup]) -> None:
        self._store = store
        self._builder = builder
        self._lookup = lookup

    def routes(self) -> list[Route]:
        """All are questions but ``lock``, which builds what is not built yet, and ``forget``."""
        read, write, tag = Permission.READ, Permission.WRITE, "environment"
        return [
            Route("POST", _ROOT + "inspect", read, self._inspect, "Show what an environment is made of", tag=tag),
            Route("POST", _ROOT + "diff", read, self._diff, "Compare two environments by package", tag=tag),
            Route(
                "POST", _ROOT + "lock", write, self._lock, "Show the lock of an environment, built if need be", tag=tag
            ),
            Route("POST", _ROOT + "forget", write, self._forget, "Let a failed environment be tried again", tag=tag),
        ]

    async def _inspect(self, call: Call) -> Response:
        workspace, body = call.path("ws").lower(), await call.object()
        try:
            wanted = await self._wanted(workspace, body)
        except Invalid as error:
            return reply({"phase": "cannot_build", "message": error.message})
        state = self._builder.look(wanted.fingerprint)
        build = await self._store.read(lambda tx: reconcile.last_build(tx, wanted.fingerprint))
        told = {**_told(wanted, state), **await self._made(wanted), **({"build": build} if build else {})}
        return reply({**told, "used_by": await self._users(workspace, wanted)})

    async def _diff(self, call: Call) -> Response:
        workspace, body = call.path("ws").lower(), await call.object()
        sides: list[Wanted] = []
        for side in ("left", "right"):
            if not is_dict(body.get(side)):
                raise Invalid([Problem(f"expected an environment, by {_WAYS}", field=side)])
            sides.append(await self._wanted(workspace, body[side]))
        found = [await asyncio.to_thread(self._builder.details, side.fingerprint) for side in sides]
        for side, details in zip(sides, found, strict=True):
            if details is None:
                hint = "zaffre environment lock builds it, as does the first job"
                raise Conflict(f"Environment {side.name} is not built on this machine yet: {hint}.", target=side.name)
        left, right = (details for details in found if details is not None)
        return reply({"left": sides[0].name, "right": sides[1].name, **difference.between(left, right)})

    async def _lock(self, call: Call) -> Response:
        wanted = await self._wanted(call.path("ws").lower(), await call.object())
        state = self._builder.look(wanted.fingerprint)
        told = _told(wanted, state)
        if state.phase is BuildPhase.MISSING:
            told["build"] = await self._store.write(lambda tx: reconcile.ask(tx, wanted))
            return reply(told, 202)
        details = await asyncio.to_thread(self._builder.details, wanted.fingerprint)
        version = await asyncio.to_thread(_python_version, state)
        return reply({**told, "python_version": version, "lock": details.lock if details is not None else ""})

    async def _forget(self, call: Call) -> Response:
        body = await call.object()
        fingerprint = str(body.get("fingerprint") or "")
        if not fingerprint:
            fingerprint = (await self._wanted(call.path("ws").lower(), body)).fingerprint
        if not fingerprint.isalnum():
            raise Invalid([Problem(f"expected letters and digits, found {fingerprint!r}", field="fingerprint")])
        before = self._builder.look(fingerprint)
        await asyncio.to_thread(self._builder.forget, fingerprint)
        return reply({"fingerprint": fingerprint, "forgotten": before.phase is BuildPhase.FAILED})

    async def _made(self, wanted: Wanted) -> dict[str, Any]:
        details = await asyncio.to_thread(self._builder.details, wanted.fingerprint)
        if details is None:
            return {}
        return {"size": details.size, "packages": difference.listed(details)}

    async def _wanted(self, workspace: str, body: dict[str, Any]) -> Wanted:
        return await self._store.read(lambda tx: _resolved(tx, self._lookup(tx), workspace, body))

    async def _users(self, workspace: str, wanted: Wanted) -> list[str]:
        """The latest jobs that run in it."""
        found = await self._store.read(lambda tx: runs.list(tx, RunQuery(workspace, top=_LOOKED_AT)))
        return [run.name for run in found if _fingerprint(run.facts.get("environment")) == wanted.fingerprint]


def _resolved(tx: Tx, lookup: Lookup, workspace: str, body: dict[str, Any]) -> Wanted:
    if body.get("job"):
        return _of_job(tx, workspace, str(body["job"]))
    found = resolve(workspace, _subject(body), lookup)
    try:
        return Wanted(lookup.fingerprint(found.definition), found.reference, found.definition)
    except Invalid as error:
        raise unbuildable(error) from error


def _of_job(tx: Tx, workspace: str, name: str) -> Wanted:
    run = runs.get(tx, name)
    if run is None or run.workspace != workspace or not is_dict(run.facts.get("environment")):
        raise absent("job", name, workspace)
    return Wanted.from_json(run.facts["environment"])


def _subject(body: dict[str, Any]) -> Any:
    """A reference, or a model of what is written out."""
    given = body.get("environment")
    if is_dict(given):
        return kinds()["environment"].model().from_yaml({"name": "inline", **given})
    if isinstance(given, str):
        return given
    name = str(body.get("name") or "")
    if not name:
        raise Invalid([Problem(f"expected an environment, by {_WAYS}, found none of them", field="name")])
    version, label, registry = (str(body.get(key) or "") for key in ("version", "label", "registry"))
    if registry:
        end = f"/versions/{version}" if version else f"/labels/{label or 'latest'}"
        return f"azureml://registries/{registry}/environments/{name}{end}"
    return f"azureml:{name}:{version}" if version else f"azureml:{name}@{label or 'latest'}"


def _told(wanted: Wanted, state: BuildState) -> dict[str, Any]:
    told: dict[str, Any] = {"environment": wanted.name, "fingerprint": wanted.fingerprint, "phase": state.phase.value}
    if state.message:
        told["message"] = state.message
    interpreter = state.interpreter
    if interpreter is not None:
        told |= {"python": interpreter.python, "folder": interpreter.prefix, "notes": list(interpreter.notes)}
        told["made_as"] = "image" if interpreter.enter else "python"
    return told


def _python_version(state: BuildState) -> str:
    """``3.11``, as the environment's own folders say; empty where it is an image."""
    folder = Path(state.interpreter.prefix) / "lib" if state.interpreter is not None else Path()
    found = sorted(one.name.removeprefix("python") for one in folder.glob("python3.*"))
    return found[-1] if found else ""


def _fingerprint(stored: Any) -> str:
    return str(stored.get("fingerprint", "")) if is_dict(stored) else ""
