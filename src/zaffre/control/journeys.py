"""The inputs and outputs of a run that lie elsewhere, as the steps that its agent does before and after the command."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

from zaffre.control.remote import Remote, file_name
from zaffre.core.errors import Invalid, Problem, ZaffreError
from zaffre.core.reasons import Cause
from zaffre.core.tasks import Step, Task
from zaffre.staging.datastores import Spot
from zaffre.staging.order import Input, Output
from zaffre.store import Store, Tx
from zaffre.store.runs import Run

INPUT = "inputs."
"""How the target of an error begins that is about an input (``control.supervise``)."""
INPUT_LOG, OUTPUT_LOG = "staging_inputs.txt", "staging_outputs.txt"


@dataclass(frozen=True, slots=True)
class Carried:
    """One input or output."""

    uri: str
    type: str


@dataclass(frozen=True, slots=True)
class Away:
    """What of one job lies elsewhere."""

    inputs: dict[str, str] = field(default_factory=dict[str, str])
    """Name → the absolute path at which it will be, or is where it is mapped to this machine."""
    outputs: dict[str, str] = field(default_factory=dict[str, str])
    """Name → the absolute path from which it is sent."""
    before: tuple[Step, ...] = ()
    after: tuple[Step, ...] = ()

    def around(self, task: Task) -> Task:
        """The task with the steps."""
        if not self.before and not self.after:
            return task
        return replace(task, before=(*self.before, *task.before), after=(*task.after, *self.after))


NOTHING = Away()


async def away(
    run: Run,
    remote: Remote,
    store: Store,
    places: tuple[Path, Path],
    data: tuple[Mapping[str, Carried], Mapping[str, Carried]],
) -> Away:
    """Nothing at all for most runs, and then nothing is asked.

    ``places`` are the attempt's directory and its artifacts, ``data`` the inputs wanted on this machine, and the outputs.
    """
    asked, written = ({name: one for name, one in side.items() if remote.is_elsewhere(one.uri)} for side in data)
    if not asked and not written:
        return NOTHING
    return await store.read(lambda tx: _Journey(tx, run, remote, *places).plan(asked, written))


class _Journey:
    """One job's ways in and out, found in one transaction."""

    def __init__(self, tx: Tx, run: Run, remote: Remote, directory: Path, artifacts: Path) -> None:
        self._tx = tx
        self._run = run
        self._remote = remote
        self._directory = directory
        self._logs = artifacts / "user_logs"

    def plan(self, asked: Mapping[str, Carried], written: Mapping[str, Carried]) -> Away:
        """Where everything will be, and the steps that see to it."""
        here: dict[str, str] = {}
        there: dict[str, str] = {}
        bring: list[Input] = []
        send: list[Output] = []
        for name, one in asked.items():
            found = _named(f"{INPUT}{name}", lambda one=one: self._find(one.uri, one.type))
            if isinstance(found, Path):
                here[name] = str(found)
            elif found is not None:
                target = self._directory / "staged" / name / (unquote(file_name(found)) or name)
                here[name] = str(target)
                bring.append(Input(name, found.store, found.credentials, found.path, one.type, str(target)))
        for name, one in written.items():
            found = _named(f"outputs.{name}", lambda one=one: self._find(one.uri, "uri_folder"))
            if isinstance(found, Spot):
                source = self._directory / "saved" / name
                if one.type == "uri_file":
                    source /= PurePosixPath(found.path).name
                there[name] = str(source)
                send.append(Output(name, found.store, found.credentials, found.path, str(source)))
        return Away(here, there, self._before(bring), self._after(send))

    def _find(self, uri: str, type_: str) -> Spot | Path | None:
        return self._remote.find(self._tx, self._run.workspace, uri, type_)

    def _before(self, bring: list[Input]) -> tuple[Step, ...]:
        if not bring:
            return ()
        order = self._remote.order("bring", self._directory / "brought.json", inputs=tuple(bring))
        return (self._step(order, INPUT_LOG, Cause.INPUT_FAILED),)

    def _after(self, send: list[Output]) -> tuple[Step, ...]:
        if not send:
            return ()
        order = self._remote.order("send", self._directory / "sent.json", outputs=tuple(send))
        return (self._step(order, OUTPUT_LOG, Cause.OUTPUT_FAILED),)

    def _step(self, order: Any, log: str, cause: Cause) -> Step:
        self._directory.mkdir(parents=True, exist_ok=True)
        return self._remote.step(order, self._directory, self._logs / log, cause.value)


def _named(target: str, call: Callable[[], Spot | Path | None]) -> Spot | Path | None:
    """A refusal says which input or output it is about."""
    try:
        return call()
    except ZaffreError as error:
        if target.startswith(INPUT):
            error.target = target
            raise
        raise Invalid([Problem(error.message, field=target)]) from error
