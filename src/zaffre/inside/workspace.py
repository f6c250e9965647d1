"""``azureml.core``'s Workspace, Experiment, Datastore and Model, as far as the scripts of jobs use them."""

from __future__ import annotations

import os
from typing import Any, ClassVar, Dict, Iterator, List, Optional

from zaffre.inside import surroundings
from zaffre.inside.line import Line
from zaffre.inside.records import Records

_MODEL_DIR = "AZUREML_MODEL_DIR"


class Workspace:
    """The workspace of this job, or that of the user's settings."""

    def __init__(
        self, subscription_id: str = "", resource_group: str = "", workspace_name: str = "", **options: Any
    ) -> None:
        line: Optional[Line] = options.get("line")
        told = (line or Line(surroundings.found())).surroundings
        told = told._replace(
            subscription=subscription_id or told.subscription,
            group=resource_group or told.group,
            workspace=(workspace_name or told.workspace).lower(),
        )
        self._told = told
        self.records = Records(Line(told))

    @classmethod
    def from_config(cls, *places: Any, **options: Any) -> "Workspace":
        """The workspace that this process belongs to; a ``config.json`` is not asked for."""
        return cls()

    @classmethod
    def get(
        cls, name: str, auth: Any = None, subscription_id: str = "", resource_group: str = "", **options: Any
    ) -> "Workspace":
        """A workspace by its name."""
        return cls(subscription_id, resource_group, name)

    @property
    def name(self) -> str:
        """Its name."""
        return self._told.workspace

    @property
    def subscription_id(self) -> str:
        """The subscription that clients name it with."""
        return self._told.subscription

    @property
    def resource_group(self) -> str:
        """The resource group that clients name it with."""
        return self._told.group

    @property
    def location(self) -> str:
        """Here."""
        return "local"

    @property
    def models(self) -> Dict[str, "Model"]:
        """The latest version of every model."""
        found = self.records.versions_of_all()
        return {name: made_model(self, version) for name, version in found.items()}

    def get_mlflow_tracking_uri(self, with_auth: bool = False) -> str:
        """Where MLflow finds it."""
        return self._told.tracking_uri

    def get_default_datastore(self) -> "Datastore":
        """The datastore that outputs go to."""
        return Datastore(self, "workspaceblobstore")

    def get_details(self) -> Dict[str, Any]:
        """Its resource id and name."""
        scope = "/subscriptions/%s/resourceGroups/%s/providers/Microsoft.MachineLearningServices/workspaces/%s"
        told = self._told
        return {"id": scope % (told.subscription, told.group, told.workspace), "name": self.name, "location": "local"}

    def get_default_keyvault(self) -> Any:
        """There is none."""
        raise NotImplementedError("Zaffre has no key vault: give the job the secret as an environment variable.")

    def __repr__(self) -> str:
        return "Workspace.create(name='%s', subscription_id='%s', resource_group='%s')" % (
            self.name,
            self.subscription_id,
            self.resource_group,
        )


class Experiment:
    """Runs that belong together."""

    run_type: ClassVar[Any] = None
    """Set where runs are defined: a run knows its experiment, and an experiment makes runs."""

    def __init__(self, workspace: Workspace, name: str, _id: str = "", **options: Any) -> None:
        self.workspace = workspace
        self.name = name
        self._known = _id

    @property
    def id(self) -> str:
        """Its number in MLflow."""
        if not self._known:
            self._known = str(self.workspace.records.experiment(self.name)["experiment_id"])
        return self._known

    def get_runs(self, **options: Any) -> Iterator[Any]:
        """Its runs, the newest first."""
        for found in self.workspace.records.runs(self.id):
            yield Experiment.run_type(self, found["info"]["run_id"])

    def start_logging(self, *places: Any, **options: Any) -> Any:
        """A new run of it."""
        return Experiment.run_type(self, self.workspace.records.create(self.id, {}))

    def __repr__(self) -> str:
        return "Experiment(Name: %s,\nWorkspace: %s)" % (self.name, self.workspace.name)


class Datastore:
    """A datastore by its name."""

    def __init__(self, workspace: Workspace, name: str = "workspaceblobstore", **options: Any) -> None:
        self.workspace = workspace
        self.name = name

    @classmethod
    def get(cls, workspace: Workspace, datastore_name: str) -> Datastore:
        """A datastore of a workspace."""
        return cls(workspace, datastore_name)

    @classmethod
    def get_default(cls, workspace: Workspace) -> Datastore:
        """The one that outputs go to."""
        return cls(workspace)

    def path(self, path: str = "") -> str:
        """The URI of a place on it, which fsspec and pandas open."""
        return "azureml://datastores/%s/paths/%s" % (self.name, path.lstrip("/"))

    def __repr__(self) -> str:
        return "Datastore(%s)" % self.name


