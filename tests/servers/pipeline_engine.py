"""An engine for the plans of pipelines, in memory: what ``control.parents`` does with them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from zaffre.core.intents import Wait
from zaffre.core.parents import Ask, CancelChild, Child, FinishParent, Note, ParentFacts, StartChild
from zaffre.core.reasons import Cause, Reason
from zaffre.core.status import RunStatus
from zaffre.jobs.pipeline import plan as planning
from zaffre.jobs.pipeline.spec import PipelineJob

C, F, X = RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.CANCELED


def command(*needs: str, **more: Any) -> dict[str, Any]:
    """A step that reads the output of others, and leaves one."""
    inputs = {name: f"${{{{parent.jobs.{name}.outputs.out}}}}" for name in needs}
    words = " ".join(f"${{{{inputs.{name}}}}}" for name in needs)
    return {
        "command": f"cat {words} > ${{{{outputs.out}}}}",
        "environment": "azureml:e:1",
        "outputs": {"out": {"type": "uri_file"}},
        **({"inputs": inputs} if inputs else {}),
        **more,
    }


def pipeline(jobs: dict[str, Any], **more: Any) -> PipelineJob:
    return PipelineJob.from_yaml({"type": "pipeline", "jobs": jobs, **more})


@dataclass
class Engine:
    """What ``control.parents`` does, in memory."""

    spec: PipelineJob
    ends: Any
    """Key → the status its child ends in."""
    files: dict[str, str] = field(default_factory=dict)
    """Path → what a step wrote there."""
    decisions: dict[str, Any] = field(default_factory=dict)
    now: float = 1000.0
    children: dict[str, Child] = field(default_factory=dict)
    documents: dict[str, Any] = field(default_factory=dict)
    memory: dict[str, Any] = field(default_factory=dict)
    cancel_by: str | None = None
    finished: FinishParent | None = None
    canceled: list[str] = field(default_factory=list)

    @property
    def facts(self) -> ParentFacts:
        told = (self.children, self.memory, self.decisions)
        return ParentFacts("p", RunStatus.RUNNING, self.cancel_by, self.now, 1000.0, *map(dict, told))

    def planned(self) -> list[Any]:
        """The plan, twice: it is the same from the same facts."""
        facts, told = self.facts, {}
        for _ in range(16):
            facts = replace(facts, told=dict(told))
            intents = list(planning.plan(self.spec, facts))
            assert intents == list(planning.plan(self.spec, facts))
            asked = [intent for intent in intents if isinstance(intent, Ask)]
            if not asked:
                return intents
            assert asked == intents
            for ask in asked:
                path = ask.question["path"]
                told[ask.name] = (
                    {"path": path, "value": self.files[path]} if path in self.files else {"error": "no file"}
                )
        raise AssertionError("it asks without end")

    def step(self) -> list[Any]:
        """Plan and write."""
        intents = self.planned()
        for intent in intents:
            match intent:
                case StartChild(key, document):
                    assert key not in self.children, f"{key} begun twice"
                    self.children[key] = Child(key, f"p_{key}", RunStatus.QUEUED, None, None, None)
                    self.documents[key] = document
                case CancelChild(key, _):
                    self.canceled.append(key)
                case Note(memory):
                    self.memory |= memory
                case FinishParent():
                    assert all(child.status.is_final for child in self.children.values())
                    self.finished = intent
                case _:
                    assert isinstance(intent, Wait)
        return intents

    def end(self, key: str, status: RunStatus | None = None) -> None:
        """A child ends."""
        status = status or (X if key in self.canceled else self.ends(key))
        cause = {C: Cause.SUCCEEDED, X: Cause.CANCELED}.get(status, Cause.EXIT_CODE)
        self.children[key] = replace(
            self.children[key], status=status, ended_at=self.now, reason=Reason(cause, {"code": 3, "by": "me"})
        )

    @property
    def open(self) -> list[str]:
        return [child.key for child in self.children.values() if not child.status.is_final]

    def run(self) -> FinishParent:
        """To the end, children ending in the order of their start."""
        for _ in range(1000):
            intents = self.step()
            if self.finished is not None:
                return self.finished
            if self.open:
                self.end(self.open[0])
            else:
                self.now += min([intent.seconds for intent in intents if isinstance(intent, Wait)])
        raise AssertionError("it does not end")


def engine(jobs: dict[str, Any], failing: tuple[str, ...] = (), **more: Any) -> Engine:
    said = {name: more.pop(name) for name in ("files", "decisions") if name in more}
    return Engine(pipeline(jobs, **more), lambda key: F if key in failing else C, **said)
