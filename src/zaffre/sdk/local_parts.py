"""What a local deployment is made of: its model and code where they lie, and an interpreter with its software."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zaffre.core import document, refs
from zaffre.core.errors import Invalid, NotBuilt, Problem
from zaffre.core.registry import kinds
from zaffre.sdk import files
from zaffre.sdk.environments import Asked
from zaffre.sdk.resources import Resources, Which

_NO_CODE = {"mlflow_model": "mlflow", "triton_model": "triton"}
_TRITON: dict[str, Any] = {"dependencies": ["python", "pip", {"pip": ["numpy", "onnxruntime"]}]}
_PASSED = ("LANG", "LC_ALL", "TERM", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "http_proxy", "https_proxy", "no_proxy")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A deployment as its document says."""

    document: dict[str, Any]
    base: Path
    """What its local paths are relative to."""
    models: Callable[[str], Resources]
    """Registry, or empty for the workspace → where registered models are."""
    settle: Callable[[dict[str, Any]], dict[str, Any]]
    """An inline environment with its files brought to the server."""

    @property
    def spec(self) -> Any:
        """Checked."""
        return kinds()["online-deployment"].model().from_yaml(self.document)


@dataclass(frozen=True, slots=True)
class Made:
    """What is started."""

    python: str
    orders: dict[str, Any]
    environ: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Model:
    path: Path
    type: str


def prepare(wanted: Wanted, folder: Path, *, debug: bool = False) -> Made:
    """Model and software brought, and the host's orders."""
    spec = wanted.spec
    model = _model(wanted, spec, folder)
    code, script = _code(wanted, spec)
    type_ = model.type if model is not None else ""
    if not script and type_ not in _NO_CODE:
        raise Invalid([Problem("required here, but missing", field="code_configuration")])
    python = _interpreter(wanted, spec, model)
    if debug:
        _require_debugger(python)
    settings = spec.request_settings
    timeout = settings.request_timeout_ms if settings is not None else None
    given: dict[str, Any] = spec.environment_variables or {}
    variables = {str(name): str(value) for name, value in given.items()}
    orders = {
        "kind": "score" if script else _NO_CODE[type_],
        "model_dir": str(model.path.parent) if model is not None else "",
        "code_dir": str(code) if script else "",
        "score_file": script,
        "request_timeout": (5000 if timeout is None else timeout) / 1000,
        "workers": int(variables.get("WORKER_COUNT") or 1),
        "collect": _collect(spec, folder),
    }
    return Made(python, orders, {**_surroundings(python, folder), **variables})


def _model(wanted: Wanted, spec: Any, folder: Path) -> _Model | None:
    """The model's file or folder, below a folder that is AZUREML_MODEL_DIR."""
    said = spec.model
    if said is None:
        return None
    if isinstance(said, str):
        return _registered(wanted, said, folder)
    path, type_ = str(said.path), str(said.type or "custom_model")
    if path.startswith("azureml:"):
        hint = "register it: zaffre model create -n NAME -p " + path
        raise NotBuilt(f"A local deployment takes a model that is registered or a local path, not {path}; {hint}")
    found = (wanted.base / path.removeprefix("file://")).resolve()
    if not found.exists():
        raise Invalid([Problem(f"there is no file or folder {found}", field="model.path")])
    link = folder / "azureml-models" / str(said.name or "model") / str(said.version or "1") / found.name
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(found)
    return _Model(link, type_)


def _registered(wanted: Wanted, reference: str, folder: Path) -> _Model:
    found = refs.asset(reference)
    models = wanted.models(found.registry or "")
    stored = models.get(Which(found.name, version=found.version or "", label=found.label or ""))
    name, version = str(stored["name"]), str(stored["version"])
    own = str(stored["spec"]["path"]).rstrip("/").rpartition("/")[2] or "model"
    target = folder / "azureml-models" / name / version / own
    written = files.download(models, Which(name, version=version), target)
    if [one.relative_to(target).as_posix() for one in written] == [own]:  # a file, not a folder with one file
        (target / own).rename(target.with_name(f".{own}"))
        target.rmdir()
        target.with_name(f".{own}").rename(target)
    return _Model(target, str(stored["spec"].get("type") or "custom_model"))


def _code(wanted: Wanted, spec: Any) -> tuple[Path, str]:
    """The user's own folder, in place: what he changes there is served."""
    told = spec.code_configuration
    if told is None:
        return wanted.base, ""
    if str(told.code or "").startswith("azureml:"):
        raise NotBuilt("A local deployment takes code of a local folder.", target="code_configuration.code")
    folder = (wanted.base / str(told.code or ".")).resolve()
    script = str(told.scoring_script or "").removeprefix("./")
    if not script or not (folder / script).is_file():
        problem = Problem(f"there is no file {folder / script}", field="code_configuration.scoring_script")
        raise Invalid([problem])
    return folder, script


def _interpreter(wanted: Wanted, spec: Any, model: _Model | None) -> str:
    """The environment's Python; it is built first where it is not."""
    subject: Any = wanted.document.get("environment")
    if isinstance(subject, dict):
        subject = wanted.settle({"environment": subject})["environment"]
    elif subject is None and model is not None:
        subject = {"conda_file": _software(model)}
    if subject is None:
        raise Invalid([Problem("required here, but missing", field="environment")])
    models = wanted.models("")
    built = Asked(models.transport, models.workspace).lock({"environment": subject})
    if built.get("made_as") == "image":
        raise NotBuilt("The environment is an image that an engine built; it cannot run without the server's control.")
    return str(built["python"])


def _software(model: _Model) -> dict[str, Any]:
    """What a model without code says that it needs."""
    if model.type == "triton_model":
        return _TRITON
    for root, _, names in os.walk(model.path, followlinks=True):
        if "MLmodel" in names and "conda.yaml" in names:
            text = (Path(root) / "conda.yaml").read_text(encoding="utf-8")
            found: dict[str, Any] = document.load(text, file="conda.yaml").data
            return found
    raise Invalid([Problem("required, for the model does not say what software it needs", field="environment")])


def _collect(spec: Any, folder: Path) -> dict[str, Any]:
    """What is collected lies beside the deployment."""
    told = spec.data_collector
    if told is None:
        return {}
    enabled = [name for name, one in told.collections.items() if one.enabled == "true"]
    rate = 1.0 if told.sampling_rate is None else told.sampling_rate
    collections = {name: {"folder": str(folder / "collected" / name), "rate": rate} for name in enabled}
    return {"collections": collections, "rolling": told.rolling_rate or "hour", "source": "local", "instance": "local"}


def _surroundings(python: str, folder: Path) -> dict[str, str]:
    known = {name: os.environ[name] for name in _PASSED if name in os.environ}  # noqa: TID251 - the user's own terminal
    return {
        **known,
        "PATH": f"{Path(python).parent}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(folder / "home"),
        "PYTHONUNBUFFERED": "1",
        "MLFLOW_DISABLE_TELEMETRY": "true",
    }


def _require_debugger(python: str) -> None:
    if subprocess.run([python, "-c", "import debugpy"], capture_output=True, check=False).returncode:
        told = "debugpy is not in the environment, and --vscode-debug needs it"
        raise Invalid([Problem(told, field="environment", hint="add debugpy to its pip packages")])
