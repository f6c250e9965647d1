"""Schedules in both spellings."""

import pytest

from zaffre.core.errors import Invalid
from zaffre.core.refs import Scope
from zaffre.kinds.schedule.spec import Schedule, action_of

SCOPE = Scope("sub", "group", "ws")
CRON = {"type": "cron", "expression": "15 10 * * 1"}
JOB = {"type": "command", "command": "echo", "environment": "azureml:e:1", "compute": "azureml:c"}


def there_and_back(**said):
    spec = Schedule.from_yaml({"name": "s", "trigger": CRON, **said})
    body = spec.to_arm(SCOPE)
    return body["properties"], Schedule.from_arm({"name": "s", **body}, scope=SCOPE)


def test_a_job_by_reference_is_a_pipeline_that_names_its_source():
    body, back = there_and_back(create_job="azureml:j", display_name="D", tags={"a": "b"})
    assert body["action"]["actionType"] == "CreateJob"
    definition = body["action"]["jobDefinition"]
    assert definition["jobType"] == "Pipeline"
    assert definition["sourceJobId"] == f"{SCOPE.id}/jobs/j"
    assert definition["jobs"] == {}
    assert body["trigger"] == {"triggerType": "Cron", "expression": "15 10 * * 1", "timeZone": "UTC"}
    assert body["isEnabled"] is True
    assert (back.create_job, back.display_name, back.tags) == ("azureml:j", "D", {"a": "b"})
    assert back.trigger.expression == "15 10 * * 1"


def test_a_job_written_out_is_that_jobs_body():
    body, back = there_and_back(create_job=JOB)
    assert body["action"]["jobDefinition"]["jobType"] == "Command"
    assert back.create_job["command"] == "echo"
    assert back.create_job["environment"] == "azureml:e:1"


def test_overrides_of_a_reference_come_back():
    _, back = there_and_back(create_job={"type": "pipeline", "job": "azureml:j", "tags": {"a": "b"}})
    assert back.create_job == {"type": "pipeline", "job": "azureml:j", "tags": {"a": "b"}}


def test_recurrences_have_azures_words():
    pattern = {"hours": [6], "minutes": [0], "week_days": ["monday"]}
    trigger = {"type": "recurrence", "frequency": "week", "interval": 2, "schedule": pattern, "time_zone": "Asia/Tokyo"}
    body, back = there_and_back(trigger=trigger, create_job="azureml:j")
    assert body["trigger"] == {
        "triggerType": "Recurrence", "frequency": "Week", "interval": 2, "timeZone": "Asia/Tokyo",
        "schedule": {"hours": [6], "minutes": [0], "weekDays": ["Monday"]},
    }  # fmt: skip
    assert back.trigger.to_yaml() == trigger


def test_an_empty_pattern_is_none():
    trigger = {"type": "recurrence", "frequency": "day", "interval": 1}
    body, back = there_and_back(trigger=trigger, create_job="azureml:j")
    assert body["trigger"]["schedule"] == {"hours": [], "minutes": []}
    assert back.trigger.schedule is None


def test_imports_and_monitors():
    source = {"type": "database", "connection": "azureml:c", "query": "select 1"}
    body, back = there_and_back(import_data={"name": "d", "path": "p", "source": source})
    definition = body["action"]["dataImportDefinition"]
    assert (definition["assetName"], definition["dataUri"]) == ("d", "p")
    assert definition["source"] == {"sourceType": "database", "connection": "azureml:c", "query": "select 1"}
    assert back.import_data == {"name": "d", "path": "p", "source": source}
    body, back = there_and_back(create_monitor={"compute": {"instance_type": "x"}})
    assert body["action"]["actionType"] == "CreateMonitor"
    assert back.create_monitor.compute.instance_type == "x"


def test_disabled_is_said():
    body, back = there_and_back(create_job="azureml:j", is_enabled=False)
    assert body["isEnabled"] is False
    assert back.is_enabled is False


def test_events_go_there_and_back():
    trigger = {"type": "event", "on": "job_finished", "status": ["Failed"], "debounce": 5}
    body, back = there_and_back(trigger=trigger, create_job="azureml:j")
    assert body["trigger"]["triggerType"] == "Event"
    assert back.trigger.to_yaml() == trigger


@pytest.mark.parametrize("said", [{}, {"create_job": "azureml:j", "import_data": {"name": "d"}}])
def test_one_thing_is_started(said):
    with pytest.raises(Invalid, match="expected one of create_job, create_monitor, import_data"):
        Schedule.from_yaml({"name": "s", "trigger": CRON, **said})


@pytest.mark.parametrize("action", ["create_job", "create_monitor", "import_data", "invoke_batch_endpoint"])
def test_what_a_stored_schedule_starts(action):
    assert action_of({"name": "s", "trigger": {}, action: {"x": 1}}) == action
