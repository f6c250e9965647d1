"""Files and overrides of a schedule's job, put into its document."""

from pathlib import Path

import pytest

from zaffre.core.errors import Invalid
from zaffre.sdk import scheduling
from zaffre.sdk.upload import Origin


@pytest.fixture
def seen(tmp_path: Path):
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs" / "job.yml").write_text("$schema: x\ncommand: echo\ninputs: {a: 1, b: 2}\ncode: ./src\n")
    (tmp_path / "import.yml").write_text("name: d\npath: p\n")
    asked: list[tuple[dict, Path]] = []

    def settle(job: dict, origin: Origin) -> dict:
        asked.append((job, origin.folder))
        return {**job, "settled": True}

    def run(**said: object) -> dict:
        return scheduling.settled(dict(said), Origin(tmp_path), settle)

    run.asked = asked
    return run


def test_a_file_is_read_and_its_paths_are_relative_to_it(seen, tmp_path: Path) -> None:
    made = seen(create_job="jobs/job.yml")["create_job"]
    assert made == {"command": "echo", "inputs": {"a": 1, "b": 2}, "code": "./src", "settled": True}
    assert seen.asked[0][1] == tmp_path / "jobs"


def test_what_differs_is_laid_over_the_file(seen) -> None:
    made = seen(create_job={"type": "command", "job": "./jobs/job.yml", "inputs": {"b": 3}, "tags": {"t": "u"}})
    assert made["create_job"]["inputs"] == {"a": 1, "b": 3}
    assert made["create_job"]["tags"] == {"t": "u"}
    assert "job" not in made["create_job"]


def test_what_is_written_out_is_relative_to_the_schedule(seen, tmp_path: Path) -> None:
    assert seen(create_job={"command": "x", "code": "src"})["create_job"]["settled"]
    assert seen.asked[0][1] == tmp_path


@pytest.mark.parametrize("said", ["azureml:j", {"job": "azureml:j", "inputs": {"a": 1}}, None])
def test_references_stay(seen, said: object) -> None:
    assert seen(create_job=said)["create_job"] == said
    assert seen.asked == []


def test_imports_are_read(seen) -> None:
    assert seen(import_data="import.yml")["import_data"] == {"name": "d", "path": "p"}
    assert seen(import_data={"name": "e"})["import_data"] == {"name": "e"}


@pytest.mark.parametrize("said", ["none.yml", {"job": "./none.yml"}, {"job": 3}, "jobs"])
def test_what_is_no_file_is_told_at_its_field(seen, said: object) -> None:
    with pytest.raises(Invalid) as refused:
        seen(create_job=said)
    assert refused.value.problems[0].field in ("create_job", "create_job.job")
