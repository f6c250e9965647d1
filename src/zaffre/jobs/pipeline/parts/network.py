"""A pipeline's steps as a network: what waits for what, what belongs to branches and loops, whose the outputs are. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from zaffre.core.errors import Problem
from zaffre.core.plain import is_list, is_mapping, mapping_of, texts
from zaffre.jobs.pipeline.parts.binding import bound_output, own_words, steps_named

FLOWS = ("if_else", "do_while", "parallel_for", "approval")
_STEP = re.compile(r"\$\{\{\s*parent\.jobs\.(\w+)\s*\}\}")
_BLOCKS = ("true_block", "false_block")


@dataclass(frozen=True, slots=True)
class Node:
    """One step."""

    name: str
    said: Mapping[str, Any]
    """As it stands in the pipeline, in stored spelling."""
    needs: frozenset[str]
    """Steps that must have ended well before."""
    branch: tuple[str, bool] | None = None
    """The ``if_else`` it belongs to, and on which side."""
    loop: str = ""
    """The loop whose body it is."""
    type: str = "command"


@dataclass(frozen=True, slots=True)
class Network:
    """All steps, each after those it needs."""

    nodes: Mapping[str, Node]
    outputs: Mapping[str, tuple[str, str]]
    """The pipeline's outputs → (step, its output)."""

    def body(self, loop: str) -> str:
        """The step that a loop runs."""
        return next(node.name for node in self.nodes.values() if node.loop == loop)


def network(steps: Mapping[str, Mapping[str, Any]]) -> Network:
    """The network of steps that ``problems`` finds nothing wrong with."""
    branches, loops = _owners(steps)
    bodies = {body: loop for loop, body in loops.items()}
    needs = _all_needs(steps, branches, loops)
    types = {name: str(said.get("type") or "command") for name, said in steps.items()}
    nodes = {
        name: Node(name, steps[name], needs[name], branches.get(name), bodies.get(name, ""), types[name])
        for name in _ordered(needs)
    }
    outputs = {
        bound: (name, output)
        for name, said in steps.items()
        for output, value in mapping_of(said.get("outputs")).items()
        if (bound := bound_output(value))
    }
    return Network(nodes, outputs)


def problems(steps: Mapping[str, Any]) -> list[Problem]:
    """Cycles, blocks and bodies that name no step, steps that belong to two."""
    found: list[Problem] = []
    known = {name: said for name, said in steps.items() if is_mapping(said)}
    taken: dict[str, str] = {}
    for name, said in known.items():
        for field in (*_BLOCKS, "body", "depends_on"):
            for at, other in _named(said.get(field)):
                place = f"jobs.{name}.{field}{at}"
                if other not in known:
                    found.append(Problem(f"there is no step {other!r}", place))
                elif field != "depends_on" and taken.setdefault(other, name) != name:
                    told = f"step {other!r} belongs to {taken[other]!r} already"
                    found.append(Problem(told, place))
    if found:
        return found
    circle = _circle(_all_needs(known, *_owners(known)))
    if circle:
        told = f"these steps wait for each other: {' → '.join([*circle, circle[0]])}"
        found.append(Problem(told, f"jobs.{circle[0]}", hint="break the circle at one of their inputs"))
    return found


def _owners(steps: Mapping[str, Mapping[str, Any]]) -> tuple[dict[str, tuple[str, bool]], dict[str, str]]:
    """Step → its branch; loop → its body."""
    branches: dict[str, tuple[str, bool]] = {}
    loops: dict[str, str] = {}
    for name, said in steps.items():
        for field in _BLOCKS:
            branches |= {step: (name, field == _BLOCKS[0]) for _, step in _named(said.get(field))}
        for _, step in _named(said.get("body")):
            loops[name] = step
    return branches, loops


def _all_needs(
    steps: Mapping[str, Mapping[str, Any]], branches: Mapping[str, tuple[str, bool]], loops: Mapping[str, str]
) -> dict[str, frozenset[str]]:
    """Of every step. A loop needs what its body needs; what needs a loop's body needs the loop."""
    bodies = {body: loop for loop, body in loops.items()}
    own = {name: _needs(name, said, branches, bodies) for name, said in steps.items()}
    return own | {loop: own[loop] | own[body] - {loop} for loop, body in loops.items()}


def _needs(
    name: str, said: Mapping[str, Any], branches: Mapping[str, tuple[str, bool]], bodies: Mapping[str, str]
) -> frozenset[str]:
    own = {other for _, text in texts(own_words(said)) for other, _ in steps_named(text)}
    own |= {other for _, other in _named(said.get("depends_on"))}
    if name in branches:
        own.add(branches[name][0])
    inside = {name} if name in bodies.values() else set[str]()  # what a loop says of itself it says of its turns
    return frozenset(bodies.get(other, other) for other in own if bodies.get(other) != name and other not in inside)


def _named(value: Any) -> Iterator[tuple[str, str]]:
    """(place, step) of each step that a block names: ``${{parent.jobs.x}}`` or ``x``."""
    many = is_list(value)
    entries: Iterable[Any] = value if is_list(value) else [value] if isinstance(value, str) else []
    for index, each in enumerate(entries):
        match = _STEP.fullmatch(str(each).strip())
        yield (f"[{index}]" if many else ""), match[1] if match else str(each).strip()


def _ordered(needs: Mapping[str, frozenset[str]]) -> list[str]:
    """Each after those it needs, otherwise as written; of a circle somewhere."""
    place = {name: number for number, name in enumerate(needs)}
    found: dict[str, None] = {}
    begun: set[str] = set()
    for start in needs:
        stack = [start]
        while stack:
            name = stack[-1]
            late = [other for other in needs[name] if other in place and other not in found and other not in begun]
            begun.add(name)
            if late:
                stack += sorted(late, key=place.__getitem__, reverse=True)
            else:
                found.setdefault(stack.pop())
    return list(found)


def _circle(needs: Mapping[str, frozenset[str]]) -> list[str]:
    """The steps of one circle, or none."""
    done: set[str] = set()
    for start in needs:
        path: list[str] = []
        stack: list[tuple[str, Iterator[str]]] = [(start, iter(sorted(needs[start])))] if start not in done else []
        path.append(start)
        while stack:
            name, others = stack[-1]
            other = next(others, None)
            if other is None:
                done.add(name)
                stack.pop()
                path.pop()
            elif other in path:
                return path[path.index(other) :]
            elif other in needs and other not in done:
                path.append(other)
                stack.append((other, iter(sorted(needs[other]))))
    return []
