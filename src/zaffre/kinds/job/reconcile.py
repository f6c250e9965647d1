"""Jobs as runs of the engine: what a job type's plan cannot know, gathered; what it decided, made ready to launch."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from zaffre.assets.environment import reconcile as environments
from zaffre.assets.environment.parts.wanted import Wanted
from zaffre.control import minibatches, table_inputs
from zaffre.control.importing import Importing, nothing_to_build
from zaffre.control.journeys import Away, Carried, away
from zaffre.control.locations import Locations
from zaffre.control.lookup import Places
from zaffre.control.registering import LookupIn, register
from zaffre.control.remote import Remote
from zaffre.control.specs import Specs
from zaffre.control.vitals import Vitals
from zaffre.core import refs, sizes
from zaffre.core.errors import Invalid, Problem, Unavailable, ZaffreError
from zaffre.core.intents import Intent, RunFacts
from zaffre.core.io import JobInput, JobOutput
from zaffre.core.limits import Limits
from zaffre.core.ports import BuildPhase, BuildState, Clock, EnvironmentBuilder, Interpreter, Tracking
from zaffre.core.reasons import Cause, Reason
from zaffre.core.resource import Key
from zaffre.core.site import Needs, PlacedInput, Site
from zaffre.core.status import RunStatus
from zaffre.core.tasks import Observation, Task
from zaffre.kinds.job.family.tracked import ENDS, tracked
from zaffre.kinds.job.parts import placement, publication, surroundings
from zaffre.kinds.job.parts.surroundings import Platform, Proofs
from zaffre.store import Store, Tx, leases, resources, results, runs
from zaffre.store.blobs import Blobs, File
from zaffre.store.leases import Lease
from zaffre.store.runs import Run

_FEW_FILES = 16
_FEW_BYTES = 1024 * 1024
_MANIFESTS = 256
_OWN = nothing_to_build(sys.executable, sys.prefix)
_OF_SYSTEM = ("/usr/local/sbin", "/usr/sbin", "/sbin")
"""Where programs such as sshd are, beside PATH."""
TOKEN_SECONDS = 30 * 24 * 3600.0
"""A run's token dies with the run; this only bounds one whose run never ends."""


class Layers(Protocol):
    """Gives a run a layer of its own over a shared environment, so that ``pip install`` in a command stays in the run."""

    def __call__(self, interpreter: Interpreter, directory: str) -> Interpreter:
        """The interpreter as the run sees it."""
        ...

    def take_back(self, directory: str) -> None:
        """The run ended well: what it left as it was, another may have."""
        ...

    def forget(self, directory: str) -> None:
        """The run ended otherwise."""
        ...


@dataclass(frozen=True, slots=True)
class Floors:
    """The floors below that a job needs."""

    store: Store
    clock: Clock
    builder: EnvironmentBuilder
    layers: Layers
    tracking: Tracking
    locations: Locations
    places: Places
    vitals: Vitals
    blobs: Blobs
    remote: Remote
    tabular: table_inputs.Tabular
    parallel: Any
    """Where the program that runs parallel jobs under users' interpreters lies; made when it is first asked for."""
    lookup: LookupIn
    token: Any
    """(run, workspace, seconds) → token."""
    secret: Any
    """(run, workspace, seconds, acts=…) → what has tokens made for it."""


