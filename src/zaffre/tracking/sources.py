"""Where a model version may come from: a run, a logged model or another version of this workspace, and nowhere else.

MLflow lets a source be any URI and forbids what has hurt it; here a source is allowed when it is known to lie inside the
workspace's own artifacts, and refused otherwise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, unquote_plus, urlsplit

from zaffre.tracking import access, registry
from zaffre.tracking.call import Call
from zaffre.tracking.errors import Refusal
from zaffre.tracking.wire import Body

PROMPT_SOURCES = frozenset({"dummy-source", "prompt-template"})
_LOGGED_MODEL = re.compile(r"m-[0-9a-zA-Z_-]+")


@dataclass(frozen=True, slots=True)
class Source:
    """A checked source."""

    source: str
    location: str
    run: str = ""
    model: str = ""
    """A logged model's id."""


def check(call: Call, body: Body) -> Source:
    """The source in a request to create a version, or the refusal."""
    source: str = body["source"]
    _refuse_relative(source)
    scheme = urlsplit(source).scheme
    if scheme == "models":
        return _of_models(call, body, source)
    if body.get("model_id"):
        return _of_logged_model(call, body, source)
    if scheme == "runs":
        return _of_run_uri(call, body, source)
    if scheme == "mlflow-artifacts" and not urlsplit(source).netloc:
        return _of_run(call, body, source)
    raise Refusal(
        f"Invalid model version source: '{source}'. A model version's source must be a run (runs:/<run_id>/<path>), a"
        " logged model (models:/<model_id>), another version (models:/<name>/<version>) or artifacts of this workspace"
        " (mlflow-artifacts:/<path>). To use a local path as a model version source, log it to a run first:"
        " mlflow.log_artifacts(path)."
    )


def _refuse_relative(source: str) -> None:
    plain, before = source, ""
    while plain != before:
        before, plain = plain, unquote_plus(plain)
    if "\x00" in plain or "\\" in plain or any(part in ("..", ".") for part in plain.split("/")):
        raise Refusal(
            f"Invalid model version source: '{source}'. If supplying a source as an http, https, local file path, ftp,"
            " objectstore, or mlflow-artifacts uri, an absolute path must be provided without relative path references"
            " present. Please provide an absolute path."
        )


def _misplaced(source: str, parameter: str) -> Refusal:
    return Refusal(
        f"Invalid model version source: '{source}'. The {parameter} request parameter must identify the resource that"
        " contains the source."
    )


def within(source: str, root: str) -> bool:
    """True when the artifact URI ``source`` is ``root`` or lies below it."""
    inner, outer = _parts(source), _parts(root)
    return bool(outer[2]) and inner[:2] == outer[:2] and inner[2][: len(outer[2])] == outer[2]


def _parts(uri: str) -> tuple[str, str, tuple[str, ...]]:
    split = urlsplit(uri)
    return split.scheme, split.netloc, tuple(unquote(unquote(part)) for part in split.path.split("/") if part)


def _of_run_uri(call: Call, body: Body, source: str) -> Source:
    run, _, path = urlsplit(source).path.lstrip("/").partition("/")
    if urlsplit(source).netloc or not path or body.get("run_id", "") != run:
        raise _misplaced(source, "run_id")
    if call.run is not None:
        access.run(call, run)
    return Source(source, source, run)


def _of_run(call: Call, body: Body, source: str) -> Source:
    row = _found(call, body, source)
    if row is None or not within(source, row[7] or ""):
        raise _misplaced(source, "run_id")
    return Source(source, source, row[0])


def _found(call: Call, body: Body, source: str) -> tuple[Any, ...] | None:
    if not body.get("run_id"):
        raise _misplaced(source, "run_id")
    return access.run(call, body["run_id"])


def _of_logged_model(call: Call, body: Body, source: str) -> Source:
    row = access.logged_model(call, body["model_id"], deleted=False)
    if not within(source, row[3]):
        raise _misplaced(source, "model_id")
    return Source(source, source, body.get("run_id") or row[9] or "", row[0])


def _of_models(call: Call, body: Body, source: str) -> Source:
    if urlsplit(source).netloc:
        raise Refusal(
            f"Invalid model version source: '{source}'. Registered model sources must use the active model registry."
        )
    name, _, version = urlsplit(source).path.strip("/").partition("/")
    if not version and "@" not in name:
        if not _LOGGED_MODEL.fullmatch(name) or body.get("model_id", name) != name:
            raise _misplaced(source, "model_id")
        row = access.logged_model(call, name, deleted=False)
        return Source(source, row[3], body.get("run_id") or row[9] or "", name)
    row = _version(call, name, version)
    if registry.is_prompt(call, row[0]):
        raise Refusal(
            f"Invalid model version source: '{source}'. Prompt versions cannot be used as model version sources."
        )
    if body.get("run_id", row[8] or "") != (row[8] or ""):
        raise Refusal(
            f"Invalid model version source: '{source}'. The run_id and model_id request parameters must match the"
            " referenced model version."
        )
    return Source(f"models:/{row[0]}/{row[1]}", row[12] or row[7], row[8] or "", body.get("model_id", ""))


def _version(call: Call, name: str, version: str) -> tuple[Any, ...]:
    if version.isdigit():
        return registry.fetch_version(call, name, version)
    if version:
        stage = registry.stage_named(version) if version.lower() != "latest" else ""
        rows = registry.latest_versions(call, {"name": name, "stages": [stage] if stage else []}).get(
            "model_versions", []
        )
        number = max((int(row["version"]) for row in rows), default=0)
        return registry.fetch_version(call, name, str(number))
    name, _, alias = name.partition("@")
    found = registry.by_alias(call, {"name": name, "alias": alias})["model_version"]
    return registry.fetch_version(call, name, found["version"])
