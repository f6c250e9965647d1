"""``/swagger.json``: the API description of a deployment, in Swagger 2.0, OpenAPI 3.0 and 3.1."""

from __future__ import annotations

import importlib
import json
import os
from typing import Any, Callable, Dict, Mapping, NamedTuple, Optional, Sequence, Tuple

ALIASES: Dict[str, Tuple[str, ...]] = {"2": ("2", "2.0"), "3": ("3", "3.0"), "3.1": ("3.1",)}
"""Version → the ways to ask for it."""
_OWN = {"2": ("swagger.json", "swagger2.json"), "3": ("swagger3.json",), "3.1": ("swagger3.1.json",)}
_TEXT = {"type": "string"}
_INTEGER = {"type": "integer", "enum": [2, 3]}


class NoVersion(Exception):
    """There is no description of that version; the message is for the caller."""


class Schemas(NamedTuple):
    """What inference_schema's decorators, type hints, or a model's signature, say of input and output."""

    input: Dict[str, Any]
    output: Dict[str, Any]
    versions: Tuple[str, ...] = ("2", "3", "3.1")
    """In which versions they can be said."""


class Service(NamedTuple):
    """What the description says of the deployment itself."""

    name: str = "ML service"
    version: str = "1.0"
    prefix: str = ""
    """What stands before every path at the address that callers know."""


class Description:
    """The descriptions of one deployment, by version."""

    def __init__(self, schemas: Optional[Schemas], own: Mapping[str, bytes], service: Optional[Service] = None) -> None:
        known = schemas or Schemas(_open(), _open())
        made = {name: make(known, service or _of_surroundings()) for name, make in _MAKERS.items()}
        texts = {name: json.dumps(found).encode() for name, found in made.items() if name in known.versions}
        texts.update(own)
        self._known = sorted(texts)
        self._texts = {alias: text for name, text in texts.items() for alias in ALIASES[name]}

    def get(self, version: str) -> bytes:
        """The description of a version; raises ``NoVersion``."""
        found = self._texts.get(version)
        if found is not None:
            return found
        known = any(version in aliases for aliases in ALIASES.values())
        told = "is not supported for the scoring script" if known else "is not valid"
        raise NoVersion(
            "Swagger version [{}] {}. Supported versions: [{}].".format(version[:20], told, ", ".join(self._known))
        )


def schemas_of(run: Callable[..., Any]) -> Optional[Schemas]:
    """The schemas of a decorated ``run``; None where it has no ``@input_schema`` or the package is absent."""
    try:
        util: Any = importlib.import_module("inference_schema.schema_util")
    except ImportError:
        return None
    if not util.is_schema_decorated(run):
        return None
    sayable: Any = getattr(util, "get_supported_versions", None)
    versions = _names(sayable(run)) if sayable is not None else ("2", "3", "3.1")
    return Schemas(util.get_input_schema(run) or _open(), util.get_output_schema(run) or _open(), versions)


def own_files(folders: Sequence[str]) -> Dict[str, bytes]:
    """``swagger.json``, ``swagger2.json`` and ``swagger3.json`` of the user's: they replace what would be made."""
    found: Dict[str, bytes] = {}
    for version, names in _OWN.items():
        for path in (os.path.join(folder, name) for folder in folders for name in names):
            if version not in found and os.path.isfile(path):
                with open(path, "rb") as file:
                    found[version] = file.read()
    return found


def _names(versions: Sequence[str]) -> Tuple[str, ...]:
    return tuple(name for name, aliases in ALIASES.items() if any(one in aliases for one in versions))


def _of_surroundings() -> Service:
    said = os.environ
    prefix = said.get("SERVICE_PATH_PREFIX", "").strip("/")
    version = said.get("SERVICE_VERSION", "1.0")
    return Service(said.get("SERVICE_NAME", "ML service"), version, "/" + prefix if prefix else "")


def _open() -> Dict[str, Any]:
    return {"type": "object", "example": {}}


def _information(service: Service) -> Dict[str, str]:
    text = "API specification for the Azure Machine Learning service " + service.name
    return {"title": service.name, "description": text, "version": service.version}


