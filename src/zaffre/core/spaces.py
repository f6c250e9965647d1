"""What a search over hyper-parameters must be to have a result: ranges that hold something, spaces its sampler can take."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from zaffre.core.errors import Invalid, Problem
from zaffre.core.plain import is_dict
from zaffre.core.sweeping import (
    Bandit,
    Choice,
    Halving,
    Normal,
    Objective,
    QNormal,
    QUniform,
    Randint,
    Sampler,
    Space,
    Uniform,
    read_space,
)

_LARGEST = 700.0
"""``exp`` of more is no number any more."""
_DISCRETE = ("choice",)
_BAYESIAN = ("choice", "uniform", "quniform")
_NUMERIC = 2


def inner(value: Any) -> dict[str, Space]:
    """The spaces inside one value of a choice: what is searched only where this value was taken."""
    spaces: dict[str, Space] = {}
    for name, item in value.items() if is_dict(value) else ():
        if isinstance(item, Choice | Randint | Uniform | Normal):
            spaces[name] = item
        elif is_dict(item) and "type" in item:
            spaces[name] = read_space(item)
    return spaces


def names(search_space: Mapping[str, Space], at: str = "") -> Iterator[str]:
    """Every parameter that a trial's command may name: ``model``, and ``model.depth`` where a value has such a key."""
    for name, space in search_space.items():
        yield at + name
        if isinstance(space, Choice):
            for value in space.values:
                if is_dict(value):
                    yield from (f"{at}{name}.{key}" for key in value)
                    yield from names(inner(value), f"{at}{name}.")


def conditional(search_space: Mapping[str, Space]) -> frozenset[str]:
    """The names that have a value in some trials only."""
    found: set[str] = set()
    for name, space in search_space.items():
        if isinstance(space, Choice):
            keyed = [set[str](value) if is_dict(value) else set[str]() for value in space.values]
            always = set[str].intersection(*keyed) if keyed else set[str]()
            below = [key for value in space.values for key in names(inner(value))]
            found |= {f"{name}.{key}" for key in {*set[str]().union(*keyed), *below} if key not in always}
    return frozenset(found)


def check_space(search_space: Mapping[str, Space], field: str = "search_space") -> list[Problem]:
    """Every range that holds nothing, at its field."""
    return [problem for name, space in search_space.items() for problem in _check(space, f"{field}.{name}")]


def _check(space: Space, at: str) -> Iterator[Problem]:
    match space:
        case Choice():
            yield from _check_choice(space, at)
        case Randint():
            if space.upper < 1:
                yield Problem(
                    f"a whole number from 0 up to below {space.upper} does not exist; expected 1 or more", f"{at}.upper"
                )
        case Uniform():
            yield from _check_range(space, at)
        case Normal():
            yield from _check_normal(space, at)


def _check_choice(space: Choice, at: str) -> Iterator[Problem]:
    if not space.values:
        yield Problem("expected one value at least, found none", f"{at}.values")
    for index, value in enumerate(space.values):
        try:
            yield from check_space(inner(value), f"{at}.values.{index}")
        except Invalid as error:
            yield from (Problem(each.message, f"{at}.values.{index}", hint=each.hint) for each in error.problems)


def _check_range(space: Uniform, at: str) -> Iterator[Problem]:
    low, high = float(space.min_value), float(space.max_value)
    if not (math.isfinite(low) and math.isfinite(high)):
        yield Problem("expected bounds that are numbers", f"{at}.min_value")
    elif low > high:
        yield Problem(
            f"nothing lies between min_value {low:g} and max_value {high:g}; min_value is the smaller one",
            f"{at}.min_value",
        )
    elif space.type.endswith("loguniform") and max(abs(low), abs(high)) > _LARGEST:
        told = f"the bounds of {space.type} are logarithms: exp({max(low, high, key=abs):g}) is no number"
        yield Problem(
            told, f"{at}.max_value", hint="for values between 0.0001 and 0.1 write min_value: -9.21, max_value: -2.3"
        )
    if isinstance(space, QUniform):
        yield from _check_step(space.q, at)


