"""``azureml.core.Run``: the first SDK's run, whose calls land in MLflow under the job; outside a job, one that only prints."""

from __future__ import annotations

import atexit
import io
import os
import time
import uuid
from typing import Any, Dict, Iterator, List, Optional

from zaffre.inside import charts, surroundings
from zaffre.inside.line import Line
from zaffre.inside.offline import OfflineRecords
from zaffre.inside.records import NAME, PARENT, Source
from zaffre.inside.workspace import Experiment, Model, Workspace, made_model

_STATUS = {
    "RUNNING": "Running",
    "SCHEDULED": "Queued",
    "FINISHED": "Completed",
    "FAILED": "Failed",
    "KILLED": "Canceled",
}
_INPUT = "AZURE_ML_INPUT_"


class Run:
    """A run that is tracked."""

    _context: Optional["Run"] = None

    def __init__(self, experiment: Any, run_id: str, outputs: Any = None, **options: Any) -> None:
        self._experiment = experiment
        self._id = run_id
        self._steps: Dict[str, int] = {}
        self._rows: Dict[str, Dict[str, List[Any]]] = {}
        self._ended = False

    @classmethod
    def get_context(cls, allow_offline: bool = True, used_for_context_manager: bool = False, **options: Any) -> "Run":
        """The run of this job; outside a job one that is tracked nowhere."""
        if Run._context is None:
            told = surroundings.of_job()
            if told is not None:
                workspace = Workspace(line=Line(told))
                Run._context = Run(Experiment(workspace, told.experiment, told.experiment_id), told.run)
                atexit.register(Run._context.flush)
            elif allow_offline:
                Run._context = _OfflineRun()
            else:
                raise RuntimeError("This is not a job: there is no run. Run.get_context() makes one that only prints.")
        return Run._context

    @property
    def id(self) -> str:
        """The job's name."""
        return self._id

    run_id = id

    @property
    def experiment(self) -> Any:
        """The experiment it belongs to."""
        return self._experiment

    @property
    def parent(self) -> Optional["Run"]:
        """The run that made it; None where none did."""
        found = self._tags().get(PARENT)
        return Run(self._experiment, found) if found else None

    @property
    def name(self) -> str:
        """What it is called where it is shown."""
        return str(self._tags().get(NAME) or self._id)

    @property
    def display_name(self) -> str:
        """The same."""
        return self.name

    @display_name.setter
    def display_name(self, value: str) -> None:
        self._records.tag(self._id, {NAME: value})

    @property
    def status(self) -> str:
        """Azure's word for how far it is."""
        return self.get_status()

    @property
    def type(self) -> str:
        """A job's script."""
        return "azureml.scriptrun"

    @property
    def tags(self) -> Dict[str, str]:
        """Its tags, without MLflow's own."""
        return self.get_tags()

    @property
    def properties(self) -> Dict[str, str]:
        """What is known of where it came from."""
        return self.get_properties()

    @property
    def input_datasets(self) -> Dict[str, str]:
        """The paths of the job's inputs by name."""
        found = {name[len(_INPUT) :]: value for name, value in os.environ.items() if name.startswith(_INPUT)}
        return {**found, **{name.lower(): value for name, value in found.items()}}

    def log(self, name: str, value: Any, description: str = "", step: Optional[int] = None) -> None:
        """A number as a metric, at the next step unless one is given; anything else as a tag."""
        found = charts.number(value)
        if found is None:
            self.tag(name, value)
            return
        at = self._next(name) if step is None else int(step)
        self._steps[name] = at + 1
        self._records.log(self._id, [{"key": name, "value": found, "step": at}])

    def log_list(self, name: str, value: Any, description: str = "") -> None:
        """A metric with many values."""
        self._records.log(self._id, charts.points(name, value, self._next(name)))
        self._steps[name] = self._next(name) + len(value)

    def log_row(self, name: str, description: Optional[str] = None, **columns: Any) -> None:
        """A row of a table: numbers are metrics ``name/column`` too."""
        kept = self._rows.setdefault(name, {})
        at = self._next(name)
        for column, value in columns.items():
            values = kept.setdefault(column, [])
            values += [None] * (at - len(values)) + [value]
        self._steps[name] = at + 1
        self._records.log(self._id, charts.row_points(name, columns, at))

    def log_table(self, name: str, value: Dict[str, Any], description: str = "") -> None:
        """A table as an artifact that MLflow shows as one."""
        self._keep("%s.json" % name, charts.table(value))

    def log_image(self, name: str, path: Optional[str] = None, plot: Any = None, description: str = "") -> None:
        """A picture: of a file, or a matplotlib plot."""
        if (path is None) == (plot is None):
            raise ValueError("log_image: expected either path or plot")
        if path is not None:
            self._records.keep(self._id, name if "." in name else name + os.path.splitext(path)[1], path)
        else:
            self._keep(name if name.endswith(".png") else "%s.png" % name, charts.picture(plot))

    def log_confusion_matrix(self, name: str, value: Any, description: str = "") -> None:
        """A document with the matrix and its labels."""
        self._keep("%s.json" % name, value if isinstance(value, bytes) else charts.document(value))

    log_accuracy_table = log_predictions = log_residuals = log_confusion_matrix

    def tag(self, key: str, value: Any = None) -> None:
        """Set a tag."""
        self._records.tag(self._id, {key: value})

    def set_tags(self, tags: Dict[str, Any]) -> None:
        """Set tags."""
        self._records.tag(self._id, tags)

    def get_tags(self) -> Dict[str, str]:
        """Its tags, without MLflow's own."""
        return {key: value for key, value in self._tags().items() if not key.startswith(("mlflow.", "azureml."))}

    def remove_tags(self, tags: Any) -> None:
        """Remove one tag, or several."""
        for key in [tags] if isinstance(tags, str) else list(tags):
            self._records.untag(self._id, key)

    def add_properties(self, properties: Dict[str, Any]) -> None:
        """Add what is not to be changed."""
        self._records.tag(self._id, {"azureml.%s" % key: value for key, value in properties.items()})

    def get_properties(self) -> Dict[str, str]:
        """What ``add_properties`` added, and what the platform did."""
        start = "azureml."
        return {key[len(start) :]: value for key, value in self._tags().items() if key.startswith(start)}

    def upload_file(self, name: str, path_or_stream: Source, **options: Any) -> None:
        """Keep a file as an artifact."""
        self._records.keep(self._id, name, path_or_stream)

    def upload_files(self, names: List[str], paths: List[str], **options: Any) -> None:
        """Keep files as artifacts."""
        for name, path in zip(names, paths):
            self.upload_file(name, path)

    def upload_folder(self, name: str, path: str, **options: Any) -> None:
        """Keep a folder's files as artifacts below ``name``."""
        for folder, _, files in os.walk(path):
            for file in files:
                source = os.path.join(folder, file)
                self.upload_file("/".join((name, os.path.relpath(source, path).replace(os.sep, "/"))), source)

    def download_file(self, name: str, output_file_path: Optional[str] = None, **options: Any) -> None:
        """Fetch an artifact."""
        target = output_file_path or os.path.basename(name)
        self._records.fetch(
            self._id, name, os.path.join(target, os.path.basename(name)) if os.path.isdir(target) else target
        )

    def download_files(self, prefix: str = "", output_directory: str = ".", **options: Any) -> None:
        """Fetch the artifacts whose names begin so."""
        for name in self.get_file_names():
            if name.startswith(prefix or ""):
                self._records.fetch(self._id, name, os.path.join(output_directory or ".", *name.split("/")))

    def get_file_names(self) -> List[str]:
        """The names of its artifacts."""
        return self._records.files(self._id)

    def get_metrics(self, name: Optional[str] = None, recursive: bool = False, **options: Any) -> Dict[str, Any]:
        """Metrics by name: a number, or the list of them where there are several."""
        self.flush()
        known = [item["key"] for item in self._record()["data"].get("metrics", [])]
        found: Dict[str, Any] = {}
        for key in known if name is None else [one for one in known if one == name or one.startswith(name + "/")]:
            values = self._records.history(self._id, key)
            found[key] = values[0] if len(values) == 1 else values
        return found

    def get_status(self) -> str:
        """Azure's word for how far it is."""
        return _STATUS.get(self._record()["info"]["status"], "Running")

    def get_details(self) -> Dict[str, Any]:
        """Identity, times and properties."""
        info = self._record()["info"]
        return {
            "runId": self._id,
            "status": self.get_status(),
            "startTimeUtc": _iso(info.get("start_time")),
            "endTimeUtc": _iso(info.get("end_time")),
            "properties": self.get_properties(),
            "tags": self.get_tags(),
            "inputDatasets": [],
            "outputDatasets": [],
            "submittedBy": info.get("user_id", ""),
        }

    def get_portal_url(self) -> str:
        """Where MLflow shows it."""
        told = self._records.line.surroundings
        return "%s/mlflow/#/experiments/%s/runs/%s" % (told.url, self._experiment.id, self._id)

    def get_children(self, recursive: bool = False, **options: Any) -> Iterator["Run"]:
        """The runs made under it."""
        for found in self._records.children(self._experiment.id, self._id):
            child = Run(self._experiment, found["info"]["run_id"])
            yield child
            if recursive:
                yield from child.get_children(recursive=True)

    def child_run(self, name: Optional[str] = None, run_id: Optional[str] = None, outputs: Any = None) -> "Run":
        """A new run under this one; in a ``with`` block it ends with it."""
        tags = {PARENT: self._id, **({NAME: name} if name else {})}
        return Run(self._experiment, self._records.create(self._experiment.id, tags))

    def create_children(self, count: Optional[int] = None, tag_key: Any = None, tag_values: Any = None) -> List["Run"]:
        """Several runs under this one."""
        values = list(tag_values) if tag_values is not None else [None] * int(count or 0)
        made = [self.child_run() for _ in values]
        for child, value in zip(made, values):
            if tag_key is not None:
                child.tag(tag_key, value)
        return made

    def register_model(self, model_name: str, model_path: Optional[str] = None, **options: Any) -> Model:
        """A version of a model from what this run uploaded, or wrote to ``./outputs``."""
        path = model_path or model_name
        if not any(name == path or name.startswith(path.rstrip("/") + "/") for name in self.get_file_names()):
            if os.path.isdir(path):
                self.upload_folder(path.rstrip("/"), path)
            elif os.path.isfile(path):
                self.upload_file(path, path)
        tags: Dict[str, str] = {**(options.get("tags") or {}), **(options.get("properties") or {})}
        made = self._records.register(model_name, self._id, path, tags, str(options.get("description") or ""))
        return made_model(self._experiment.workspace, made)

    def complete(self, **options: Any) -> None:
        """Say that it is done; a job's own end is that of its command."""
        self.flush()
        self._end("FINISHED")

    def fail(self, error_details: Any = None, error_code: Any = None, **options: Any) -> None:
        """Say that it failed, and why."""
        self.flush()
        if error_details is not None:
            self.tag("error", error_details)
        self._end("FAILED")

    def cancel(self) -> None:
        """Say that it was given up."""
        self._end("KILLED")

    def flush(self, timeout_seconds: float = 300) -> None:
        """Everything is sent when a call returns, but for tables made of rows: they are written now."""
        rows, self._rows = self._rows, {}
        for name, columns in rows.items():
            self._keep("%s.json" % name, charts.table(columns))
            self._rows[name] = columns

    def wait_for_completion(self, show_output: bool = False, **options: Any) -> Dict[str, Any]:
        """What is known of it now; a script cannot wait for the end of its own job."""
        return self.get_details()

    def get_secret(self, name: str) -> str:
        """There is no key vault; secrets come to jobs through connections or environment variables."""
        raise NotImplementedError(
            "Zaffre has no key vault for %r: give the job the secret as an environment variable." % name
        )

    def __enter__(self) -> "Run":
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if kind is None:
            self.complete()
        else:
            self.fail(error)

    def __repr__(self) -> str:
        return "Run(Experiment: %s,\nId: %s,\nType: %s)" % (self._experiment.name, self._id, self.type)

    @property
    def _records(self) -> Any:
        return self._experiment.workspace.records

    def _record(self) -> Dict[str, Any]:
        return self._records.run(self._id)

    def _tags(self) -> Dict[str, str]:
        return {tag["key"]: tag["value"] for tag in self._record()["data"].get("tags", [])}

    def _next(self, name: str) -> int:
        return self._steps.get(name, 0)

    def _keep(self, name: str, content: bytes) -> None:
        self._records.keep(self._id, name, io.BytesIO(content))

    def _end(self, status: str) -> None:
        if not self._ended:
            self._ended = True
            self._records.end(self._id, status)


class _OfflineRun(Run):
    """Prints what a job's run would log, as the first SDK does outside a job."""

    def __init__(self) -> None:
        super().__init__(None, "OfflineRun_%s" % uuid.uuid4())
        self._offline = OfflineRecords(self._id)

    @property
    def experiment(self) -> Any:
        """There is none."""
        raise AttributeError("This run is offline: it belongs to no experiment. Run.get_context() in a job has one.")

    @property
    def _records(self) -> Any:
        return self._offline

    def get_portal_url(self) -> str:
        """It is shown nowhere."""
        return ""

    def get_children(self, recursive: bool = False, **options: Any) -> Iterator[Run]:
        """It has none."""
        return iter(())

    def child_run(self, name: Optional[str] = None, run_id: Optional[str] = None, outputs: Any = None) -> Run:
        """Another offline run."""
        return _OfflineRun()

    def __repr__(self) -> str:
        return "_OfflineRun(Id: %s)" % self._id


def _iso(milliseconds: Any) -> Optional[str]:
    if not milliseconds:
        return None
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(milliseconds) / 1000))


Experiment.run_type = Run
