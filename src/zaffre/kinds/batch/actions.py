"""Invoke and list-jobs of batch endpoints: our own routes, the scoring address of Azure's clients, the lists they ask for."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from zaffre.api.arm import Verb, verb
from zaffre.api.auth import Permission
from zaffre.api.native import LONGEST_KEY, document, page_of, repeated
from zaffre.api.operations import Operations, Page, Repeat, Target, View
from zaffre.api.route import Call, Route, reply
from zaffre.core import names
from zaffre.core.asset import spec_hash
from zaffre.core.errors import Conflict, Invalid, NotFound, Problem
from zaffre.core.plain import mapping_of
from zaffre.core.refs import PROVIDER, Scope
from zaffre.core.registry import kinds
from zaffre.core.resource import Key, absent
from zaffre.kinds.batch import rules
from zaffre.kinds.batch.parts import requests
from zaffre.kinds.batch.parts.invocation import DEPLOYMENT, ENDPOINT
from zaffre.kinds.batch.spec import Invocation
from zaffre.store import Store, Tx, repeats, resources

_ROOT = "/api/v1/workspaces/{ws}/batch-endpoints/{name}"
_SCORING = "/batch/{ws}/{name}/jobs"
"""Where callers of an endpoint post to; its ``scoring_uri``."""
_ARM = "/resourceGroups/{group}/providers/Microsoft.MachineLearningServices/workspaces/{ws}/batchEndpoints/{name}"
_TYPE = f"{PROVIDER}/workspaces/batchEndpoints/jobs"
_REPEATED = "repeatability_request-id"
_NAMED = "azureml-model-deployment"
_MOST = 1000


@dataclass(frozen=True, slots=True)
class _Asked:
    """An invocation under way."""

    endpoint: Key
    what: Invocation
    actor: str
    repeat: Repeat | None
    forgiving: bool = False
    """A deployment that the endpoint does not have is its default: Azure's client sends along what it once asked another."""


