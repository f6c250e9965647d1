"""How much a task uses, sampled now and then into the run directory: processor, memory, disk, network, GPUs.

Names and units are MLflow's system metrics. Processor and memory are those of the task's own processes, in percent of the
whole machine; disk and network are the machine's. Nothing is read before the first sample is due, so that a job shorter
than that pays nothing. ``nvidia-smi`` takes its time, so its answer belongs to the next sample.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Mapping

from zaffre.agent import files, procs

_QUERY = "index,utilization.gpu,memory.used,memory.total,power.draw,enforced.power.limit"
_MEGABYTE = 1e6
_MEBIBYTE = 1024 * 1024
_LONGEST_ANSWER = 65536
Values = dict[str, float]


class Vitals:
    """Samples of one task. Without an interval it does nothing."""

    def __init__(self, directory: str, every: float | None, environ: Mapping[str, str]) -> None:
        self.due = time.monotonic() + every if every else float("inf")
        self._every = every or 0.0
        self._directory = directory
        self._environ = environ
        self._step = 0
        self._before: tuple[float, float] | None = None
        self._network: tuple[int, int] | None = None
        self._gpus: Graphics | None = None

    def look(self, gone: float, running: bool) -> None:
        """Take a sample if one is due. ``gone``: processor seconds of the processes that have ended."""
        now = time.monotonic()
        if now < self.due:
            return
        self.due = now + self._every
        if self._gpus is None:
            self._gpus = Graphics(self._environ)
        values = {**self._of_processes(now, gone), **_disk(self._directory), **self._traffic(), **self._gpus.answer()}
        if running:
            self._gpus.ask()
        line = json.dumps({"at": int(time.time() * 1000), "step": self._step, "values": values})
        self._step += 1
        try:
            with open(os.path.join(self._directory, files.VITALS), "a", encoding="ascii") as stream:
                stream.write(line + "\n")
        except OSError:
            pass  # a full disk costs a sample, not the task

    def _of_processes(self, now: float, gone: float) -> Values:
        mine = procs.descendants([os.getpid()], procs.every())
        if not mine:
            return {}
        seconds = gone + sum(procs.cpu_seconds(one.pid) for one in mine)
        used = sum(procs.memory(one.pid) for one in mine)
        values = {"system_memory_usage_megabytes": used / _MEGABYTE}
        whole = _memory_of_machine()
        if whole:
            values["system_memory_usage_percentage"] = 100 * used / whole
        if self._before is not None and now > self._before[0]:
            share = (seconds - self._before[1]) / (now - self._before[0]) / (os.cpu_count() or 1)
            values["cpu_utilization_percentage"] = min(100.0, max(0.0, 100 * share))
        self._before = now, seconds
        return values

    def _traffic(self) -> Values:
        """Megabytes since the first sample."""
        found = network()
        if found is None:
            return {}
        first = self._network = self._network or found
        return {
            "network_receive_megabytes": max(0, found[0] - first[0]) / _MEGABYTE,
            "network_transmit_megabytes": max(0, found[1] - first[1]) / _MEGABYTE,
        }


class Graphics:
    """What ``nvidia-smi`` says of the GPUs that the task may see; nothing where it is not there."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._program = _program("nvidia-smi", environ.get("PATH", ""))
        self._seen = environ.get("CUDA_VISIBLE_DEVICES")
        self._environ = {"PATH": environ.get("PATH", "")}
        self._asked: subprocess.Popen[bytes] | None = None

    def ask(self) -> None:
        """Start it, unless it still thinks about the last question."""
        if self._program is None or self._asked is not None or self._seen in ("", "-1"):
            return
        chosen = ["--id=" + self._seen] if self._seen else []
        command = [self._program, "--query-gpu=" + _QUERY, "--format=csv,noheader,nounits", *chosen]
        null = subprocess.DEVNULL
        try:
            self._asked = subprocess.Popen(command, stdin=null, stdout=subprocess.PIPE, stderr=null, env=self._environ)
        except OSError:
            self._program = None
            return
        self._asked.returncode = 0  # who watches the task waits for every child, for this one too
        assert self._asked.stdout is not None
        os.set_blocking(self._asked.stdout.fileno(), False)

    def answer(self) -> Values:
        """What it said since it was asked; nothing if it has not ended."""
        if self._asked is None or self._asked.stdout is None:
            return {}
        stream = self._asked.stdout
        try:
            text = os.read(stream.fileno(), _LONGEST_ANSWER)
        except BlockingIOError:
            return {}
        self._asked = None
        stream.close()
        return graphics(text.decode("ascii", "replace"))


def graphics(text: str) -> Values:
    """Lines of ``nvidia-smi`` as metrics; what a GPU does not tell is left out."""
    values: Values = {}
    for line in text.splitlines():
        index, *rest = (part.strip() for part in line.split(","))
        if not index.isdigit() or len(rest) < _QUERY.count(","):
            continue
        used, memory, whole, power, limit = (_number(part) for part in rest[:5])
        told = {
            "utilization_percentage": used,
            "memory_usage_megabytes": None if memory is None else memory * _MEBIBYTE / _MEGABYTE,
            "memory_usage_percentage": _share(memory, whole),
            "power_usage_watts": power,
            "power_usage_percentage": _share(power, limit),
        }
        values.update({"gpu_%s_%s" % (index, name): value for name, value in told.items() if value is not None})
    return values


def network(path: str = "/proc/net/dev") -> tuple[int, int] | None:
    """Bytes received and sent by all interfaces but the loopback; None where the kernel does not tell."""
    try:
        with open(path, encoding="ascii", errors="replace") as stream:
            lines = stream.read().splitlines()[2:]
    except OSError:
        return None
    received = sent = 0
    for line in lines:
        name, _, rest = line.partition(":")
        fields = rest.split()
        if name.strip() != "lo" and len(fields) > 8:
            received += int(fields[0])
            sent += int(fields[8])
    return received, sent


def _program(name: str, search: str) -> str | None:
    found = (os.path.join(folder, name) for folder in search.split(os.pathsep) if folder)
    return next((path for path in found if os.access(path, os.X_OK)), None)


def _disk(directory: str) -> Values:
    try:
        facts = os.statvfs(directory)
    except OSError:
        return {}
    whole = facts.f_blocks * facts.f_frsize
    used, left = whole - facts.f_bfree * facts.f_frsize, facts.f_bavail * facts.f_frsize
    if used + left <= 0:
        return {}
    return {
        "disk_usage_percentage": 100 * used / (used + left),
        "disk_usage_megabytes": used / _MEGABYTE,
        "disk_available_megabytes": left / _MEGABYTE,
    }


def _memory_of_machine() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:  # [N/A]
        return None


def _share(part: float | None, whole: float | None) -> float | None:
    return 100 * part / whole if part is not None and whole else None
