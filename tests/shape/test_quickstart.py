"""The quickstart stays true: one list of packages with the lock, a request that fits the data, documents that load."""

import csv
import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml

from zaffre.core import document

QUICKSTART = Path(__file__).parents[2] / "examples" / "quickstart"
DOCUMENTS = ("data.yml", "environment.yml", "job.yml", "endpoint.yml", "deployment.yml")


def test_packages_are_those_of_the_lock():
    """Or the demo, whose installation has them in the cache, would fetch them twice."""
    lock = tomllib.loads((QUICKSTART.parents[1] / "uv.lock").read_text())
    locked = {(package["name"], package.get("version")) for package in lock["package"]}
    conda = yaml.safe_load((QUICKSTART / "src/conda.yml").read_text())
    (pip,) = [entry["pip"] for entry in conda["dependencies"] if isinstance(entry, dict)]
    assert pip
    assert {tuple(line.split("==")) for line in pip} <= locked


def test_sample_request_has_the_columns_of_the_data():
    with (QUICKSTART / "data/wine.csv").open() as table:
        columns = next(csv.reader(table))
    request = json.loads((QUICKSTART / "sample-request.json").read_text())["input_data"]
    assert [*request["columns"], "cultivar"] == columns
    assert {len(row) for row in request["data"]} == {len(request["columns"])}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_document_loads_and_its_files_are_there(name):
    path = QUICKSTART / name
    read = document.load(path.read_text(), file=str(path))
    spec = document.detect(read).model().from_yaml(read, base=path.parent)
    assert spec.missing_files(Path.exists) == []


def test_readme_names_every_command_of_the_first_screen():
    screen = (QUICKSTART.parents[1] / "README.md").read_text()
    tutorial = (QUICKSTART / "README.md").read_text()
    commands = re.findall(r"^zaffre (?:data|job|online)\S* .*$", screen, flags=re.MULTILINE)
    assert len(commands) == 5
    assert [command for command in commands if command not in tutorial] == []


def test_job_and_registered_environment_are_the_same():
    job, environment = (yaml.safe_load((QUICKSTART / name).read_text()) for name in ("job.yml", "environment.yml"))
    assert job["environment"] == {key: environment[key] for key in ("image", "conda_file")}
