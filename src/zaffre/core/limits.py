"""What one job may use: memory, processors, processes and GPUs, read from where Azure's users write it.

``resources.docker_args`` is read as Docker would read it, without a shell and without Docker: what limits is honoured, the rest
is told as a note. ``resources.properties`` may say the same in words: ``memory``, ``cpus``, ``pids``, ``gpus``.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from zaffre.core.errors import Invalid, Problem

_UNITS = {"": 1, "b": 1, "k": 1024, "m": 1024**2, "g": 1024**3, "t": 1024**4}
_AMOUNT = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([bkmgt]?)(?:i?b)?", re.IGNORECASE)
_LEAST_MEMORY = 4 * 1024**2
_OPTIONS = {
    "-m": "memory", "--memory": "memory", "--cpus": "cpus", "--pids-limit": "pids", "--gpus": "gpus",
    "--shm-size": "shm_size", "--memory-swap": "", "--ipc": "", "--ulimit": "", "--network": "", "--net": "",
    "-e": "", "--env": "", "-v": "", "--volume": "", "--mount": "", "--user": "", "-u": "", "--runtime": "", "--device": "",
    "--cap-add": "", "--security-opt": "", "--cpuset-cpus": "", "--cpu-shares": "", "--name": "", "--hostname": "",
}  # fmt: skip
"""Options that have a value: the field each is for, empty where there is none."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one job; None is none."""

    memory: int | None = None
    """Bytes."""
    cpus: float | None = None
    pids: int | None = None
    gpus: int | None = None

    def to_json(self) -> dict[str, Any]:
        """What is set."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any] | None) -> Limits:
        """The inverse of ``to_json``."""
        return cls(**(stored or {}))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a job's ``resources`` ask for, and what is to be told about them."""

    limits: Limits
    notes: tuple[str, ...] = ()


def asked(resources: Any) -> Asked:
    """Read a job's resources. Raises ``Invalid`` with every field that cannot be read."""
    wrong: list[Problem] = []
    notes: list[str] = []
    found: dict[str, Any] = {}
    for field, name, text in _said(resources, notes):
        try:
            found[name] = _READ[name](text)
        except ValueError as error:
            wrong.append(Problem(f"expected {error}, found {text!r}", field=f"resources.{field}"))
    if wrong:
        raise Invalid(wrong)
    if found.pop("shm_size", None) is not None:
        notes.append(
            "shm_size is kept; the processes of a job here share the machine's /dev/shm, which has its own size"
        )
    return Asked(Limits(**found), tuple(notes))


def _said(resources: Any, notes: list[str]) -> Iterator[tuple[str, str, str]]:
    """(field, limit, text) of everything that is said, the last one being what holds."""
    properties: Mapping[str, Any] = getattr(resources, "properties", None) or {}
    for key, value in properties.items():
        name = str(key).lower()
        if name in Limits.__slots__:
            yield f"properties.{key}", name, str(value)
    size = getattr(resources, "shm_size", None)
    if size:
        yield "shm_size", "shm_size", str(size)
    given: str | Sequence[str] | None = getattr(resources, "docker_args", None)
    if given:
        for name, text in _options(_words(given), notes):
            yield "docker_args", name, text


def _words(given: str | Sequence[str]) -> list[str]:
    if not isinstance(given, str):
        return [str(word) for word in given]
    try:
        return shlex.split(given)
    except ValueError as error:
        told = f"expected the arguments of docker run, found {given!r}: {error}"
        raise Invalid([Problem(told, field="resources.docker_args")]) from error


def _options(words: list[str], notes: list[str]) -> Iterator[tuple[str, str]]:
    """The limits among Docker's arguments; the names of all others are noted."""
    others: list[str] = []
    left = list(reversed(words))
    while left:
        option, equals, value = left.pop().partition("=")
        if option not in _OPTIONS:
            others += [option] if option.startswith("-") else []
            continue
        if not equals:
            value = left.pop() if left else ""
        if _OPTIONS[option]:
            yield _OPTIONS[option], value
        else:
            others.append(option)
    if others:
        notes.append(f"docker_args: {', '.join(others)} mean something to a container only; this job runs without one")


def _bytes(text: str) -> int:
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        raise ValueError("an amount such as 512m, 2g or 1073741824")
    amount = int(float(found[1]) * _UNITS[found[2].lower()])
    if amount < _LEAST_MEMORY:
        raise ValueError("4m or more")
    return amount


def _cpus(text: str) -> float:
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", text.strip()) or not 0.01 <= float(text) <= 4096:
        raise ValueError("a number of processors such as 2 or 0.5")
    return float(text)


def _pids(text: str) -> int | None:
    if text.strip() in ("-1", "0"):
        return None
    if not text.strip().isdigit() or int(text) < 2:
        raise ValueError("a number of processes, 2 or more (-1 for no limit)")
    return int(text)


def _gpus(text: str) -> int:
    if text.strip() == "all":
        return 1_000_000
    if not text.strip().isdigit():
        raise ValueError("a number of GPUs, or all")
    return int(text)


_READ = {"memory": _bytes, "cpus": _cpus, "pids": _pids, "gpus": _gpus, "shm_size": _bytes}