def _check_normal(space: Normal, at: str) -> Iterator[Problem]:
    if not (math.isfinite(space.sigma) and space.sigma > 0):
        yield Problem(f"expected a sigma above 0, found {space.sigma:g}", f"{at}.sigma")
    elif space.type.endswith("lognormal") and abs(space.mu) + 8 * space.sigma > _LARGEST:
        yield Problem(f"mu and sigma of {space.type} are those of the logarithm: exp of these is no number", f"{at}.mu")
    if isinstance(space, QNormal):
        yield from _check_step(space.q, at)


def _check_step(q: float, at: str) -> Iterator[Problem]:
    if not (math.isfinite(q) and q > 0):
        yield Problem(f"expected a q above 0, found {q:g}", f"{at}.q")


def check_sampler(sampler: Sampler, search_space: Mapping[str, Space], field: str = "search_space") -> list[Problem]:
    """What this sampler cannot search; Azure's refuse the same."""
    taken = {"grid": _DISCRETE, "bayesian": _BAYESIAN}.get(sampler.type)
    found: list[Problem] = []
    for name, space in _all(search_space, field):
        if taken is not None and space.type not in taken:
            told = f"{sampler.type} sampling takes {', '.join(taken)}; found {space.type}"
            hint = "random takes every distribution" + (", so does tpe" if sampler.type == "bayesian" else "")
            found.append(Problem(told, f"{name}.type", hint=hint))
    numeric = [space for space in search_space.values() if not isinstance(space, Choice)]
    if sampler.type == "cmaes" and len(numeric) < _NUMERIC:
        told = f"cmaes needs two parameters that are numbers, found {len(numeric)}"
        found.append(Problem(told, field, hint="tpe takes any space"))
    return found


def _all(search_space: Mapping[str, Space], at: str) -> Iterator[tuple[str, Space]]:
    for name, space in search_space.items():
        yield f"{at}.{name}", space
        if isinstance(space, Choice):
            for index, value in enumerate(space.values):
                yield from _all(inner(value), f"{at}.{name}.values.{index}")


def check_policy(policy: Any, sampler: Sampler | None) -> list[Problem]:
    """Early termination that contradicts itself, or the sampler."""
    found: list[Problem] = []
    if policy is not None and sampler is not None and sampler.type == "bayesian":
        told = "bayesian sampling takes no early termination, in Azure neither"
        found.append(Problem(told, "early_termination", hint="sampling_algorithm: tpe learns too, and takes it"))
    if isinstance(policy, Bandit):
        if policy.slack_factor and policy.slack_amount:
            found.append(Problem("slack_factor and slack_amount exclude each other", "early_termination.slack_amount"))
        found += [
            Problem(f"expected 0 or more, found {slack:g}", f"early_termination.{name}")
            for name, slack in (("slack_factor", policy.slack_factor), ("slack_amount", policy.slack_amount))
            if slack is not None and not slack >= 0
        ]
    if isinstance(policy, Halving):
        low, high = policy.min_intervals or 1, policy.max_intervals
        if high is not None and high < low:
            found.append(Problem(f"expected {low} or more, found {high}", "early_termination.max_intervals"))
        if policy.type == "hyperband" and high is None:
            found.append(
                Problem(
                    "required, but missing: hyperband counts its brackets from it", "early_termination.max_intervals"
                )
            )
    else:
        found += [
            Problem(f"expected 0 or more, found {count}", f"early_termination.{name}")
            for name in ("evaluation_interval", "delay_evaluation")
            if (count := getattr(policy, name, None)) is not None and count < 0
        ]
    return found


def check_objectives(objectives: list[Objective], sampler: Sampler | None) -> list[Problem]:
    """Several objectives need a sampler that knows what to do with them."""
    found: list[Problem] = []
    metrics = [one.primary_metric for one in objectives]
    if len(set(metrics)) < len(metrics):
        found.append(Problem("the same metric twice", "objective"))
    if len(objectives) > 1 and sampler is not None and sampler.type in ("bayesian", "cmaes"):
        hint = "nsga2, tpe, gp, random and grid take several objectives"
        found.append(Problem(f"{sampler.type} takes one objective, found {len(objectives)}", "objective", hint=hint))
    return found
