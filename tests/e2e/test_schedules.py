"""Schedules as users meet them: the example word for word, files and overrides, switches, the SDK, imports."""

from __future__ import annotations

import json
import re
import shlex
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from zaffre.testing.server import CURATED, Installation, until

EXAMPLE = Path(__file__).parents[2] / "examples" / "schedule"
FAR = "2030-01-01T00:00:00"


def zaffre_cli(rig: Installation, *words: str, cwd: Path = EXAMPLE, code: int = 0) -> tuple[str, str]:
    program = Path(sys.executable).with_name("zaffre")
    done = subprocess.run(
        [program, *words], cwd=cwd, env=rig.variables(), capture_output=True, text=True, timeout=200, check=False
    )
    assert done.returncode == code, f"zaffre {shlex.join(words)}\n{done.stdout}\n{done.stderr}"
    return done.stdout, done.stderr


def history(rig: Installation, name: str) -> list[dict[str, Any]]:
    return rig.call("GET", f"schedules/{name}/history").raise_for_status().json()["value"]


@pytest.mark.timeout(300)
def test_the_example(zaffre: Installation) -> None:
    """Its commands in order; the run that new data started has read that data."""
    (block,) = re.findall(r"```bash\n(.*?)```", (EXAMPLE / "README.md").read_text(), re.DOTALL)
    commands = [shlex.split(line, comments=True)[1:] for line in block.strip().splitlines()]
    said = [zaffre_cli(zaffre, *words)[0] for words in commands[:-1]]
    made = json.loads(said[1])
    assert re.match(r"20\d\d-\d\d-\d\dT0[01]:30", made["next_run_time"])
    assert made["create_job"]["tags"] == {"started": "by-the-clock"}
    started = json.loads(said[2])["job_name"]
    assert started in said[3]
    assert zaffre.ended(started)["status"] == "Completed"
    assert "rows: 178\n" in zaffre.text(started)
    (entry,) = until(lambda: history(zaffre, "report-on-new-wine"), "the run that new data starts")
    assert (entry["result"], entry["why"]) == ("started", "event")
    assert zaffre.ended(entry["job"])["status"] == "Completed"
    assert zaffre.text(entry["job"]).startswith("report of 20")
    shown = zaffre.call("GET", f"jobs/{entry['job']}").json()["spec"]
    assert shown["inputs"]["wine"]["path"] == "azureml:scheduled-wine:2"
    assert entry["job"] in zaffre_cli(zaffre, *commands[-1])[0]


def test_switches_and_lists(zaffre: Installation, tmp_path: Path) -> None:
    job = {"type": "command", "command": "echo ${{inputs.a}}", "environment": CURATED, "inputs": {"a": 1}}
    (tmp_path / "job.yml").write_text(json.dumps(job))
    trigger = {"type": "cron", "expression": "0 6 * * 1-5", "start_time": FAR, "time_zone": "Asia/Tokyo"}
    document = {"name": "tokyo", "trigger": trigger, "create_job": "job.yml"}
    (tmp_path / "s.yml").write_text(json.dumps(document))
    made = json.loads(zaffre_cli(zaffre, "schedule", "create", "-f", "s.yml", cwd=tmp_path)[0])
    assert made["next_run_time"] == "2029-12-31T21:00:00.000000Z"
    assert json.loads(zaffre_cli(zaffre, "schedule", "disable", "-n", "tokyo")[0])["is_enabled"] is False
    names = json.loads(zaffre_cli(zaffre, "schedule", "list", "--query", "[].name")[0])
    assert "tokyo" not in names
    assert json.loads(zaffre_cli(zaffre, "schedule", "list", "--disabled-only", "--query", "[].name")[0]) == ["tokyo"]
    zaffre_cli(zaffre, "schedule", "update", "-n", "tokyo", "--set", "trigger.expression=30 6 * * *", "is_enabled=true")
    shown = json.loads(zaffre_cli(zaffre, "schedule", "show", "-n", "tokyo")[0])
    assert (shown["is_enabled"], shown["next_run_time"]) == (True, "2029-12-31T21:30:00.000000Z")
    zaffre_cli(zaffre, "schedule", "delete", "-n", "tokyo", "--yes")
    zaffre_cli(zaffre, "schedule", "show", "-n", "tokyo", code=1)


