"""What is wrong between steps that are each right by themselves: outputs nobody has, data that a step overwrites. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from zaffre.core import problems
from zaffre.core.draft import Prepared
from zaffre.core.errors import Problem
from zaffre.core.io import JobInput, JobOutput
from zaffre.core.plain import texts
from zaffre.jobs.pipeline.parts.binding import own_words, steps_named
from zaffre.jobs.pipeline.parts.network import Network

_LOOPS = ("do_while", "parallel_for")
_LEAVE_NOTHING = ("if_else", "approval")
_TOLD = ("command", "parallel", "spark", "pipeline")
"""Types whose outputs are all known before they run."""


def wrong(network: Network, made: Mapping[str, Prepared]) -> list[Problem]:
    """Every mistake at its place. ``made``: step → as it was prepared, of those whose outputs are known."""
    found: list[Problem] = []
    for node in network.nodes.values():
        for at, text in texts(own_words(node.said), f"jobs.{node.name}"):
            for step, output in steps_named(text):
                found += _missing(network, made, (step, output), at)
    for name, prepared in made.items():
        found += [Problem(told, f"jobs.{name}.outputs.{output}.path") for output, told in _overwritten(prepared.spec)]
    return found


def notes(made: Mapping[str, Prepared]) -> list[str]:
    """Edges whose two ends name different types, which is no mistake: what was written is passed on as it is."""
    found: list[str] = []
    for name, prepared in made.items():
        inputs: dict[str, Any] = prepared.spec.inputs or {}
        for taken, value in inputs.items():
            if not isinstance(value, JobInput) or "type" not in value.model_fields_set:
                continue
            for step, output in steps_named(value.path or ""):
                outputs: dict[str, JobOutput] = (made[step].spec.outputs or {}) if step in made else {}
                left = outputs.get(output)
                if left is not None and left.type != value.type:
                    edge = f"jobs.{step}.outputs.{output} → jobs.{name}.inputs.{taken}"
                    found.append(f"{edge}: a {left.type} goes to an input of type {value.type}, as it is")
    return found


def _missing(network: Network, made: Mapping[str, Prepared], edge: tuple[str, str], at: str) -> list[Problem]:
    """An output that its step does not have."""
    step, output = edge
    node = network.nodes[step]
    if node.type in _LEAVE_NOTHING:
        return [Problem(f"step {step!r} is of type {node.type}, and has no outputs", at)]
    prepared = made.get(network.body(step) if node.type in _LOOPS else step)
    if prepared is None or prepared.spec.type not in _TOLD:
        return []
    outputs: dict[str, Any] = prepared.spec.outputs or {}
    if output in outputs:
        return []
    has = f"it has {', '.join(sorted(outputs))}" if outputs else "it has none"
    hint = problems.closest(output, outputs) or has
    return [Problem(f"step {step!r} has no output {output!r}", at, hint=hint)]


def _overwritten(spec: Any) -> Iterator[tuple[str, str]]:
    """(output, why) of each that is written where one of the step's own inputs lies."""
    inputs: dict[str, Any] = spec.inputs or {}
    outputs: dict[str, JobOutput] = spec.outputs or {}
    for name, output in outputs.items():
        for other, value in inputs.items():
            if output.path and isinstance(value, JobInput) and _within(output.path, value.path or ""):
                told = f"the step would write to {output.path}, where its input {other!r} lies; give the output another place"
                yield name, told


def _within(one: str, other: str) -> bool:
    """Whether an output is another's place, or a folder around it; a new folder inside an input is a usual thing."""
    first, second = (text.replace("azureml://datastores/", "", 1).strip("/") for text in (one, other))
    return bool(first and second) and (f"{second}/".startswith(f"{first}/"))
