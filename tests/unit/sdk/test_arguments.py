"""azure.ai.ml's constructor arguments that are no fields of ours."""

import pytest

from zaffre import entities


def test_short_forms_are_written_out():
    deployment = entities.ManagedOnlineDeployment(
        name="blue", endpoint_name="e", model="azureml:m:1", code_path="src", scoring_script="score.py"
    )
    assert (deployment.code_configuration.code, deployment.code_configuration.scoring_script) == ("src", "score.py")
    kept = {"code": "other", "scoring_script": "s.py"}
    deployment = entities.ManagedOnlineDeployment(name="b", endpoint_name="e", code_configuration=kept, code_path="src")
    assert deployment.code_configuration.code == "other", "what is written out has precedence"
    job = entities.SparkJob(code=".", entry={"file": "a.py"}, driver_cores=2, executor_memory="1g", conf={"spark.x": 1})
    assert job.conf == {"spark.driver.cores": 2, "spark.executor.memory": "1g", "spark.x": 1}


def test_facts_of_the_server_say_nothing():
    service = entities.SshJobService(endpoint="x", status="Running", ssh_public_keys="k")
    assert (service.type, "endpoint" in service.to_yaml()) == ("ssh", False)
    assert entities.Model(name="m", path="p", utc_time_created="now").name == "m"


def test_what_nobody_knows_is_still_refused():
    with pytest.raises(ValueError, match="nonsense"):
        entities.Model(name="m", path="p", nonsense=1)
