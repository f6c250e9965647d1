"""Steps of a pipeline that is being written in Python: what calling a component, or a job, inside of one makes.

A step knows its inputs, its outputs (to be given to other steps) and what is said of it here instead of in its component.
Names are given when the pipeline is finished, so that a step can be used before it has one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakValueDictionary

from zaffre.core import problems
from zaffre.core.dialect import Bilingual
from zaffre.core.errors import Invalid, Problem
from zaffre.jobs.pipeline.spec import ComponentStep, StepSettings
from zaffre.sdk.binding import Binding
from zaffre.sdk.parsed import is_list, is_mapping, mapping

MISSING = object()
"""The value of a pipeline's input that was not given, and need not be."""
known_steps: WeakValueDictionary[int, Any] = WeakValueDictionary()
"""Steps that texts speak of, by what they are called there until they have a name."""
_UNNAMED = re.compile(r"(?<=parent\.jobs\.)#(\d+)")
_FIELDS = frozenset({*ComponentStep.model_fields, *StepSettings.model_fields}) - {
    "inputs",
    "outputs",
    "type",
    "component",
}
_NOT_OF_A_STEP = frozenset(
    {"name", "version", "experiment_name", "parent_job_name", "inputs", "outputs", "is_deterministic"}
)


class PipelineInput(Binding):
    """One of the inputs of the pipeline that is being written."""

    def __init__(self, name: str, value: Any, type_: str) -> None:
        self.name, self.value, self.type = name, value, type_

    def said(self) -> str:  # noqa: D102 - as declared
        return f"${{{{parent.inputs.{self.name}}}}}"

    @property
    def is_missing(self) -> bool:  # noqa: D102 - as declared
        return self.value is MISSING


class NodeOutput(Binding):
    """What a step leaves; ``mode``, ``path``, ``type``, ``name`` and ``version`` may be set."""

    def __init__(self, node: Node, output: str, type_: str = "") -> None:
        self.node, self.output, self.declared = node, output, type_
        self.type = type_
        self.mode: str | None = None
        self.path: Any = None
        self.name: str | None = None
        self.version: str | None = None

    def said(self) -> str:  # noqa: D102 - as declared
        return f"${{{{parent.jobs.{self.node.named()}.outputs.{self.output}}}}}"

    def __str__(self) -> str:
        """A text that may stand inside others before the step has a name; ``plain`` puts the name in."""
        known_steps[id(self.node)] = self.node
        return f"${{{{parent.jobs.#{id(self.node)}.outputs.{self.output}}}}}"

    def document(self) -> dict[str, Any]:
        """As a step says it."""
        told = {"type": self.type if self.type != self.declared else None, "path": self.path, "mode": self.mode}
        told |= {"name": self.name, "version": self.version}
        return {key: plain(value) for key, value in told.items() if value is not None}


class Outputs(Mapping[str, NodeOutput]):
    """A step's outputs, by name or as attributes."""

    def __init__(self, node: Node, declared: Mapping[str, str], closed: bool) -> None:
        self.__dict__["_own"] = (
            node,
            closed,
            {name: NodeOutput(node, name, type_) for name, type_ in declared.items()},
        )

    def __getitem__(self, name: str) -> NodeOutput:
        node, closed, known = self.__dict__["_own"]
        if name not in known:
            if closed:
                told = f"{node.title} has no output {name!r}"
                raise Invalid([Problem(told, hint=problems.closest(name, known))])
            known[name] = NodeOutput(node, name)
        return known[name]

    def __getattr__(self, name: str) -> NodeOutput:
        if name.startswith("__"):
            raise AttributeError(name)
        return self[name]

    def __setitem__(self, name: str, value: Any) -> None:
        output = self[name]
        said = value.to_yaml() if isinstance(value, Bilingual) else dict(value)
        for key, each in said.items():
            setattr(output, key, each)

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def __iter__(self) -> Iterator[str]:
        return iter(self.__dict__["_own"][2])

    def __len__(self) -> int:
        return len(self.__dict__["_own"][2])


class Inputs(dict[str, Any]):
    """A step's inputs, by name or as attributes."""

    def __getattr__(self, name: str) -> Any:
        if name not in self:
            raise AttributeError(name)
        return self[name]

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value


@dataclass(frozen=True, slots=True)
class Source:
    """What a step was made of."""

    type: str
    title: str
    """As error messages call it."""
    said: Mapping[str, Any]
    """The fields of the step that say it: ``component``, or a job's own."""
    inputs: Mapping[str, str] = field(default_factory=dict[str, str])
    """Declared input → type."""
    outputs: Mapping[str, str] = field(default_factory=dict[str, str])
    closed: bool = True
    """Whether these are all it has."""


