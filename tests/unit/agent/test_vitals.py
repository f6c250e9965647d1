"""Samples of what a task uses."""

import json
import os
import subprocess
import sys
import time

import pytest

from zaffre.agent import files, vitals
from zaffre.agent.vitals import Graphics, Vitals, graphics, network

SMI = "0, 37, 1024, 81559, 250.5, 700.0\n1, [N/A], 0, 81559, [Not Supported], [N/A]\ngarbage\n, ,\n"


def samples(folder):
    path = folder / files.VITALS
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def later(watched):
    """As if the next sample were due."""
    watched.due = time.monotonic()


def test_nothing_before_it_is_due_and_nothing_without_an_interval(tmp_path):
    watched = Vitals(str(tmp_path), 60, {})
    watched.look(0, True)
    Vitals(str(tmp_path), None, {}).look(0, True)
    assert samples(tmp_path) == []
    assert Vitals(str(tmp_path), None, {}).due == float("inf")


def test_a_busy_child_is_seen(tmp_path):
    watched = Vitals(str(tmp_path), 60, {})
    child = subprocess.Popen(
        [sys.executable, "-c", "x = bytearray(50_000_000)\nprint(1, flush=True)\nwhile 1: pass"], stdout=-1
    )
    try:
        child.stdout.readline()
        later(watched)
        watched.look(0, True)
        end = time.monotonic() + 0.3
        while time.monotonic() < end:
            os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG)
        later(watched)
        watched.look(0, True)
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
    first, second = samples(tmp_path)
    assert "cpu_utilization_percentage" not in first["values"], "a share needs two looks"
    assert 0 < second["values"]["cpu_utilization_percentage"] <= 100
    assert second["values"]["system_memory_usage_megabytes"] > 50
    assert 0 < second["values"]["disk_usage_percentage"] <= 100
    assert (first["step"], second["step"]) == (0, 1)


def test_seconds_of_ended_processes_count(tmp_path, monkeypatch):
    monkeypatch.setattr(vitals.procs, "descendants", lambda roots, among: [vitals.procs.stat(os.getpid())])
    watched = Vitals(str(tmp_path), 60, {})
    for gone in (0.0, 1e6):
        later(watched)
        watched.look(gone, True)
    assert samples(tmp_path)[1]["values"]["cpu_utilization_percentage"] == 100.0


def test_a_full_disk_costs_a_sample_only(tmp_path):
    (tmp_path / files.VITALS).mkdir()
    watched = Vitals(str(tmp_path), 60, {})
    later(watched)
    watched.look(0, True)


def test_traffic_of_all_interfaces_but_the_loopback(tmp_path):
    table = tmp_path / "dev"
    table.write_text(
        "Inter-|   Receive\n face |bytes\n    lo: 9 0 0 0 0 0 0 0 9 0\n"
        "  eth0: 100 0 0 0 0 0 0 0 50 0\n  wlan0:1 0 0 0 0 0 0 0 2 0\n"
    )
    assert network(str(table)) == (101, 52)
    assert network(str(tmp_path / "none")) is None


def test_gpus_as_nvidia_smi_tells_them():
    told = graphics(SMI)
    assert told["gpu_0_utilization_percentage"] == 37
    assert told["gpu_0_memory_usage_megabytes"] == pytest.approx(1073.741824)
    assert told["gpu_0_memory_usage_percentage"] == pytest.approx(100 * 1024 / 81559)
    assert told["gpu_0_power_usage_watts"] == 250.5
    assert told["gpu_0_power_usage_percentage"] == pytest.approx(100 * 250.5 / 700)
    assert {name for name in told if name.startswith("gpu_1")} == {
        "gpu_1_memory_usage_megabytes",
        "gpu_1_memory_usage_percentage",
    }


@pytest.mark.parametrize(("seen", "asked"), [(None, 1), ("0", 1), ("", 0), ("-1", 0)])
def test_the_program_is_asked_and_answers_the_next_sample(tmp_path, seen, asked):
    program = tmp_path / "nvidia-smi"
    program.write_text(f"#!/bin/sh\nprintf '%s' \"$*\" > {tmp_path}/words\nprintf '{SMI.splitlines()[0]}\\n'\n")
    program.chmod(0o755)
    environ = {"PATH": f"{tmp_path}:/bin:/usr/bin", **({"CUDA_VISIBLE_DEVICES": seen} if seen is not None else {})}
    gpus = Graphics(environ)
    assert gpus.answer() == {}
    gpus.ask()
    if asked:
        os.waitpid(gpus._asked.pid, 0)
        assert gpus.answer()["gpu_0_utilization_percentage"] == 37
        assert ("--id=0" in (tmp_path / "words").read_text()) == (seen == "0")
    assert gpus.answer() == {}
    assert (tmp_path / "words").exists() == bool(asked)


def test_one_that_hangs_is_not_asked_again(tmp_path):
    program = tmp_path / "nvidia-smi"
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(0o755)
    gpus = Graphics({"PATH": f"{tmp_path}:/bin:/usr/bin"})
    gpus.ask()
    first = gpus._asked
    try:
        assert gpus.answer() == {}
        gpus.ask()
        assert gpus._asked is first
    finally:
        os.kill(first.pid, 9)
        os.waitpid(first.pid, 0)
        first.stdout.close()
