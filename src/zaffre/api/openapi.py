"""The OpenAPI 3.1 document, made from the route table and the kinds' models: it cannot say what is not so."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from zaffre.api.auth import Permission
from zaffre.api.route import Route
from zaffre.core.registry import job_types

_SCHEMAS = "#/components/schemas/"
_PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")


def document(routes: Iterable[Route], version: str) -> dict[str, Any]:
    """The whole document."""
    routes = list(routes)
    models = {model.__name__: model for route in routes if (model := _body(route)) is not None}
    unions = {name: model for name, model in models.items() if not issubclass(model, BaseModel)}
    members = [job.model() for job in job_types().values()]
    plain = [model for name, model in models.items() if name not in unions]
    _, definitions = models_json_schema(
        [(model, "validation") for model in [*plain, *members]], ref_template=_SCHEMAS + "{model}"
    )
    union = {"oneOf": [{"$ref": _SCHEMAS + member.__name__} for member in members]}
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        path = _PARAMETER.sub(r"{\1}", route.path)
        paths.setdefault(path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Zaffre", "version": version, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        "paths": paths,
        "components": {
            "schemas": {**definitions.get("$defs", {}), **dict.fromkeys(unions, union), **_SHAPES},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }


_TEXT: dict[str, Any] = {"type": "string"}
_TIME: dict[str, Any] = {"type": "string", "format": "date-time"}
_ANYTHING: dict[str, Any] = {"type": "object", "additionalProperties": True}


def _object(required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required.split(), "properties": properties}


def _list_of(name: str) -> dict[str, Any]:
    page = {"type": "string", "format": "uri", "description": "The next page; absent on the last."}
    return _object("value", value={"type": "array", "items": {"$ref": _SCHEMAS + name}}, next=page)


_SHAPES: dict[str, Any] = {
    "Error": _object(
        "error",
        error=_object(
            "code message",
            code=_TEXT,
            message=_TEXT,
            target={"type": ["string", "null"]},
            details={"type": "array", "items": {"type": "object"}},
        ),
    ),
    "Resource": _object(
        "id kind name spec state system",
        id=_TEXT,
        kind=_TEXT,
        workspace=_TEXT,
        name=_TEXT,
        version=_TEXT,
        parent=_TEXT,
        spec=_ANYTHING | {"description": "What was asked for, in the spelling of the YAML."},
        state=_ANYTHING | {"description": "What the server knows of it: status or provisioning_state, reason, times."},
        system=_object(
            "created_at created_by modified_at modified_by archived",
            created_at=_TIME,
            created_by=_TEXT,
            modified_at=_TIME,
            modified_by=_TEXT,
            archived={"type": "boolean"},
        ),
    ),
    "ResourceList": _list_of("Resource"),
    "File": _object("path size", path=_TEXT, size={"type": "integer"}, digest=_TEXT),
    "FileList": _list_of("File"),
    "Counts": _object("value", value={"type": "object", "additionalProperties": {"type": "integer"}}),
}
_LISTING = (
    ("list_view", {"type": "string", "enum": ["active", "archived", "all"], "default": "active"}),
    ("top", {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}),
    ("skip", {"type": "integer", "minimum": 0, "default": 0}),
    ("cursor", {"type": "integer", "description": "Where the page before ended: as its `next` says"}),
    ("tag", {"type": "string", "description": "key or key=value"}),
    ("filter", {"type": "string", "description": "e.g. status = Failed and tags.team = blue and created > 7d"}),
    ("parent_job_name", {"type": "string", "description": "Of jobs: only those that this one has started"}),
)
_FILES = (("prefix", {"type": "string", "description": "How their paths begin"}), *_LISTING[1:3])


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": _identity(route),
        "summary": route.summary,
        "tags": [route.tag or "other"],
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in _PARAMETER.findall(route.path)
        ]
        + _asked(route),
        "responses": {
            str(route.success): _done(route),
            "default": {
                "description": "What was wrong and what to do",
                "content": {"application/json": {"schema": {"$ref": _SCHEMAS + "Error"}}},
            },
        },
    }
    if route.permission is Permission.OPEN:
        operation["security"] = []
    else:
        operation["x-permission"] = route.permission.value
    body = _body(route)
    if body is not None:
        schema = {"$ref": _SCHEMAS + body.__name__}
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return operation


def _asked(route: Route) -> list[dict[str, Any]]:
    """Query parameters that every list has."""
    given = {"ResourceList": _LISTING, "FileList": _FILES, "Counts": (_LISTING[0], *_LISTING[3:5])}.get(
        route.answer, ()
    )
    return [{"name": name, "in": "query", "required": False, "schema": schema} for name, schema in given]


def _done(route: Route) -> dict[str, Any]:
    if not route.answer:
        return {"description": "Done"}
    schema = {"$ref": _SCHEMAS + route.answer}
    return {"description": "Done", "content": {"application/json": {"schema": schema}}}


def _identity(route: Route) -> str:
    words = re.findall(r"[A-Za-z0-9]+", route.path.removeprefix("/api/v1"))
    return "_".join([route.method.lower(), *words])


def _body(route: Route) -> type[Any] | None:
    return None if route.body is None else route.body()
