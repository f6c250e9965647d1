"""``/swagger.json``: the API description of a deployment, in Swagger 2.0 and OpenAPI 3.0."""

from __future__ import annotations

import importlib
import json
from typing import Any, Callable, Dict, NamedTuple, Optional

_TEXT = {"type": "string"}


class Schemas(NamedTuple):
    """What inference_schema's decorators, or a model's signature, say of input and output."""

    input: Dict[str, Any]
    output: Dict[str, Any]


def schemas_of(run: Callable[..., Any]) -> Optional[Schemas]:
    """The schemas of a decorated ``run``; None where it has no ``@input_schema`` or the package is absent."""
    try:
        util: Any = importlib.import_module("inference_schema.schema_util")
    except ImportError:
        return None
    if not util.is_schema_decorated(run):
        return None
    return Schemas(util.get_input_schema(run) or _open(), util.get_output_schema(run) or _open())


def document(schemas: Optional[Schemas], own: Dict[str, bytes]) -> Dict[str, bytes]:
    """Descriptions by version (``2``, ``3``); the user's own where there are any."""
    known = schemas or Schemas(_open(), _open())
    if own:
        return own
    return {"2": json.dumps(_version_2(known)).encode(), "3": json.dumps(_version_3(known)).encode()}


def _open() -> Dict[str, Any]:
    return {"type": "object", "example": {}}


_INFO = {"title": "ML service", "description": "Scores with the model of this deployment.", "version": "1.0"}
_BEARER = {"type": "apiKey", "name": "Authorization", "in": "header", "description": "For example: Bearer abc123"}
_ERROR = {"type": "object", "properties": {"message": _TEXT}}


def _version_2(schemas: Schemas) -> Dict[str, Any]:
    failed = {"description": "The request failed.", "schema": {"$ref": "#/definitions/ErrorResponse"}}

    def answered(text: str, schema: Dict[str, Any]) -> Dict[str, Any]:
        return {"200": {"description": text, "schema": schema}, "default": failed}

    body = {"name": "serviceInputPayload", "in": "body", "schema": {"$ref": "#/definitions/ServiceInput"}}
    score: Dict[str, Any] = {
        "operationId": "RunMLService",
        "description": "Run the model and get its prediction.",
        "security": [{"Bearer": []}],
        "parameters": [body],
        "responses": answered("The prediction.", {"$ref": "#/definitions/ServiceOutput"}),
    }
    return {
        "swagger": "2.0",
        "info": _INFO,
        "schemes": ["https", "http"],
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "securityDefinitions": {"Bearer": _BEARER},
        "paths": {
            "/": {"get": {"operationId": "ServiceHealthCheck", "responses": answered("Healthy.", _TEXT)}},
            "/score": {"post": score},
            "/swagger.json": {"get": {"operationId": "GetSwaggerSpec", "responses": answered("This.", _TEXT)}},
        },
        "definitions": {"ServiceInput": schemas.input, "ServiceOutput": schemas.output, "ErrorResponse": _ERROR},
    }


def _version_3(schemas: Schemas) -> Dict[str, Any]:
    def content(schema: Dict[str, Any]) -> Dict[str, Any]:
        return {"application/json": {"schema": schema}}

    def answered(text: str, schema: Dict[str, Any]) -> Dict[str, Any]:
        failed = {"description": "The request failed.", "content": content(_ref("ErrorResponse"))}
        return {"200": {"description": text, "content": content(schema)}, "default": failed}

    score = {
        "operationId": "RunMLService",
        "description": "Run the model and get its prediction.",
        "requestBody": {"content": content(_ref("ServiceInput"))},
        "responses": answered("The prediction.", _ref("ServiceOutput")),
    }
    return {
        "openapi": "3.0.3",
        "info": _INFO,
        "security": [{"Bearer": []}],
        "paths": {
            "/": {"get": {"operationId": "ServiceHealthCheck", "responses": answered("Healthy.", _TEXT)}},
            "/score": {"post": score},
            "/swagger.json": {"get": {"operationId": "GetSwaggerSpec", "responses": answered("This.", _TEXT)}},
        },
        "components": {
            "schemas": {"ServiceInput": schemas.input, "ServiceOutput": schemas.output, "ErrorResponse": _ERROR},
            "securitySchemes": {"Bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def _ref(name: str) -> Dict[str, Any]:
    return {"$ref": "#/components/schemas/" + name}
