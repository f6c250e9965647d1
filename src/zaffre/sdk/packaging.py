"""``zaffre model package``: a model, its server and its locked software as one folder that runs anywhere.

The folder needs nothing of Zaffre's: ``pip install -r requirements.txt`` and ``python serve.py``, or a container of its
Containerfile. Registered as an environment it can be deployed as it is, without naming model or code again.
"""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources as shipped
from pathlib import Path, PurePosixPath
from typing import Any

from zaffre.core import document
from zaffre.core.errors import Invalid, NotBuilt, Problem
from zaffre.sdk import files
from zaffre.sdk.environments import Asked
from zaffre.sdk.parsed import mapping
from zaffre.sdk.resources import Resources, Which

PORT = 5001
_NO_CODE = {"mlflow_model": "mlflow", "triton_model": "triton"}
_TRITON = {"dependencies": ["python", "pip", {"pip": ["numpy", "onnxruntime"]}]}
_SERVE = '''"""Serve the packaged model: python serve.py [--host 127.0.0.1] [--port 5001] [--workers 1]."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "score.pyz"))

from zaffre.agent.scoring.serve import main  # noqa: E402 - the archive must be on the path first

if __name__ == "__main__":
    sys.exit(main(HERE, sys.argv[1:]))
'''
_CONTAINERFILE = """FROM python:{python}-slim
WORKDIR /srv/model
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
EXPOSE {port}
CMD ["python", "serve.py", "--host", "0.0.0.0"]
"""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be packaged, and how."""

    models: Resources
    which: Which
    request: Any
    """A ``ModelPackage``."""
    base: Path
    """What its local paths are relative to."""


def write(order: Order, folder: Path) -> dict[str, Any]:
    """The package in ``folder``, which must be new or empty; what ``package.json`` says."""
    if folder.exists() and any(folder.iterdir()):
        raise Invalid(f"{folder} is not empty; name a new folder for the package.")
    model = order.models.get(order.which)
    kind, script = _served(order, model)
    told: dict[str, Any] = {"kind": kind, "name": model["name"], "version": str(model["version"])}
    told["model"] = _fetched(order, model, folder)
    if script:
        told |= {"code": "code", "script": script}
        _copy_code(order, folder / "code")
    variables: dict[str, Any] = order.request.environment_variables or {}
    told["environment_variables"] = {name: str(value) for name, value in variables.items()}
    locked = Asked(order.models.transport, order.models.workspace).lock(_software(order, model, folder / told["model"]))
    if locked.get("made_as") == "image":
        raise Invalid("The environment is an image that an engine built: it has no lock to package.")
    (folder / "requirements.txt").write_text(str(locked["lock"]), encoding="utf-8")
    python = str(locked.get("python_version") or "3.11")
    (folder / "Containerfile").write_text(_CONTAINERFILE.format(python=python, port=PORT), encoding="utf-8")
    (folder / "serve.py").write_text(_SERVE, encoding="utf-8")
    host_archive(folder / "score.pyz")
    (folder / "package.json").write_text(json.dumps(told, indent=1), encoding="utf-8")
    return told


def environment(target: Any, folder: Path) -> dict[str, Any]:
    """The environment asset that a package is registered as, in YAML's words; its folder is uploaded with it."""
    name, version = _target(target)
    route = {"port": PORT, "path": "/"}
    return {
        "name": name,
        **({"version": version} if version else {}),
        "description": "A packaged model: deploy it without model and code.",
        "build": {"path": str(folder), "dockerfile_path": "Containerfile"},
        "inference_config": {
            "liveness_route": route,
            "readiness_route": route,
            "scoring_route": {**route, "path": "/score"},
        },
    }


def _target(target: Any) -> tuple[str, str]:
    if isinstance(target, Mapping):
        said = mapping(target)
        return str(said.get("name") or ""), str(said.get("version") or "")
    name, _, version = str(target or "").removeprefix("azureml:").partition(":")
    if not name:
        raise Invalid([Problem("expected the name of the environment to make, found none", field="target_environment")])
    return name, version


def _served(order: Order, model: Mapping[str, Any]) -> tuple[str, str]:
    """Which host serves it, and the script's path in the code."""
    server, type_ = order.request.inferencing_server, str(mapping(model["spec"]).get("type") or "custom_model")
    if server is None or server.type not in ("azureml_online", "triton"):
        told = f"Zaffre packages for azureml_online and triton, not for {server.type if server else 'nothing'} yet."
        raise NotBuilt(told, target="inferencing_server.type")
    if order.request.inputs:
        raise NotBuilt("Zaffre cannot put further inputs into a package yet.", target="inputs")
    configuration = server.code_configuration
    if configuration is not None and configuration.scoring_script:
        return "score", str(configuration.scoring_script).replace("\\", "/").removeprefix("./")
    if type_ not in _NO_CODE:
        told = f"required for a model of type {type_}, but missing"
        raise Invalid([Problem(told, field="inferencing_server.code_configuration")])
    return _NO_CODE[type_], ""


def _fetched(order: Order, model: Mapping[str, Any], folder: Path) -> str:
    """The model's files where a script expects them; the path of the model itself in the package."""
    name, version = str(model["name"]), str(model["version"])
    uri = str(mapping(model["spec"])["path"]).rstrip("/")
    own = PurePosixPath(uri).name or "model"
    root = f"azureml-models/{name}/{version}"
    target = folder / root / own
    which = Which(name, version=version)
    written = files.download(order.models, which, target)
    if [one.relative_to(target).as_posix() for one in written] == [own]:  # a file, not a folder with one file
        shutil.move(target / own, target.with_name(f".{own}"))
        target.rmdir()
        target.with_name(f".{own}").rename(target)
    return f"{root}/{own}"


def _copy_code(order: Order, target: Path) -> None:
    configuration = order.request.inferencing_server.code_configuration
    source = order.base / str(configuration.code or ".")
    script = source / str(configuration.scoring_script)
    if not script.is_file():
        told = f"there is no file {script}"
        raise Invalid([Problem(told, field="inferencing_server.code_configuration.scoring_script")])
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", ".git"))


def _software(order: Order, model: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """The environment to lock: the one named, else what the model itself says."""
    source = order.request.base_environment_source
    if source is not None and source.resource_id:
        return {"environment": source.resource_id}
    type_ = str(mapping(model["spec"]).get("type") or "custom_model")
    if type_ == "triton_model":
        return {"environment": {"conda_file": _TRITON}}
    conda = folder / "conda.yaml"
    if type_ != "mlflow_model" or not conda.is_file():
        told = "required, but missing: nothing says what software the model needs"
        raise Invalid([Problem(told, field="base_environment_source")])
    return {"environment": {"conda_file": document.load(conda.read_text(encoding="utf-8"), file="conda.yaml").data}}


def host_archive(target: Path) -> None:
    """The scoring host as an archive: the same that serves deployments."""
    names = ("zaffre/__init__.py", "zaffre/agent/__init__.py")
    root = shipped.files("zaffre").joinpath("agent", "scoring")
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, "")
        for entry in sorted(root.iterdir(), key=lambda one: one.name):
            if entry.is_file() and entry.name.endswith(".py"):
                archive.writestr(f"zaffre/agent/scoring/{entry.name}", entry.read_text(encoding="utf-8"))
