"""Schemas: of documents, as editors fetch them, without a token, since they say what the source says; and of the API."""

from __future__ import annotations

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from zaffre.api.auth import Permission
from zaffre.api.route import Call, Route, reply
from zaffre.core.errors import NotFound

_CACHE = {"cache-control": "max-age=3600"}


def schema_route() -> Route:
    """``/schemas/commandJob.schema.json`` and its siblings."""
    return Route(
        "GET", "/schemas/{name}.schema.json", Permission.OPEN, _schema, "A document's JSON Schema", tag="schema"
    )


def openapi_route(routes: Callable[[], list[Route]], version: str) -> Route:
    """``/api/v1/openapi.json``: all of ``routes``, which are asked for when somebody wants to see them."""

    async def described(call: Call) -> Response:
        del call
        from zaffre.api import openapi  # noqa: PLC0415 - weight: a tenth of a second at every start, for one page

        return reply(openapi.document(routes(), version))

    return Route("GET", "/api/v1/openapi.json", Permission.READ, described, "This page", tag="openapi", asks_again=True)


async def _schema(call: Call) -> Response:
    from zaffre.core import schemas  # noqa: PLC0415 - weight: for one page that most servers never show

    name = call.path("name")
    try:
        found = await run_in_threadpool(schemas.document, name)
    except KeyError:
        known = ", ".join(schemas.names())
        raise NotFound(f"There is no schema {name!r}; there are {known}.", target="name") from None
    return reply(found, headers=_CACHE)