class JobRuns:
    """The run type of jobs: one for every job type, which differ in their plan only."""

    def __init__(self, floors: Floors, platform: Platform, grace: float) -> None:
        self._floors = floors
        self._platform = platform
        self._grace = grace
        self._importing = Importing(floors.remote, floors.places, floors.store, floors.locations)
        self._specs = Specs()
        self._manifests: dict[Key, tuple[File, ...]] = {}

    def plan(self, run: Run, facts: RunFacts) -> Sequence[Intent]:
        """Ask the job type."""
        job_type, spec = self._specs.of(run)
        part = job_type.part("plan")
        assert part is not None
        intents: Sequence[Intent] = part.plan(spec, facts)
        return intents

    async def environment(self, run: Run) -> tuple[str, BuildState]:
        """A lookup by fingerprint; a failed build answers with the resolver's words."""
        if "environment" not in run.facts:
            return _OWN
        wanted = Wanted.from_json(run.facts["environment"])
        state = self._floors.builder.look(wanted.fingerprint)
        if state.phase is BuildPhase.MISSING and (name := run.facts.get("build")):
            build = await self._floors.store.read(lambda tx: runs.get(tx, name))
            ended = build.reason if build is not None and build.status.is_final else None
            if ended is not None and ended.cause is not Cause.SUCCEEDED:
                words = str(ended.facts.get("message") or ended.sentence)
                told = f"{words}\nThe whole log of the build: zaffre job stream -n {name}"
                return wanted.name, BuildState(BuildPhase.FAILED, message=told)
        return wanted.name, state

    def environment_at_hand(self, run: Run) -> tuple[str, BuildState] | None:
        """A ready one; what became of one that is not may stand in another run's record."""
        if "environment" not in run.facts:
            return _OWN
        wanted = Wanted.from_json(run.facts["environment"])
        state = self._floors.builder.look(wanted.fingerprint)
        return (wanted.name, state) if state.phase is BuildPhase.READY else None

    def prepare_environment(self, tx: Tx, lease: Lease, run: Run) -> None:
        """Ask for a build, and remember which, so that its failure is this run's."""
        asked = runs.get(tx, run.facts["build"]) if run.facts.get("build") else None
        if asked is not None and not asked.status.is_final:
            return  # one that ended well and yet left nothing (its folder was removed) is asked for again
        wanted = Wanted.from_json(run.facts["environment"])
        leases.wait_for(tx, lease.key, environments.topic(wanted.fingerprint))
        name = environments.ask(tx, wanted)
        runs.note(tx, lease, {"build": name})

    def directory(self, run: Run, attempt: int) -> str:
        """Where the attempt's files lie."""
        return str(self._floors.locations.attempt(run.name, attempt))

    async def task(self, run: Run) -> Task:
        """Open the run's record, put code and inputs in place, and ask the job type for the task."""
        floors = self._floors
        job_type, spec = self._specs.of(run)
        part = job_type.part("parts.task")
        assert part is not None
        needs: Needs = part.needs(spec) if hasattr(part, "needs") else Needs()
        directory = floors.locations.attempt(run.name, run.attempt)
        artifacts = floors.locations.artifacts(run.workspace, run.name)
        shared, interpreter = self._interpreter(run, directory)
        experiment, _ = await asyncio.gather(
            floors.tracking.open_run(tracked(run, spec)), self._place_code(run, directory, artifacts)
        )
        elsewhere = await away(run, floors.remote, floors.store, (directory, artifacts), _data(run, spec, needs))
        laid_out = await table_inputs.ready(run, spec, floors.tabular, floors.store, directory)
        sharing = job_type.part("parts.sharing")
        if earlier := run.facts.get("carried"):
            kept = floors.locations.attempt(earlier, 1).parent / "kept"
            await minibatches.carry_over(kept, directory.parent / "kept")
        site = Site(
            run=run.name,
            attempt=run.attempt,
            token=run.token,
            directory=directory,
            artifacts=artifacts,
            interpreter=interpreter,
            environ=self._environ(run, spec, experiment),
            inputs=self._inputs(run, spec, {**elsewhere.inputs, **laid_out}, needs),
            outputs=placement.outputs(spec, self._output_paths(run, spec, elsewhere)),
            ports=_free_ports(needs.ports),
            programs=_programs(needs.programs, interpreter, self._platform.environ.get("PATH", os.defpath)),
            packages=_packages(needs.packages, shared),
            secret=secrets.token_hex(32),
            grace=self._grace,
            limits=self._limits(run),
            own=await self._importing.own(run, spec),
            parallel=str(floors.parallel()) if sharing else "",
            shared_out=await minibatches.step(
                run, sharing and sharing.wanted(spec), floors.tabular, directory, artifacts
            ),
        )
        made: Task = part.task(spec, site)
        return replace(elsewhere.around(made), vitals=floors.vitals.every)

    def _interpreter(self, run: Run, directory: Path) -> tuple[Interpreter, Interpreter]:
        """That of the job's environment, and with a layer of the run's own; Zaffre's for a job that has none."""
        if "environment" not in run.facts:
            assert _OWN[1].interpreter is not None
            return _OWN[1].interpreter, _OWN[1].interpreter
        wanted = Wanted.from_json(run.facts["environment"])
        interpreter = self._floors.builder.look(wanted.fingerprint).interpreter
        if interpreter is None:
            raise Unavailable(
                f"environment {wanted.name} was removed meanwhile; submit the job again, which builds it anew"
            )
        return interpreter, self._floors.layers(interpreter, str(directory / "layer"))

    async def ending(self, run: Run, reason: Reason, observed: Observation | None) -> None:
        """Close the tracked run with the job's true end."""
        directory = self._floors.locations.attempt(run.name, run.attempt)
        left = observed.exit if observed is not None else None
        if reason.cause is Cause.SUCCEEDED and left is not None and not left.survivors:
            self._floors.layers.take_back(f"{directory}/layer")
        else:
            self._floors.layers.forget(f"{directory}/layer")
        if reason.cause is not Cause.SUCCEEDED:
            self._floors.remote.forget(directory)
        elif (kept := directory.parent / "kept").exists():  # nobody goes on from it
            await asyncio.to_thread(shutil.rmtree, kept, ignore_errors=True)
        await self._floors.vitals.end(run)
        status = ENDS.get(reason.cause, RunStatus.FAILED).value
        await self._floors.tracking.close_run(run.name, status, self._floors.clock.now())

    def publish(self, tx: Tx, run: Run) -> dict[str, Any]:
        """Register the named outputs as assets; all of them or, with an error that names one, none."""
        _, spec = self._specs.of(run)
        made: dict[str, str] = {}
        told = self._importing.properties(run, spec)
        for output in publication.assets_of(spec, run.name, run.workspace):
            output.spec["properties"] |= told
            try:
                made[output.output] = register(tx, self._floors.lookup, output.key, output.spec, run.actor)
            except ZaffreError as error:
                raise Invalid([Problem(error.message)], target=output.output) from error
        if "fingerprint" in run.facts:
            results.add(tx, run.workspace, run.facts["subject"], run.facts["fingerprint"]["hash"], run.name)
        return {"registered": made} if made else {}

    def ended(self, tx: Tx, run: Run) -> None:
        """Parents are nudged by the store itself."""
        del tx
        self._specs.forget(run.name)

    def _inputs(self, run: Run, spec: Any, elsewhere: dict[str, str], needs: Needs) -> dict[str, PlacedInput]:
        """Every input, where it is or (brought by a step before the command) will be on this machine."""
        resolved = run.facts["inputs"]
        paths = {
            name: path
            for name, found in resolved.items()
            if (path := elsewhere.get(name) or self._floors.places.path(run.workspace, found["uri"])) is not None
        }
        return placement.inputs(spec, resolved, paths, direct=not needs.on_this_machine)

    def _output_paths(self, run: Run, spec: Any, elsewhere: Away) -> dict[str, str]:
        paths: dict[str, str] = dict(elsewhere.outputs)
        wanted: dict[str, JobOutput] = spec.outputs or {}
        for name, output in wanted.items():
            if name in paths:
                continue
            path = self._floors.places.path(run.workspace, placement.output_uri(run.name, name, output))
            assert path is not None  # the rules refused anything else
            paths[name] = path
        return paths

    async def _place_code(self, run: Run, directory: Path, artifacts: Path) -> None:
        files = await self._code(run)
        if len(files) <= _FEW_FILES and sum(file.size for file in files) <= _FEW_BYTES:
            self._lay_out(directory, artifacts, files, run.attempt)  # sooner done than handed to a thread
        else:
            await asyncio.to_thread(self._lay_out, directory, artifacts, files, run.attempt)

    async def _code(self, run: Run) -> tuple[File, ...]:
        """The manifest of the run's code. That of a version never changes, so small ones are kept for the next run."""
        reference = run.facts["code"]
        if not reference:
            return ()
        found = refs.asset(reference)
        key = Key(refs.owner(found, run.workspace), "code", found.name, "", found.version)
        files = self._manifests.get(key)
        if files is None:
            code = await self._floors.store.read(lambda tx: resources.require(tx, key))
            files = tuple(File(*entry) for entry in code.state["files"])
            if len(files) <= _FEW_FILES:
                if len(self._manifests) >= _MANIFESTS:
                    self._manifests.clear()
                self._manifests[key] = files
        return files

    def _lay_out(self, directory: Path, artifacts: Path, files: tuple[File, ...], attempt: int) -> None:
        """The attempt's own copy of the code, which appears whole and last, and its home; the agent makes the rest."""
        work = directory / "work"
        if os.path.exists(work):  # noqa: PTH110 - on every run's way, as what follows
            return
        os.makedirs(directory / "home", exist_ok=True)  # noqa: PTH103
        if attempt > 1:
            _set_aside(artifacts / "user_logs", attempt - 1)
        if files:
            self._floors.blobs.materialise(files, work)
        else:
            os.mkdir(work)  # noqa: PTH102

    def _limits(self, run: Run) -> Limits:
        """The job's own, and the administrator's where it has none."""
        own = Limits.from_json(run.facts.get("limits"))
        size = sizes.find(run.facts.get("size")) if self._platform.enforce_sizes else None
        memory = own.memory or (size.memory * run.slots if size else None)
        cpus = own.cpus or (float(size.cores * run.slots) if size else None)
        return Limits(memory, cpus, own.pids or self._platform.pids or None)

    def _environ(self, run: Run, spec: Any, experiment: str) -> dict[str, str]:
        secret = self._floors.secret(run.name, run.workspace, TOKEN_SECONDS, acts=surroundings.acts(spec))
        proofs = Proofs(self._floors.token(run.name, run.workspace, TOKEN_SECONDS), secret)
        return surroundings.environ(run, spec, self._platform, proofs, experiment)


