"""The ASGI application: MLflow's paths to the handlers, answers and refusals to MLflow's JSON.

The gate in front has put ``principal`` into ``scope["state"]``; nothing here is reached without one.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from importlib.metadata import version
from typing import Any, cast
from urllib.parse import parse_qs

from starlette.types import Receive, Scope, Send

from zaffre.core.errors import ZaffreError
from zaffre.tracking import access, files, routes
from zaffre.tracking.call import Call, Principal, column
from zaffre.tracking.errors import Code, Refusal, denied
from zaffre.tracking.service import TrackingService
from zaffre.tracking.upstream import Forwarded, forwards
from zaffre.tracking.wire import Body, Fields, encode, read

_WORKSPACE = re.compile(
    r"/v[12]\.0/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.MachineLearningServices/workspaces/[^/]+",
    re.IGNORECASE,
)
_HOT = re.compile(r"/(?:ajax-)?api/2\.0/mlflow/(.+)")
_TRACES = re.compile(r"/api/(?:2\.0|3\.0)/mlflow/traces|/v1/traces")
_MAX_BODY = 64 * 1024**2
_JSON = (b"content-type", b"application/json")
_SERVER_INFO = {
    "store_type": "SqlStore",
    "workspaces_enabled": False,
    "trace_archival_enabled": False,
    "multipart_uploads_enabled": False,
    "multipart_downloads_enabled": False,
    "presigned_upload_run_id_supported": False,
    "presigned_upload_model_id_supported": False,
    "features_enabled": {"gateway": False},
}
_CODES = {400: Code.INVALID, 403: Code.DENIED, 404: Code.MISSING, 409: Code.EXISTS, 501: Code.NOT_BUILT, 503: Code.BUSY}


def app(service: TrackingService) -> TrackingApp:
    """What the server mounts at ``/mlflow``; it also understands ``/v1.0{WS}`` and ``/v2.0{WS}`` below that."""
    return TrackingApp(service)


class TrackingApp:
    """MLflow's server, as far as it is answered here; the rest is passed on."""

    def __init__(self, service: TrackingService) -> None:
        self._service = service
        self._version = version("mlflow").encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        try:
            await self._answer(scope, receive, send)
        except Refusal as refusal:
            await reply(send, encode(refusal.to_json()), refusal.status)
        except ZaffreError as error:
            refusal = Refusal(error.message, _CODES.get(error.status, Code.INTERNAL))
            await reply(send, encode(refusal.to_json()), error.status)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        who = cast(Principal, scope["state"]["principal"])
        path = _tail(scope)
        method: str = scope["method"]
        hot = _HOT.fullmatch(path)
        found = routes.find(method, hot.group(1)) if hot else None
        if found is not None:
            answer = await self._run(found[0], who, await _fields(scope, receive, found))
            await reply(send, answer if isinstance(answer, bytes) else encode(answer))
        elif await files.answer(self._service, files.Exchange(who, method, path, scope, receive, send)):
            return
        elif path in ("/health", "/version", "/api/3.0/mlflow/server-info", "/ajax-api/3.0/mlflow/server-info"):
            plain = {"/health": b"OK", "/version": self._version}.get(path)
            await reply(send, plain or encode(_SERVER_INFO), kind=b"text/plain" if plain else b"application/json")
        else:
            await self._forward(scope, receive, send, path)

    async def _run(self, route: routes.Route, who: Principal, body: Body) -> Any:
        if route.flow is not None:
            return await route.flow(self._service, who, body)
        assert route.handler is not None
        if route.writes:
            return await self._service.write(who, route.handler, body, small=route.small)
        return await self._service.read(who, route.handler, body, small=route.small)

    async def _forward(self, scope: Scope, receive: Receive, send: Send, path: str) -> None:
        who = cast(Principal, scope["state"]["principal"])
        if not forwards(path):
            raise Refusal(f"There is no {scope['method']} {path} here.", Code.UNKNOWN_ROUTE)
        upstream = self._service.settings.upstream
        if upstream is None:
            raise Refusal(f"{path} is answered by MLflow's own server, which is not set up here.", Code.NOT_BUILT)
        body: bytes | AsyncIterator[bytes] = _chunks(receive)
        if who.run is not None:
            body = await _body(receive)
            await self._allow_traces(scope, who, path, body)
        request = Forwarded(
            scope["method"],
            path,
            scope["query_string"].decode("latin-1"),
            scope["headers"],
            column(who.workspace),
            body,
        )
        await self._service.read(who, lambda call, body: None, {})  # the workspace must be known to MLflow's tables
        async for status, headers, chunks in upstream.forward(request):
            await send({"type": "http.response.start", "status": status, "headers": headers})
            async for chunk in chunks:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b""})

    async def _allow_traces(self, scope: Scope, who: Principal, path: str, body: bytes) -> None:
        """A job may write traces into its own experiment, and reach nothing else of MLflow's own server."""
        number = None
        if scope["method"] == "POST" and _TRACES.fullmatch(path):
            number = _experiment_of(dict(scope["headers"]), path, body)
        if number is None:
            raise denied(f"This job's token reaches the run '{who.run}' only, not {path}.")

        def check(call: Call, _: Body) -> None:
            access.experiment(call, number)

        await self._service.read(who, check, {})


