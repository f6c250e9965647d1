"""How far a pipeline is: every step's state from its children, in the order of the network, and what may begin. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zaffre.core.parents import Child, Note, ParentFacts, ParentIntent, ReusePolicy, StartChild
from zaffre.core.plain import mapping_of
from zaffre.core.status import RunStatus
from zaffre.jobs.pipeline.parts import attempts, loops
from zaffre.jobs.pipeline.parts.binding import Surroundings, document
from zaffre.jobs.pipeline.parts.network import Network, Node
from zaffre.jobs.pipeline.parts.state import State
from zaffre.jobs.pipeline.parts.values import Unreadable, Values, truth

_STUCK = {State.FAILED, State.SKIPPED}


class Course:
    """One walk over a pipeline."""

    def __init__(self, spec: Any, facts: ParentFacts, *, silent: bool = False) -> None:
        """``silent``: nobody will ask what those steps wait for that cannot begin yet."""
        self._silent = silent
        self.network: Network = spec.network
        self.facts = facts
        self.states: dict[str, State] = {}
        self.why: dict[str, str] = {}
        """What there is to say of a step: why it was left out or failed, what it waits for."""
        self._failed: list[tuple[str, str]] = []
        self._canceled: list[tuple[str, str]] = []
        self.starts: list[ParentIntent] = []
        self.waits: list[float] = []
        """Seconds after which something is to be looked at."""
        self.turns: dict[str, list[str]] = {}
        """Loop → the keys of its body's children, in their order."""
        self._origin = facts.origin or facts.name
        self._last: dict[str, str] = {}
        self._around = surroundings(spec, self.left)
        self._values = Values(facts, self._around)
        self._asked: dict[str, float] = dict(facts.memory.get("asked", {}))
        self._reuse = ReusePolicy.LEAVE if spec.settings and spec.settings.force_rerun else ReusePolicy.TAKE

    def walk(self) -> None:
        """Look at every step."""
        for node in self.network.nodes.values():
            if node.loop:
                continue
            try:
                state = self._state(node)
            except Unreadable as error:
                state = self._fails(node.name, node.name, str(error))
            self.states[node.name] = state

    @property
    def failed(self) -> list[tuple[str, str]]:
        """(step, why), in the order of the network; those that were canceled only where no other is the cause of it."""
        return self._failed or self._canceled

    @property
    def only_canceled(self) -> bool:
        """Steps were canceled, and none failed by itself."""
        return bool(self._canceled) and not self._failed

    @property
    def asks(self) -> list[ParentIntent]:
        """What must be read before anything can be decided."""
        return self._values.asks

    @property
    def notes(self) -> list[ParentIntent]:
        """What is to be remembered: one memory for all that this walk learned."""
        learned = self._values.learned
        if self._asked != self.facts.memory.get("asked", {}):
            learned = {**learned, "asked": self._asked}
        return [Note(learned)] if learned else []

    def child_of(self, step: str) -> str:
        """The key of the child that stands for a step now, or nothing."""
        return self._last.get(step, "")

    def ended_well(self, step: str) -> bool:
        """Whether a step, or the loop whose body it is, has left what it was to leave."""
        return self.states.get(self.network.nodes[step].loop or step) is State.DONE

    def left(self, step: str, output: str) -> dict[str, Any]:
        """The input that stands for what a step left."""
        node = self.network.nodes[step]
        loop = self.network.nodes[node.loop or step]
        if loop.type == "parallel_for":
            return {"type": "uri_folder", "path": loops.gathered(self._origin, loop.name, output)}
        body = self.network.nodes[self.network.body(loop.name)] if loop.type == "do_while" else node
        said = mapping_of(mapping_of(body.said.get("outputs")).get(output))
        type_ = {"type": said["type"]} if said.get("type") else {}
        return {**type_, "path": f"azureml://jobs/{self.facts.children[self._last[body.name]].name}/outputs/{output}"}

    def _state(self, node: Node) -> State:
        """Of a step that is no loop's body."""
        child = self.facts.children.get(node.name)
        if child is not None and child.status is RunStatus.COMPLETED and node.type not in _FLOWS:
            self._last[node.name] = node.name  # it has begun and ended well, so all that it needed was there
            return State.DONE
        if not all(self.states.get(name) is State.DONE for name in node.needs):
            return self._held_back(node)
        if node.branch is not None and not self._taken(*node.branch):
            self.why[node.name] = f"left out: {node.branch[0]} went the other way"
            return State.SKIPPED
        flow = _FLOWS.get(node.type)
        return self._run(node, node.name) if flow is None else getattr(self, flow)(node)

    def _held_back(self, node: Node) -> State:
        """Something that it needs is not there, or never will be."""
        if self._silent and not any(self.states.get(name) in _STUCK for name in node.needs):
            return State.WAITING
        needs = {name: self.states.get(name, State.WAITING) for name in sorted(node.needs)}
        stuck = [name for name, state in needs.items() if state in _STUCK]
        if stuck:
            self.why[node.name] = f"left out: {stuck[0]} {_HOW[needs[stuck[0]]]}"
            return State.SKIPPED
        late = [name for name, state in needs.items() if state is not State.DONE]
        self.why[node.name] = f"waits for {', '.join(late)}"
        return State.WAITING

    def _run(self, node: Node, key: str, given: Mapping[str, Any] | None = None, label: str | None = None) -> State:
        """A step, once: begun if it has not been, begun again after a failure where it may be."""
        made = attempts.of(key, self.facts.children)
        if not made:
            return self._start(node, key, given, label)
        last = made[-1]
        self._last[node.name] = last.key
        if node.loop:
            self.turns.setdefault(node.loop, []).append(last.key)
        if not last.status.is_final or last.status is RunStatus.COMPLETED:
            return State.DONE if last.status.is_final else State.RUNNING
        return self._after(node, key, made) or self._start(node, attempts.key(key, len(made)), given, label)

    def _after(self, node: Node, key: str, made: Sequence[Child]) -> State | None:
        """What a failed attempt means; None where another begins now."""
        last = made[-1]
        if last.status is RunStatus.CANCELED:
            self._canceled.append((key, attempts.why(last)))
            self.why[node.name] = attempts.why(last)
            return State.FAILED
        if not attempts.another(node, made):
            return self._fails(node.name, key, attempts.why(last))
        delay = attempts.delay(node, last, self.facts.now)
        if delay > 0:
            self.waits.append(delay)
            self.why[node.name] = f"runs again in {delay:.0f} s: {attempts.why(last)}"
            return State.RUNNING
        return None

    def _start(self, node: Node, key: str, given: Mapping[str, Any] | None, label: str | None) -> State:
        told = document(node.said, self._around, given)
        if label is not None:
            outputs: dict[str, Any] = told.get("outputs") or {}
            told["outputs"] = {
                name: {**output, "path": f"{loops.gathered(self._origin, node.loop, name)}/{label}"}
                for name, output in outputs.items()
            }
        told.setdefault("display_name", key)
        gathers = label is not None and bool(told.get("outputs"))  # nobody else's lie in this pipeline's folder
        alone = gathers or node.said.get("is_deterministic") is False
        self.starts.append(StartChild(key, told, reuse=ReusePolicy.NEVER if alone else self._reuse))
        return State.RUNNING

    def _fails(self, step: str, key: str, why: str) -> State:
        self._failed.append((key, why))
        self.why[step] = why
        return State.FAILED

    def _if_else(self, node: Node) -> State:
        """Done once its condition is known."""
        found = self._values.read(node.said.get("condition"))
        if found is None:
            return State.WAITING
        self.why[node.name] = "its condition is true" if truth(found) else "its condition is false"
        return State.DONE

    def _taken(self, branch: str, side: bool) -> bool:
        return truth(self._values.read(self.network.nodes[branch].said.get("condition"))) is side

    def _parallel_for(self, node: Node) -> State:
        """The body once for each item, as many at a time as may be."""
        value = self._values.read(node.said.get("items"))
        if value is None:
            return State.WAITING
        body = self.network.nodes[self.network.body(node.name)]
        most = int(node.said.get("max_concurrency") or 0) or loops.MOST_ITEMS
        states: list[State] = []
        for label, given in loops.items(value, f"jobs.{node.name}.items").items():
            key = f"{body.name}.{label}"
            if states.count(State.RUNNING) >= most and key not in self.facts.children:
                states.append(State.WAITING)
            else:
                states.append(self._run(body, key, given, label))
        self.why[node.name] = f"{states.count(State.DONE)} of {len(states)} items are done"
        if {State.RUNNING, State.WAITING} & set(states):
            return State.RUNNING
        return State.FAILED if State.FAILED in states else State.DONE

    def _do_while(self, node: Node) -> State:
        """The body again and again, each turn fed by the one before, until its condition is false or there were enough."""
        body = self.network.nodes[self.network.body(node.name)]
        back = loops.fed_back(mapping_of(node.said.get("mapping")))
        given: dict[str, Any] = {}
        for turn in range(1, loops.most_turns(node.said) + 1):
            state = self._run(body, f"{body.name}.{turn}", given)
            self.why[node.name] = f"turn {turn}"
            self._last[node.name] = self._last.get(body.name, "")
            if state is not State.DONE:
                return state
            output = loops.output_named(node.said.get("condition"))
            again = self._values.read(self.left(node.name, output)) if output else True
            if again is None:
                return State.WAITING
            if not truth(again):
                return State.DONE
            given = {name: self.left(node.name, output) for name, output in back.items()}
        return State.DONE

    def _approval(self, node: Node) -> State:
        """Waits from when it is first reached; the moment is noted, so that its time-out lasts over restarts."""
        decided = self.facts.decisions.get(node.name)
        if decided is not None:
            return self._decided(node, decided)
        since = self._asked.setdefault(node.name, self.facts.now)
        timeout = node.said.get("timeout")
        left = float("inf") if timeout is None else since + float(timeout) - self.facts.now
        if left <= 0:
            return self._fails(node.name, node.name, f"nobody approved it within {float(timeout or 0):g} s")
        self.waits.append(left)
        message = f": {node.said['message']}" if node.said.get("message") else ""
        self.why[node.name] = f"waits for approval{message}"
        return State.RUNNING

    def _decided(self, node: Node, decided: Mapping[str, Any]) -> State:
        comment = f": {decided['comment']}" if decided.get("comment") else ""
        if not decided["approved"]:
            return self._fails(node.name, node.name, f"rejected by {decided['by']}{comment}")
        self.why[node.name] = f"approved by {decided['by']}{comment}"
        return State.DONE


_FLOWS = {
    "if_else": "_if_else",
    "do_while": "_do_while",
    "parallel_for": "_parallel_for",
    "approval": "_approval",
}
_HOW = {State.FAILED: "failed", State.SKIPPED: "was left out"}


def surroundings(spec: Any, left: Any) -> Surroundings:
    """What the steps' expressions of a pipeline may name."""
    stored = spec.ends
    settings = spec.settings
    compute = (settings.default_compute if settings else None) or spec.compute
    return Surroundings(
        inputs=stored["inputs"],
        outputs=stored["outputs"],
        left=left,
        defaults={"compute": compute} if compute else {},
        settings=settings.to_stored() if settings else {},
        datastore=_datastore(settings.default_datastore if settings else None),
    )


def _datastore(said: str | None) -> str:
    return (said or "").removeprefix("azureml:").removeprefix("//datastores/")
