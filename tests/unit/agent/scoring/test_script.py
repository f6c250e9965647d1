"""A user's script answers as on Azure's own server; the answers were observed there."""

import json
import sys

import pytest

from zaffre.agent.scoring.config import Config
from zaffre.agent.scoring.script import BadScript, Script
from zaffre.agent.scoring.swagger import NoVersion
from zaffre.agent.scoring.wire import Request

RETURNS = """
import json
import numpy
from azureml.contrib.services.aml_response import AMLResponse
def init(): pass
def run(data):
    return eval(json.loads(data))
"""
FAILED = {"message": "An unexpected error occurred in scoring script. Check the logs for more info."}
INTERNAL = {"message": "An unexpected internal error occurred. Check the logs for more info."}


def ask(body=b"", method="POST", path="/score", query="", **headers):
    sent = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return Request(method, path, query, sent, body, True)


@pytest.fixture
def make(tmp_path, monkeypatch):
    made = [0]

    def script(text):
        made[0] += 1
        name = f"score_{tmp_path.name}_{made[0]}.py"
        (tmp_path / name).write_text(text)
        return Script(Config("unused", "score", code_dir=str(tmp_path), score_file=name))

    monkeypatch.setattr(sys, "path", list(sys.path))
    return script


@pytest.mark.parametrize(
    ("returned", "status", "body"),
    [
        ('"plain"', 200, b'"plain"'),
        ("{'a': [1, 2]}", 200, b'{"a": [1, 2]}'),
        ("(1, 2)", 200, b"[1, 2]"),
        ("None", 200, b"{}"),
        ("float('nan')", 200, b"NaN"),
        ("numpy.float64(1.5)", 200, b"1.5"),
        ("numpy.array([[1, 2]])", 200, b"[[1, 2]]"),
        ("{'x': numpy.int64(3)}", 200, b'{"x": 3}'),
        ("b'abc'", 500, json.dumps(INTERNAL).encode()),
        ("object()", 500, json.dumps(INTERNAL).encode()),
        ("1 / 0", 500, json.dumps(FAILED).encode()),
        ("AMLResponse('no', 418)", 418, b"no"),
        ("AMLResponse({'a': 1}, 200)", 200, b'{"a": 1}'),
        ("AMLResponse('t', 200, json_str=True)", 200, b'"t"'),
        ("AMLResponse(b'\\x00\\x01', 200)", 200, b"\x00\x01"),
    ],
)
def test_what_run_returns_is_answered(make, returned, status, body):
    answer = make(RETURNS).answer(ask(json.dumps(returned).encode()))
    assert (answer.status, answer.body) == (status, body)
    assert dict(answer.headers)["x-ms-run-function-failed"] == str(answer.body == json.dumps(FAILED).encode())


def test_run_gets_the_body_as_text_and_headers_if_it_asks_for_them(make):
    script = make(
        "def init(): pass\ndef run(data, request_headers): return [type(data).__name__, data, request_headers['X-A']]\n"
    )
    assert json.loads(script.answer(ask("é".encode(), x_a="1")).body) == ["str", "é", "1"]
    assert script.answer(ask(b"\xff")).status == 400


def test_a_get_gives_the_query_as_json(make):
    script = make("def init(): pass\ndef run(data): return data\n")
    assert json.loads(script.answer(ask(method="GET", query="data=abc")).body) == '{"data": "abc"}'
    assert script.answer(ask(method="OPTIONS")).body == b""
    assert script.answer(ask(method="DELETE")).status == 405


def test_raw_scripts_get_the_request_with_its_files(make):
    script = make(
        "from azureml.contrib.services.aml_request import AMLRequest, rawhttp\n"
        "def init(): pass\n"
        "@rawhttp\n"
        "def run(req: AMLRequest):\n"
        "    files = [[f.filename, f.stream.read().decode()] for f in req.files.getlist('file[]')]\n"
        "    return {'files': files, 'form': req.form['a'], 'args': req.args['q'], 'method': req.method}\n"
    )
    body = (
        b'--XX\r\ncontent-disposition: form-data; name="a"\r\n\r\nvalue\r\n'
        b'--XX\r\nContent-Disposition: form-data; name="file[]"; filename="one.txt"\r\n'
        b"Content-Type: text/plain\r\n\r\n1\r\n2\r\n"
        b'--XX\r\nContent-Disposition: form-data; name="file[]"; filename="two \\"x\\".txt"\r\n\r\n\r\n--XX--\r\n'
    )
    answer = script.answer(ask(body, query="q=1", content_type="multipart/form-data; boundary=XX"))
    files = [["one.txt", "1\r\n2"], ['two "x".txt', ""]]
    assert json.loads(answer.body) == {"files": files, "form": "value", "args": "1", "method": "POST"}


SCHEMA = """
import types, sys
util = types.ModuleType("inference_schema.schema_util")
util.is_schema_decorated = lambda f: getattr(f, "decorated", False)
util.get_input_schema = lambda f: {"type": "object", "properties": {"data": {"type": "array"}}}
util.get_output_schema = lambda f: {"type": "number"}
sys.modules["inference_schema"] = types.ModuleType("inference_schema")
sys.modules["inference_schema.schema_util"] = util
def init(): pass
def run(data, n, bonus=1): return sum(data) * n + bonus
run.decorated = True
"""


@pytest.mark.parametrize(
    ("body", "status", "shown"),
    [
        (b'{"data": [1, 2], "n": 2, "other": 3}', 200, 7),
        (b'{"data": [1, 2], "n": 2, "bonus": 0}', 200, 6),
        (b'{"data": [1, 2]}', 400, {"message": "A value is not provided for the 'n' parameter."}),
        (b"[1]", 400, {"message": "POST body should be a JSON dictionary."}),
    ],
)
def test_decorated_scripts_get_named_values(make, monkeypatch, body, status, shown):
    monkeypatch.setitem(sys.modules, "inference_schema", None)
    monkeypatch.setitem(sys.modules, "inference_schema.schema_util", None)
    script = make(SCHEMA)
    answer = script.answer(ask(body, content_type="application/json; charset=utf-8"))
    assert (answer.status, json.loads(answer.body)) == (status, shown)
    assert script.answer(ask(body, content_type="text/plain")).status == 415
    described = json.loads(script.swagger("2"))
    assert described["definitions"]["ServiceOutput"] == {"type": "number"}
    with pytest.raises(NoVersion, match=r"\[4\] is not valid. Supported versions: \[2, 3, 3.1\]"):
        script.swagger("4")


def test_the_users_own_description_is_shown(make, tmp_path):
    (tmp_path / "swagger2.json").write_text('{"swagger": "2.0", "mine": 1}')
    script = make("def init(): pass\ndef run(d): return d\n")
    assert json.loads(script.swagger("2"))["mine"] == 1
    assert json.loads(script.swagger("3"))["openapi"] == "3.0.3", "made, where the user has none of that version"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def init(): pass\n", "run()"),
        ("def run(d): pass\n", "init()"),
        ("def init(): pass\ndef run(): pass\n", "no argument"),
    ],
)
def test_a_script_without_its_functions_is_told_so(make, text, said):
    with pytest.raises(BadScript, match=said.replace("(", "\\(").replace(")", "\\)")):
        make(text)
