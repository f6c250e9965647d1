"""Schedules by the official Azure client, unchanged, over TLS."""

from __future__ import annotations

SCHEDULES = """
import time
from azure.ai.ml import command, load_job
from azure.ai.ml.constants import TimeZone
from azure.ai.ml.entities import CronTrigger, JobSchedule, RecurrencePattern, RecurrenceTrigger
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.ai.ml.constants._common import TimeZone as Every

PYTHON = "azureml://registries/azureml/environments/python/labels/latest"
ml.jobs.create_or_update(command(command="echo scheduled", environment=PYTHON, name="template"))
far = "2030-07-10T10:00:00"
cron = CronTrigger(expression="15 10 * * 1", start_time=far, time_zone=TimeZone.PACIFIC_STANDARD_TIME)
made = ml.schedules.begin_create_or_update(JobSchedule(name="weekly", trigger=cron, create_job="template")).result()
assert (made.name, made.is_enabled, made.provisioning_state) == ("weekly", True, "Succeeded"), made
assert made.trigger.time_zone == "Pacific Standard Time", made.trigger
assert made.create_job.id.endswith("/jobs/template"), made.create_job.id

pattern = RecurrencePattern(hours=[10], minutes=[0, 30], week_days=["monday", "friday"])
recurrence = RecurrenceTrigger(frequency="week", interval=2, schedule=pattern, start_time=far)
tags = {"team": "blue"}
ml.schedules.begin_create_or_update(
    JobSchedule(name="fortnightly", trigger=recurrence, create_job="template", tags=tags, display_name="F")
).result()
found = ml.schedules.get("fortnightly")
assert (found.display_name, found.tags) == ("F", tags), found
assert (found.trigger.frequency, found.trigger.interval) == ("week", 2), found.trigger
said = found.trigger.schedule
assert (said.hours, said.minutes, [day.lower() for day in said.week_days]) == ([10], [0, 30], ["monday", "friday"])

assert sorted(one.name for one in ml.schedules.list()) == ["fortnightly", "weekly"]
off = ml.schedules.begin_disable("weekly").result()
assert off.is_enabled is False
assert [one.name for one in ml.schedules.list()] == ["fortnightly"]
assert [one.name for one in ml.schedules.list(list_view_type="DisabledOnly")] == ["weekly"]
assert ml.schedules.begin_enable("weekly").result().is_enabled is True

started = ml.schedules.trigger("weekly")
assert started.schedule_action_type == "CreateJob", started.schedule_action_type
job = ml.jobs.get(started.job_name)
assert job.display_name.startswith("weekly-20"), job.display_name
assert [one.name for one in ml.jobs.list(scheduled_job_name="weekly")] == [started.job_name]
assert started.job_name in [one.name for one in ml.jobs.list(schedule_defined=True)]
assert "template" in [one.name for one in ml.jobs.list(schedule_defined=False)]
ml.jobs.stream(started.job_name)
assert ml.jobs.get(started.job_name).status == "Completed"

try:
    never = CronTrigger(expression="0 0 31 2 *", start_time=far)
    ml.schedules.begin_create_or_update(JobSchedule(name="never", trigger=never, create_job="template")).result()
    raise SystemExit("a schedule that is never due was taken")
except HttpResponseError as error:
    assert "would never be due" in str(error), error

for name in ("weekly", "fortnightly"):
    ml.schedules.begin_delete(name).result()
try:
    ml.schedules.get("weekly")
    raise SystemExit("it is still there")
except ResourceNotFoundError:
    pass
print(*[zone.value for zone in Every], sep="|")
"""


def test_cron_recurrence_enable_disable_trigger_delete(azure):
    from zaffre.kinds.schedule.parts.zones import zone

    names = azure.python(SCHEDULES).strip().splitlines()[-1].split("|")
    assert len(names) > 130
    assert all(zone(name) for name in names)


INLINE = """
from azure.ai.ml import command
from azure.ai.ml.entities import CronTrigger, JobSchedule

PYTHON = "azureml://registries/azureml/environments/python/labels/latest"
job = command(command="echo ${{inputs.who}}", environment=PYTHON, inputs={"who": "${{name}}"})
trigger = CronTrigger(expression="0 6 * * *", start_time="2030-01-01T00:00:00", time_zone="Europe/Paris")
ml.schedules.begin_create_or_update(JobSchedule(name="inline", trigger=trigger, create_job=job)).result()
found = ml.schedules.get("inline")
assert found.create_job.command == "echo ${{inputs.who}}", found.create_job
assert ml.schedules.begin_disable("inline").result().is_enabled is False
started = ml.schedules.trigger("inline")
job = ml.jobs.get(started.job_name)
assert (job.command, job.type) == ("echo ${{inputs.who}}", "command"), job
ml.jobs.stream(started.job_name)
"""


def test_a_job_written_into_the_schedule(azure):
    said = azure.python(INLINE, AZURE_ML_CLI_PRIVATE_FEATURES_ENABLED="true")
    assert "\ninline-20" in said  # its name, which the job was given for an input
