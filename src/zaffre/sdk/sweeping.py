"""Sweeps written in Python, with azure.ai.ml's names: spaces, policies, and a command turned into a sweep.

Of ``job = command(…)``, ``job(lr=Uniform(0, 1))`` has inputs that are to be searched, and ``.sweep(…)`` makes the sweep.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Self, cast

from pydantic import PrivateAttr

from zaffre.core import sweeping
from zaffre.core.dialect import Bilingual
from zaffre.core.plain import mapping_of
from zaffre.sdk import componentized, nodes
from zaffre.sdk.entity import Entity, entity, of_kind

_LIMITS = ("max_concurrent_trials", "max_total_trials", "timeout", "trial_timeout")
_OF_TRIAL = ("command", "environment", "code", "environment_variables", "resources", "distribution")
_OF_JOB = ("outputs", "compute", "identity", "queue_settings", "services", "experiment_name", "display_name")
_ALSO = ("description", "tags", "properties")


def _placed(made: type[Any], *order: str) -> type[Any]:
    """The same class; its arguments may be given by their places."""

    def begin(self: Any, *given: Any, **named: Any) -> None:
        super(found, self).__init__(**dict(zip(order, given, strict=False)), **named)

    about = {"__init__": begin, "__doc__": made.__doc__, "__module__": "zaffre.sweep"}
    found: type[Any] = type(made.__name__, (made,), about)
    return found


def _space(model: type[Any], name: str, *order: str) -> type[Any]:
    """A distribution's class."""
    return _placed(entity(model, name=name, type=name.lower()), *order)


_RANGE, _BELL = ("min_value", "max_value"), ("mu", "sigma")
Choice = _space(sweeping.Choice, "Choice", "values")
Randint = _space(sweeping.Randint, "Randint", "upper")
Uniform = _space(sweeping.Uniform, "Uniform", *_RANGE)
LogUniform = _space(sweeping.Uniform, "LogUniform", *_RANGE)
QUniform = _space(sweeping.QUniform, "QUniform", *_RANGE, "q")
QLogUniform = _space(sweeping.QUniform, "QLogUniform", *_RANGE, "q")
Normal = _space(sweeping.Normal, "Normal", *_BELL)
LogNormal = _space(sweeping.Normal, "LogNormal", *_BELL)
QNormal = _space(sweeping.QNormal, "QNormal", *_BELL, "q")
QLogNormal = _space(sweeping.QNormal, "QLogNormal", *_BELL, "q")
BanditPolicy = entity(sweeping.Bandit, name="BanditPolicy", type="bandit")
MedianStoppingPolicy = entity(sweeping.MedianStopping, name="MedianStoppingPolicy", type="median_stopping")
TruncationSelectionPolicy = entity(sweeping.Truncation, name="TruncationSelectionPolicy", type="truncation_selection")
RandomSamplingAlgorithm = entity(sweeping.Random, name="RandomSamplingAlgorithm", type="random")
GridSamplingAlgorithm = entity(sweeping.Grid, name="GridSamplingAlgorithm", type="grid")
BayesianSamplingAlgorithm = entity(sweeping.Bayesian, name="BayesianSamplingAlgorithm", type="bayesian")
SamplingAlgorithm = Bilingual
"""The ancestor of all of them."""
Objective = _placed(entity(sweeping.Objective, name="Objective"), "goal", "primary_metric")
SweepJobLimits = entity(sweeping.SweepLimits, name="SweepJobLimits")


class SweepJob(of_kind("job", "sweep")):
    """One command, tried with many values."""

    def set_limits(self, **limits: int | None) -> None:
        """``max_total_trials``, ``max_concurrent_trials``, ``timeout``, ``trial_timeout``; the others stay."""
        said = {**self.limits.to_yaml(), **limits}
        self.limits = SweepJobLimits(**{name: value for name, value in said.items() if value is not None})

    def set_objective(self, *, goal: str | None = None, primary_metric: str | None = None) -> None:
        """What is to become small or large."""
        said = self.objectives[0]
        self.objective = Objective(goal or said.goal, primary_metric or said.primary_metric)


class Command(of_kind("job", "command")):
    """A command job, whose inputs can be given other values by calling it, and which can be swept."""

    _searched: dict[str, Any] = PrivateAttr(default_factory=dict[str, Any])
    _is_deterministic: bool | None = PrivateAttr(default=None)

    def __getattribute__(self, name: str) -> Any:
        """``component`` is never missing: of a command that has none, it is the command as one, to be registered."""
        found: Any = Entity.__getattribute__(cast("Any", self), name)
        return componentized.component(self) if name == "component" and found is None else found

    def __call__(self, **inputs: Any) -> Self:
        """The same with other inputs; what is a space is to be searched. In a pipeline function: a step of it."""
        if nodes.building():
            return Entity.__call__(cast("Any", self), **inputs)
        fixed, searched = split(inputs)
        kept = {name: value for name, value in mapping_of(self.inputs).items() if name not in searched}
        fields = {name: value for name in type(self).model_fields if (value := vars(self).get(name)) is not None}
        made: Any = type(self)(**{**fields, "inputs": {**kept, **fixed}})
        here: Any = self
        made._base, made._source = here._base, here._source
        made._searched = {**self._searched, **searched}
        return made

    def sweep(  # noqa: PLR0913 - azure.ai.ml's own signature
        self,
        *,
        primary_metric: str,
        goal: str,
        sampling_algorithm: Any = "random",
        early_termination_policy: Any = None,
        search_space: Mapping[str, Any] | None = None,
        job_tier: str | None = None,
        priority: str | None = None,
        **fields: Any,
    ) -> SweepJob:
        """A sweep of this command. ``fields``: its limits, and ``compute``, ``identity``, ``queue_settings``."""
        space = {**self._searched, **(search_space or {})}
        limits = {name: fields.pop(name) for name in _LIMITS if fields.get(name) is not None}
        policy = early_termination_policy
        queue = {name: word for name, word in (("job_tier", job_tier), ("priority", priority)) if word is not None}
        said = {name: getattr(self, name, None) for name in (*_OF_JOB, *_ALSO)}
        given: dict[str, Any] = {
            **said,
            "inputs": {name: value for name, value in mapping_of(self.inputs).items() if name not in space} or None,
            "trial": self._trial(space),
            "sampling_algorithm": sampling_algorithm,
            "search_space": space or None,
            "objective": {"goal": goal, "primary_metric": primary_metric},
            "early_termination": {"type": policy} if isinstance(policy, str) else policy,
            "limits": limits,
            "queue_settings": queue or said["queue_settings"],
            **{name: value for name, value in fields.items() if value is not None},
        }
        made: Any = SweepJob(**{name: value for name, value in given.items() if value is not None})
        here: Any = self
        made._base = here._base
        return made

    def _trial(self, space: Mapping[str, Any]) -> Any:
        """The command with what is searched for named as such; a component as it is, whose inputs they are."""
        if (component := vars(self).get("component")) is not None:
            return component
        said = {name: getattr(self, name) for name in _OF_TRIAL if getattr(self, name) is not None}
        for name in space:
            said["command"] = re.sub(
                rf"\$\{{\{{\s*inputs\.{re.escape(name)}\s*\}}\}}", f"${{{{search_space.{name}}}}}", said["command"]
            )
        return said


def split(inputs: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Values, and spaces to search for values."""
    searched = {name: value for name, value in inputs.items() if isinstance(value, _SPACES)}
    return {name: value for name, value in inputs.items() if name not in searched}, searched


_SPACES = (sweeping.Choice, sweeping.Randint, sweeping.Uniform, sweeping.Normal)
