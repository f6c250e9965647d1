"""A user's ``score.py``: loaded, ``init()`` called once, ``run()`` called per request the way Azure's server calls it."""

from __future__ import annotations

import importlib.util
import inspect
import json
import os
import sys
import traceback
from types import ModuleType
from typing import Any, Callable, Dict, List, Optional, Tuple

from zaffre.agent.scoring import forms, shims, swagger
from zaffre.agent.scoring.answers import JSON, TEXT, Answer, as_json, message
from zaffre.agent.scoring.config import Config
from zaffre.agent.scoring.wire import Request

HEADERS = "request_headers"
USER_ERROR = "An unexpected error occurred in scoring script. Check the logs for more info."
SERVER_ERROR = "An unexpected internal error occurred. Check the logs for more info."
FAILED = (("x-ms-run-function-failed", "True"),)
SUCCEEDED = (("x-ms-run-function-failed", "False"),)


class BadScript(Exception):
    """The script cannot be served; the message is for its author."""


class Script:
    """The user's module, ready."""

    def __init__(self, config: Config) -> None:
        self.routes = frozenset(("/score", config.score_path))
        shims.install()
        module = _load(config)
        self._run = _function(module, "run", config.score_file)
        init = _function(module, "init", config.score_file)
        self._raw = bool(getattr(self._run, shims.RAW, False))
        self._schemas = swagger.schemas_of(self._run)
        self._swagger = swagger.document(self._schemas, _own_swagger(config))
        parameters = [name for name in inspect.signature(self._run).parameters if name != HEADERS]
        self._parameters = parameters
        self._optional = _optional(self._run)
        self._wants_headers = HEADERS in inspect.signature(self._run).parameters
        if not parameters and not self._raw:
            raise BadScript("run() takes no argument; it must take the request's body: def run(data)")
        init()

    def swagger(self, version: str) -> Optional[bytes]:
        """The API description, or None for a version that does not exist."""
        return self._swagger.get(version)

    def answer(self, request: Request) -> Answer:
        """Score one request."""
        if request.method not in ("GET", "POST", "OPTIONS"):
            return message(405, "The method is not allowed for the requested URL.", SUCCEEDED)
        if self._raw:
            return self._call((shims.AMLRequest(request),), {})
        if request.method == "OPTIONS":
            return Answer(200, b"", TEXT, SUCCEEDED)
        if self._schemas is not None:
            return self._answer_typed(request)
        extra = {HEADERS: _shown(request)} if self._wants_headers else {}
        try:
            text = _text(request)
        except UnicodeDecodeError as error:
            return message(400, "The request body is not UTF-8: {}".format(error), SUCCEEDED)
        return self._call((), {self._parameters[0]: text, **extra})

    def _answer_typed(self, request: Request) -> Answer:
        """With inference_schema's decorators the body is an object whose keys are the parameters' names."""
        if request.method == "POST" and request.header("content-type").split(";")[0].strip().lower() != JSON:
            return message(415, "Expects Content-Type to be application/json", SUCCEEDED)
        try:
            values: Any = json.loads(_text(request))
        except ValueError as error:
            return message(400, "POST body could not be decoded as JSON: {}".format(error), SUCCEEDED)
        if not isinstance(values, dict):
            return message(400, "POST body should be a JSON dictionary.", SUCCEEDED)
        given: Dict[str, Any] = {name: values[name] for name in self._parameters if name in values}
        for name in self._parameters:
            if name not in given and name not in self._optional:
                return message(400, "A value is not provided for the '{}' parameter.".format(name), SUCCEEDED)
        if self._wants_headers:
            given[HEADERS] = _shown(request)
        return self._call((), given)

    def _call(self, args: Tuple[Any, ...], named: Dict[str, Any]) -> Answer:
        try:
            result = self._run(*args, **named)
        except TimeoutError:
            raise
        except Exception:  # noqa: BLE001 - whatever a user's script raises is an answer, not our end
            traceback.print_exc()
            return message(500, USER_ERROR, FAILED)
        try:
            return _answer_of(result)
        except (TypeError, ValueError):
            traceback.print_exc()
            return message(500, SERVER_ERROR, SUCCEEDED)


def _answer_of(result: Any) -> Answer:
    if isinstance(result, shims.AMLResponse):
        return result.to_answer()
    if isinstance(result, bytes):
        raise TypeError("run() returned bytes; return them in an AMLResponse")
    return Answer(200, b"{}" if result is None else as_json(result), JSON, SUCCEEDED)


def _load(config: Config) -> ModuleType:
    path = os.path.join(config.code_dir, config.score_file)
    if not os.path.isfile(path):
        raise BadScript("no file {} in the code folder (scoring_script)".format(config.score_file))
    for folder in (os.path.dirname(path), config.code_dir):
        if folder in sys.path:
            sys.path.remove(folder)
        sys.path.insert(0, folder)
    name = os.path.splitext(os.path.basename(path))[0]
    if name in sys.modules or not name.isidentifier():
        name = "entry_script"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise BadScript("{} is not a Python file".format(config.score_file))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _function(module: ModuleType, name: str, file: str) -> Callable[..., Any]:
    found = getattr(module, name, None)
    if not callable(found):
        raise BadScript("{} has no function {}(); a scoring script defines init() and run(data)".format(file, name))
    return found


def _optional(run: Callable[..., Any]) -> List[str]:
    parameters = inspect.signature(run).parameters.values()
    return [one.name for one in parameters if one.default is not inspect.Parameter.empty]


def _own_swagger(config: Config) -> Dict[str, bytes]:
    """``swagger2.json`` and ``swagger3.json`` beside the script replace the generated description."""
    folder = os.path.dirname(os.path.join(config.code_dir, config.score_file))
    found: Dict[str, bytes] = {}
    for version in ("2", "3"):
        path = os.path.join(folder, "swagger{}.json".format(version))
        if os.path.isfile(path):
            with open(path, "rb") as file:
                found[version] = file.read()
    return found


def _text(request: Request) -> str:
    if request.method == "GET":
        return json.dumps(dict(forms.query(request.query)))
    return request.body.decode("utf-8")


def _shown(request: Request) -> Dict[str, str]:
    return dict(shims.Headers(request.headers))
