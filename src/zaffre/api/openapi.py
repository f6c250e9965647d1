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
            "schemas": {**definitions.get("$defs", {}), **dict.fromkeys(unions, union), "Error": _ERROR},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }


_ERROR: dict[str, Any] = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "target": {"type": ["string", "null"]},
                "details": {"type": "array", "items": {"type": "object"}},
            },
        }
    },
}


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": _identity(route),
        "summary": route.summary,
        "tags": [route.tag or "other"],
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in _PARAMETER.findall(route.path)
        ],
        "responses": {
            str(route.success): {"description": "Done"},
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


def _identity(route: Route) -> str:
    words = re.findall(r"[A-Za-z0-9]+", route.path.removeprefix("/api/v1"))
    return "_".join([route.method.lower(), *words])


def _body(route: Route) -> type[Any] | None:
    return None if route.body is None else route.body()
