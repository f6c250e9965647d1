"""A replica as a task of a backend: its directory, its orders (``host.json``) and its environment. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from zaffre.core.ports import Interpreter
from zaffre.core.tasks import Intake, Rank, Task
from zaffre.kinds.online.parts import program
from zaffre.kinds.online.parts.wish import Place, Wish


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose replica it is."""

    workspace: str
    endpoint: str
    deployment: str

    def run(self, generation: int) -> str:
        """The task's name: one for each generation; replicas are its attempts."""
        return f"ep-{self.workspace}-{self.endpoint}-{self.deployment}-{generation}"


@dataclass(frozen=True, slots=True)
class Site:
    """What of this machine a replica runs on."""

    interpreter: Interpreter
    host: str
    """Absolute path of the scoring host's archive."""
    environ: Mapping[str, str]
    """Locale, proxies, certificates: passed on from the server."""


def orders(wish: Wish, place: Place, code: str, *, entered: bool = False) -> dict[str, Any]:
    """``host.json``; ``entered`` where the host runs inside the image itself."""
    content = wish.content
    asked = {"score_path": content.score_path, "health_paths": content.health_paths} if content.score_path else {}
    return asked | {
        "socket": place.socket,
        "kind": content.kind,
        "model_dir": _models(place, wish) if content.model_path else "",
        "code_dir": code,
        "score_file": content.script,
        "environ": {},
        "request_timeout": content.request_timeout,
        "workers": content.workers,
        "init_patience": max(1.0, 0.9 * wish.readiness.patience),
        "collect": {**content.collector, "instance": place.id} if content.collector else {},
        "server": _server(wish, place, entered=entered) if content.server else {},
    }


def task(owner: Owner, wish: Wish, place: Place, site: Site) -> Task:
    """The task of one replica; its directory, code and orders are laid out by the caller before the launch."""
    content = wish.content
    interpreter = site.interpreter
    environ = {
        **site.environ,
        **interpreter.environ,
        "PATH": ":".join((*interpreter.path, site.environ.get("PATH", "/usr/local/bin:/usr/bin:/bin"))),
        "HOME": f"{place.directory}/home",
        "PYTHONUNBUFFERED": "1",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "SERVICE_NAME": owner.endpoint,
        "SERVICE_PATH_PREFIX": f"endpoints/{owner.workspace}/{owner.endpoint}",
        **content.variables,
        "AZUREML_MODEL_DIR": _models(place, wish) if content.model_path else "",
    }
    link = PurePosixPath(_models(place, wish)) / PurePosixPath(content.model_path.rstrip("/")).name
    intakes: list[Intake] = []
    if content.model_path:
        intakes.append(Intake("model", content.model_path, str(link), copy=True, hard_links=True))
    if content.server:
        intakes.append(Intake("image", content.server["context"], f"{place.directory}/image", copy=True))
    if content.code_path:
        intakes.append(Intake("code", content.code_path, f"{place.directory}/code", copy=True))
    return Task(
        run=owner.run(place.generation),
        attempt=place.number,
        token=place.token,
        directory=place.directory,
        argv=(*interpreter.enter, interpreter.python, site.host, f"{place.directory}/host.json"),
        cwd=f"{place.directory}/code" if content.code or content.code_path else place.directory,
        environ=environ,
        ranks=(Rank(log=place.log),),
        intakes=tuple(intakes),
        grace=35.0,
        log_limit=256 * 1024**2,
    )


def _server(wish: Wish, place: Place, *, entered: bool) -> dict[str, Any]:
    """The image's own server: as it is inside the image, else with the paths that its files have here."""
    told = wish.content.server
    given = {**told["environ"], **wish.content.variables}
    routes = {"routes": told["routes"]}
    if entered:
        return {"argv": told["argv"], "environ": given, "folder": told["folder"], **routes}
    models = f"{place.directory}/azureml-models"
    return {**program.placed({**told, "environ": given}, f"{place.directory}/image", models, told["mount"]), **routes}


def sockets(place: Place) -> list[str]:
    """One for each of its processes, as the scoring host names them."""
    return [place.socket, *(f"{place.socket}.{index}" for index in range(1, place.workers))]


def _models(place: Place, wish: Wish) -> str:
    """AZUREML_MODEL_DIR: ``azureml-models/<name>/<version>`` with the model's file or folder in it, as on Azure."""
    return f"{place.directory}/azureml-models/{wish.content.model_name}/{wish.content.model_version}"
