"""Run history's bodies: what streaming and downloads read of a run."""

from dataclasses import replace

import pytest

from zaffre.api.azure import runs as bodies
from zaffre.core.reasons import Cause, Reason
from zaffre.core.refs import Scope
from zaffre.core.resource import Resource
from zaffre.core.status import RunStatus
from zaffre.store.runs import Run

PLACE = Scope("s", "g", "default")
PATHS = {"o": ["workspaceblobstore", "azureml/j1/o"], "m": ["workspaceblobstore", "azureml/j1/m"], "t": ["d", "x y/t"]}
SPEC = {
    "name": "j1",
    "type": "command",
    "display_name": "One",
    "tags": {"a": "1", "b": None},
    "outputs": {"o": {"type": "uri_file"}, "m": {"type": "mlflow_model"}, "t": {"type": "mltable"}},
}


def run(**changed):
    found = Run(
        name="j1", workspace="default", type="job", status=RunStatus.RUNNING, reason=None, attempt=1, token="",
        cancel_by=None, parent="", root="j1", compute="cpu@default", slots=1, priority=0, experiment="exp",
        display_name="j1", facts={"output_paths": PATHS, "notes": ["a note"]}, deadline=None, created_at=1_700_000_000.0,
        started_at=1_700_000_001.5, ended_at=None, revision=3, actor="user:owner",
    )  # fmt: skip
    return replace(found, **changed)


def resource(spec=SPEC, **changed):
    made = {"created_at": 1.0, "created_by": "u", "modified_at": 1.0, "modified_by": "u"}
    return Resource(
        **{"key": None, "spec": spec, "spec_hash": "", "state": {}, "revision": 1, "archived": False, **made, **changed}
    )


def failed(cause, **facts):
    return run(status=RunStatus.FAILED, reason=Reason(cause, facts), ended_at=1_700_000_009.0)


def test_details_of_a_running_job():
    found = bodies.details(run(), SPEC, {"user_logs/std_log.txt": "https://here/log"}, RunStatus.RUNNING)
    assert (found["runId"], found["status"]) == ("j1", "Running")
    assert found["logFiles"] == {"user_logs/std_log.txt": "https://here/log"}
    assert found["startTimeUtc"] == "2023-11-14T22:13:21.500000Z"
    assert found["endTimeUtc"] is None
    assert found["error"] is None
    assert found["warnings"] == [{"source": "zaffre", "message": "a note"}]


def test_details_say_the_status_they_are_told_to():
    ended = run(status=RunStatus.COMPLETED, ended_at=1_700_000_009.0)
    assert bodies.details(ended, SPEC, {}, RunStatus.FINALIZING)["status"] == "Finalizing"


def test_texts_are_texts():
    found = bodies.record(run(), resource({**SPEC, "properties": {"n": 3}}), PLACE)
    assert found["tags"] == {"a": "1", "b": ""}
    assert found["properties"] == {"n": "3"}


def test_a_record_says_what_is_shown_and_what_is_hidden():
    found = bodies.record(run(parent="p", root="r"), resource(archived=True), PLACE)
    assert (found["displayName"], found["hidden"], found["parentRunId"], found["rootRunId"]) == ("One", True, "p", "r")
    assert found["dataContainerId"] == "dcid.j1"


def test_a_run_without_a_resource_is_told_of_too():
    found = bodies.record(run(), None, PLACE)
    assert (found["displayName"], found["tags"], found["hidden"]) == ("j1", {}, False)


def test_models_are_told_of_as_folders():
    found = bodies.outputs(run(), SPEC, PLACE)
    assert {name: output["type"] for name, output in found.items()} == {
        "o": "uri_file",
        "m": "uri_folder",
        "t": "mltable",
    }


def test_an_output_is_known_again_by_its_id():
    for name, output in bodies.outputs(run(), SPEC, PLACE).items():
        asset = output["assetId"].split("/data/")[1].split("/")[0]
        assert bodies.unmarked(asset) == ("j1", name)


@pytest.mark.parametrize("name", ["plain", "azureml_x", "azureml__output_data_x", "azureml_job_output_data_"])
def test_other_names_are_no_outputs(name):
    assert bodies.unmarked(name) is None


def test_places_are_long():
    assert bodies.datastore_path(run(), "t", PLACE) == (
        "azureml://subscriptions/s/resourcegroups/g/workspaces/default/datastores/d/paths/x y/t"
    )
    assert bodies.datastore_path(run(), "nothing", PLACE) == ""


def test_a_failure_of_the_command_is_the_users():
    found = bodies.failure(failed(Cause.EXIT_CODE, code=3))
    assert found["error"]["code"] == "UserError"
    assert "exited with code 3" in found["error"]["message"]
    assert "-n j1" in found["error"]["message"]
    assert found["error"]["innerError"] == {"code": "ExitCode"}
    assert found["time"] == "2023-11-14T22:13:29.000000Z"


def test_a_failure_of_the_platform_is_not():
    assert bodies.failure(failed(Cause.NODE_LOST))["error"]["code"] == "SystemError"


def test_what_did_not_fail_has_no_error():
    assert bodies.failure(run(status=RunStatus.CANCELED, reason=Reason(Cause.CANCELED, {"by": "x"}))) is None