class Actions:
    """Routes beside those every kind has."""

    def __init__(self, store: Store, operations: Operations) -> None:
        self._store = store
        self._operations = operations
        self._jobs = kinds()["job"]

    def routes(self) -> list[Route]:
        """Our own, and the scoring address."""
        read, write, tag = Permission.READ, Permission.WRITE, "batch-endpoint"
        jobs, below = _ROOT + "/jobs", _ROOT + "/deployments/{deployment}/jobs"
        return [
            Route("POST", jobs, write, self._invoke, "Invoke a batch endpoint", body=lambda: Invocation, tag=tag,
                  answer="Resource", success=201),
            Route("GET", jobs, read, self._list, "List the jobs of a batch endpoint", tag=tag, answer="ResourceList"),
            Route("GET", below, read, self._list, "List the jobs of a batch deployment", tag="batch-deployment",
                  answer="ResourceList"),
            Route("POST", _SCORING, write, self._score, "Invoke a batch endpoint as Azure's clients do", tag=tag),
            Route("GET", _SCORING, read, self._list_azure, "List a batch endpoint's jobs as Azure's clients do", tag=tag),
            Route("GET", _SCORING + "/{job}", read, self._show_azure, "Show a job of a batch endpoint", tag=tag),
        ]  # fmt: skip

    def arm_verbs(self) -> list[Verb]:
        """The lists that the official client asks its management front for."""
        read = Permission.READ
        return [
            verb("GET", _ARM + "/jobs", self._list_azure, read),
            verb("GET", _ARM + "/deployments/{deployment}/jobs", self._list_azure, read),
        ]

    async def _invoke(self, call: Call) -> Response:
        body = await call.object()
        what = Invocation.from_yaml(body)
        name = await self._submitted(_Asked(_key(call), what, call.actor, repeated(call, body)))
        view = await self._operations.get(Target(self._jobs, call.path("ws").lower(), name))
        return reply(document(view, self._jobs), 201)

    async def _score(self, call: Call) -> Response:
        body = await call.object()
        said = requests.read(body)
        if named := call.request.headers.get(_NAMED):
            said["deployment_name"] = named
        what = Invocation.from_yaml(said)
        name = await self._submitted(_Asked(_key(call), what, call.actor, _repeat(call, body), forgiving=True))
        return reply(_shown(call, await self._operations.get(Target(self._jobs, call.path("ws").lower(), name))))

    async def _submitted(self, asked: _Asked) -> str:
        try:
            return await self._store.write(lambda tx: self._write(tx, asked))
        except Invalid as error:
            raise rules.told_of_invocation(error) from error

    def _write(self, tx: Tx, asked: _Asked) -> str:
        """The job, submitted in this transaction; the same request again is answered with the same job."""
        repeat = asked.repeat
        before = repeats.recall(tx, repeat.scope, repeat.key, repeat.asked) if repeat is not None else None
        if before is not None:
            return str(before["name"])
        endpoint = resources.get(tx, asked.endpoint)
        if endpoint is None:
            raise absent(asked.endpoint.kind, asked.endpoint.name, asked.endpoint.workspace)
        name = asked.what.job_name or f"batchjob-{secrets.token_hex(8)}"
        if wrong := names.problem("job", name):
            raise Invalid([Problem(wrong, "job_name")])
        lookup = self._operations.lookup(tx)
        what = asked.what
        if asked.forgiving and what.deployment_name and not rules.has(endpoint, what.deployment_name, lookup):
            what = what.model_copy(update={"deployment_name": None})
        made = rules.job_of(endpoint, what, name, lookup)
        target = Target(self._jobs, asked.endpoint.workspace, name)
        self._require_new(tx, target, asked.endpoint)
        self._operations.write_within(tx, target, self._jobs.model().from_yaml(made), asked.actor)
        if repeat is not None:
            repeats.remember(tx, repeat.scope, repeat.key, repeat.asked, {"name": name})
        return name

    def _require_new(self, tx: Tx, target: Target, endpoint: Key) -> None:
        found = resources.get(tx, target.key)
        if found is not None and mapping_of(found.spec.get("properties")).get(ENDPOINT) != endpoint.name:
            told = f"a job named {target.name!r} exists already; choose another job_name"
            raise Conflict(told, target="job_name")

    async def _list(self, call: Call) -> Response:
        page = page_of(call)
        found = await self._found(call, page)
        value = [document(view, self._jobs) for view in found.views]
        answer: dict[str, Any] = {"value": value}
        if found.more:
            answer["next"] = str(call.request.url.include_query_params(skip=page.skip + page.top))
        return reply(answer)

    async def _list_azure(self, call: Call) -> Response:
        top, skip = call.number("$top", 100, least=1, most=_MOST), call.number("$skip", 0)
        found = await self._found(call, Page(top=top, skip=skip))
        answer: dict[str, Any] = {"value": [_shown(call, view) for view in found.views]}
        if found.more:
            answer["nextLink"] = str(call.request.url.include_query_params(**{"$skip": skip + top}))
        return reply(answer)

    async def _found(self, call: Call, page: Page) -> Any:
        """The jobs of an endpoint that is there, the newest first; of a deployment also when it is gone."""
        key = _key(call)
        await self._store.read(lambda tx: _require(tx, key))
        terms = [f'properties."{ENDPOINT}" = "{key.name}"']
        if deployment := call.request.path_params.get("deployment"):
            terms.append(f'properties."{DEPLOYMENT}" = "{deployment}"')
        wanted = " and ".join([*([page.filter] if page.filter else []), *terms])
        target = Target(self._jobs, key.workspace)
        page = Page(page.view, page.top, page.skip, page.tag, None, wanted)
        return await self._operations.list(target, page)

    async def _show_azure(self, call: Call) -> Response:
        view = await self._operations.get(Target(self._jobs, call.path("ws").lower(), call.path("job")))
        said = mapping_of(view.resource.spec.get("properties")).get(ENDPOINT)
        if said != _key(call).name:
            raise NotFound(f"Endpoint {call.path('name')!r} has no job {call.path('job')!r}.", target="job")
        return reply(_shown(call, view))


def _key(call: Call) -> Key:
    return Key(call.path("ws").lower(), rules.ENDPOINT, call.path("name"))


def _require(tx: Tx, key: Key) -> None:
    if resources.get(tx, key) is None:
        raise absent(key.kind, key.name, key.workspace)


def _repeat(call: Call, body: Any) -> Repeat | None:
    """The official client sends the same id with each of its tries."""
    key = call.request.headers.get(_REPEATED, "")
    if not key or len(key) > LONGEST_KEY or not key.isprintable():
        return repeated(call, body)
    return Repeat(f"{call.actor} {call.request.url.path}", key, spec_hash({"body": body}))


def _shown(call: Call, view: View) -> dict[str, Any]:
    """A job as Azure's batch endpoints tell it."""
    name, spec = view.resource.key.name, view.resource.spec
    said = mapping_of(spec.get("properties"))
    subscription = call.request.path_params.get("sub") or Scope.subscription
    group = call.request.path_params.get("group") or Scope.group
    place = Scope(str(subscription), str(group), view.resource.key.workspace)
    return {
        "id": f"{place.id}/jobs/{name}",
        "name": name,
        "type": _TYPE,
        "properties": {
            "name": name,
            "status": view.state.get("status"),
            "endpointName": said.get(ENDPOINT),
            "deploymentName": said.get(DEPLOYMENT),
            "experimentName": spec.get("experiment_name"),
            "tags": spec.get("tags") or {},
            "properties": dict(said),
        },
    }
