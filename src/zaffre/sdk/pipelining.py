"""``@pipeline``: a Python function that calls components, as the pipeline job (or component) that it describes.

What comes out is the document that YAML would have been; nothing is known of the function afterwards.
"""

from __future__ import annotations

import functools
import inspect
import re
import sys
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any, get_args

from zaffre.core.dialect import Bilingual
from zaffre.core.errors import Invalid, Problem
from zaffre.core.problems import closest
from zaffre.sdk import nodes
from zaffre.sdk.entity import of_kind
from zaffre.sdk.nodes import MISSING, Flow, Inputs, Node, NodeOutput, PipelineInput, Source, plain
from zaffre.sdk.parsed import is_list, is_mapping

_SETTINGS = (
    "default_compute",
    "default_datastore",
    "continue_on_step_failure",
    "force_rerun",
    "on_init",
    "on_finalize",
)
_OF_JOB = ("experiment_name", "compute", "identity", "properties")
_UNFIT = re.compile(r"[^a-z0-9_]")
_MOST_OUTPUT_FIELDS = ("type", "mode", "path", "name", "version")


def pipeline(function: Callable[..., Any] | None = None, **about: Any) -> Any:
    """Make a pipeline of a function. ``about``: ``name``, ``display_name``, ``description``, ``tags``, ``experiment_name``,
    ``default_compute`` and the other settings, ``version``, ``is_deterministic``, ``non_pipeline_inputs``.

    Calling the result makes a pipeline job; inside another pipeline it makes a step.
    """
    if function is None:
        return functools.partial(pipeline, **about)
    if "compute" in about:
        about["default_compute"] = about.pop("compute")
    known = {"name", "display_name", "description", "tags", "version", "is_deterministic", "non_pipeline_inputs"}
    unknown = sorted({*about} - known - {*_SETTINGS, *_OF_JOB})
    if unknown:
        told = f"@pipeline takes no {unknown[0]!r}"
        raise Invalid([Problem(told, hint=closest(unknown[0], known | {*_SETTINGS}))])
    return functools.wraps(function)(_Function(function, about))


class _Function:
    """A decorated function."""

    def __init__(self, function: Callable[..., Any], about: Mapping[str, Any]) -> None:
        self._function = function
        self._about = about
        self._signature = _signature(function)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """A job; inside another pipeline function a step."""
        try:
            given = self._signature.bind_partial(*args, **kwargs).arguments
        except TypeError as error:
            raise Invalid(f"{self._function.__name__}: {error}") from error
        nested = nodes.building()
        built = _Built(self._function, self._signature, given, self._about.get("non_pipeline_inputs") or (), nested)
        return self._step(built) if nested else self._job(built)

    def _job(self, built: _Built) -> Any:
        about = self._about
        settings = {name: about[name] for name in _SETTINGS if about.get(name) is not None}
        document: dict[str, Any] = {
            "type": "pipeline",
            "display_name": about.get("display_name") or about.get("name") or self._function.__name__,
            "description": about.get("description") or inspect.getdoc(self._function),
            **{name: plain(about[name]) for name in (*_OF_JOB, "tags") if about.get(name) is not None},
            "inputs": {name: plain(value) for name, value in built.given.items() if value is not MISSING},
            "outputs": built.outputs,
            "settings": settings,
            "jobs": built.jobs,
        }
        made: Any = of_kind("job", "pipeline").from_yaml(
            {name: value for name, value in document.items() if value or name == "settings"}
        )
        made.inputs, made.outputs = Inputs(made.inputs or {}), Inputs(made.outputs or {})
        return made

    def _step(self, built: _Built) -> Node:
        about = self._about
        declared = {name: built.declared(name) for name in built.given}
        left: dict[str, str] = {name: str(said.get("type", "uri_folder")) for name, said in built.outputs.items()}
        told: dict[str, Any] = {
            "type": "pipeline",
            "display_name": about.get("display_name"),
            "description": about.get("description"),
            "inputs": declared,
            "outputs": {name: {"type": type_} for name, type_ in left.items()},
            "jobs": built.jobs,
        }
        component = {name: value for name, value in told.items() if value}
        types = {name: str(said["type"]) for name, said in declared.items()}
        name = self._function.__name__
        source = Source("pipeline", f"pipeline {name}", {"component": component}, types, left)
        step = Node(source, {key: value for key, value in built.given.items() if value is not MISSING})
        step.__dict__["wanted"] = name
        return step


