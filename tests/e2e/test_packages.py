"""A model packaged: it runs from its folder alone, without Zaffre, and is deployed without naming model or code."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from uv import find_uv_bin

from zaffre import MLClient, entities, load_model_package
from zaffre.testing.server import CURATED, Installation, until

SCORE = """
import json, os
def init():
    global factor
    folder = os.environ["AZUREML_MODEL_DIR"]
    with open(os.path.join(folder, "factor.txt")) as file:
        factor = int(file.read())
def run(data):
    return {"answer": factor * json.loads(data)["x"], "word": os.environ["WORD"]}
"""
REQUEST = f"""
$schema: http://azureml/sdk-2-0/ModelVersionPackage.json
base_environment_source: {{type: environment_asset, resource_id: "{CURATED}"}}
target_environment: factor-package
inferencing_server:
  type: azureml_online
  code_configuration: {{code: src, scoring_script: score.py}}
model_configuration: {{mode: copy}}
environment_variables: {{WORD: packed}}
"""


@pytest.fixture(scope="module")
def client(zaffre: Installation) -> MLClient:
    return MLClient(home=zaffre.home)


@pytest.fixture(scope="module")
def package(zaffre: Installation, client: MLClient, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder; the environment ``factor-package`` is registered."""
    root = tmp_path_factory.mktemp("package")
    (root / "factor.txt").write_text("7")
    (root / "src").mkdir()
    (root / "src/score.py").write_text(SCORE)
    (root / "package.yml").write_text(REQUEST)
    client.models.create_or_update(entities.Model(name="factor", version="1", path=str(root / "factor.txt")))
    asked = load_model_package(root / "package.yml")
    made = client.models.package("factor", "1", asked, download_path=root / "made")
    assert made.name == "factor-package"
    return root / "made"


@pytest.fixture
def served(package: Path, tmp_path: Path) -> Iterator[str]:
    """Its address, run by an interpreter that has nothing but what the package asks for."""
    venv = tmp_path / "venv"
    version = (package / "Containerfile").read_text().partition("python:")[2].partition("-")[0]
    subprocess.run([find_uv_bin(), "venv", "-q", "--python", version, str(venv)], check=True)
    lock = ["-r", str(package / "requirements.txt")]
    subprocess.run(
        [find_uv_bin(), "pip", "install", "-q", "--require-hashes", "--python", str(venv / "bin/python"), *lock],
        check=True,
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = {"PATH": os.environ["PATH"]}
    process = subprocess.Popen([str(venv / "bin/python"), str(package / "serve.py"), "--port", str(port)], env=environ)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        assert process.wait(timeout=40) == 0


def _healthy(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 200
    except httpx.TransportError:
        return False


def test_a_package_runs_from_its_folder_alone(package: Path, served: str) -> None:
    told = json.loads((package / "package.json").read_text())
    assert told["model"] == "azureml-models/factor/1/factor.txt"
    until(lambda: _healthy(served), "the packaged server")
    answer = httpx.post(f"{served}/score", json={"x": 6}).json()
    assert (answer["answer"], answer["word"]) == (42, "packed")


def test_a_packaged_environment_is_deployed_without_model_and_code(zaffre: Installation, package: Path) -> None:
    del package
    zaffre.call("PUT", "online-endpoints/packed", {"name": "packed"}).raise_for_status()
    path = "online-endpoints/packed/deployments/blue"
    document = {
        "name": "blue", "endpoint_name": "packed", "environment": "azureml:factor-package@latest",
        "instance_type": "Standard_DS3_v2", "instance_count": 1,
    }  # fmt: skip
    answer = zaffre.call("PUT", path, document)
    assert answer.status_code in (200, 201), answer.text

    def settled() -> dict[str, Any] | None:
        state = zaffre.call("GET", path).raise_for_status().json()["state"]
        return state if state["provisioning_state"] in ("Succeeded", "Failed") else None

    state = until(settled, "the deployment", 120)
    assert state["provisioning_state"] == "Succeeded", (state, zaffre.call("GET", f"{path}/logs").text)
    zaffre.call("PUT", "online-endpoints/packed", {"name": "packed", "traffic": {"blue": 100}}).raise_for_status()
    key = zaffre.call("POST", "online-endpoints/packed/keys").json()["primary_key"]
    uri = zaffre.call("GET", "online-endpoints/packed").json()["state"]["scoring_uri"]
    headers = {"Authorization": f"Bearer {key}"}
    answer = until(lambda: (got := httpx.post(uri, json={"x": 3}, headers=headers)).status_code == 200 and got, "it")
    assert (answer.json()["answer"], answer.json()["word"]) == (21, "packed")


def test_what_cannot_be_packaged_is_told(zaffre: Installation, package: Path, tmp_path: Path) -> None:
    request = package.parent / "src"
    file = tmp_path / "package.yml"
    text = REQUEST.replace("code: src", f"code: {request}")
    for change, why in (
        (("azureml_online", "azureml_batch"), "not for azureml_batch yet"),
        (("score.py", "none.py"), "there is no file"),
    ):
        file.write_text(text.replace(*change))
        told = _command(zaffre, "model", "package", "-n", "factor", "-v", "1", "-f", str(file))
        assert told.returncode != 0
        assert why in told.stderr
        assert "Traceback" not in told.stderr


def test_the_command_keeps_the_package_where_it_is_told_to(zaffre: Installation, package: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    told = _command(
        zaffre,
        "model",
        "package",
        "-n",
        "factor",
        "-v",
        "1",
        "-f",
        str(package.parent / "package.yml"),
        "-p",
        str(kept),
    )
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)["name"] == "factor-package"
    assert {one.name for one in kept.iterdir()} >= {
        "serve.py",
        "score.pyz",
        "requirements.txt",
        "Containerfile",
        "code",
    }


def test_a_model_is_downloaded_from_the_workspace_and_from_a_registry(
    zaffre: Installation, client: MLClient, package: Path, tmp_path: Path
) -> None:
    del package
    zaffre.call("PUT", "/api/v1/registries/shelf", {"name": "shelf"}).raise_for_status()
    client.models.share("factor", "1", registry_name="shelf")
    for more in ([], ["--registry-name", "shelf"]):
        there = tmp_path / str(len(more))
        told = _command(zaffre, "model", "download", "-n", "factor", "-v", "1", "-p", str(there), *more)
        assert told.returncode == 0, told.stderr
        assert (there / "factor/factor.txt").read_text() == "7"
    MLClient(home=zaffre.home, registry_name="shelf").models.download("factor", "1", tmp_path / "sdk")
    assert (tmp_path / "sdk/factor/factor.txt").read_text() == "7"


def _command(zaffre: Installation, *words: str) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": os.environ["PATH"], "ZAFFRE_HOME": str(zaffre.home)}
    return subprocess.run(
        [str(Path(sys.executable).parent / "zaffre"), *words], env=environ, capture_output=True, text=True, check=False
    )
