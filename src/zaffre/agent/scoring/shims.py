"""``AMLRequest``, ``AMLResponse`` and ``rawhttp`` for user scripts, under both of Azure's names for them:
``azureml.contrib.services`` and ``azureml_inference_server_http.api``.

They are installed whether or not those packages are in the environment: the packages' classes need Flask, and a
request made by this host is not a Flask request.
"""

from __future__ import annotations

import importlib
import importlib.util
import io
import json
import sys
from http.cookies import CookieError, SimpleCookie
from types import ModuleType
from typing import Any, Callable, Dict, Iterable, Iterator, List, Optional, Tuple, Union

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
        self.content_encoding = self.headers.get("content-encoding")
        self.scheme = "http"
        self.is_secure = False
        self.host_url = self.url_root = "http://" + self.host + "/"
        self.referrer = self.headers.get("referer")
        self.remote_addr = "127.0.0.1"
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
    def stream(self) -> io.BytesIO:
        """The body as a file."""
        return io.BytesIO(self._body)

    @property
    def cookies(self) -> Dict[str, str]:
        """Cookies; callers' own never pass the router."""
        try:
            return {name: one.value for name, one in SimpleCookie(self.headers.get("cookie", "")).items()}
        except CookieError:
            return {}

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
    """What a script may return to choose status, headers and body itself; an iterable of pieces is streamed."""

    def __init__(
        self,
        message: Any,
        status_code: int,
        response_headers: Optional[Dict[str, str]] = None,
        json_str: Optional[bool] = None,
        run_function_failed: bool = False,
    ) -> None:
        structured = isinstance(message, (dict, list, tuple)) or message is None
        self.response: Iterable[bytes] = ()
        if json_str or structured:
            self.data = b"{}" if message is None else json.dumps(message).encode()
        elif _is_pieces(message):
            self.data, self.response = b"", _pieces(message)
        else:
            self.data = bytes(message) if isinstance(message, (bytes, bytearray)) else _text(message)
        self.status_code = int(status_code)
        self.content_type = JSON if json_str or structured else TEXT
        self.headers = Headers([(name, _listed(name, value)) for name, value in (response_headers or {}).items()])
        self.run_function_failed = run_function_failed

    @property
    def mimetype(self) -> str:
        """The content type without its parameters."""
        return self.content_type.split(";")[0]

    @mimetype.setter
    def mimetype(self, value: str) -> None:
        self.content_type = value

    @property
    def is_streamed(self) -> bool:
        """True when the body comes in pieces."""
        return not isinstance(self.response, tuple)

    def get_data(self, as_text: bool = False) -> Union[bytes, str]:
        """The body."""
        return self.data.decode("utf-8", "replace") if as_text else self.data

    def set_data(self, value: Union[bytes, str]) -> None:
        """Replace the body."""
        self.data = value.encode() if isinstance(value, str) else value

    def to_answer(self) -> Answer:
        """What goes on the wire."""
        kind = self.headers.get("content-type") or self.content_type
        failed = ("x-ms-run-function-failed", str(self.run_function_failed or self.status_code >= 500))
        headers = (*self.headers.items(), failed)
        stream = iter(self.response) if self.is_streamed else None
        return Answer(self.status_code, self.data, kind, headers, True, stream)


def foreign(response: Any) -> Optional[Answer]:
    """An answer out of another framework's response (Flask's, Starlette's); None where it is none."""
    status, headers = getattr(response, "status_code", None), getattr(response, "headers", None)
    if not isinstance(status, int) or not hasattr(headers, "items"):
        return None
    read: Any = getattr(response, "get_data", None)
    body: Any = read() if read is not None else getattr(response, "body", None)
    if not isinstance(body, bytes):
        return None
    pairs = [(str(name), str(value)) for name, value in headers.items()]  # type: ignore[union-attr]
    kind = next((value for name, value in pairs if name.lower() == "content-type"), TEXT)
    failed = ("x-ms-run-function-failed", str(status >= 500))
    return Answer(status, body, kind, (*pairs, failed), True)


def _is_pieces(message: Any) -> bool:
    return hasattr(message, "__iter__") and not isinstance(message, (str, bytes, bytearray))


def _pieces(found: Any) -> Iterator[bytes]:
    for piece in found:
        yield bytes(piece) if isinstance(piece, (bytes, bytearray)) else _text(piece)


def _listed(name: str, value: Any) -> str:
    """Values after commas are values of their own, as on Azure."""
    text = str(value)
    return text if name.lower() in ("set-cookie", "date", "expires") else ", ".join(v.strip() for v in text.split(","))


def _text(message: Any) -> bytes:
    return str(message).encode()


_raw: List[str] = []


def rawhttp(run: Callable[..., Any]) -> Callable[..., Any]:
    """Mark ``run`` as wanting the request itself."""
    setattr(run, RAW, True)
    _raw.append(getattr(run, "__module__", ""))
    return run


def is_raw(run: Callable[..., Any], module: str) -> bool:
    """Whether ``run`` of ``module`` wants the request itself; on Azure the mark counts for whatever it stands on."""
    return bool(getattr(run, RAW, False)) or module in _raw


_SERVICES = "azureml.contrib.services"
_SERVER = "azureml_inference_server_http"


def install() -> None:
    """Make both names of ``aml_request`` and ``aml_response`` importable."""
    _package(_SERVICES)
    _install(_SERVICES)
    if _SERVER not in sys.modules and importlib.util.find_spec(_SERVER) is None:
        _package(_SERVER + ".api")
    _install(_SERVER + ".api")


def _install(package: str) -> None:
    for name in ("aml_request", "aml_response"):
        module = ModuleType(package + "." + name)
        module.AMLRequest = AMLRequest  # type: ignore[attr-defined]
        module.AMLResponse = AMLResponse  # type: ignore[attr-defined]
        module.rawhttp = rawhttp  # type: ignore[attr-defined]
        sys.modules[module.__name__] = module
        holder = sys.modules.get(package)
        if holder is not None:
            setattr(holder, name, module)


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
