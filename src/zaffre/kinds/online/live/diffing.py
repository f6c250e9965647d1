"""What submitting a document would change, told before anything does."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from zaffre.api.auth import Permission
from zaffre.api.operations import Operations, Target
from zaffre.api.route import Call, Route, reply
from zaffre.core.asset import spec_hash
from zaffre.core.draft import Draft
from zaffre.core.errors import Invalid, NotFound
from zaffre.core.registry import Kind, kinds
from zaffre.core.resource import Key, Resource
from zaffre.core.status import Provisioning
from zaffre.kinds.online import rules
from zaffre.kinds.online.parts import changes
from zaffre.store import Store, Tx, resources

_ENDPOINT = "/api/v1/workspaces/{ws}/online-endpoints/{name}"
LOCAL = "local: "
"""How a client marks a path whose content the server does not have yet."""


class Differences:
    """The routes that compare; nothing is written."""

    def __init__(self, store: Store, operations: Operations) -> None:
        self._store = store
        self._operations = operations

    def routes(self) -> list[Route]:
        """The native routes."""
        told = "Show what a document would change"
        inside = _ENDPOINT + "/deployments/{deployment}/diff"
        return [
            Route("POST", _ENDPOINT + "/diff", Permission.READ, self._endpoint, told, tag="online-endpoint"),
            Route("POST", inside, Permission.READ, self._deployment, told, tag="online-deployment"),
        ]

    async def _endpoint(self, call: Call) -> Response:
        return await self._compared(call, kinds()[rules.ENDPOINT], call.path("name"), "")

    async def _deployment(self, call: Call) -> Response:
        return await self._compared(call, kinds()[rules.DEPLOYMENT], call.path("deployment"), call.path("name"))

    async def _compared(self, call: Call, kind: Kind, name: str, parent: str) -> Response:
        spec = kind.model().from_yaml(await call.object())
        target = Target(kind, call.path("ws").lower(), name, parent)

        def compare(tx: Tx) -> dict[str, Any]:
            if parent and resources.get(tx, Key(target.workspace, rules.ENDPOINT, parent)) is None:
                raise NotFound(f"There is no endpoint {parent!r}; create it first.", target=parent)
            found = resources.get(tx, target.key)
            told = changes.between(found.spec if found is not None else {}, spec.to_stored())
            same = found is not None and found.spec_hash == spec_hash(spec.to_stored())
            failed = found is not None and found.state.get("provisioning_state") == Provisioning.FAILED.value
            answer: dict[str, Any] = {"exists": found is not None, "changes": [] if same else told}
            if same and not failed:
                return answer | {"effect": "nothing: it is as the document says"}
            return answer | self._effect(tx, target, Draft(target.key, spec, found, call.actor, tx.now))

        return reply(await self._store.read(compare))

    def _effect(self, tx: Tx, target: Target, draft: Draft) -> dict[str, Any]:
        """What follows, in words; what would be refused is told with its reasons."""
        local = changes.marked(draft.spec.to_stored(), LOCAL)
        if local:
            return {
                "effect": f"uploaded first: {', '.join(local)}; then new replicas, beside the old until they are ready"
            }
        try:
            prepared = self._operations.prepare(tx, target, draft)
        except Invalid as refused:
            return {"effect": "refused", "problems": [str(problem) for problem in refused.problems]}
        if target.kind.name == rules.ENDPOINT:
            return {"effect": _of_endpoint(draft.existing, prepared.state)}
        return {"effect": _of_deployment(draft.existing, prepared.state)}


def _of_endpoint(found: Resource | None, state: dict[str, Any]) -> str:
    if found is None:
        return "the endpoint is made"
    shift = state.get("rollout")
    moves = shift is not None and shift["status"] == "InProgress"
    return "traffic moves in steps, watched by the guardrails" if moves else "at once"


def _of_deployment(found: Resource | None, state: dict[str, Any]) -> str:
    if found is None:
        return "the deployment is made; it gets no traffic by itself"
    new, old = rules.wish_in(state), rules.wish_in(found.state)
    if old is None or new is None or new.generation != old.generation:
        return "new replicas start beside the old ones, and take over when all are ready (in steps under guardrails)"
    return "another number of replicas" if new.count != old.count else "at once, with the replicas that run"