def _experiment_of(headers: dict[bytes, bytes], path: str, body: bytes) -> str | None:
    if path == "/v1/traces":
        return headers.get(b"x-mlflow-experiment-id", b"").decode("latin-1") or None
    raw = _parsed(body)
    info = raw.get("trace", {}).get("trace_info", raw.get("trace_info", {}))
    place = info.get("trace_location", {}).get("mlflow_experiment", {}) if isinstance(info, dict) else {}  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    found = raw.get("experiment_id") or (place.get("experiment_id") if isinstance(place, dict) else None)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return found if isinstance(found, str) else None


def _tail(scope: Scope) -> str:
    path: str = scope["path"]
    root: str = scope.get("root_path", "")
    if root and path.startswith(root):
        path = path[len(root) :]
    if path.startswith("/v") and (match := _WORKSPACE.match(path)):
        path = path[match.end() :]
    return f"/{path.lstrip('/')}"


async def _fields(scope: Scope, receive: Receive, found: tuple[routes.Route, dict[str, str]]) -> Body:
    route, from_path = found
    if scope["method"] == "GET" and scope["query_string"]:
        raw = query(scope, route.fields)
    else:
        raw = await json_body(scope, receive)
    return read(route.fields, {**raw, **from_path})


def query(scope: Scope, fields: Fields) -> dict[str, Any]:
    """The query string, lists only where a list is expected."""
    try:
        parsed = parse_qs(scope["query_string"].decode("utf-8"), keep_blank_values=True, max_num_fields=2000)
    except ValueError:
        raise Refusal("The query string is malformed.") from None
    lists = {name for name, field in fields.items() if field.kind == "strings"}
    return {name: values if name in lists else values[0] for name, values in parsed.items()}


async def json_body(scope: Scope, receive: Receive) -> dict[str, Any]:
    """The request's JSON object; empty for an empty body."""
    body = await _body(receive)
    if scope["method"] in ("POST", "PUT"):
        kind = next((value for name, value in scope["headers"] if name == b"content-type"), b"")
        if kind.partition(b";")[0].strip().lower() != b"application/json":
            raise Refusal("Bad Request. Content-Type must be one of ['application/json'].", Code.BAD_REQUEST)
    return _parsed(body)


def _parsed(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        raw = json.loads(body)
        if isinstance(raw, str):  # old clients encode twice
            raw = json.loads(raw)
    except (ValueError, RecursionError):
        raise Refusal("The request's body is not JSON.", Code.BAD_REQUEST) from None
    if raw is None:
        return {}
    if not isinstance(raw, dict):
        raise Refusal("The request's body must be a JSON object.", Code.BAD_REQUEST)
    return cast(dict[str, Any], raw)


async def _chunks(receive: Receive) -> AsyncIterator[bytes]:
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise Refusal("The client went away.", Code.BAD_REQUEST)
        yield message.get("body", b"")
        more = message.get("more_body", False)


async def _body(receive: Receive) -> bytes:
    message = await receive()
    if not message.get("more_body", False):  # nearly always: one piece
        return message.get("body", b"")
    pieces = [message.get("body", b"")]
    size = len(pieces[0])
    async for piece in _chunks(receive):
        pieces.append(piece)
        size += len(piece)
        if size > _MAX_BODY:
            raise Refusal(f"The request's body is larger than {_MAX_BODY // 1024**2} MiB.", Code.BAD_REQUEST)
    return b"".join(pieces)


async def reply(send: Send, body: bytes, status: int = 200, kind: bytes = b"application/json") -> None:
    """One whole answer."""
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
