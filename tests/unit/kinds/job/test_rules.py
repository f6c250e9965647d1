"""What a job must be before it is accepted: every mistake named at its field, what may move pinned."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from zaffre.core.draft import Draft
from zaffre.core.errors import Conflict, Invalid
from zaffre.core.ports import EnvironmentDefinition
from zaffre.core.resource import Key, Resource
from zaffre.jobs.command.spec import CommandJob
from zaffre.jobs.spark.spec import SparkJob
from zaffre.kinds.job import rules

KEY = Key("ws", "job", "one")
ENVIRONMENT = "azureml://registries/azureml/environments/python/labels/latest"


def stored(key: Key, spec: dict[str, Any], state: dict[str, Any] | None = None) -> Resource:
    return Resource(key, spec, "hash", state or {}, 1, False, 0.0, "u", 0.0, "u")


class Shelf:
    """A lookup over a few things."""

    def __init__(self) -> None:
        self.kinds = {"/data/default/in.csv": "file", "/data/default/folder": "folder"}
        self.assets = {
            ("data", "wine", "2"): stored(
                Key("ws", "data", "wine", "", "2"),
                {"path": "azureml://datastores/default/paths/in.csv", "type": "uri_file"},
            )
        }
        self.computes: dict[str, dict[str, Any]] = {"small": {"max_instances": 1}}
        self.ended_at: float | None = None

    def resource(self, key: Key) -> Resource | None:
        if key.kind == "datastore":
            return stored(key, {"name": key.name})
        if key == Key("ws", "job", "p_train"):
            return stored(key, {})
        return stored(key, self.computes[key.name]) if key.kind == "compute" and key.name in self.computes else None

    def children(self, workspace: str, kind: str, parent: str) -> list[Resource]:
        return []

    def asset(self, key: Key, label: str = "") -> Resource | None:
        found = [asset for (kind, name, _), asset in self.assets.items() if (kind, name) == (key.kind, key.name)]
        return next((one for one in found if not key.version or one.key.version == key.version), None)

    def run_state(self, name: str) -> dict[str, Any] | None:
        return {"status": "Completed" if self.ended_at else "Running", "ended_at": self.ended_at}

    def curated(self, name: str, version: str = "") -> EnvironmentDefinition | None:
        return EnvironmentDefinition(image="python:3.11") if name == "python" else None

    def local_path(self, workspace: str, uri: str) -> str | None:
        return uri.replace("azureml://datastores/default/paths/", "/data/default/") if "datastores" in uri else None

    def check_elsewhere(self, workspace: str, uri: str, type_: str, *, write: bool = False) -> None:
        if uri.startswith("hdfs:"):
            raise Invalid(f"Zaffre cannot read {uri}")

    def pinned(self, workspace: str, uri: str) -> str:
        return uri

    def runs_below(self, name: str) -> list[str]:
        return ["p_train", "p_gone"]

    def open_run(self, workspace: str, compute: str) -> str | None:
        return None

    def path_kind(self, path: str) -> str | None:
        return self.kinds.get(path)

    def text(self, path: str) -> str | None:
        return None

    def environment_notes(self, fingerprint: str) -> tuple[str, ...]:
        return ()

    def fingerprint(self, definition: EnvironmentDefinition) -> str:
        if definition.image == "nowhere":
            raise Invalid("needs a container engine")
        return "f" * 32


def draft(**fields: Any) -> Draft:
    document = {"name": "one", "command": "echo", "environment": ENVIRONMENT, **fields}
    return Draft(KEY, CommandJob.from_yaml(document), None, "user:ada", 1.0)


def problems(**fields: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as told:
        rules.prepare(draft(**fields), Shelf())
    return {problem.field: str(problem) for problem in told.value.problems}


def test_a_good_job_asks_for_its_run():
    prepared = rules.prepare(
        draft(display_name="One", experiment_name="e", queue_settings={"priority": "high"}), Shelf()
    )
    run = prepared.run
    assert run is not None
    assert (run.name, run.type, run.compute, run.slots, run.priority) == ("one", "job", "local", 1, 1)
    assert (run.experiment, run.display_name, run.actor) == ("e", "One", "user:ada")
    assert run.facts["environment"]["fingerprint"] == "f" * 32


def test_latest_is_pinned():
    inputs = {"d": {"type": "uri_file", "path": "azureml:wine@latest"}}
    prepared = rules.prepare(draft(command="cat ${{inputs.d}}", inputs=inputs), Shelf())
    assert prepared.spec.inputs["d"].path == "azureml:wine:2"
    assert prepared.run is not None
    assert prepared.run.facts["inputs"]["d"]["uri"] == "azureml://datastores/default/paths/in.csv"


def test_an_unknown_compute_is_told_with_the_command_that_creates_it():
    assert "zaffre compute create -n gpu" in problems(compute="azureml:gpu")["compute"]


def test_more_nodes_than_the_compute_has():
    assert "at most 1" in problems(compute="small", resources={"instance_count": 2})["resources.instance_count"]


@pytest.mark.parametrize(
    ("path", "type_", "word"),
    [
        ("azureml://datastores/default/paths/gone.csv", "uri_file", "nothing is at"),
        ("azureml://datastores/default/paths/folder", "uri_file", "needs a file"),
        ("azureml://datastores/default/paths/in.csv", "uri_folder", "needs a folder"),
        ("azureml:unknown:1", "uri_file", "there is no data"),
        ("./here.csv", "uri_file", "the server cannot read it"),
    ],
)
def test_an_input_that_is_not_there(path: str, type_: str, word: str):
    told = problems(command="cat ${{inputs.d}}", inputs={"d": {"type": type_, "path": path}})
    assert word in told["inputs.d.path"]


def test_spark_takes_a_folder_of_parts_for_a_file_and_has_an_environment_of_its_own():
    """What one Spark job writes as a file is a folder, which the next one reads; a command would not."""
    path = "azureml://datastores/default/paths/folder"
    fields = {"type": "spark", "entry": {"file": "a.py"}, "environment": ENVIRONMENT}
    spec = SparkJob.from_yaml({**fields, "inputs": {"text": {"type": "uri_file", "path": path}}})
    prepared = rules.prepare(replace(draft(), spec=spec), Shelf())
    assert prepared.run.facts["inputs"]["text"]["uri"] == path
    with pytest.raises(Invalid, match=r"spark-3\.5"):  # this shelf has no such environment: it was looked for
        rules.prepare(replace(draft(), spec=SparkJob.from_yaml({**fields, "environment": None})), Shelf())


def test_all_mistakes_are_told_at_once():
    told = problems(
        command="cat ${{inputs.d}}",
        compute="azureml:gpu",
        environment={"image": "nowhere"},
        inputs={"d": {"type": "uri_file", "path": "azureml:unknown:1"}},
        code="azureml:gone:1",
    )
    assert set(told) == {"compute", "environment", "inputs.d.path", "code"}


def test_an_output_goes_to_a_datastore():
    told = problems(command="echo > ${{outputs.o}}", outputs={"o": {"path": "https://example.org/x"}})
    assert "outputs.o.path" in told


def existing(**fields: Any) -> Resource:
    return stored(KEY, draft(**fields).spec.to_stored())


def test_what_describes_a_job_may_change():
    changed = replace(draft(tags={"a": "b"}, description="told"), existing=existing())
    assert rules.prepare(changed, Shelf()).run is None


def latest(**fields: Any) -> Draft:
    wine = {"type": "uri_file", "path": "azureml:wine@latest"}
    return draft(command="cat ${{inputs.d}}", inputs={"d": wine}, **fields)


def test_the_latest_may_be_named_again_with_other_tags():
    first = rules.prepare(latest(), Shelf())
    before = stored(KEY, first.spec.to_stored(), first.state)
    again = rules.prepare(replace(latest(tags={"a": "b"}), existing=before), Shelf())
    assert again.spec.to_stored() == before.spec | {"tags": {"a": "b"}}
    assert before.spec["inputs"]["d"]["path"] == "azureml:wine:2"
    with pytest.raises(Conflict, match="another inputs"):
        other = {"type": "uri_file", "path": "azureml:wine@other"}
        rules.prepare(replace(draft(command="cat ${{inputs.d}}", inputs={"d": other}), existing=before), Shelf())


def test_what_it_does_may_not():
    with pytest.raises(Conflict, match="another command"):
        rules.prepare(replace(draft(command="other"), existing=existing()), Shelf())


def test_a_running_job_cannot_be_deleted():
    with pytest.raises(Conflict, match="cancel"):
        rules.remove(existing(), Shelf())


def test_a_finished_job_goes_with_the_jobs_that_it_started():
    shelf = Shelf()
    shelf.ended_at = 5.0
    assert rules.remove(existing(), shelf).along == (Key("ws", "job", "p_train"),)
