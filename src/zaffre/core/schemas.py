"""JSON Schemas of documents, for editors: made from the models, in the YAML spelling, with each field's own sentence.

A schema is a little more generous than the reader: what depends on other fields, on case or on a look into the workspace is
left to it. What a schema refuses, the reader refuses too.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from typing import Any, cast

from pydantic import AliasChoices, BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from zaffre.core import spelling
from zaffre.core.plain import is_dict, is_list
from zaffre.core.registry import Kind, job_types, kinds
from zaffre.core.spelling import Renamed
from zaffre.core.wire import Spec

DRAFT = "https://json-schema.org/draft/2020-12/schema"
SUFFIX = ".schema.json"
_UNION = {"job", "component"}
_TURNED: dict[str, dict[str, Any]] = {
    "_day": {"type": "string"},
    "_format": {"type": "string"},
    "_many": {"type": "integer"},
    "_output": {"type": "null"},
    "_sampler": {"type": "string"},
    "_unwrapped": {"type": "object", "properties": {"value": {}}, "required": ["value"], "additionalProperties": False},
    "_when": {"type": "boolean"},
}
"""Function before a field → what else may be written there; an unknown one may turn anything into it."""


def names() -> dict[str, str]:
    """Name of a schema → what it describes, sorted: Azure's names, and the kind's own."""
    found: dict[str, str] = {}
    for kind in kinds().values():
        found |= dict.fromkeys((kind.name, *kind.schemas), kind.summary)
    for job in job_types().values():
        found |= dict.fromkeys(job.schemas, job.summary)
    return dict(sorted(found.items()))


@cache
def document(name: str) -> dict[str, Any]:
    """The schema ``name``; ``KeyError`` where there is none."""
    models = _models(name)
    members, definitions = models_json_schema([(model, "validation") for model in models], schema_generator=_Generator)
    kept: dict[str, Any] = definitions.get("$defs", {})
    roots = [_root(members[model, "validation"], kept, model) for model in models]
    body: dict[str, Any] = roots[0] if len(roots) == 1 else {"type": "object", "anyOf": roots}
    return {"$schema": DRAFT, **body, "title": name, "description": names()[name], "$defs": kept}


def _models(name: str) -> list[type[Spec]]:
    """The models that a document of this name may be."""
    for job in job_types().values():
        if name in job.schemas:
            return [job.model()]
        if job.component and name == f"{job.name}Component":
            return [job.component_model()]
    kind = _kind(name)
    if kind.name not in _UNION:
        return [kind.model()]
    if kind.name == "job":
        return [job.model() for job in job_types().values()]
    return [job.component_model() for job in job_types().values() if job.component]


def _kind(name: str) -> Kind:
    for kind in kinds().values():
        if name in (kind.name, *kind.schemas):
            return kind
    raise KeyError(name)


def _root(member: JsonSchemaValue, definitions: dict[str, Any], model: type[Spec]) -> dict[str, Any]:
    """The model itself, as a whole document: with what such a one must have."""
    body: dict[str, Any] = definitions[str(member["$ref"]).rpartition("/")[2]] if "$ref" in member else member
    required = sorted({*body.get("required", ()), *model.needs})
    return {**body, **({"required": required} if required else {})}


class _Generator(GenerateJsonSchema):
    """Pydantic's own, told what our field types and models take."""

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        """Words with several spellings, and texts that may be written as numbers."""
        inner = super().function_before_schema(schema)
        called: Callable[..., Any] = schema["function"]["function"]
        if called is vars(spelling)["_text"]:
            return {**inner, "type": ["string", "number"]}
        owner: Any = getattr(called, "__self__", None)
        if isinstance(owner, Renamed):
            return _widened(inner, owner)
        if inspect.isfunction(called):  # it turns something else into what is expected; only it knows what
            return {"anyOf": [inner, _TURNED.get(called.__name__, {})]}
        return inner

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchemaValue:
        """Which member is meant is the reader's to say; one that fits is enough."""
        found = super().tagged_union_schema(schema)
        members: Any = found.pop("oneOf", None)
        found.pop("discriminator", None)
        return {**found, "anyOf": members} if members else found

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """That a field is absent unless it is written needs no words."""
        found = super().default_schema(schema)
        if found.get("default", ...) is None:
            del found["default"]
        return found

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """With every field's sentence, and the keys that are read over."""
        found = super().model_schema(schema)
        model = cast(type[BaseModel], schema["cls"])
        properties: Any = found.get("properties")
        if "$ref" in found or not is_dict(properties):
            return found
        sentences = _sentences(model)
        for name, value in properties.items():
            if is_dict(value):
                value.pop("title", None)
                if name in sentences:
                    value["description"] = sentences[name]
        properties |= {other: properties[name] for name, other in _aliases(model) if name in properties}
        if issubclass(model, Spec):
            properties |= {name: {} for name in sorted(model.ignored) if name not in properties}
            properties["$schema"] = {"type": "string"}
        return found


def _aliases(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """Field, and another key that documents may have for it."""
    for name, field in model.model_fields.items():
        if isinstance(field.validation_alias, AliasChoices):
            yield from ((name, str(choice)) for choice in field.validation_alias.choices if choice != name)


def _widened(schema: JsonSchemaValue, words: Renamed) -> JsonSchemaValue:
    """Every spelling of every word; editors offer those that documents use."""
    if is_list(schema.get("anyOf")):
        members: list[Any] = schema["anyOf"]
        return {**schema, "anyOf": [_widened(member, words) for member in members]}
    said: list[Any] = schema.get("enum") or ([schema["const"]] if "const" in schema else [])
    if not said:
        return schema
    meant = {str(arm) for word, arm in words.words if word in said}
    meant |= {alias for alias, word in words.aliases if word in said}
    kept = {key: value for key, value in schema.items() if key not in ("const", "enum", "type")}
    pattern = "|".join(sorted(_any_case(word) for word in {*map(str, said), *meant}))
    return {**kept, "anyOf": [{"enum": said}, {"type": "string", "pattern": f"^(?:{pattern})$"}]}


def _any_case(word: str) -> str:
    """A pattern for a word whatever its case, with or without underscores; editors' patterns know no flags."""
    letters = (f"[{letter.upper()}{letter.lower()}]" if letter.isalpha() else re.escape(letter) for letter in word)
    return "_?".join("" if letter == "_" else letter for letter in letters)


@cache
def _sentences(model: type[BaseModel]) -> dict[str, str]:
    """Field → the string below it in the source, its ancestors' too."""
    found: dict[str, str] = {}
    for ancestor in reversed(model.__mro__):
        if issubclass(ancestor, BaseModel) and ancestor is not BaseModel:
            found |= dict(_documented(ancestor))
    return found


def _documented(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(model)))
    except (OSError, TypeError, SyntaxError):  # made at run time, or its source is not there
        return
    body = cast(ast.ClassDef, tree.body[0]).body
    for field, below in pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(below, ast.Expr):
            text = below.value
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                yield field.target.id, inspect.cleandoc(text.value)
