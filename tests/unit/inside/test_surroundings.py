"""Where a script finds its server."""

import json

import pytest

from zaffre.inside import surroundings

JOB = {
    "AZUREML_RUN_ID": "j",
    "AZUREML_RUN_TOKEN": "t",
    "AZUREML_ARM_WORKSPACE_NAME": "ws",
    "MLFLOW_TRACKING_URI": "http://127.0.0.1:1/mlflow/v1.0/subscriptions/s",
    "MLFLOW_EXPERIMENT_ID": "3",
}


def test_a_job_knows_from_its_variables():
    told = surroundings.found(JOB)
    assert (told.url, told.token, told.workspace, told.run, told.experiment_id) == (
        "http://127.0.0.1:1",
        "t",
        "ws",
        "j",
        "3",
    )
    assert told.tracking_uri.startswith("http://127.0.0.1:1/mlflow/v1.0/subscriptions/")
    assert told.tracking_uri.endswith("/workspaces/ws")


@pytest.mark.parametrize("missing", ["AZUREML_RUN_ID", "AZUREML_RUN_TOKEN", "MLFLOW_TRACKING_URI"])
def test_half_of_them_are_no_job(missing):
    assert surroundings.of_job({name: value for name, value in JOB.items() if name != missing}) is None


def test_a_user_by_address_or_by_home(tmp_path):
    told = surroundings.of_user({"ZAFFRE_URL": "https://h/", "ZAFFRE_TOKEN": "t", "ZAFFRE_WORKSPACE": "w"})
    assert (told.url, told.token, told.workspace, told.run) == ("https://h", "t", "w", "")
    (tmp_path / "server.json").write_text(json.dumps({"server_url": "http://127.0.0.1:2"}))
    (tmp_path / "token").write_text("held\n")
    told = surroundings.of_user({"ZAFFRE_HOME": str(tmp_path)})
    assert (told.url, told.token, told.workspace) == ("http://127.0.0.1:2", "held", "default")


def test_without_a_server_the_way_to_one_is_told(tmp_path):
    with pytest.raises(ConnectionError, match="zaffre up"):
        surroundings.of_user({"ZAFFRE_HOME": str(tmp_path)})
