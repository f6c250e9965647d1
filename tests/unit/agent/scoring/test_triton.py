"""The inference protocol on a python model: metadata, JSON, raw tensors, classification, and the caller's mistakes."""

import gzip
import json
import struct

import numpy as np
import pytest

from zaffre.agent.scoring.config import Config
from zaffre.agent.scoring.script import BadScript
from zaffre.agent.scoring.triton import Triton
from zaffre.agent.scoring.wire import Request

CONFIG = """
name: "adds" backend: "python" max_batch_size: 4
input [ { name: "A" data_type: TYPE_FP32 dims: [ 2 ] }, { name: "B" data_type: TYPE_FP32 dims: [ 2 ] } ]
output [ { name: "SUM" data_type: TYPE_FP32 dims: [ 2 ] label_filename: "labels.txt" },
         { name: "TEXT" data_type: TYPE_STRING dims: [ 1 ] } ]
parameters { key: "word" value { string_value: "sum" } }
"""
MODEL = """
import json
import numpy as np
import triton_python_backend_utils as pb_utils

class TritonPythonModel:
    def initialize(self, args):
        self.config = json.loads(args["model_config"])
        self.word = self.config["parameters"]["word"]["string_value"]
        told = pb_utils.get_output_config_by_name(self.config, "SUM")
        self.kind = pb_utils.triton_string_to_numpy(told["data_type"])

    def execute(self, requests):
        return [self.one(request) for request in requests]

    def one(self, request):
        a = pb_utils.get_input_tensor_by_name(request, "A").as_numpy()
        b = pb_utils.get_input_tensor_by_name(request, "B").as_numpy()
        if (a < 0).any():
            return pb_utils.InferenceResponse(error=pb_utils.TritonError("no negative numbers"))
        if (a > 1e6).any():
            raise RuntimeError("a secret")
        text = np.array([[self.word]] * len(a), dtype=object)
        return pb_utils.InferenceResponse([
            pb_utils.Tensor("SUM", (a + b).astype(self.kind)), pb_utils.Tensor("TEXT", text),
        ])
"""


def repository(root, config=CONFIG, model=MODEL, versions=("1",)):
    folder = root / "models" / "adds"
    for version in versions:
        (folder / version).mkdir(parents=True)
        (folder / version / "model.py").write_text(model)
    (folder / "config.pbtxt").write_text(config)
    (folder / "labels.txt").write_text("zero\none\n")
    return Config("unused", "triton", model_dir=str(root))


@pytest.fixture
def served(tmp_path):
    return Triton(repository(tmp_path))


def ask(served, path, document=None, raw=b"", **headers):
    sent = [(name.replace("_", "-"), value) for name, value in headers.items()]
    if document is None:
        return served.answer(Request("GET", path, "", sent, b"", True))
    head = json.dumps(document).encode()
    if raw:
        sent.append(("inference-header-content-length", str(len(head))))
    return served.answer(Request("POST", path, "", sent, head + raw, True))


def tensor(name, rows, **more):
    return {"name": name, "shape": [len(rows), 2], "datatype": "FP32", "data": rows, **more}


def test_health_and_metadata(served):
    assert ask(served, "/v2/health/ready").status == ask(served, "/v2/models/adds/versions/1/ready").status == 200
    assert "binary_tensor_data" in json.loads(ask(served, "/v2").body)["extensions"]
    told = json.loads(ask(served, "/v2/models/adds").body)
    assert told["versions"] == ["1"]
    assert told["inputs"][0] == {"name": "A", "datatype": "FP32", "shape": [-1, 2]}
    assert told["outputs"][1]["datatype"] == "BYTES"
    assert json.loads(ask(served, "/v2/models/adds/config").body)["max_batch_size"] == 4
    assert json.loads(ask(served, "/v2/repository/index", {}).body)[0]["state"] == "READY"
    assert "/v2/models/adds/infer" in served.routes
    assert "/score" not in served.routes


def test_json_in_json_out(served):
    inputs = [tensor("A", [[1, 2], [3, 4]]), tensor("B", [[10, 20], [30, 40]])]
    answer = ask(served, "/v2/models/adds/infer", {"id": "7", "inputs": inputs})
    told = json.loads(answer.body)
    assert (told["id"], told["model_name"], told["model_version"]) == ("7", "adds", "1")
    assert told["outputs"][0] == {"name": "SUM", "datatype": "FP32", "shape": [2, 2], "data": [11, 22, 33, 44]}
    assert told["outputs"][1]["data"] == ["sum", "sum"]


def test_raw_tensors_in_and_out(served):
    a, b = np.array([[1, 2]], "<f4"), np.array([[0.5, 0.25]], "<f4")
    inputs = [
        {"name": name, "shape": [1, 2], "datatype": "FP32", "parameters": {"binary_data_size": 8}} for name in "AB"
    ]
    outputs = [
        {"name": "TEXT", "parameters": {"binary_data": True}},
        {"name": "SUM", "parameters": {"binary_data": True}},
    ]
    answer = ask(served, "/v2/models/adds/infer", {"inputs": inputs, "outputs": outputs}, a.tobytes() + b.tobytes())
    length = int(dict(answer.headers)["Inference-Header-Content-Length"])
    told = json.loads(answer.body[:length])
    assert [one["name"] for one in told["outputs"]] == ["TEXT", "SUM"]
    assert answer.body[length:] == struct.pack("<I", 3) + b"sum" + (a + b).tobytes()


