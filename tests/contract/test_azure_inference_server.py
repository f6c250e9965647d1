"""The same requests to Azure's own inference server and to ours: status, headers that matter and body are compared.

The reference runs in an environment of its own (``tools/client_venvs.py``, ``inference``), and our host under the very
same interpreter. What is meant to differ stands in ``OURS``, and on the page ``docs/user/scoring-scripts.md``.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import client_venvs
from zaffre.backends.local.archive import scoring_host
from zaffre.testing.serving import until

PLAIN = """
import json, os
from azureml_inference_server_http.api.aml_response import AMLResponse
def init():
    global model
    model = sorted(os.listdir(os.environ["AZUREML_MODEL_DIR"]))
def run(data):
    asked = json.loads(data)
    do = asked.get("do") if isinstance(asked, dict) else None
    if do == "model": return model
    if do == "root": return [os.path.basename(os.environ["AML_APP_ROOT"]), os.path.basename(os.environ["AZUREML_ENTRY_SCRIPT"])]
    if do == "text": return "plain é"
    if do == "none": return None
    if do == "nan": return float("nan")
    if do == "raise": raise ValueError("secret")
    if do == "bytes": return b"x"
    if do == "object": return object()
    if do == "teapot": return AMLResponse("short and stout", 418, {"X-Tea": "green"})
    if do == "failed": return AMLResponse({"why": 1}, 503, json_str=True)
    if do == "html": return AMLResponse("<b>x</b>", 200, {"Content-Type": "text/html"})
    if do == "empty": return AMLResponse(None, 200)
    if do == "quoted": return AMLResponse("t", 201, json_str=True)
    if do == "many": return AMLResponse("t", 200, {"X-Many": "a,b, c"})
    if do == "stream": return AMLResponse((str(n) + ";" for n in range(3)), 200)
    return {"got": asked}
"""
RAW = """
from azureml.contrib.services.aml_request import AMLRequest, rawhttp
from azureml.contrib.services.aml_response import AMLResponse
def init(): pass
@rawhttp
def run(request):
    if request.method == "OPTIONS": return AMLResponse("options", 200)
    if request.path.endswith("score") and request.args.get("echo"):
        return AMLResponse(request.get_data(), 200, {"Content-Type": request.content_type or "none"})
    return {
        "method": request.method, "path": request.path, "full": request.full_path, "query": request.args.to_dict(),
        "list": request.args.getlist("a"), "length": len(request.get_data()), "mime": request.mimetype,
        "own": request.headers.get("x-own"), "lower": "X-OWN" in request.headers, "json": request.is_json,
        "form": request.form.to_dict(), "files": sorted(request.files), "cookies": request.cookies,
        "stream": len(request.stream.read()) >= 0, "silent": request.get_json(silent=True),
    }
"""
TYPED = """
import numpy as np
import pandas as pd
from inference_schema.schema_decorators import input_schema, output_schema
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
def init(): pass
nested = StandardPythonParameterType({"name": StandardPythonParameterType("ada"),
    "rows": NumpyParameterType(np.array([[1.0, 2.0]])), "tags": StandardPythonParameterType(["a"])})
@input_schema("table", PandasParameterType(pd.DataFrame({"a": [1], "b": ["x"]})))
@input_schema("data", NumpyParameterType(np.array([[1, 2, 3]])))
@input_schema("nested", nested)
@input_schema("n", StandardPythonParameterType(2))
@output_schema(StandardPythonParameterType({"sum": 1.5}))
def run(data, table, nested, n=5):
    kinds = [type(one).__name__ for one in (data, table, nested["rows"])]
    return {"sum": float(data.sum()) * n, "kinds": kinds, "b": list(table["b"]), "name": nested["name"]}
"""
HEADERS = """
def init(): pass
def run(data, request_headers):
    return [data, request_headers["X-Own"], request_headers.get("Content-Type")]
