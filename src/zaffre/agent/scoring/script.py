"""A user's ``score.py``: loaded, ``init()`` called once, ``run()`` called per request the way Azure's server calls it."""

from __future__ import annotations

import importlib.util
import inspect
import json
import os
import sys
import traceback
from types import ModuleType
from typing import Any, Callable, Dict, List
from urllib.parse import parse_qsl

from zaffre.agent.scoring import hints, monitoring, shims, swagger
from zaffre.agent.scoring.answers import JSON, TEXT, Answer, as_json, message
from zaffre.agent.scoring.config import Config
from zaffre.agent.scoring.wire import Request

HEADERS = "request_headers"
USER_ERROR = "An unexpected error occurred in scoring script. Check the logs for more info."
SERVER_ERROR = "An unexpected internal error occurred. Check the logs for more info."
FAILED = (("x-ms-run-function-failed", "True"),)
SUCCEEDED = (("x-ms-run-function-failed", "False"),)
_METHODS = ("GET", "POST", "OPTIONS")
NOT_ALLOWED = "The method is not allowed for the requested URL."


class BadScript(Exception):
    """The script cannot be served; the message is for its author."""


class BadInput(ValueError):
    """The caller's mistake; ``status`` and the message are the answer."""

    def __init__(self, text: str, status: int = 400) -> None:
        super().__init__(text)
        self.status = status


class Script:
    """The user's module, ready."""

    def __init__(self, config: Config) -> None:
        self.routes = frozenset(("/score", config.score_path))
        shims.install()
        monitoring.install()
        module = _load(config)
        init = _function(module, "init", config.score_file)
        self._run = _function(_driven(module), "run", config.score_file)
        self._names = _parameters(self._run)
        self._wants_headers = HEADERS in inspect.signature(self._run).parameters
        decorated = swagger.schemas_of(self._run)
        self._raw = shims.is_raw(self._run, module.__name__)
        if self._raw and decorated is not None:
            raise BadScript("run() cannot be decorated with both @rawhttp and @input_schema")
        self._hints = hints.of(self._run)
        self._whole = len(self._names) == 1 and hints.is_object(self._hints.get(self._names[0]))
        self._typed = decorated is not None
        self._defaults = _defaults(self._run)
        self._named = not self._raw and (self._typed or self._needs_several())
        schemas = decorated or hints.schemas(self._run, self._names, len(self._names) == 1)
        folders = [config.code_dir, os.path.dirname(os.path.join(config.code_dir, config.score_file))]
        self._swagger = swagger.Description(schemas, swagger.own_files(folders))
        init()

    def swagger(self, version: str) -> bytes:
        """The API description; raises ``NoVersion``."""
        return self._swagger.get(version)

    def answer(self, request: Request) -> Answer:
        """Score one request."""
        if request.method not in _METHODS:
            return message(405, NOT_ALLOWED, (("allow", ", ".join(_METHODS)), *SUCCEEDED))
        if request.method == "OPTIONS" and not self._raw:
            return Answer(200, b"", TEXT, SUCCEEDED)
        try:
            given = self._given(request)
        except BadInput as bad:
            return message(bad.status, str(bad), SUCCEEDED)
        return self._call(given, request)

    def _needs_several(self) -> bool:
        """More than Azure's server could give: it passes the body to the first parameter alone."""
        return len([name for name in self._names if name not in self._defaults]) > 1

    def _given(self, request: Request) -> Dict[str, Any]:
        """The arguments."""
        first = self._names[0]
        if self._raw:
            return {first: shims.AMLRequest(request)}
        if not (self._named or self._whole):
            return {first: _text(request)}
        values = _of_query(request.query) if request.method == "GET" else _document(request)
        if self._whole:
            return {first: self._made(first, values, "")}
        given: Dict[str, Any] = {}
        for name in self._names:
            if name in values:
                given[name] = values[name] if self._typed else self._made(name, values[name], name)
            elif name in self._defaults:
                given[name] = self._defaults[name]
            else:
                raise BadInput("A value is not provided for the {!r} parameter.".format(name))
        return given

    def _made(self, name: str, value: Any, where: str) -> Any:
        try:
            return hints.make(self._hints.get(name), value, where)
        except hints.BadValue as bad:
            raise BadInput(str(bad)) from None

    def _call(self, named: Dict[str, Any], request: Request) -> Answer:
        if self._wants_headers:
            named[HEADERS] = dict(shims.Headers(request.headers))
        try:
            result = self._run(**named)
        except TimeoutError:
            raise
        except SystemExit as ended:
            traceback.print_exc()
            text = "run() tried to end the process (exit code {}); it goes on."
            return message(500, text.format(ended.code), FAILED)
        except Exception:  # noqa: BLE001 - whatever a user's script raises is an answer, not our end
            traceback.print_exc()
            return message(500, USER_ERROR, FAILED)
        try:
            return _answer_of(result)
        except (TypeError, ValueError):
            traceback.print_exc()
            return message(500, SERVER_ERROR, SUCCEEDED)