_BEARER = {"type": "apiKey", "name": "Authorization", "in": "header", "description": "For example: Bearer abc123"}
_ERROR = {"type": "object", "properties": {"message": _TEXT}}
_HEALTHY = "It is up."
_PREDICTED = "The prediction."
_FAILED = "The request failed."
_VERSION: Dict[str, Any] = {"name": "version", "in": "query", "required": False}


def _version_2(schemas: Schemas, service: Service) -> Dict[str, Any]:
    failed = {"description": _FAILED, "schema": {"$ref": "#/definitions/ErrorResponse"}}

    def answered(text: str, schema: Dict[str, Any]) -> Dict[str, Any]:
        return {"200": {"description": text, "schema": schema}, "default": failed}

    body = {"name": "serviceInputPayload", "in": "body", "schema": {"$ref": "#/definitions/ServiceInput"}}
    score: Dict[str, Any] = {
        "operationId": "RunMLService",
        "description": "Run the model and get its prediction.",
        "security": [{"Bearer": []}],
        "parameters": [body],
        "responses": answered(_PREDICTED, {"$ref": "#/definitions/ServiceOutput"}),
    }
    describe = {"operationId": "GetSwaggerSpec", "parameters": [dict(_VERSION, **_INTEGER)]}
    return {
        "swagger": "2.0",
        "info": _information(service),
        "schemes": ["https", "http"],
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "securityDefinitions": {"Bearer": _BEARER},
        "paths": {
            service.prefix + "/": {
                "get": {"operationId": "ServiceHealthCheck", "responses": answered(_HEALTHY, _TEXT)}
            },
            service.prefix + "/score": {"post": score},
            service.prefix + "/swagger.json": {"get": dict(describe, responses=answered("This.", _TEXT))},
        },
        "definitions": {"ServiceInput": schemas.input, "ServiceOutput": schemas.output, "ErrorResponse": _ERROR},
    }


def _version_3(schemas: Schemas, service: Service) -> Dict[str, Any]:
    def content(schema: Dict[str, Any], kind: str = "application/json") -> Dict[str, Any]:
        return {kind: {"schema": schema}}

    def answered(text: str, schema: Dict[str, Any], kind: str = "application/json") -> Dict[str, Any]:
        failed = {"description": _FAILED, "content": content(_ref("ErrorResponse"))}
        return {"200": {"description": text, "content": content(schema, kind)}, "default": failed}

    score: Dict[str, Any] = {
        "operationId": "RunMLService",
        "description": "Run the model and get its prediction.",
        "security": [{"Bearer": []}],
        "requestBody": {"content": content(_ref("ServiceInput"))},
        "responses": answered(_PREDICTED, _ref("ServiceOutput")),
    }
    health = {"operationId": "ServiceHealthCheck", "responses": answered(_HEALTHY, _TEXT, "text/plain")}
    describe: Dict[str, Any] = {"operationId": "GetSwaggerSpec", "parameters": [dict(_VERSION, schema=_INTEGER)]}
    return {
        "openapi": "3.0.3",
        "info": _information(service),
        "security": [{"Bearer": []}],
        "paths": {
            service.prefix + "/": {"get": health},
            service.prefix + "/score": {"post": score},
            service.prefix + "/swagger.json": {"get": dict(describe, responses=answered("This.", _TEXT, "text/plain"))},
        },
        "components": {
            "schemas": {"ServiceInput": schemas.input, "ServiceOutput": schemas.output, "ErrorResponse": _ERROR},
            "securitySchemes": {"Bearer": _BEARER},
        },
    }


def _version_31(schemas: Schemas, service: Service) -> Dict[str, Any]:
    return dict(_version_3(schemas, service), openapi="3.1.0")


_MAKERS: Dict[str, Callable[[Schemas, Service], Dict[str, Any]]] = {
    "2": _version_2,
    "3": _version_3,
    "3.1": _version_31,
}


def _ref(name: str) -> Dict[str, Any]:
    return {"$ref": "#/components/schemas/" + name}
