"""``zaffre job plan``: which steps of a pipeline would have to run, and why, told before anything does.

The pipeline is walked by its own plan. What would be taken from before counts as done, so that the steps behind it can be
told too; what would run counts as under way, and whatever needs it depends on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from zaffre.api.operations import Operations, Target
from zaffre.core.draft import Below, Draft, Prepared
from zaffre.core.errors import ZaffreError
from zaffre.core.parents import Ask, Child, FinishParent, Note, ParentFacts, ReusePolicy, StartChild
from zaffre.core.plain import is_list, is_mapping, mapping_of
from zaffre.core.registry import job_types, kinds
from zaffre.core.status import RunStatus
from zaffre.kinds.job.family.reuse import Reuse, Step
from zaffre.kinds.job.parts.telling import differing
from zaffre.kinds.job.rules import DEFAULT_EXPERIMENT
from zaffre.kinds.job.spec import Job
from zaffre.store import Store, Tx

HIT, MISS, RUNS, DEPENDS, SKIP, REFUSED = "HIT", "MISS", "RUNS", "DEPENDS", "SKIP", "REFUSED"
_NAME = "unnamed"
_MOST_ROUNDS = 20_000
_OPEN = {"waiting": DEPENDS, "running": RUNS, "skipped": SKIP, "failed": REFUSED, "done": HIT}


class Texts(Protocol):
    """Reads a small file that a step wrote."""

    async def text(self, workspace: str, path: str) -> str | None:
        """Its text."""
        ...


@dataclass(frozen=True, slots=True)
class _Level:
    """A pipeline, and where it lies."""

    workspace: str
    experiment: str
    actor: str
    name: str
    place: str = ""

    def below(self, key: str) -> str:
        """A step's place."""
        return f"{self.place}/{key}" if self.place else key


@dataclass(slots=True)
class _Walk:
    """What is known so far of one pipeline."""

    children: dict[str, Child] = field(default_factory=dict[str, Child])
    memory: dict[str, Any] = field(default_factory=dict[str, Any])
    told: dict[str, Any] = field(default_factory=dict[str, Any])
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict[str, list[dict[str, Any]]])
    """By child's key."""
    places: dict[str, str] = field(default_factory=dict[str, str])
    """Outputs of pipelines inside this one → where they really are."""


class Foresight:
    """Tells what a job would do."""

    def __init__(self, store: Store, operations: Operations, reuse: Reuse, texts: Texts) -> None:
        self._store = store
        self._operations = operations
        self._reuse = reuse
        self._texts = texts

    async def tell(self, workspace: str, spec: Any, actor: str) -> list[dict[str, Any]]:
        """A row for each step: ``{step, verdict, job, message, differences}``. Raises what submitting it would raise."""
        target = Target(kinds()["job"], workspace, _NAME)
        prepared = await self._operations.check(target, spec, actor)
        if spec.type != "pipeline":
            return [_row(spec.display_name or spec.type, RUNS, "only the steps of pipelines are taken from before")]
        level = _Level(workspace, spec.experiment_name or DEFAULT_EXPERIMENT, actor, _NAME)
        rows, _ = await self._walk(_written_out(prepared.spec, spec), level)
        return rows

    async def _walk(self, spec: Any, level: _Level) -> tuple[list[dict[str, Any]], dict[str, str] | None]:
        """The rows of one pipeline, and where its outputs lie already if nothing of it has to run."""
        plan = job_types()["pipeline"].part("plan")
        assert plan is not None
        walk = _Walk()
        for _ in range(_MOST_ROUNDS):
            facts = _facts(level, walk)
            try:
                intents = plan.plan(spec, facts)
            except ZaffreError as error:
                return [_row(level.place or "pipeline", REFUSED, error.message)], None
            finish = next((intent for intent in intents if isinstance(intent, FinishParent)), None)
            if finish is not None or not await self._advanced(intents, walk, level):
                break
        else:
            return [_row(level.place or "pipeline", REFUSED, "it has no end")], None
        rows = _in_order(plan.standing(spec, facts), walk, level)
        if finish is None or any(child.status is not RunStatus.COMPLETED for child in walk.children.values()):
            return rows, None
        uris = {name: _uri(walk.children[key].name, output) for name, (key, output) in finish.outputs.items()}
        return rows, {name: walk.places.get(uri, uri) for name, uri in uris.items()}

    async def _advanced(self, intents: Any, walk: _Walk, level: _Level) -> bool:
        """Answer what is asked and foresee what is begun; whether there was anything of the kind."""
        news = False
        for intent in intents:
            match intent:
                case Ask(name, question):
                    path = str(_found(question["path"], walk.places))
                    text = await self._texts.text(level.workspace, path)
                    walk.told[name] = (
                        {"error": f"nothing was written to {path}"} if text is None else {"value": text.strip()}
                    )
                    news = True
                case StartChild():
                    await self._foresee(intent, walk, level)
                    news = True
                case Note(memory):
                    walk.memory |= memory
                case _:
                    pass
        return news

    async def _foresee(self, start: StartChild, walk: _Walk, level: _Level) -> None:
        place = level.below(start.key)
        document = _found(start.document, walk.places)
        name, rows = f"{level.name}_{start.key}", [_row(place, RUNS, _always(start))]
        done = False
        try:
            spec: Any = Job.from_yaml({**document, "name": _NAME})
            prepared = await self._store.read(lambda tx: self._prepared(tx, spec, start.key, level))
            if spec.type == "pipeline":
                inner = _Level(level.workspace, level.experiment, level.actor, name, place)
                rows, outputs = await self._walk(_written_out(prepared.spec, spec), inner)
                done = outputs is not None
                walk.places |= {_uri(name, output): uri for output, uri in (outputs or {}).items()}
            elif start.reuse is ReusePolicy.TAKE and not job_types()[spec.type].is_parent:
                row = await self._verdict(place, prepared, level)
                rows, done, name = [row], row["verdict"] == HIT, row["job"] or name
        except ZaffreError as error:
            rows = [_row(place, REFUSED, error.message)]
        status = RunStatus.COMPLETED if done else RunStatus.RUNNING
        walk.children[start.key] = Child(start.key, name, status, None, None, None)
        walk.rows[start.key] = rows

    async def _verdict(self, place: str, prepared: Prepared, level: _Level) -> dict[str, Any]:
        earlier = await self._reuse.find(Step(level.workspace, level.experiment, place), prepared)
        if earlier is None:
            return _row(place, RUNS, "its component says is_deterministic: false")
        if earlier.run:
            return {**_row(place, HIT, f"job {earlier.run} ran the same"), "job": earlier.run}
        return {**_row(place, MISS, differing(earlier.compared)), **_against(earlier.compared)}

    def _prepared(self, tx: Tx, spec: Any, key: str, level: _Level) -> Prepared:
        target = Target(kinds()["job"], level.workspace, _NAME)
        below = Below(level.name, level.name, key, level.experiment)
        return self._operations.prepare(tx, target, Draft(target.key, spec, None, level.actor, tx.now, below))


