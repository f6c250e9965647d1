"""Artifact routes: list, download, upload and delete, of runs, logged models, model versions and by path."""

from __future__ import annotations

import asyncio
import mimetypes
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, quote

from starlette.responses import FileResponse
from starlette.types import Receive, Scope, Send

from zaffre.tracking import access, artifacts, registry
from zaffre.tracking.artifacts import Place, Upload
from zaffre.tracking.call import Call, Principal
from zaffre.tracking.errors import Code, Refusal, missing
from zaffre.tracking.service import TrackingService
from zaffre.tracking.wire import Body, Fields, encode, read

_PROXY = re.compile(r"/(?:ajax-)?api/2\.0/mlflow-artifacts/artifacts(?:/(?P<path>.*))?", re.DOTALL)
_MULTIPART = re.compile(r"/(?:ajax-)?api/2\.0/mlflow-artifacts/(?:mpu|presigned)/.*", re.DOTALL)
_RUN_LIST = re.compile(r"/(?:ajax-)?api/2\.0/mlflow/artifacts/list")
_MODEL_LIST = re.compile(
    r"/(?:ajax-)?api/2\.0/mlflow/logged-models/(?P<model_id>[^/]+)/artifacts/(?P<what>directories|files)"
)
_RUN_UPLOAD = "/ajax-api/2.0/mlflow/upload-artifact"
_TEXT = frozenset(
    {".txt", ".log", ".yaml", ".yml", ".py", ".js", ".csv", ".tsv", ".md", ".rst", ".jsonl", ".json", ".html", ".toml"}
    | {".ini", ".cfg", "MLmodel", "mlmodel", "MLproject", "mlproject"}
)
"""Shown as plain text, whatever they are: nothing that a run left may act in a browser."""
_TOKEN = re.compile(r"[\w!#$&+\-.^`|~%]+", re.ASCII)
_PIECE = 1024**2
_MAX_SMALL_UPLOAD = 10 * 1024**2


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and the way to answer it."""

    who: Principal
    method: str
    path: str
    scope: Scope
    receive: Receive
    send: Send

    def fields(self, fields: Fields, given: dict[str, str] | None = None) -> Body:
        """The query's fields."""
        parsed = parse_qs(self.scope["query_string"].decode("utf-8", "replace"), keep_blank_values=True)
        return read(fields, {**{name: values[0] for name, values in parsed.items()}, **(given or {})})

    async def reply(self, answer: dict[str, Any]) -> None:
        """A JSON answer."""
        body = encode(answer)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await self.send({"type": "http.response.start", "status": 200, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})


Parts = tuple[str, ...]


async def answer(service: TrackingService, exchange: Exchange) -> bool:
    """Answer an artifact route; False when it is none."""
    if (match := _PROXY.fullmatch(exchange.path)) is not None:
        await _PROXIED.get(exchange.method, _no_verb)(service, exchange, match.group("path") or "")
    elif _MULTIPART.fullmatch(exchange.path):
        raise Refusal(
            "Multipart and presigned transfers are not offered: files go straight to this server.", Code.NOT_BUILT
        )
    elif exchange.method == "GET" and (handler := _READERS.get(exchange.path)) is not None:
        await handler(service, exchange)
    elif exchange.method == "GET" and _RUN_LIST.fullmatch(exchange.path):
        await _list_run(service, exchange)
    elif exchange.method == "GET" and (match := _MODEL_LIST.fullmatch(exchange.path)) is not None:
        await (_list_model if match["what"] == "directories" else _get_model_file)(service, exchange, match["model_id"])
    elif exchange.method == "POST" and exchange.path == _RUN_UPLOAD:
        await _upload_to_run(service, exchange)
    else:
        return False
    return True


async def _no_verb(service: TrackingService, exchange: Exchange, path: str) -> None:
    raise Refusal(f"There is no {exchange.method} {exchange.path} here.", Code.UNKNOWN_ROUTE)


