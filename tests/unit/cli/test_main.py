"""Whole commands, from words to exit code, against the fake server."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zaffre.cli import jobs, parse, table, verbs

Zaffre = Callable[..., Any]
JOB = (
    "command: python a.py\ncode: src\nenvironment: azureml:e:1\ninputs:\n  data:\n    type: uri_file\n    path: x.csv\n"
)


@pytest.fixture
def job(tmp_path: Path, home: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.py").write_text("1")
    (tmp_path / "x.csv").write_text("1")
    file = tmp_path / "job.yml"
    file.write_text(JOB)
    return file


@pytest.mark.parametrize("words", [(), ("--help",), ("ml", "--help"), ("job", "-h"), ("job", "create", "--help")])
def test_help_answers_everywhere(zaffre: Zaffre, words: tuple[str, ...]) -> None:
    ran = zaffre(*words)
    assert ran.code == 0 and ran.out.startswith("usage: zaffre") and ran.error == ""


def test_every_verb_in_the_table_has_help_and_a_function(zaffre: Zaffre) -> None:
    import importlib

    for name, group in table.load()["groups"].items():
        for verb in group["verbs"]:
            assert zaffre(name, verb, "--help").code == 0
            definition = verbs.verb_of(name, verb, group["versioned"])
            assert definition
            module, _, function = definition[2].partition(":")
            assert callable(getattr(importlib.import_module(f"zaffre.cli.{module}"), function))


@pytest.mark.parametrize(
    ("words", "said"),
    [(("jbo",), "did you mean 'job'?"), (("job", "crate"), "did you mean 'create'?"),
     (("job", "create"), "-f/--file"), (("job", "show", "-n", "a", "--colour"), "--colour"),
     (("job", "show", "-n", "a", "-o", "xml"), "xml")],
)  # fmt: skip
def test_wrong_usage_is_one_line_and_code_2(zaffre: Zaffre, words: tuple[str, ...], said: str) -> None:
    ran = zaffre(*words)
    assert ran.code == 2 and said in ran.error and ran.error.count("\n") == 1 and ran.out == ""


def test_a_job_is_submitted_and_answered_as_az_does(zaffre: Zaffre, fake: Any, job: Path) -> None:
    ran = zaffre("ml", "job", "create", "--file", str(job), "--set", "display_name=mine", "inputs.n=3", "-n", "fox")
    told = json.loads(ran.out)
    assert ran.code == 0
    assert (told["name"], told["display_name"], told["inputs"]["n"], told["status"]) == ("fox", "mine", 3, "Running")
    assert told["creation_context"]["created_by"] == "me" and list(told) == sorted(told)


@pytest.mark.parametrize(("status", "code"), [("Completed", 0), ("Failed", 1), ("Canceled", 1)])
def test_streaming_ends_as_the_job_does(zaffre: Zaffre, fake: Any, job: Path, status: str, code: int) -> None:
    fake.log = b"from the job\n"
    fake.job_end = {"status": status, "reason": {"code": "Why", "message": "because"}}
    ran = zaffre("job", "create", "-f", str(job), "--stream")
    assert ran.code == code and ran.out == "from the job\n"
    assert f"Status: {status}" in ran.error
    assert ("Reason: Why: because" in ran.error) is (code == 1)


def test_an_interrupt_detaches(zaffre: Zaffre, fake: Any, job: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(jobs.streams, "follow", interrupted)
    ran = zaffre("job", "create", "-f", str(job), "--stream", "-n", "fox")
    assert ran.code == 130 and "zaffre job cancel -n fox" in ran.error
    assert not [path for path in fake.calls("POST") if path.endswith("/cancel")]


def test_mistakes_are_told_with_file_line_and_column(zaffre: Zaffre, fake: Any, job: Path) -> None:
    job.write_text(JOB.replace("x.csv", "gone.csv").replace("code: src", "code: nowhere"))
    ran = zaffre("job", "create", "-f", str(job))
    lines = ran.error.splitlines()
    assert ran.code == 1 and ran.out == ""
    assert lines[0].startswith(f"{job}:2:1: code: ") and lines[0].endswith("nowhere does not exist")
    assert lines[1].startswith(f"{job}:7:5: inputs.data.path: ") and lines[1].endswith("gone.csv does not exist")


def test_what_the_server_refuses_is_told_with_its_place(zaffre: Zaffre, fake: Any, job: Path) -> None:
    job.write_text(JOB.replace("  data:", "  datta:"))
    ran = zaffre("job", "create", "-f", str(job), "--only-show-errors")
    assert ran.error == f'{job}:5:3: inputs.datta: unknown input; did you mean "data"?\n'
    job.write_text(JOB + "oops: 1\n")
    ran = zaffre("job", "validate", "-f", str(job), "--only-show-errors")
    assert (ran.code, ran.error) == (1, f"{job}:8:1: oops: unknown field\n")


def test_errors_never_show_a_traceback_unless_asked(zaffre: Zaffre, fake: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = zaffre("job", "show", "-n", "gone")
    assert ran.code == 1 and ran.error == "There is no /api/v1/workspaces/default/jobs/gone\n"
    monkeypatch.setattr(table, "load", lambda: {})
    assert "a mistake of Zaffre's own: KeyError" in zaffre("job", "list").error
    with pytest.raises(KeyError):
        zaffre("job", "list", "--debug")


def test_lists_filter_and_page(zaffre: Zaffre, fake: Any, job: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zaffre.sdk.resources._PAGE", 2)
    for name in "abcde":
        zaffre("job", "create", "-f", str(job), "-n", name)
    assert [each["name"] for each in json.loads(zaffre("job", "list").out)] == list("abcde")
    assert [each["name"] for each in json.loads(zaffre("job", "list", "-r", "3").out)] == list("abc")


def test_update_changes_what_is_there(zaffre: Zaffre, fake: Any) -> None:
    zaffre("online-endpoint", "create", "-n", "ep", "--auth-mode", "key", "--tags", "a=1")
    told = json.loads(zaffre("online-endpoint", "update", "-n", "ep", "--traffic", "blue=90 green=10").out)
    assert told["traffic"] == {"blue": 90, "green": 10} and told["auth_mode"] == "key"
    told = json.loads(zaffre("online-endpoint", "update", "-n", "ep", "--set", "tags.b=2", "--remove", "tags.a").out)
    assert told["tags"] == {"b": "2"}


def test_a_deployment_takes_all_traffic_once_ready(zaffre: Zaffre, fake: Any, tmp_path: Path) -> None:
    zaffre("online-endpoint", "create", "-n", "ep")
    file = tmp_path / "deployment.yml"
    file.write_text("name: blue\nendpoint_name: ep\nmodel: azureml:m:1\ninstance_type: x\n")
    fake.provisioning = ["Creating", "Succeeded"]
    assert zaffre("online-deployment", "create", "-f", str(file), "--all-traffic").code == 0
    assert json.loads(zaffre("online-endpoint", "show", "-n", "ep").out)["traffic"] == {"blue": 100}
    fake.provisioning = ["Creating", "Failed"]
    ran = zaffre("online-deployment", "create", "-f", str(file), "--set", "name=green", "--all-traffic")
    assert ran.code == 1 and "online-deployment green: no" in ran.error
    assert json.loads(zaffre("online-endpoint", "show", "-n", "ep").out)["traffic"] == {"blue": 100}


def test_invoke_and_credentials(zaffre: Zaffre, fake: Any, tmp_path: Path) -> None:
    zaffre("online-endpoint", "create", "-n", "ep")
    (tmp_path / "r.json").write_text("{}")
    ran = zaffre("online-endpoint", "invoke", "-n", "ep", "--request-file", str(tmp_path / "r.json"), "-d", "blue")
    assert json.loads(ran.out) == [1, 2] and fake.scored[0]["deployment"] == "blue"
    assert json.loads(zaffre("online-endpoint", "get-credentials", "-n", "ep").out)["primaryKey"] == "p1"
    assert json.loads(zaffre("online-endpoint", "regenerate-keys", "-n", "ep", "-y").out)["primaryKey"] == "new"


def test_a_deployments_log_is_shown_as_text(zaffre: Zaffre, fake: Any) -> None:
    assert zaffre("online-deployment", "get-logs", "-n", "blue", "-e", "ep", "--lines", "2").out == "l2\nl3\n"
    assert "above 0" in zaffre("online-deployment", "get-logs", "-n", "blue", "-e", "ep", "-l", "0").error


def test_assets_by_flags_alone(zaffre: Zaffre, fake: Any, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("1")
    told = json.loads(zaffre("data", "create", "-n", "t", "-v", "3", "-t", "uri_file", "-p", "x.csv").out)
    assert (told["version"], told["path"].rpartition("/")[2]) == ("3", "x.csv")
    assert "name: required" in zaffre("data", "create", "-p", "x.csv").error


def test_status_starts_nothing(zaffre: Zaffre, home: Path) -> None:
    ran = zaffre("status")
    assert ran.code == 1 and json.loads(ran.out)["status"] == "stopped"
    assert not home.exists()
    assert "No server runs" in zaffre("down").error


def test_the_table_is_current() -> None:
    tool = Path(__file__).parents[3] / "tools" / "command_table.py"
    told = subprocess.run([sys.executable, tool, "--check"], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


@pytest.mark.parametrize(
    ("words", "banned"),
    [("'--help'", ("pydantic", "yaml", "http.client", "dataclasses", "zaffre.sdk")),
     ("'job', 'show', '--help'", ("pydantic", "yaml", "http.client", "zaffre.sdk"))],
)  # fmt: skip
def test_help_loads_nothing_heavy(words: str, banned: tuple[str, ...]) -> None:
    look = f"print('LOADED', *[m for m in {banned} if m in sys.modules])"
    code = f"import sys; from zaffre.cli.main import main; main([{words}]); {look}"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[-1].strip() == "LOADED"


def test_submitting_needs_no_pydantic(fake: Any, job: Path) -> None:
    code = (
        "import sys; from zaffre.cli.main import main; code = main(['job', 'create', '-f', 'job.yml', '-o', 'none']);"
        "print(code, [m for m in ('pydantic', 'rich', 'httpx', 'zaffre.core.wire') if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=job.parent)
    assert told.stdout.strip() == "0 []"


def test_flags_may_be_shortened_as_az_allows() -> None:
    command = parse.parse(["job", "list", "--workspace", "w", "--resource", "g"], table.load())
    assert isinstance(command, parse.Command) and command.options.workspace == "w"