def _facts(level: _Level, walk: _Walk) -> ParentFacts:
    return ParentFacts(
        level.name, RunStatus.RUNNING, None, 0.0, 0.0, dict(walk.children), dict(walk.memory), told=dict(walk.told)
    )


def _written_out(pinned: Any, said: Any) -> Any:
    """A pinned pipeline whose components are written out again where they were: nothing has put them on record yet."""
    own: dict[str, Any] = said.jobs or {}
    before: dict[str, dict[str, Any]] = pinned.jobs or {}
    jobs = {
        name: {**step, **{key: value for key, value in mapping_of(own.get(name)).items() if _is_component(key, value)}}
        for name, step in before.items()
    }
    copy = pinned.model_copy(update={"jobs": jobs})
    copy.renew()
    return copy


def _is_component(key: str, value: Any) -> bool:
    return key in ("component", "trial") and is_mapping(value)


def _always(start: StartChild) -> str:
    if start.reuse is ReusePolicy.TAKE:
        return f"a {start.document.get('type') or 'command'} job chooses itself what runs"
    return "settings.force_rerun, is_deterministic: false, or its outputs gather in this pipeline's own folder"


def _in_order(standing: list[dict[str, Any]], walk: _Walk, level: _Level) -> list[dict[str, Any]]:
    """The steps as the network has them: a loop with a row for each turn."""
    rows: list[dict[str, Any]] = []
    left = dict(walk.rows)
    for step in standing:
        name = step["step"]
        own = left.pop(name, None)
        if own is not None:
            rows += own
        else:
            rows.append(_row(level.below(name), _OPEN[step["state"]], step["message"]))
    return rows + [row for turn in left.values() for row in turn]


def _row(step: str, verdict: str, message: str) -> dict[str, Any]:
    return {"step": step, "verdict": verdict, "job": "", "message": message, "differences": []}


def _against(compared: Mapping[str, Any]) -> dict[str, Any]:
    return {"compared_with": compared.get("with", ""), "differences": compared.get("differences", [])}


def _uri(job: str, output: str) -> str:
    return f"azureml://jobs/{job}/outputs/{output}"


def _found(value: Any, places: Mapping[str, str]) -> Any:
    """A document with the places of outputs that lie elsewhere."""
    if isinstance(value, str):
        return places.get(value, value)
    if is_mapping(value):
        return {key: _found(item, places) for key, item in value.items()}
    if is_list(value):
        return [_found(item, places) for item in value]
    return value
