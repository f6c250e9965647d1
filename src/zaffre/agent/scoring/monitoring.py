"""``azureml.ai.monitoring`` for user scripts: ours where the environment has no such package, else the way in for it.

The package sends what it collects to a small server on the same machine (``POST /modeldata/log``), which Azure runs
beside every replica; here a thread of the host is that server.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import tempfile
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import ModuleType
from typing import Any, Callable, Dict, Optional

from zaffre.agent.scoring import collecting
from zaffre.agent.scoring.answers import JSON
from zaffre.agent.scoring.collecting import PAYLOADS, Event

NAME = "azureml.ai.monitoring"
AGENT = "azureml-ai-monitoring/zaffre"
_MOST = 64 * 1024 * 1024


class CorrelationContext:
    """What ties inputs, outputs and ground truth together."""

    def get_id(self) -> str:
        """The correlation id."""
        return ""

    def __str__(self) -> str:
        return self.get_id()

    __repr__ = __str__


class BasicCorrelationContext(CorrelationContext):
    """A correlation id, given or made."""

    def __init__(
        self, id: Optional[str] = None, timestamp: Optional[int] = None, headers: Optional[Dict[str, Any]] = None
    ) -> None:
        self.id = str(id) if id else str(uuid.uuid4())
        self.timestamp = timestamp if timestamp else int(time.time())
        self.headers = headers if headers else {}

    def get_id(self) -> str:
        """The correlation id."""
        return self.id

    def get_timestamp(self) -> int:
        """Unix seconds."""
        return self.timestamp

    def get_headers(self) -> Dict[str, Any]:
        """Kept with the data."""
        return self.headers


class Collector:
    """Keeps tables of one collection of the deployment."""

    def __init__(self, *, name: str, on_error: Optional[Callable[[Exception], Any]] = None) -> None:
        self.name = name
        self._on_error = on_error or _raised
        self._is_on()

    def collect(self, data: Any, correlation_context: Optional[CorrelationContext] = None) -> CorrelationContext:
        """Keep a pandas table; the context ties what is collected next to it."""
        context = correlation_context if correlation_context is not None else BasicCorrelationContext()
        sink = collecting.present()
        if not self._is_on() or sink is None or not sink.samples(self.name, context.get_id()):
            return context
        if not (hasattr(data, "to_json") and hasattr(data, "columns")):
            told = "data type ({}) not supported, supported types: pandas.DataFrame".format(type(data).__name__)
            self._on_error(TypeError(told))
            return context
        facts: Dict[str, Any] = {
            "correlationid": context.get_id(),
            "xrequestid": sink.request_id or context.get_id(),
            "modelversion": "default",
            "collectdatatype": _sort_of(data),
            "agent": AGENT,
        }
        told_headers = getattr(context, "headers", None)
        if told_headers:
            facts["headers"] = {str(name): str(value) for name, value in told_headers.items()}
        body = str(data.to_json(orient="records")).encode()
        if not sink.put(Event(self.name.lower(), float(getattr(context, "timestamp", time.time())), body, JSON, facts)):
            self._on_error(Exception("the queue of collected data is full, drop the data"))
        return context

    def _is_on(self) -> bool:
        sink = collecting.present()
        if not self.name:
            self._on_error(Exception("collection name is not provided"))
        elif sink is None:
            self._on_error(Exception("custom logging is not enabled (data_collector), drop the data"))
        elif not sink.wants(self.name):
            self._on_error(Exception("collection {} is not enabled (data_collector), drop the data".format(self.name)))
        else:
            return True
        return False


def _sort_of(data: Any) -> str:
    kind: Any = getattr(data, "__class__", object)
    return "{}.{}".format(kind.__module__, kind.__qualname__)


def install() -> None:
    """Make ``azureml.ai.monitoring`` importable, or tell the environment's own where to send."""
    if is_installed():
        _attend()
        return
    context = _module(NAME + ".context")
    for one in (CorrelationContext, BasicCorrelationContext):
        setattr(context, one.__name__, one)
    package = _module(NAME)
    package.Collector = Collector  # type: ignore[attr-defined]
    package.context = context  # type: ignore[attr-defined]
    package.__path__ = []  # type: ignore[attr-defined]
    for parent in ("azureml.ai", "azureml"):
        if parent not in sys.modules and _missing(parent):
            made = _module(parent)
            made.__path__ = []  # type: ignore[attr-defined]


def is_installed() -> bool:
    """Whether the environment has the package itself."""
    if NAME in sys.modules:
        return sys.modules[NAME].__spec__ is not None
    return not _missing(NAME)


def _missing(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is None
    except (ImportError, ValueError):
        return True


def _module(name: str) -> ModuleType:
    module = ModuleType(name)
    sys.modules[name] = module
    return module


def _raised(error: Exception) -> None:
    raise error


def _attend() -> None:
    """Answer the package's own sender, in a thread."""
    sink = collecting.present()
    if sink is None:
        return
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Receiver)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="collecting-http", daemon=True).start()
    collections = {name: {"enabled": True, "sampleRatePercentage": rate} for name, rate in sink.rates()}
    settings = {"runMode": "cloud", "collections": collections}
    path = os.path.join(tempfile.mkdtemp(prefix="mdc-"), "config.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(settings, file)
    os.environ.update(
        AZUREML_MDC_CONFIG_PATH=path, AZUREML_MDC_HOST="127.0.0.1", AZUREML_MDC_PORT=str(server.server_address[1])
    )


class _Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        size = self.headers.get("content-length", "")
        if not size.isdigit() or int(size) > _MOST:
            self.close_connection = True
            self._answer(411)
            return
        body = self.rfile.read(int(size))
        self._answer(200 if self.path == "/modeldata/log" and self._keep(body) else 400)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the user's log is the user's."""

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def _keep(self, body: bytes) -> bool:
        said = {name.lower()[3:]: value for name, value in self.headers.items() if name.lower().startswith("ce-")}
        collection = said.pop("type", "").rpartition(".")[2].lower()
        sink = collecting.present()
        if sink is None or not sink.wants(collection) or collection in PAYLOADS:
            return False
        correlation = said.pop("x-request-id", "")
        facts: Dict[str, Any] = {
            "correlationid": correlation,
            "xrequestid": correlation,
            "modelversion": said.pop("model-version", "default"),
            "collectdatatype": said.pop("collect-data-type", ""),
            "agent": said.pop("agent", AGENT),
        }
        at = said.pop("time", "")
        if said:
            facts["headers"] = said
        return sink.put(Event(collection, _seconds(at), body, self.headers.get("content-type", JSON), facts))


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return time.time()