def test_a_compressed_body_is_unpacked(served):
    document = {"inputs": [tensor("A", [[1, 2]]), tensor("B", [[1, 2]])]}
    body = gzip.compress(json.dumps(document).encode())
    answer = served.answer(Request("POST", "/v2/models/adds/infer", "", [("content-encoding", "gzip")], body, True))
    assert json.loads(answer.body)["outputs"][0]["data"] == [2, 4]


def test_classification_names_the_highest(served):
    inputs = [tensor("A", [[1, 5]]), tensor("B", [[0, 0]])]
    asked = {"inputs": inputs, "outputs": [{"name": "SUM", "parameters": {"classification": 1}}]}
    told = json.loads(ask(served, "/v2/models/adds/infer", asked).body)["outputs"][0]
    assert (told["datatype"], told["shape"], told["data"]) == ("BYTES", [1, 1], ["5.000000:1:one"])


GOOD = [tensor("A", [[1, 2]]), tensor("B", [[1, 2]])]
WRONG = {
    "no such model": ("/v2/models/none/infer", {"inputs": GOOD}, 404, "there is adds"),
    "no such version": ("/v2/models/adds/versions/9/infer", {"inputs": GOOD}, 404, "there is 1"),
    "one missing": ("/v2/models/adds/infer", {"inputs": GOOD[:1]}, 400, "missing: B"),
    "unknown input": ("/v2/models/adds/infer", {"inputs": [*GOOD, tensor("C", [[1, 2]])]}, 400, "it takes A, B"),
    "unknown output": ("/v2/models/adds/infer", {"inputs": GOOD, "outputs": [{"name": "X"}]}, 400, "it has SUM, TEXT"),
    "type": ("/v2/models/adds/infer", {"inputs": [{**GOOD[0], "datatype": "INT8"}]}, 400, "expects 'FP32'"),
    "shape": ("/v2/models/adds/infer", {"inputs": [{**GOOD[0], "shape": [2]}]}, 400, "expected [-1, 2]"),
    "data": ("/v2/models/adds/infer", {"inputs": [{**GOOD[0], "data": [1]}]}, 400, "its data is not FP32"),
    "batch": ("/v2/models/adds/infer", {"inputs": [tensor("A", [[1, 2]] * 5)]}, 400, "at most 4"),
    "negative size": ("/v2/models/adds/infer", {"inputs": [{**GOOD[0], "shape": [-1, 2]}]}, 400, "whole numbers"),
    "too few bytes": (
        "/v2/models/adds/infer", {"inputs": [{**GOOD[0], "parameters": {"binary_data_size": 8}}]}, 400, "0 bytes are left",
    ),
    "no inputs": ("/v2/models/adds/infer", {}, 400, "list inputs"),
    "the model refuses": ("/v2/models/adds/infer", {"inputs": [tensor("A", [[-1, 2]]), GOOD[1]]}, 500, "no negative"),
    "shared memory": ("/v2/systemsharedmemory/status", {}, 404, "no POST"),
}  # fmt: skip


@pytest.mark.parametrize("how", WRONG)
def test_a_callers_mistake_is_named(served, how):
    path, document, status, why = WRONG[how]
    answer = ask(served, path, document)
    assert answer.status == status, answer.body
    assert why in json.loads(answer.body)["error"]


def test_what_the_model_raises_stays_in_its_log(served):
    answer = ask(served, "/v2/models/adds/infer", {"inputs": [tensor("A", [[2e6, 2]]), GOOD[1]]})
    assert answer.status == 500
    assert b"secret" not in answer.body


def test_the_version_policy_decides_which_versions_are_served(tmp_path):
    for name, policy, served in (
        ("latest", "", ["10"]), ("all", "version_policy { all {} }", ["1", "2", "10"]),
        ("some", "version_policy { specific { versions: [1, 2] } }", ["1", "2"]),
    ):  # fmt: skip
        found = Triton(repository(tmp_path / name, CONFIG + policy, versions=("1", "2", "10")))
        assert json.loads(ask(found, "/v2/models/adds").body)["versions"] == served


@pytest.mark.parametrize(
    ("config", "why"),
    [
        (
            'platform: "tensorrt_plan"',
            "backend tensorrt_plan; without NVIDIA's Triton server only onnxruntime and python",
        ),
        ('backend: "python" ensemble_scheduling {}', "ensemble_scheduling needs"),
        ('name: "other"', "named other"),
        ('backend: "onnxruntime"', "has no file model.onnx"),
        ('backend: "python"', "needs its outputs"),
        ("name: [", "config.pbtxt: the file ends"),
    ],
)
def test_what_cannot_be_served_is_refused_by_name(tmp_path, config, why):
    with pytest.raises(BadScript, match=why):
        Triton(repository(tmp_path, config))


def test_a_folder_that_is_no_repository_is_refused(tmp_path):
    with pytest.raises(BadScript, match="no model repository"):
        Triton(Config("unused", "triton", model_dir=str(tmp_path)))
