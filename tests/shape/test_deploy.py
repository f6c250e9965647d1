"""What lies in deploy/ is what it says: units that systemd takes, commands that zaffre has, files that the image copies."""

from __future__ import annotations

import configparser
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from zaffre.cli import parse, table
from zaffre.server.settings import SETTINGS, Settings

ROOT = Path(__file__).parents[2]
UNITS = sorted((ROOT / "deploy/systemd").glob("*.service"))
CONTAINER = ROOT / "deploy/container/Containerfile"
WORKFLOW = ROOT / "deploy/github/zaffre.yml"


def understood(words: str) -> bool:
    """Whether the command line has such a command with such flags."""
    shown = re.sub(r"\$\{\{.*?\}\}", "x", words)
    return not isinstance(parse.parse(shlex.split(shown)[1:], table.load()), str)


def unit(file: Path) -> configparser.ConfigParser:
    read = configparser.ConfigParser(interpolation=None, strict=False)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read_string(file.read_text())
    return read


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.name)
def test_a_unit_starts_the_server_and_ends_nothing_else(file: Path) -> None:
    service = unit(file)["Service"]
    assert service["KillMode"] == "process", "jobs and endpoints go on"
    assert service["Type"] == "exec"
    assert understood(service["ExecStart"])
    assert unit(file)["Install"]["WantedBy"]


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.name)
def test_systemd_takes_the_unit(file: Path, tmp_path: Path) -> None:
    """By ``systemd-analyze`` where there is one; elsewhere by the names of its options, which it would complain about."""
    known = {
        "Unit": {"Description", "Documentation", "After"},
        "Service": {"Type", "User", "StateDirectory", "StateDirectoryMode", "Environment", "ExecStart", "KillMode",
                    "TimeoutStopSec", "Restart", "RestartSec", "Delegate", "UMask", "LimitNOFILE"},
        "Install": {"WantedBy"},
    }  # fmt: skip
    for section in unit(file).sections():
        assert set(unit(file)[section]) <= known[section]
    analyze = shutil.which("systemd-analyze")
    if analyze is not None:
        program = tmp_path / "zaffre"
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
        text = re.sub(r"^ExecStart=\S+", f"ExecStart={program}", file.read_text(), flags=re.M)
        copy = tmp_path / file.name.replace("@", "@root")
        copy.write_text(re.sub(r"^User=.*\n", "", text, flags=re.M))
        done = subprocess.run(
            [analyze, "verify", "--man=no", copy], capture_output=True, text=True, check=False, timeout=60
        )
        about_it = [line for line in done.stderr.splitlines() if copy.name in line]
        assert about_it == [], done.stderr


def test_the_image_copies_what_is_there_and_starts_the_server() -> None:
    text = CONTAINER.read_text().replace("\\\n", " ")
    for line in re.findall(r"^COPY (?!--from)(.+)$", text, flags=re.M):
        *sources, _ = line.split()
        for source in sources:
            assert (ROOT / source).exists(), source
    entry, command = (
        yaml.safe_load(re.findall(rf"^{word} (.+)$", text, flags=re.M)[0]) for word in ("ENTRYPOINT", "CMD")
    )
    assert understood(shlex.join([*entry[2:], *command]))
    assert "USER zaffre" in text
    given = dict(re.findall(r"(ZAFFRE_\w+)=(\S+)", text))
    names = {"ZAFFRE_HOME", *("ZAFFRE_" + setting.name.upper().replace(".", "_") for setting in SETTINGS)}
    assert set(given) <= names
    assert Settings.load({**given, "ZAFFRE_HOME": "/nowhere"}).text("server.host") == "0.0.0.0"


def test_the_image_is_read_by_an_engine_where_one_is(tmp_path: Path) -> None:
    """``buildah`` refuses an instruction that there is not, before it fetches anything."""
    engine = shutil.which("buildah")
    if engine is None or os.geteuid() != 0:
        instructions = re.findall(r"^([A-Z]+) ", CONTAINER.read_text(), flags=re.M)
        assert set(instructions) <= {"FROM", "RUN", "COPY", "WORKDIR", "USER", "ENV", "VOLUME", "EXPOSE", "HEALTHCHECK",
                                     "STOPSIGNAL", "ENTRYPOINT", "CMD"}  # fmt: skip
        return
    text = CONTAINER.read_text()
    scratch = re.sub(r"^(RUN|COPY|WORKDIR|USER) (?:.*\\\n)*.*\n", "", text, flags=re.M)
    (tmp_path / "Containerfile").write_text(re.sub(r"FROM \S+", "FROM scratch", scratch))
    storage = ["--storage-driver", "vfs", "--root", str(tmp_path / "root"), "--runroot", str(tmp_path / "run")]
    words = [engine, *storage, "build", "--isolation", "chroot", "--format", "docker", str(tmp_path)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stderr


def test_the_workflow_uses_commands_that_there_are() -> None:
    workflow: dict[Any, Any] = yaml.safe_load(WORKFLOW.read_text())
    assert workflow[True] == {"pull_request": None, "workflow_dispatch": None}, "YAML takes the word on for true"
    steps = workflow["jobs"]["train"]["steps"]
    assert all(("uses" in step) != ("run" in step) for step in steps)
    lines = [line for step in steps for line in step.get("run", "").splitlines()]
    ours = [line for line in lines if line.startswith("zaffre ")]
    assert len(ours) >= 5
    for line in ours:
        assert understood(line), line
