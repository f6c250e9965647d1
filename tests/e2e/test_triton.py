"""A Triton model repository deployed without code: ONNX Runtime from PyPI, asked by Triton's own client."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from uv import find_uv_bin

from zaffre.testing.server import Installation, until

CLIENT = """
import sys
import numpy as np
import tritonclient.http as triton

url, key = sys.argv[1:]
client = triton.InferenceServerClient(url)
headers = {"Authorization": "Bearer " + key}
assert client.is_server_ready(headers=headers)
assert client.is_model_ready("doubles", "1", headers=headers)
told = client.get_model_metadata("doubles", headers=headers)
assert told["inputs"] == [{"name": "x", "datatype": "FP32", "shape": [-1, 3]}], told
x = np.array([[1, 2, 3], [4, 5, 6]], dtype=np.float32)
for binary in (True, False):
    given = triton.InferInput("x", x.shape, "FP32")
    given.set_data_from_numpy(x, binary_data=binary)
    wanted = triton.InferRequestedOutput("y", binary_data=binary)
    found = client.infer("doubles", [given], outputs=[wanted], headers=dict(headers), request_id="7")
    assert found.get_response()["id"] == "7"
    assert (found.as_numpy("y") == 2 * x).all()
try:
    given = triton.InferInput("z", x.shape, "FP32")
    given.set_data_from_numpy(x)
    client.infer("doubles", [given], headers=dict(headers))
except triton.InferenceServerException as error:
    print(error.message())
"""


def _field(number: int, value: int | str | bytes) -> bytes:
    """One field of a protobuf message."""
    if isinstance(value, int):
        return bytes([number << 3, value])
    content = value.encode() if isinstance(value, str) else value
    return bytes([number << 3 | 2, len(content)]) + content


def _value(name: str) -> bytes:
    shape = _field(1, _field(2, "n")) + _field(1, _field(1, 3))
    return _field(1, name) + _field(2, _field(1, _field(1, 1) + _field(2, shape)))


def onnx() -> bytes:
    """A model that answers y = x + x for rows of three numbers."""
    node = _field(1, "x") + _field(1, "x") + _field(2, "y") + _field(4, "Add")
    graph = _field(1, node) + _field(2, "doubles") + _field(11, _value("x")) + _field(12, _value("y"))
    return _field(1, 8) + _field(7, graph) + _field(8, _field(2, 13))


def _deployed(zaffre: Installation, name: str, files: dict[str, bytes]) -> dict[str, Any]:
    uri = zaffre.upload("data", files, name)["path"]
    model = {"name": name, "version": "1", "type": "triton_model", "path": uri}
    zaffre.call("PUT", f"models/{name}/versions/1", model).raise_for_status()
    zaffre.call("PUT", f"online-endpoints/{name}", {"name": name}).raise_for_status()
    path = f"online-endpoints/{name}/deployments/blue"
    document = {
        "name": "blue", "endpoint_name": name, "model": f"azureml:{name}:1", "instance_type": "Standard_DS3_v2",
        "instance_count": 1,
    }  # fmt: skip
    answer = zaffre.call("PUT", path, document)
    assert answer.status_code in (200, 201), answer.text

    def settled() -> dict[str, Any] | None:
        state = zaffre.call("GET", path).raise_for_status().json()["state"]
        return state if state["provisioning_state"] in ("Succeeded", "Failed") else None

    return until(settled, "the deployment", 120)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    venv = tmp_path_factory.mktemp("client") / "venv"
    subprocess.run([find_uv_bin(), "venv", "-q", "--python", sys.executable, str(venv)], check=True)
    python = venv / "bin/python"
    subprocess.run([find_uv_bin(), "pip", "install", "-q", "--python", str(python), "tritonclient[http]"], check=True)
    return python


def test_an_onnx_model_answers_tritons_own_client(zaffre: Installation, client: Path) -> None:
    state = _deployed(zaffre, "doubles", {"doubles/1/model.onnx": onnx()})
    log = zaffre.call("GET", "online-endpoints/doubles/deployments/blue/logs").text
    assert state["provisioning_state"] == "Succeeded", (state, log)
    zaffre.call("PUT", "online-endpoints/doubles", {"name": "doubles", "traffic": {"blue": 100}}).raise_for_status()
    key = zaffre.call("POST", "online-endpoints/doubles/keys").json()["primary_key"]
    uri = zaffre.call("GET", "online-endpoints/doubles").json()["state"]["scoring_uri"].removesuffix("/score")
    headers = {"Authorization": f"Bearer {key}"}
    until(lambda: httpx.get(f"{uri}/v2/health/ready", headers=headers).status_code == 200, "the router")
    assert httpx.get(f"{uri}/v2/health/ready").status_code == 401
    done = subprocess.run(
        [str(client), "-c", CLIENT, uri.removeprefix("http://"), key], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "unexpected inference input 'z'" in done.stdout


def test_a_backend_that_needs_triton_itself_is_told_by_name(zaffre: Installation) -> None:
    files = {"plan/config.pbtxt": b'platform: "tensorrt_plan"', "plan/1/model.plan": b"x"}
    state = _deployed(zaffre, "plan", files)
    assert state["provisioning_state"] == "Failed"
    log = zaffre.call("GET", "online-endpoints/plan/deployments/blue/logs").text
    assert "model plan: backend tensorrt_plan; without NVIDIA's Triton server" in log