def _set_aside(logs: Path, attempt: int) -> None:
    """Keep the logs of the attempt before, out of the way of the new ones."""
    kept = logs / "attempts" / str(attempt)
    kept.mkdir(parents=True, exist_ok=True)
    for log in [*logs.glob("std_log*.txt"), *logs.glob("all_ranks.txt"), *logs.glob("mpi_log.txt")]:
        log.rename(kept / log.name)


def _data(run: Run, spec: Any, needs: Needs) -> tuple[dict[str, Carried], dict[str, Carried]]:
    """The inputs that are to be on this machine, and the outputs."""
    given: dict[str, Any] = spec.inputs or {}
    outputs: dict[str, JobOutput] = spec.outputs or {}
    resolved: dict[str, dict[str, str]] = run.facts["inputs"]
    inputs = {
        name: Carried(resolved[name]["uri"], resolved[name].get("type") or value.type)
        for name, value in given.items()
        if isinstance(value, JobInput) and (value.mode != "direct" or needs.on_this_machine)
    }
    written = {name: Carried(placement.output_uri(run.name, name, one), one.type) for name, one in outputs.items()}
    return inputs, written


def _programs(names: Sequence[str], interpreter: Interpreter, path: str) -> dict[str, str]:
    """Those of these programs that the environment has, or else the machine."""
    search = os.pathsep.join([*interpreter.path, path, *_OF_SYSTEM])
    return {name: found for name in names if (found := shutil.which(name, path=search)) is not None}


def _packages(names: Sequence[str], interpreter: Interpreter) -> dict[str, str]:
    """Those of these Python packages that the environment has, by the folder each lies in."""
    found = {name: next(Path(interpreter.prefix).glob(f"lib/python3*/site-packages/{name}"), None) for name in names}
    return {name: str(folder) for name, folder in found.items() if folder is not None}


def _free_ports(count: int) -> tuple[int, ...]:
    """Ports nobody listens on now, for the processes of a distributed job to meet at."""
    found: list[socket.socket] = []
    for _ in range(count):
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        found.append(listener)
    ports = tuple(listener.getsockname()[1] for listener in found)
    for listener in found:
        listener.close()
    return ports