def test_mistakes_are_told_with_their_place(zaffre: Installation, tmp_path: Path) -> None:
    (tmp_path / "s.yml").write_text(
        f'name: never\ntrigger:\n  type: cron\n  expression: "0 0 31 2 *"\n'
        f"create_job:\n  type: command\n  command: echo\n  environment: {CURATED}\n"
    )
    _, told = zaffre_cli(zaffre, "schedule", "create", "-f", "s.yml", cwd=tmp_path, code=1)
    assert re.search(r"s\.yml:4:3: trigger\.expression: '0 0 31 2 \*' names a day .* never be due", told)
    (tmp_path / "s.yml").write_text("name: x\ntrigger: {type: cron, expression: '* * * * *'}\ncreate_job: ./none.yml\n")
    _, told = zaffre_cli(zaffre, "schedule", "create", "-f", "s.yml", cwd=tmp_path, code=1)
    assert re.search(r"s\.yml:3:1: create_job: .*none\.yml is no YAML file", told)


SDK = """
import sys
from zaffre import MLClient, command, load_schedule
from zaffre.entities import CronTrigger, JobSchedule, RecurrencePattern, RecurrenceTrigger

ml = MLClient()
job = command(command="echo from the sdk", environment=sys.argv[1], code="src")
cron = CronTrigger(expression="0 6 * * *", start_time="2030-01-01T00:00:00", time_zone="Europe/Paris")
made = ml.schedules.begin_create_or_update(JobSchedule(name="sdk", trigger=cron, create_job=job)).result()
assert (made.name, made.is_enabled) == ("sdk", True), made
assert ml.schedules.get("sdk").create_job["code"].startswith("azureml:"), made.create_job
started = ml.schedules.trigger("sdk")
assert started.schedule_action_type == "create_job"
ml.jobs.stream(started.job_name)
assert [one.name for one in ml.jobs.list(scheduled_job_name="sdk")] == [started.job_name]
pattern = RecurrencePattern(hours=10, minutes=[0, 30], week_days="monday")
again = RecurrenceTrigger(frequency="week", interval=1, schedule=pattern, start_time="2030-01-01T00:00:00")
ml.schedules.begin_create_or_update(JobSchedule(name="again", trigger=again, create_job=started.job_name)).result()
assert ml.schedules.get("again").next_run_time == "2030-01-07T10:00:00.000000Z"
assert ml.schedules.begin_disable("again").result().is_enabled is False
assert "again" not in [one.name for one in ml.schedules.list()]
assert ml.schedules.begin_enable("again").result().is_enabled is True
(entry,) = ml.schedules.history("sdk")
assert (entry["why"], entry["job"]) == ("manual", started.job_name)
for name in ("sdk", "again"):
    ml.schedules.begin_delete(name).result()
"""


def test_the_sdk_with_azures_names(zaffre: Installation, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "main.py").write_text("print(1)")
    done = subprocess.run(
        [sys.executable, "-c", SDK, CURATED],
        cwd=tmp_path, env=zaffre.variables(), capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "from the sdk" in done.stdout


def test_an_import_on_a_schedule(zaffre: Installation, tmp_path: Path) -> None:
    """The job of an import is started as ``zaffre data import`` would have."""
    place = zaffre.home / "data" / "default" / "workspaceblobstore" / "files" / "orders.db"
    place.parent.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(place) as database:
        database.execute("create table orders (n integer)")
        database.executemany("insert into orders values (?)", [(n,) for n in range(5)])
    target = "azureml://datastores/workspaceblobstore/paths/files/orders.db"
    zaffre.call("PUT", "connections/orders", {"type": "custom", "target": target}).raise_for_status()
    document = {
        "name": "import-orders",
        "trigger": {"type": "recurrence", "frequency": "day", "interval": 1, "start_time": FAR},
        "import_data": {
            "name": "orders", "path": "azureml://datastores/workspaceblobstore/paths/imported/${{name}}",
            "type": "mltable", "source": {"type": "database", "connection": "azureml:orders", "query": "select * from orders"},
        },
    }  # fmt: skip
    (tmp_path / "s.yml").write_text(json.dumps(document))
    zaffre_cli(zaffre, "schedule", "create", "-f", "s.yml", cwd=tmp_path)
    started = json.loads(zaffre_cli(zaffre, "schedule", "trigger", "-n", "import-orders")[0])["job_name"]
    assert zaffre.ended(started)["status"] == "Completed", zaffre.state(started)
    assert zaffre.call("GET", "data/orders/labels/latest").json()["version"] == "1"
