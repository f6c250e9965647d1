"""Environment builds as runs of the engine: asked for once however many jobs wait, logged, cancellable, adopted."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from zaffre.assets.environment.parts.wanted import Wanted
from zaffre.control.locations import Locations
from zaffre.core.draft import NewRun
from zaffre.core.events import Event, EventType
from zaffre.core.intents import Finish, Intent, MarkRunning, Retry, RunFacts, StartTask, StopTask, Wait
from zaffre.core.ports import BuildPhase, BuildState, EnvironmentBuilder
from zaffre.core.reasons import Cause, Reason, of_exit
from zaffre.core.resource import Content, Key
from zaffre.core.status import RunStatus
from zaffre.core.tasks import Observation, Phase, Task
from zaffre.store import Tx, leases, resources, runs
from zaffre.store.leases import Lease
from zaffre.store.runs import Run

BUILD_TYPE = "environment"
BUILD_COMPUTE = "environment-builds"
_KIND = "environment-build"
_SYSTEM = "system"
_TOLD = (10, 11)
"""Exit codes of a build that has said why: a conflict (remembered by the builder), and anything else it could name."""
_WORDS = 2000


def topic(fingerprint: str) -> str:
    """What work items wait for until the environment is built, or has failed."""
    return f"environment:{fingerprint}"


def ask(tx: Tx, wanted: Wanted) -> str:
    """The run that builds ``wanted``: the one under way, or a new one."""
    key = Key("", _KIND, wanted.fingerprint)
    known = resources.get(tx, key)
    if known is not None:
        under_way = runs.get(tx, known.state["run"])
        if under_way is not None and not under_way.status.is_final:
            return under_way.name
    number = known.state["number"] + 1 if known is not None else 1
    name = f"build-{wanted.fingerprint[:24]}-{number}"
    resources.put(tx, key, Content({}, "", {"run": name, "number": number}), _SYSTEM)
    if known is not None:
        resources.set_state(tx, key, {"run": name, "number": number})
    runs.submit(
        tx,
        NewRun(name, "", BUILD_TYPE, _SYSTEM, compute=BUILD_COMPUTE, display_name=wanted.name, facts=wanted.to_json()),
    )
    return name


def last_build(tx: Tx, fingerprint: str) -> dict[str, str]:
    """The run that built it last, or builds it now, and how that stands; nothing where none ever did."""
    known = resources.get(tx, Key("", _KIND, fingerprint))
    run = runs.get(tx, known.state["run"]) if known is not None else None
    return {"run": run.name, "status": run.status.value} if run is not None else {}


class Builds:
    """The run type of environment builds."""

    def __init__(self, builder: EnvironmentBuilder, locations: Locations) -> None:
        self._builder = builder
        self._locations = locations

    def plan(self, run: Run, facts: RunFacts) -> Sequence[Intent]:
        """Launch, wait, and take the exit as it is; a build needs no environment of its own."""
        if facts.task is None:
            if facts.cancel_by is not None:
                return [Finish(Reason(Cause.CANCELED, {"by": facts.cancel_by}))]
            return [StartTask(), Wait(60)]
        match facts.task.phase:
            case Phase.EXITED:
                return [Finish(_reason(run, facts))]
            case Phase.VANISHED:
                lost = Reason(Cause.NODE_LOST if facts.task.rebooted else Cause.AGENT_LOST)
                return [Retry(lost)] if facts.retries_left else [Finish(lost)]
            case _:
                marked: list[Intent] = [MarkRunning()] if facts.status is RunStatus.STARTING else []
                return [*marked, *([StopTask()] if facts.cancel_by else []), Wait(60)]

    async def environment(self, run: Run) -> tuple[str, BuildState]:
        """None is needed; what is told of it are the builder's words, once it has ended."""
        found = self._builder.look(run.facts["fingerprint"])
        words = found.message or await asyncio.to_thread(_last_words, self._log(run))
        return run.display_name, BuildState(BuildPhase.READY, message=words)

    def environment_at_hand(self, run: Run) -> tuple[str, BuildState] | None:
        """None is needed to begin."""
        return run.display_name, BuildState(BuildPhase.READY)

    def prepare_environment(self, tx: Tx, lease: Lease, run: Run) -> None:
        """Never asked for."""

    def directory(self, run: Run, attempt: int) -> str:
        """Where the attempt's files lie."""
        return str(self._locations.attempt(run.name, attempt))

    async def task(self, run: Run) -> Task:
        """The builder's task under this run's name and token, in a directory of its own, with its log where jobs have it."""
        wanted = Wanted.from_json(run.facts)
        made = await asyncio.to_thread(self._builder.task, wanted.definition, wanted.fingerprint, run.attempt)
        directory = self.directory(run, run.attempt)
        log = replace(made.ranks[0], log=str(self._log(run)))
        return replace(
            made,
            run=run.name,
            attempt=run.attempt,
            token=run.token,
            directory=directory,
            cwd=directory,
            ranks=(log,),
        )

    def _log(self, run: Run) -> Path:
        return self._locations.artifacts(run.workspace, run.name) / "user_logs" / "std_log.txt"

    async def ending(self, run: Run, reason: Reason, observed: Observation | None) -> None:
        """Nobody else keeps records of builds."""

    def publish(self, tx: Tx, run: Run) -> dict[str, Any]:
        """Tell that the environment is there."""
        tx.emit(
            Event(
                EventType.ENVIRONMENT_BUILT, "", f"environments/{run.facts['fingerprint']}", _SYSTEM, {"run": run.name}
            )
        )
        return {}

    def ended(self, tx: Tx, run: Run) -> None:
        """Wake whoever waits for it: jobs and deployments."""
        leases.nudge_waiting(tx, topic(run.facts["fingerprint"]))


def _reason(run: Run, facts: RunFacts) -> Reason:
    assert facts.task is not None
    ended = facts.task.exit
    assert ended is not None
    if ended.stopped and facts.cancel_by is not None:
        return Reason(Cause.CANCELED, {"by": facts.cancel_by})
    if ended.exit_code in _TOLD:
        told = {"environment": facts.environment_name, "message": facts.environment_message}
        return Reason(Cause.ENVIRONMENT_FAILED, told)
    return of_exit(ended.exit_code, ended.signal, {"run": run.name})


def _last_words(log: Path) -> str:
    """The end of a build's log."""
    try:
        return log.read_text(errors="replace")[-_WORDS:].strip()
    except OSError:
        return ""