class Node:
    """One step. Fields of a step (``compute``, ``limits``, ``environment_variables`` …) are attributes."""

    def __init__(self, source: Source, inputs: Mapping[str, Any]) -> None:
        unknown = [name for name in inputs if source.closed and name not in source.inputs]
        if unknown:
            told = f"{source.title} has no input {unknown[0]!r}"
            raise Invalid([Problem(told, hint=problems.closest(unknown[0], source.inputs))])
        own = self.__dict__
        own["source"] = source
        own["title"] = source.title
        own["given"] = ""
        own["fields"] = {}
        own["inputs"] = Inputs(inputs)
        own["outputs"] = Outputs(self, source.outputs, source.closed)
        own["waits_for"] = []
        register(self)

    @property
    def type(self) -> str:
        """``command``, ``pipeline`` …"""
        return self.source.type

    @property
    def component(self) -> Any:
        """What it was made of: a reference, or the component written out."""
        return self.source.said.get("component")

    def named(self) -> str:
        """The step's name; raises before the pipeline is finished."""
        name = self.__dict__["fields"].get("name") or self.__dict__["given"]
        if not name:
            raise Invalid(f"{self.title} has no name before the pipeline function has returned")
        return str(name)

    def after(self, *others: Node) -> Node:
        """Begin when these have ended well, whether or not anything of theirs is read."""
        self.waits_for.extend(others)
        return self

    def set_resources(self, **resources: Any) -> None:
        """``instance_type``, ``instance_count``, ``shm_size`` …; the others stay."""
        self._merge("resources", resources)

    def set_limits(self, **limits: Any) -> None:
        """``timeout``, of a sweep its trials too; the others stay."""
        self._merge("limits", limits)

    def set_queue_settings(self, **settings: Any) -> None:
        """``job_tier`` and ``priority``."""
        self._merge("queue_settings", settings)

    def _merge(self, name: str, said: Mapping[str, Any]) -> None:
        before = mapping(plain(self.__dict__["fields"].get(name)))
        self.__dict__["fields"][name] = {**before, **{key: value for key, value in said.items() if value is not None}}

    def sweep(
        self,
        *,
        primary_metric: str,
        goal: str,
        sampling_algorithm: Any = "random",
        early_termination_policy: Any = None,
        search_space: Mapping[str, Any] | None = None,
        **fields: Any,
    ) -> Node:
        """A sweep in this step's place: inputs that are distributions are searched. ``fields``: its limits, ``compute`` …"""
        space = {name: value for name, value in self.inputs.items() if _is_space(value)} | dict(search_space or {})
        limits = {name: fields.pop(name) for name in _LIMITS if fields.get(name) is not None}
        policy = (
            {"type": early_termination_policy}
            if isinstance(early_termination_policy, str)
            else early_termination_policy
        )
        said = {
            "trial": self.source.said.get("component") or _trial(self, space),
            "search_space": space or None,
            "objective": {"goal": goal, "primary_metric": primary_metric},
            "sampling_algorithm": sampling_algorithm,
            "early_termination": policy,
            "limits": limits or None,
        }
        source = Source("sweep", self.title, {key: value for key, value in said.items() if value}, self.source.inputs,
                        self.source.outputs, self.source.closed)  # fmt: skip
        forget(self)
        made = Node(source, {name: value for name, value in self.inputs.items() if name not in space})
        made.__dict__["fields"] |= {**self.__dict__["fields"], **fields}
        return made

    def __getattr__(self, name: str) -> Any:
        if name == "name":
            return self.__dict__["fields"].get("name") or self.__dict__["given"] or None
        if name in _FIELDS:
            return self.__dict__["fields"].get(name, self.source.said.get(name))
        raise AttributeError(f"a step has no {name!r}")

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in _FIELDS:
            raise Invalid([Problem("a step has no such field", name, hint=problems.closest(name, _FIELDS))])
        self.__dict__["fields"][name] = value

    def document(self) -> dict[str, Any]:
        """The step as YAML has it, without its name."""
        told: dict[str, Any] = {"type": self.type, **self.source.said, **self.__dict__["fields"]}
        told.pop("name", None)
        if self.waits_for:
            told["depends_on"] = [other.named() for other in self.waits_for]
        inputs = {name: value for name, value in self.inputs.items() if not _is_missing(value)}
        own = mapping(told.pop("outputs", None))
        outputs = {name: {**mapping(own.get(name)), **output.document()} for name, output in self.outputs.items()}
        outputs = {name: said for name, said in outputs.items() if said or name in own}
        told |= ({"inputs": inputs} if inputs else {}) | ({"outputs": outputs} if outputs else {})
        return {key: plain(value) for key, value in told.items() if value is not None}