def _answer_of(result: Any) -> Answer:
    if isinstance(result, (dict, list, str)):
        return Answer(200, as_json(result), JSON, SUCCEEDED, True)
    if isinstance(result, shims.AMLResponse):
        return result.to_answer()
    if isinstance(result, bytes):
        raise TypeError("run() returned bytes; return them in an AMLResponse")
    framed = shims.foreign(result)
    if framed is not None:
        return framed
    return Answer(200, b"{}" if result is None else as_json(result), JSON, SUCCEEDED, True)


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


def _driven(module: ModuleType) -> ModuleType:
    """The module whose ``run`` is meant: Azure's older tools put a driver before the user's own."""
    inner = getattr(module, "driver_module", None)
    return inner if isinstance(inner, ModuleType) and hasattr(inner, "run") else module


def _function(module: ModuleType, name: str, file: str) -> Callable[..., Any]:
    found = getattr(module, name, None)
    if not callable(found):
        raise BadScript("{} has no function {}(); a scoring script defines init() and run(data)".format(file, name))
    return found


def _parameters(run: Callable[..., Any]) -> List[str]:
    parameters = inspect.signature(run).parameters.values()
    named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    if any(one.kind not in named for one in parameters):
        raise BadScript("run() cannot accept positional-only arguments, *args, or **kwargs")
    names = [one.name for one in parameters if one.name != HEADERS]
    if not names:
        raise BadScript("run() takes no argument; it must take the request's body: def run(data)")
    return names


def _defaults(run: Callable[..., Any]) -> Dict[str, Any]:
    parameters = inspect.signature(run).parameters.values()
    return {one.name: one.default for one in parameters if one.default is not inspect.Parameter.empty}


def _text(request: Request) -> str:
    if request.method == "GET":
        return json.dumps(_of_query(request.query))
    try:
        return request.body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput("Input cannot be decoded as UTF-8: {}".format(error)) from None


def _document(request: Request) -> Dict[str, Any]:
    """The body as an object."""
    kind = request.header("content-type").split(";")[0].strip().lower()
    if kind != JSON and not (kind.startswith("application/") and kind.endswith("+json")):
        raise BadInput("Expects Content-Type to be application/json", 415)
    if not request.body:
        raise BadInput("POST body is empty. Expecting a JSON dictionary.")
    try:
        values: Any = json.loads(request.body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadInput("POST body could not be decoded as JSON: {}".format(error)) from None
    if not isinstance(values, dict):
        raise BadInput("POST body should be a JSON dictionary.")
    return values  # type: ignore[return-value]


def _of_query(query: str) -> Dict[str, Any]:
    """A query as values: JSON where it is some, else text; a name that is repeated has a list."""
    found: Dict[str, List[Any]] = {}
    for name, text in parse_qsl(query, keep_blank_values=True, max_num_fields=1000):
        found.setdefault(name, []).append(_value(text))
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
