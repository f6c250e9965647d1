"""``azureml.contrib.services`` for user scripts: ``AMLRequest``, ``AMLResponse`` and ``rawhttp`` with Azure's names.

They are installed whether or not that package is in the environment, as Azure's own server does: the package's
classes need Flask, and a request made by this host is not a Flask request.
"""

from __future__ import annotations

import importlib
import json
import sys
from types import ModuleType
from typing import Any, Callable, Dict, List, Optional, Tuple, Union

from zaffre.agent.scoring import forms
from zaffre.agent.scoring.answers import JSON, TEXT, Answer
from zaffre.agent.scoring.wire import Request

RAW = "_zaffre_raw_http"


class Headers(Dict[str, str]):
    """Headers by name, whatever the case."""

    def __init__(self, pairs: List[Tuple[str, str]]) -> None:
        super().__init__()
        for name, value in pairs:
            key = name.title()
            super().__setitem__(key, self[key] + ", " + value if key in self else value)

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.title())

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name.title(), str(value))

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and super().__contains__(name.title())

    def get(self, name: str, default: Any = None) -> Any:
        """The value, or ``default``."""
        return super().get(name.title(), default)

    def add(self, name: str, value: Any) -> None:
        """Set a header."""
        self[name] = value


class AMLRequest:
    """What a ``@rawhttp`` script is given: the request as it came, with Flask's attribute names."""

    def __init__(self, request: Request) -> None:
        self.method = request.method
        self.path = request.path
        self.full_path = request.path + "?" + request.query
        self.query_string = request.query.encode("latin-1", "replace")
        self.headers = Headers(request.headers)
        self.host = self.headers.get("host", "localhost")
        self.url = "http://" + self.host + request.path + ("?" + request.query if request.query else "")
        self.base_url = "http://" + self.host + request.path
        self.args = forms.query(request.query)
        self.content_type = self.headers.get("content-type")
        self.mimetype = (self.content_type or "").split(";")[0].strip().lower()
        self.content_length = len(request.body)
        self._body = request.body
        self._form: Optional[Tuple[forms.Many, forms.Many]] = None

    @property
    def data(self) -> bytes:
        """The body."""
        return self._body

    def get_data(self, cache: bool = True, as_text: bool = False, parse_form_data: bool = False) -> Union[bytes, str]:
        """The body, as bytes or as text."""
        return self._body.decode("utf-8", "replace") if as_text else self._body

    @property
    def is_json(self) -> bool:
        """True when the content type says JSON."""
        return self.mimetype == JSON or (self.mimetype.startswith("application/") and self.mimetype.endswith("+json"))

    @property
    def json(self) -> Any:
        """The body, read as JSON."""
        return self.get_json()

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """The body read as JSON; None where it is not, with ``silent``."""
        if not (force or self.is_json):
            if silent:
                return None
            raise ValueError("the request's Content-Type is not application/json")
        try:
            return json.loads(self._body.decode("utf-8"))
        except ValueError:
            if silent:
                return None
            raise

    @property
    def form(self) -> forms.Many:
        """Form fields."""
        return self._forms()[0]

    @property
    def files(self) -> forms.Many:
        """Uploaded files."""
        return self._forms()[1]

    @property
    def values(self) -> forms.Many:
        """Query and form fields together."""
        return forms.Many(list(self.args.items()) + list(self.form.items()))

    def _forms(self) -> Tuple[forms.Many, forms.Many]:
        if self._form is None:
            none = forms.Many([])
            if self.mimetype == "multipart/form-data":
                self._form = forms.multipart(self.content_type, self._body)
            elif self.mimetype == "application/x-www-form-urlencoded":
                self._form = (forms.query(self._body.decode("utf-8", "replace")), none)
            else:
                self._form = (none, none)
        return self._form


class AMLResponse:
    """What a script may return to choose status, headers and body itself."""

    def __init__(
        self,
        message: Any,
        status_code: int,
        response_headers: Optional[Dict[str, str]] = None,
        json_str: Optional[bool] = None,
        run_function_failed: bool = False,
    ) -> None:
        structured = isinstance(message, (dict, list, tuple)) or message is None
        if json_str or structured:
            self.data = json.dumps(message).encode()
        else:
            self.data = bytes(message) if isinstance(message, (bytes, bytearray)) else _text(message)
        self.status_code = int(status_code)
        self.content_type = JSON if json_str or structured else TEXT
        self.headers = Headers(list((response_headers or {}).items()))
        self.run_function_failed = run_function_failed

    @property
    def mimetype(self) -> str:
        """The content type without its parameters."""
        return self.content_type.split(";")[0]

    @mimetype.setter
    def mimetype(self, value: str) -> None:
        self.content_type = value

    def get_data(self, as_text: bool = False) -> Union[bytes, str]:
        """The body."""
        return self.data.decode("utf-8", "replace") if as_text else self.data

    def set_data(self, value: Union[bytes, str]) -> None:
        """Replace the body."""
        self.data = value.encode() if isinstance(value, str) else value

    def to_answer(self) -> Answer:
        """What goes on the wire."""
        kind = self.headers.get("content-type") or self.content_type
        failed = ("x-ms-run-function-failed", str(self.run_function_failed))
        return Answer(self.status_code, self.data, kind, (*self.headers.items(), failed))


def _text(message: Any) -> bytes:
    return str(message).encode()


def rawhttp(run: Callable[..., Any]) -> Callable[..., Any]:
    """Mark ``run`` as wanting the request itself."""
    setattr(run, RAW, True)
    return run


def install() -> None:
    """Make ``azureml.contrib.services.aml_request`` and ``…aml_response`` importable."""
    request, response = _module("aml_request"), _module("aml_response")
    for module in (request, response):
        module.AMLRequest = AMLRequest  # type: ignore[attr-defined]
        module.AMLResponse = AMLResponse  # type: ignore[attr-defined]
        module.rawhttp = rawhttp  # type: ignore[attr-defined]
    services = _package("azureml.contrib.services")
    services.aml_request = request  # type: ignore[attr-defined]
    services.aml_response = response  # type: ignore[attr-defined]


def _module(name: str) -> ModuleType:
    _package("azureml.contrib.services")
    module = ModuleType("azureml.contrib.services." + name)
    sys.modules[module.__name__] = module
    return module


def _package(name: str) -> ModuleType:
    """The package ``name``, the environment's own where it has one: ``azureml`` is shared by many packages."""
    if name in sys.modules:
        return sys.modules[name]
    parent, _, last = name.rpartition(".")
    holder = _package(parent) if parent else None
    try:
        return importlib.import_module(name)
    except ImportError:
        package = ModuleType(name)
        package.__path__ = []  # type: ignore[attr-defined]
        sys.modules[name] = package
        if holder is not None:
            setattr(holder, last, package)
        return package