class Flow(Node):
    """A branch, a loop or an approval: a step without a component."""

    def document(self) -> dict[str, Any]:
        """With the steps that it is about by their names."""
        told = {key: plain(value) for key, value in super().document().items()}
        return {"type": self.type, **told}


_LIMITS = ("max_concurrent_trials", "max_total_trials", "timeout", "trial_timeout")


def plain(value: Any) -> Any:
    """As a document has it: expressions for bindings, mappings for entities, names for steps."""
    if isinstance(value, Binding):
        return value.said()
    if isinstance(value, Node):
        return f"${{{{parent.jobs.{value.named()}}}}}"
    if isinstance(value, Bilingual):
        return plain(value.to_yaml())
    if isinstance(value, str):
        return _UNNAMED.sub(lambda found: known_steps[int(found[1])].named(), value)
    if is_mapping(value):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if is_list(value) else value


def job_source(type_: str, said: Mapping[str, Any]) -> Source:
    """Of a job written in Python: what it says, without what is one job's alone."""
    own = {key: value for key, value in said.items() if key not in _NOT_OF_A_STEP and key != "type"}
    own |= {"outputs": said["outputs"]} if said.get("outputs") else {}
    outputs = {
        name: str(mapping(value).get("type") or "uri_folder") for name, value in mapping(said.get("outputs")).items()
    }
    inputs = {name: input_type(value) for name, value in mapping(said.get("inputs")).items()}
    return Source(type_, f"the {type_}", own, inputs, outputs, closed=False)


def input_type(value: Any) -> str:
    """The type that a value has as an input of a component."""
    if isinstance(value, Binding):
        return value.type or "uri_folder"
    if isinstance(value, Bilingual) or is_mapping(value):
        said: Any = value.to_yaml() if isinstance(value, Bilingual) else value
        return str(said.get("type") or "uri_folder")
    if isinstance(value, bool):
        return "boolean"
    return "integer" if isinstance(value, int) else "number" if isinstance(value, float) else "string"


def _trial(node: Node, space: Mapping[str, Any]) -> dict[str, Any]:
    """A command written out as the component that a sweep tries: what is searched are inputs of it."""
    kept = ("command", "environment", "code", "environment_variables", "resources", "distribution")
    declared = {name: {"type": input_type(value)} for name, value in node.inputs.items() if name not in space}
    declared |= {name: {"type": _space_type(value)} for name, value in space.items()}
    outputs = {name: {"type": type_} for name, type_ in node.source.outputs.items()}
    told = {name: node.source.said[name] for name in kept if node.source.said.get(name) is not None}
    return {"type": "command", **told, "inputs": declared} | ({"outputs": outputs} if outputs else {})


def _is_space(value: Any) -> bool:
    return isinstance(value, Bilingual) and any(
        name in type(value).model_fields for name in ("values", "upper", "min_value", "mu")
    )


def _space_type(value: Any) -> str:
    said: Any = plain(value)
    if said.get("type") == "randint":
        return "integer"
    if said.get("type") != "choice":
        return "number"
    kinds = {input_type(each) for each in said["values"]}
    return kinds.pop() if len(kinds) == 1 else "number" if kinds <= {"integer", "number"} else "string"


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, Binding) and value.is_missing)


_open: list[list[Node]] = []
"""The steps of each pipeline function that is running now, the innermost last."""


def building() -> bool:
    """Whether a pipeline function is running."""
    return bool(_open)


def register(node: Node) -> None:
    """The pipeline function that is running has one step more."""
    if not _open:
        raise Invalid(f"{node.title} is called outside of a pipeline: write @pipeline above the function that calls it")
    _open[-1].append(node)


def forget(node: Node) -> None:
    """Another step takes its place."""
    if _open and node in _open[-1]:
        _open[-1].remove(node)


def collected(function: Callable[[], Any]) -> tuple[Any, list[Node]]:
    """What a pipeline function returns, and the steps it has made."""
    steps: list[Node] = []
    _open.append(steps)
    try:
        return function(), steps
    finally:
        _open.pop()