def _signature(function: Callable[..., Any]) -> inspect.Signature:
    """With annotations that were postponed evaluated, where all of them can be."""
    try:
        return inspect.signature(function, eval_str=True)
    except (NameError, AttributeError, SyntaxError, TypeError):
        return inspect.signature(function)


class _Built:
    """One call of a pipeline function."""

    def __init__(
        self,
        function: Callable[..., Any],
        signature: inspect.Signature,
        given: Mapping[str, Any],
        raw: Any,
        nested: bool,
    ) -> None:
        self.given: dict[str, Any] = {}
        self._parameters = signature.parameters
        plainly: dict[str, Any] = {}
        for name, parameter in signature.parameters.items():
            value = given.get(name, parameter.default)
            if name in raw:
                plainly[name] = value
                continue
            if value is inspect.Parameter.empty and not _is_optional(parameter.annotation):
                raise Invalid(f"{function.__name__}: the pipeline needs the input {name!r}, and it is missing")
            self.given[name] = MISSING if value is inspect.Parameter.empty or value is None else value
        self._nested = nested
        bound = {name: PipelineInput(name, value, self._type(name, value)) for name, value in self.given.items()}
        names: dict[str, Any] = {}
        answer, steps = nodes.collected(lambda: _called(function, {**bound, **plainly}, names))
        _name(steps, names)
        self.outputs = _outputs(answer, function.__name__)
        self.jobs = {step.named(): step.document() for step in steps}

    def declared(self, name: str) -> dict[str, Any]:
        """One input as the component declares it."""
        annotation = self._parameters[name].annotation
        default = self._parameters[name].default
        said: dict[str, Any] = {"type": self._type(name, self.given[name])}
        if isinstance(annotation, Bilingual):
            kept = ("description", "min", "max", "enum")
            said |= {key: value for key, value in annotation.to_yaml().items() if key in kept}
        if isinstance(default, bool | int | float | str):
            said["default"] = default
        if default is None or _is_optional(annotation):
            said["optional"] = True
        return said

    def _type(self, name: str, value: Any) -> str:
        annotation = _without_none(self._parameters[name].annotation)
        known = {"bool": "boolean", "int": "integer", "float": "number", "str": "string"}
        word = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", "")
        if word in known:
            return known[word]
        if isinstance(annotation, Bilingual):
            return str(plain(annotation).get("type") or "uri_folder")
        return "string" if value is MISSING else nodes.input_type(value)


def _without_none(annotation: Any) -> Any:
    """``int`` of ``int | None``, as a class or (with postponed annotations) as a text."""
    if isinstance(annotation, str):
        return annotation.removesuffix("| None").strip()
    left = [each for each in get_args(annotation) if each is not type(None)]
    return left[0] if len(left) == 1 else annotation


def _is_optional(annotation: Any) -> bool:
    return isinstance(annotation, Bilingual) and bool(getattr(annotation, "optional", False))


def _called(function: Callable[..., Any], given: Mapping[str, Any], names: dict[str, Any]) -> Any:
    """Call it, and note what its variables are called when it returns: that is what steps are called."""
    code = inspect.unwrap(function).__code__

    def note(frame: FrameType, event: str, argument: Any) -> None:
        del argument
        if event == "return" and frame.f_code is code:
            names.update(frame.f_locals)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        return function(**given)
    finally:
        sys.setprofile(before)


