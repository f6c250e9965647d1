"""Where data lies: ids that run history gave out, and data assets, made into places of a datastore."""

from __future__ import annotations

from typing import Any, cast

from starlette.responses import Response

from zaffre.api.auth import Permission
from zaffre.api.azure import runs as bodies
from zaffre.api.azure.plane import WORKSPACE, Piece, Plane, place_of
from zaffre.api.route import Call, Route, reply
from zaffre.core import refs
from zaffre.core.errors import Invalid, Problem
from zaffre.core.refs import Scope
from zaffre.core.resource import Key
from zaffre.store import Store, Tx, resources, runs

PREFIX = "/data/v1.0"
MOST = 1000


class Resolving:
    """The routes below ``/data/v1.0``."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> list[Route]:
        """One question, many ids."""
        path = WORKSPACE + "/dataversion/batchGetResolvedUris"
        return Plane(PREFIX, [Piece("POST", path, Permission.READ, self._resolve)]).routes()

    async def _resolve(self, call: Call) -> Response:
        """What is not there is left out, as in Azure."""
        asked: Any = (await call.object()).get("values")
        if not isinstance(asked, list) or len(cast(list[Any], asked)) > MOST:
            raise Invalid([Problem(f"expected a list of at most {MOST} ids", field="values")])
        ids, place = [str(id_) for id_ in cast(list[Any], asked)], place_of(call)
        found = await self._store.read(lambda tx: {id_: _place(tx, id_, place) for id_ in ids})
        return reply({"values": {id_: where for id_, where in found.items() if where is not None}})


def _place(tx: Tx, id_: str, place: Scope) -> dict[str, str] | None:
    try:
        asset = refs.parse(id_)
    except Invalid:
        return None
    if not isinstance(asset, refs.Asset) or asset.registry:
        return None
    output = bodies.unmarked(asset.name)
    found = _of_output(tx, output, place) if output is not None else None
    return found or _of_asset(tx, asset, place)


def _of_output(tx: Tx, output: tuple[str, str], place: Scope) -> dict[str, str] | None:
    job, name = output
    run = runs.get(tx, job)
    if run is None or run.workspace != place.workspace:
        return None
    resource = resources.get(tx, Key(run.workspace, "job", job))
    uri = bodies.datastore_path(run, name, place)
    if not uri or resource is None:
        return None
    return {"uri": uri, "type": bodies.outputs(run, resource.spec, place)[name]["type"]}


def _of_asset(tx: Tx, asset: refs.Asset, place: Scope) -> dict[str, str] | None:
    resource = resources.get(tx, Key(place.workspace, "data", asset.name, "", asset.version))
    if resource is None:
        return None
    where = refs.parse(str(resource.spec.get("path") or ""))
    uri = (
        str(refs.DatastorePath(where.datastore, where.path, where.scope or place))
        if isinstance(where, refs.DatastorePath)
        else str(where)
    )
    return {"uri": uri, "type": str(resource.spec.get("type") or "uri_folder")}