class Model:
    """A version of a registered model."""

    def __init__(
        self, workspace: Workspace, name: Optional[str] = None, version: Optional[int] = None, **options: Any
    ) -> None:
        if name is None and options.get("id"):
            name, _, told = str(options["id"]).partition(":")
            version = int(told) if told else None
        self.workspace = workspace
        self._told = options.get("told") or workspace.records.version(str(name), str(version) if version else None)

    @property
    def name(self) -> str:
        """What it is called."""
        return str(self._told["name"])

    @property
    def version(self) -> int:
        """Which of them."""
        return int(self._told["version"])

    @property
    def id(self) -> str:
        """``name:version``."""
        return "%s:%d" % (self.name, self.version)

    @property
    def description(self) -> str:
        """What somebody said of it."""
        return str(self._told.get("description") or "")

    @property
    def tags(self) -> Dict[str, str]:
        """Its tags."""
        return {tag["key"]: tag["value"] for tag in self._told.get("tags", [])}

    @property
    def run_id(self) -> str:
        """The run that made it."""
        return str(self._told.get("run_id") or "")

    @classmethod
    def register(cls, workspace: Workspace, model_path: str, model_name: str, **options: Any) -> Model:
        """A version of a model, from a file or folder that this job has."""
        told = surroundings.of_job()
        if told is None:
            raise RuntimeError("Outside a job: zaffre model create --name %s --path %s" % (model_name, model_path))
        files = _files(model_path)
        if not files:
            raise FileNotFoundError("There is no model at %r." % model_path)
        place = "models/%s" % model_name
        for name, source in files.items():
            workspace.records.keep(told.run, "%s/%s" % (place, name), source)
        tags: Dict[str, str] = {**(options.get("tags") or {}), **(options.get("properties") or {})}
        path = place if os.path.isdir(model_path) else "%s/%s" % (place, os.path.basename(model_path))
        found = workspace.records.register(model_name, told.run, path, tags, str(options.get("description") or ""))
        return made_model(workspace, found)

    @classmethod
    def list(
        cls, workspace: Workspace, name: Optional[str] = None, latest: bool = False, **options: Any
    ) -> List[Model]:
        """The versions of a model, or the latest of every model."""
        found = workspace.records.versions(name) if name and not latest else []
        if not found:
            every = workspace.records.versions_of_all()
            found = [told for known, told in every.items() if name in (None, known)]
        return [made_model(workspace, told) for told in found]

    @staticmethod
    def get_model_path(model_name: str, version: Optional[int] = None, _workspace: Optional[Workspace] = None) -> str:
        """Where its files are: of a deployment beside it, of a job fetched now."""
        deployed = os.environ.get(_MODEL_DIR)
        if deployed:
            return deployed
        model = Model(_workspace or Workspace(), model_name, version)
        return model.download(os.path.join("azureml-models", model.name, str(model.version)), exist_ok=True)

    def download(self, target_dir: str = ".", exist_ok: bool = False, **options: Any) -> str:
        """Write its files below a folder; the path of the one file, or of the folder."""
        if not exist_ok and os.path.isdir(target_dir) and os.listdir(target_dir) and target_dir != ".":
            raise FileExistsError("%s is there already; exist_ok=True writes into it" % target_dir)
        self.workspace.records.model_files(self.name, str(self.version), target_dir)
        found = [os.path.join(target_dir, name) for name in os.listdir(target_dir)]
        return found[0] if len(found) == 1 else target_dir

    def __repr__(self) -> str:
        return "Model(workspace=%r, name=%s, id=%s, version=%d)" % (self.workspace, self.name, self.id, self.version)


def made_model(workspace: Workspace, told: Dict[str, Any]) -> Model:
    """A model that the server has told of."""
    return Model(workspace, told=told)


def _files(path: str) -> Dict[str, str]:
    """Name below the model → local path."""
    if os.path.isfile(path):
        return {os.path.basename(path): path}
    found: Dict[str, str] = {}
    for folder, _, names in os.walk(path):
        for name in names:
            source = os.path.join(folder, name)
            found[os.path.relpath(source, path).replace(os.sep, "/")] = source
    return found