def _name(steps: list[Node], names: Mapping[str, Any]) -> None:
    """Each step has the name it was given, or that of its variable, or its component's; no two the same."""
    taken = {str(step.name) for step in steps if step.name}
    variables = {id(value): name for name, value in reversed(list(names.items())) if isinstance(value, Node)}
    for step in steps:
        if step.name:
            continue
        own: dict[str, Any] = step.__dict__
        wanted = variables.get(id(step)) or own.get("wanted") or _component_name(step) or step.type
        wanted = _UNFIT.sub("_", str(wanted).lower()).lstrip("0123456789") or "step"
        name, count = wanted, 0
        while name in taken:
            count += 1
            name = f"{wanted}_{count}"
        taken.add(name)
        own["given"] = name


def _component_name(step: Node) -> str:
    said = step.component
    if is_mapping(said):
        return str(said.get("name") or "")
    return (
        str(said).rpartition("components/")[2].removeprefix("azureml:").partition(":")[0].partition("/")[0]
        if said
        else ""
    )


def _outputs(answer: Any, function: str) -> dict[str, dict[str, Any]]:
    """What the function returns becomes the pipeline's outputs, bound to the steps that make them."""
    if answer is None:
        return {}
    if not is_mapping(answer):
        raise Invalid(f"{function}: expected a dict of outputs (name → step.outputs.x), found {type(answer).__name__}")
    found: dict[str, dict[str, Any]] = {}
    for name, output in answer.items():
        if not isinstance(output, NodeOutput):
            raise Invalid(f"{function}: output {name!r} is no output of a step")
        said = {key: getattr(output, key) for key in _MOST_OUTPUT_FIELDS if getattr(output, key)}
        found[str(name)] = {key: plain(value) for key, value in said.items()} or {"type": "uri_folder"}
        for key in _MOST_OUTPUT_FIELDS[1:]:
            setattr(output, key, None)
        output.type = output.declared
        output.path = f"${{{{parent.outputs.{name}}}}}"
    return found


def if_else(*, condition: Any, true_block: Any = None, false_block: Any = None) -> Flow:
    """Let a step (or a list of steps) run by a condition: an output that holds a truth, or an input of the pipeline."""
    said = {"condition": condition, "true_block": true_block, "false_block": false_block}
    return _flow("if_else", said)


def do_while(*, body: Node, mapping: Mapping[Any, Any], max_iteration_count: int, condition: Any = None) -> Flow:
    """Run a step again and again while one of its outputs says so. ``mapping``: its output → the input it becomes."""
    back = {_output_name(output): _input_names(inputs) for output, inputs in mapping.items()}
    said = {"body": body, "condition": condition, "mapping": back}
    made = _flow("do_while", {**said, "limits": {"max_iteration_count": max_iteration_count}}, body)
    return made


def parallel_for(*, body: Node, items: Any, max_concurrency: int | None = None) -> Flow:
    """Run a step once for each item (a mapping of its inputs). Outputs of the loop are folders, one entry a turn."""
    return _flow("parallel_for", {"body": body, "items": items, "max_concurrency": max_concurrency}, body)


def approval(
    *, message: str | None = None, timeout: float | None = None, inputs: Mapping[str, Any] | None = None
) -> Flow:
    """Wait until somebody says that the pipeline may go on; steps say ``.after`` it."""
    return _flow("approval", {"message": message, "timeout": timeout}, inputs=inputs)


def _flow(
    type_: str, said: Mapping[str, Any], body: Node | None = None, inputs: Mapping[str, Any] | None = None
) -> Flow:
    told = {key: value for key, value in said.items() if value is not None}
    types = {name: "uri_folder" for name in body.outputs} if body is not None and type_ == "parallel_for" else {}
    if body is not None and type_ == "do_while":
        types = {name: output.declared for name, output in body.outputs.items()}
    return Flow(Source(type_, f"the {type_}", told, {}, types, closed=False), inputs or {})


def _output_name(output: Any) -> str:
    return output.output if isinstance(output, NodeOutput) else str(output)


def _input_names(inputs: Any) -> Any:
    return [str(each) for each in inputs] if is_list(inputs) else str(inputs)


__all__ = ["approval", "do_while", "if_else", "parallel_for", "pipeline"]