async def _placed(service: TrackingService, exchange: Exchange, parts: Parts, *, write: bool = False) -> Place:
    if exchange.who.run is not None:

        def check(call: Call, _: Body) -> None:
            artifacts.allow(call, parts, write=write)

        await service.read(exchange.who, check, {})
    return await asyncio.to_thread(artifacts.place, service.settings.folders, exchange.who.workspace, parts)


async def _download(service: TrackingService, exchange: Exchange, path: str) -> None:
    if not path:
        await _list(service, exchange, path)
        return
    await _send_file(service, exchange, artifacts.segments(path))


async def _send_file(service: TrackingService, exchange: Exchange, parts: Parts) -> None:
    place = await _placed(service, exchange, parts)
    if not await asyncio.to_thread(place.path.is_file):
        raise missing(f"No such artifact: '{'/'.join(parts)}'")
    name = place.path.name
    plain = (place.path.suffix or name) in _TEXT
    kind = "text/plain" if plain else mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = FileResponse(
        place.path,
        headers={
            "Content-Type": kind,
            "X-Content-Type-Options": "nosniff",
            "Content-Disposition": _attachment(name),
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )
    await response(exchange.scope, exchange.receive, exchange.send)


def _attachment(name: str) -> str:
    if _TOKEN.fullmatch(name):
        return f"attachment; filename={name}"
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"


async def _list(service: TrackingService, exchange: Exchange, path: str) -> None:
    parts = artifacts.segments(exchange.fields(artifacts.LIST).get("path", ""))
    place = await _placed(service, exchange, parts)
    found = await asyncio.to_thread(artifacts.listing, place.path)
    await exchange.reply({"files": found} if found else {})


async def _upload(service: TrackingService, exchange: Exchange, path: str) -> None:
    parts = artifacts.segments(path)
    if not parts or path.endswith("/"):
        raise Refusal("Invalid path")
    await _receive_file(service, exchange, parts)
    await exchange.reply({})


async def _receive_file(service: TrackingService, exchange: Exchange, parts: Parts, most: int | None = None) -> None:
    place = await _placed(service, exchange, parts, write=True)
    root = service.settings.folders.root(exchange.who.workspace)
    upload = await asyncio.to_thread(Upload, place, root, service.settings.new_id())
    done = False
    try:
        await _pour(exchange.receive, upload, most)
        await asyncio.to_thread(upload.finish)
        done = True
    finally:
        if not done:
            upload.abandon()


async def _pour(receive: Receive, upload: Upload, most: int | None) -> None:
    gathered, size, total, more = list[bytes](), 0, 0, True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise Refusal("The client went away before the whole file was here.", Code.BAD_REQUEST)
        piece = message.get("body", b"")
        more = message.get("more_body", False)
        gathered.append(piece)
        size += len(piece)
        total += len(piece)
        if most is not None and total > most:
            raise Refusal("Artifact size is too large. Max size is 10MB.")
        if size >= _PIECE or not more:
            await asyncio.to_thread(upload.write, b"".join(gathered))
            gathered, size = [], 0
    if most is not None and not total:
        raise Refusal("Request must specify data.")


async def _delete(service: TrackingService, exchange: Exchange, path: str) -> None:
    parts = artifacts.segments(path)
    if not parts:
        raise Refusal("Invalid path")
    place = await _placed(service, exchange, parts, write=True)
    await asyncio.to_thread(artifacts.remove, place)
    await exchange.reply({})


async def _list_run(service: TrackingService, exchange: Exchange) -> None:
    body = exchange.fields(artifacts.LIST_RUN)
    inner = artifacts.segments(body.get("path", ""))
    location = await service.read(exchange.who, _location_of_run, body)
    await _list_at(service, exchange, location, inner)


def _location_of_run(call: Call, body: Body) -> str:
    return access.run(call, body["run_id"])[7] or ""


def _location_of_model(call: Call, body: Body) -> str:
    return access.logged_model(call, body["model_id"], deleted=False)[3]


def _location_of_version(call: Call, body: Body) -> str:
    row = registry.fetch_version(call, body["name"], body["version"])
    location: str = row[12] or row[7]
    if location.startswith("runs:/"):
        run, _, path = location.removeprefix("runs:/").partition("/")
        return f"{access.run(call, run)[7]}/{path}"
    return location


async def _list_at(service: TrackingService, exchange: Exchange, location: str, inner: Parts) -> None:
    parts = artifacts.below(location, "/".join(inner))
    place = await asyncio.to_thread(artifacts.place, service.settings.folders, exchange.who.workspace, parts)
    found = await asyncio.to_thread(artifacts.listing, place.path, "/".join(inner))
    await exchange.reply({"root_uri": location, **({"files": found} if found else {})})


async def _list_model(service: TrackingService, exchange: Exchange, model: str) -> None:
    body = exchange.fields(artifacts.LIST_MODEL, {"model_id": model})
    inner = artifacts.segments(body.get("artifact_directory_path", ""))
    location = await service.read(exchange.who, _location_of_model, body)
    await _list_at(service, exchange, location, inner)


async def _get_model_file(service: TrackingService, exchange: Exchange, model: str) -> None:
    if b"artifact_file_path=" not in exchange.scope["query_string"]:
        raise Refusal('Request must include the "artifact_file_path" query parameter.', Code.BAD_REQUEST)
    body = exchange.fields(artifacts.OF_MODEL, {"model_id": model})
    await _get_at(service, exchange, (body["artifact_file_path"], _location_of_model, body))


async def _get_run_file(service: TrackingService, exchange: Exchange) -> None:
    body = exchange.fields(artifacts.OF_RUN)
    await _get_at(service, exchange, (body["path"], _location_of_run, body))


async def _get_version_file(service: TrackingService, exchange: Exchange) -> None:
    body = exchange.fields(artifacts.OF_VERSION)
    await _get_at(service, exchange, (body["path"], _location_of_version, body))


Wanted = tuple[str, Callable[[Call, Body], str], Body]


async def _get_at(service: TrackingService, exchange: Exchange, wanted: Wanted) -> None:
    path, locate, body = wanted
    artifacts.segments(path)
    location = await service.read(exchange.who, locate, body)
    await _send_file(service, exchange, artifacts.below(location, path))


async def _upload_to_run(service: TrackingService, exchange: Exchange) -> None:
    given = parse_qs(exchange.scope["query_string"].decode("utf-8", "replace"))
    for name in ("run_uuid", "path"):
        if not given.get(name):
            raise Refusal(f"Request must specify {name}.")
    parts = artifacts.segments(given["path"][0])
    body = {"run_id": given["run_uuid"][0]}
    length = dict(exchange.scope["headers"]).get(b"content-length", b"0")
    if length.isdigit() and int(length) > _MAX_SMALL_UPLOAD:
        raise Refusal("Artifact size is too large. Max size is 10MB.")
    if length == b"0":
        raise Refusal("Request must specify data.")
    location = await service.read(exchange.who, _location_of_run, body)
    await _receive_file(service, exchange, artifacts.below(location, "/".join(parts)), _MAX_SMALL_UPLOAD)
    await exchange.reply({})


_PROXIED: dict[str, Callable[[TrackingService, Exchange, str], Awaitable[None]]] = {
    "GET": _download,
    "PUT": _upload,
    "DELETE": _delete,
}
_READERS: dict[str, Callable[[TrackingService, Exchange], Awaitable[None]]] = {
    "/get-artifact": _get_run_file,
    "/ajax-api/2.0/mlflow/get-artifact": _get_run_file,
    "/model-versions/get-artifact": _get_version_file,
    "/ajax-api/2.0/mlflow/model-versions/get-artifact": _get_version_file,
}