"""
SCRIPTS = {"plain": PLAIN, "raw": RAW, "typed": TYPED, "headers": HEADERS}
JSON = {"content-type": "application/json"}
GOOD = {
    "data": [[1, 2, 3]],
    "table": [{"a": 1, "b": "y"}],
    "nested": {"name": "b", "rows": [[3, 4]], "tags": []},
    "n": 2,
}
SHOWN = (
    "content-type", "x-ms-run-function-failed", "x-ms-request-id", "x-ms-client-request-id", "x-request-id", "traceid",
    "x-tea", "x-many", "access-control-allow-origin", "access-control-allow-methods", "access-control-allow-headers",
)  # fmt: skip
MADE = ("x-request-id", "x-ms-request-id")
"""Made up where the caller sends none."""


_PROSE = ("description", "schemes", "examples", "summary")


class Ask(NamedTuple):
    script: str
    path: str = "/score"
    body: bytes = b"{}"
    method: str = "POST"
    headers: dict[str, str] = JSON


def _do(what: str) -> Ask:
    return Ask("plain", body=json.dumps({"do": what}).encode())


def _typed(document: Any, headers: dict[str, str] = JSON) -> Ask:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return Ask("typed", body=body, headers=headers)


def _without(name: str) -> dict[str, Any]:
    return {key: value for key, value in GOOD.items() if key != name}


ORIGIN = {"origin": "https://a.example"}
ASKS = {
    **{what: _do(what) for what in (
        "model", "root", "text", "none", "nan", "raise", "bytes", "object", "teapot", "failed", "html", "empty",
        "quoted", "many", "stream",
    )},
    "echo": Ask("plain", body='{"ä": [1]}'.encode()),
    "no json": Ask("plain", body=b"no"),
    "no utf-8": Ask("plain", body=b"\xff"),
    "get": Ask("plain", "/score?a=1&b=[1,2]&c=x&d=null&c=2", b"", "GET"),
    "options": Ask("plain", body=b"", method="OPTIONS"),
    "put": Ask("plain", method="PUT"),
    "health": Ask("plain", "/", b"", "GET"),
    "health head": Ask("plain", "/", b"", "HEAD"),
    "health post": Ask("plain", "/", b"", "POST"),
    "nowhere": Ask("plain", "/nope", b"", "GET"),
    "ids": Ask("plain", headers={**JSON, "x-request-id": "r", "x-ms-client-request-id": "c"}),
    "old id": Ask("plain", headers={**JSON, "x-request-id": "r", "x-ms-request-id": "o"}),
    "both ids": Ask("plain", headers={"x-request-id": "r", "x-ms-request-id": "o", "x-ms-client-request-id": "c"}),
    "long id": Ask("plain", headers={"x-request-id": "r" * 101}),
    "long old id": Ask("plain", headers={"x-request-id": "r", "x-ms-request-id": "o" * 101}),
    "long client id": Ask("plain", headers={"x-request-id": "r", "x-ms-client-request-id": "c" * 101}),
    "office": Ask("plain", headers={**JSON, "TraceId": "t"}),
    "origin": Ask("plain", headers={**JSON, **ORIGIN}),
    "other origin": Ask("plain", headers={**JSON, "origin": "https://other.example"}),
    "preflight": Ask("plain", body=b"", method="OPTIONS", headers={
        **ORIGIN, "access-control-request-method": "POST", "access-control-request-headers": "content-type, authorization",
    }),
    "preflight put": Ask("plain", body=b"", method="OPTIONS", headers={**ORIGIN, "access-control-request-method": "PUT"}),
    "swagger 4": Ask("plain", "/swagger.json?version=4", b"", "GET"),
    "raw": Ask("raw", "/score?a=1&a=2&b=", b"\x00\xff", headers={"content-type": "image/png", "x-own": "1"}),
    "raw json": Ask("raw", body=b'{"a": 1}', headers={"content-type": "application/json; charset=utf-8"}),
    "raw get": Ask("raw", "/score?x=%20y", b"", "GET", {"cookie": "a=b"}),
    "raw form": Ask("raw", body=b"a=1&b=x%20y", headers={"content-type": "application/x-www-form-urlencoded"}),
    "raw file": Ask("raw", body=(
        b'--X\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\n\r\nhello\r\n'
        b'--X\r\nContent-Disposition: form-data; name="t"\r\n\r\nword\r\n--X--\r\n'
    ), headers={"content-type": "multipart/form-data; boundary=X"}),
    "raw echo": Ask("raw", "/score?echo=1", bytes(range(256)), headers={"content-type": "application/octet-stream"}),
    "raw options": Ask("raw", body=b"", method="OPTIONS", headers={}),
    "typed": _typed(GOOD),
    "typed json type": _typed(GOOD, {"content-type": "application/vnd.x+json"}),
    "typed default": _typed(_without("n")),
    "typed missing": _typed(_without("data")),
    "typed other type": _typed(GOOD, {"content-type": "text/plain"}),
    "typed no json": _typed(b"{"),
    "typed empty": _typed(b""),
    "typed list": _typed([1]),
    "typed shape": _typed({**GOOD, "data": [[1, 2]]}),
    "typed column": _typed({**GOOD, "table": [{"a": "x", "b": "y"}]}),
    "request headers": Ask("headers", body=b"x", headers={**JSON, "x-own": "1"}),
}  # fmt: skip

_IDS = {"x-request-id": True, "x-ms-request-id": True, "access-control-allow-origin": "https://a.example"}
OURS: dict[str, dict[str, Any]] = {
    # Azure's page of an address that is not there says nothing of where to ask.
    "nowhere": {
        "body": {"message": "The requested URL was not found on this deployment; score at /score."},
        "headers": _IDS,
    },
    # Every answer has its request id and may be read by the page that asked; a refusal of a method names those there are.
    "put": {"headers": {**_IDS, "allow": {"GET", "POST", "OPTIONS"}}},
    "health post": {"headers": {**_IDS, "allow": {"GET", "HEAD", "OPTIONS"}}},
}
"""What we answer on purpose otherwise."""


class _Server(NamedTuple):
    port: int
    process: subprocess.Popen[bytes]
    log: Path


@pytest.fixture(scope="module")
def python() -> str:
    return str(client_venvs.interpreter("inference"))


@pytest.fixture(scope="module")
def servers(python, tmp_path_factory):
    made: dict[str, tuple[_Server, _Server]] = {}
    for name, text in SCRIPTS.items():
        folder = tmp_path_factory.mktemp(name)
        (folder / "app").mkdir()
        (folder / "model").mkdir()
        (folder / "model" / "weights.bin").write_bytes(b"x")
        (folder / "app" / "score.py").write_text(text)
        made[name] = (_azures(python, folder), _ours(python, folder))
    try:
        for pair in made.values():
            for server in pair:
                until(lambda server=server: _is_up(server), "a server")
        yield made
    finally:
        for pair in made.values():
            for server in pair:
                os.killpg(server.process.pid, signal.SIGKILL)
                server.process.wait()


def _azures(python: str, folder: Path) -> _Server:
    port = _free()
    command = [
        str(Path(python).parent / "azmlinfsrv"),
        "--entry_script",
        "score.py",
        "--model_dir",
        str(folder / "model"),
    ]
    environ = {"AML_APP_ROOT": str(folder / "app"), "AZUREML_ENTRY_SCRIPT": "score.py"}
    return _started([*command, "--port", str(port)], port, folder / "azure.txt", environ)


def _ours(python: str, folder: Path) -> _Server:
    port = _free()
    orders = {
        "socket": f"tcp:127.0.0.1:{port}", "kind": "score", "code_dir": str(folder / "app"), "score_file": "score.py",
        "model_dir": str(folder / "model"),
    }  # fmt: skip
    (folder / "host.json").write_text(json.dumps(orders))
    return _started([python, str(scoring_host(folder)), str(folder / "host.json")], port, folder / "ours.txt", {})


def _started(command: list[str], port: int, log: Path, environ: dict[str, str]) -> _Server:
    known = {"PATH": os.environ["PATH"], "HOME": str(log.parent), "AML_CORS_ORIGINS": "https://a.example", **environ}
    with log.open("wb") as file:
        process = subprocess.Popen(
            command, cwd=log.parent / "app", env=known, stdout=file, stderr=file, start_new_session=True
        )
    return _Server(port, process, log)


def _free() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _is_up(server: _Server) -> bool:
    assert server.process.poll() is None, server.log.read_text()
    try:
        return _sent(server, Ask("", "/", b"", "GET"))[0] == 200
    except OSError:
        return False


def _sent(server: _Server, ask: Ask) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        connection.request(ask.method, ask.path, ask.body or None, ask.headers)
        answer = connection.getresponse()
        found: dict[str, str] = {}
        for name, value in answer.getheaders():
            key = name.lower()
            found[key] = f"{found[key]}, {value}" if key in found else value
        return answer.status, found, answer.read()
    finally:
        connection.close()


def _comparable(server: _Server, ask: Ask) -> dict[str, Any]:
    status, headers, body = _sent(server, ask)
    sent = {name.lower() for name in ask.headers}
    shown: dict[str, Any] = {name: headers.get(name) for name in SHOWN}
    for name in MADE:
        made_up = not sent & {"x-request-id", "x-ms-request-id", "x-ms-client-request-id"}
        if made_up or (name == "x-request-id" and name not in sent):
            shown[name] = bool(headers.get(name))
    shown["allow"] = {one.strip() for one in headers.get("allow", "").split(",")}
    shown["timed"] = "x-ms-run-fn-exec-ms" in headers
    try:
        content: Any = json.loads(body)
    except ValueError:
        content = body
    return {"status": status, "headers": shown, "body": repr(content) if isinstance(content, float) else content}


@pytest.mark.parametrize("name", ASKS)
def test_both_answer_the_same(servers, name):
    azures, ours = servers[ASKS[name].script]
    expected = _with(_comparable(azures, ASKS[name]), OURS.get(name, {}))
    assert _comparable(ours, ASKS[name]) == expected


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("version", ["", "?version=2", "?version=2.0", "?version=3", "?version=3.0", "?version=3.1"])
def test_the_description_is_the_same_but_for_its_prose(servers, script, version):
    asks = Ask(script, f"/swagger.json{version}", b"", "GET")
    azures, ours = (_sent(server, asks) for server in servers[script])
    assert ours[0] == azures[0], ours[2]
    assert _bare(json.loads(ours[2])) == _bare(json.loads(azures[2]))


def _bare(value: Any) -> Any:
    """Without sentences and examples of the description itself, and without the schemes (we have http too)."""
    if isinstance(value, dict):
        return {
            key: _bare(one)
            for key, one in value.items()
            if key not in _PROSE and not (key == "example" and one == "Healthy")
        }
    return [_bare(one) for one in value] if isinstance(value, list) else value


def test_every_wanted_difference_is_one(servers):
    for name, ours in OURS.items():
        azures = _comparable(servers[ASKS[name].script][0], ASKS[name])
        assert _with(azures, ours) != azures, name


def _with(azures: dict[str, Any], ours: dict[str, Any]) -> dict[str, Any]:
    return {**azures, **ours, "headers": {**azures["headers"], **ours.get("headers", {})}}
