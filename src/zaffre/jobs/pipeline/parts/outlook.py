"""The steps of a pipeline before it runs: each as the job it will be, and what a check of them pins. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zaffre.core.draft import Prepared
from zaffre.core.errors import Invalid
from zaffre.core.io import JobOutput
from zaffre.core.parents import PENDING, Ahead
from zaffre.jobs.pipeline.parts import edges, loops
from zaffre.jobs.pipeline.parts.binding import document
from zaffre.jobs.pipeline.parts.course import surroundings
from zaffre.jobs.pipeline.parts.network import FLOWS, Node

_AT = "jobs."


def ahead(spec: Any) -> list[Ahead]:
    """Every step that is a job; a loop's body is given the first item, or what the loop feeds back to it."""
    found: list[Ahead] = []
    around = surroundings(spec, _pending)
    for node in spec.network.nodes.values():
        given = _given(spec, node)
        if node.type not in FLOWS and given is not None:
            made = document(node.said, around, given)
            found.append(Ahead(f"{_AT}{node.name}", made))
    return found


def pin(spec: Any, made: Mapping[str, Prepared]) -> Any:
    """The pipeline with the versions of its components and environments, and the types of its steps' outputs.

    Raises ``Invalid`` where the steps do not fit together.
    """
    problems = edges.wrong(spec.network, {field.removeprefix(_AT): prepared for field, prepared in made.items()})
    if problems:
        raise Invalid(problems)
    steps: dict[str, dict[str, Any]] = {}
    before: dict[str, dict[str, Any]] = spec.jobs or {}
    for name, said in before.items():
        prepared = made.get(f"{_AT}{name}")
        steps[name] = _pinned(said, prepared) if prepared is not None else said
    pinned = spec.model_copy(update={"jobs": steps})
    pinned.renew()
    return pinned


def _pinned(said: Mapping[str, Any], prepared: Prepared) -> dict[str, Any]:
    child = prepared.spec
    step = {**said, "type": said.get("type") or child.type}
    for field in ("component", "trial"):
        reference = getattr(child, field, None)
        if step.get(field) is not None and isinstance(reference, str):
            step[field] = reference
    if isinstance(step.get("environment"), str) and prepared.state.get("environment"):
        step["environment"] = prepared.state["environment"]
    left: dict[str, JobOutput] = child.outputs or {}
    types = {name: output.type for name, output in left.items()}
    if types:
        outputs: dict[str, Any] = step.get("outputs") or {}
        step["outputs"] = {name: _typed(outputs.get(name), type_) for name, type_ in types.items()}
    return step


def _typed(said: Any, type_: str) -> dict[str, Any]:
    own: dict[str, Any] = {"path": said} if isinstance(said, str) else dict(said or {})
    own.setdefault("type", type_)
    return own


def _pending(step: str, output: str) -> dict[str, Any]:
    return {"path": f"{PENDING}{step}.outputs.{output}}}}}"}


def _given(spec: Any, node: Node) -> dict[str, Any] | None:
    """What a loop gives its body; None where that is known only when it runs."""
    loop = spec.network.nodes[node.loop] if node.loop else None
    if loop is None or loop.type != "parallel_for":
        return {}
    said = loop.said.get("items")
    if isinstance(said, str) and "${{" in said:
        return None
    turns = loops.items(said, f"{_AT}{loop.name}.items")
    first: list[dict[str, Any]] = list(turns.values())[:1]
    return first[0] if first else {}
