"""What a search over hyper-parameters says, in a sweep and in AutoML alike: the space, the sampler, when to stop early."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, Tag, TypeAdapter, ValidationError

from zaffre.core import problems
from zaffre.core.errors import Invalid, Problem
from zaffre.core.plain import is_dict, is_list
from zaffre.core.refs import Scope
from zaffre.core.spelling import Arm, Seconds, renamed
from zaffre.core.wire import BY_SHAPE, Spec, by_type

Number = int | float


class Choice(Spec):
    """One of these values; a value may be a mapping with spaces of its own."""

    type: Literal["choice"]
    values: list[Any]


class Uniform(Spec):
    """Anything between two bounds, evenly or evenly in its logarithm."""

    type: Literal["uniform", "loguniform"]
    min_value: Number
    max_value: Number


class QUniform(Uniform):
    """The same in steps of ``q``."""

    type: Literal["quniform", "qloguniform"]  # type: ignore[assignment]  # other words, same fields
    q: Number


class Normal(Spec):
    """Around ``mu``, as far as ``sigma`` says."""

    type: Literal["normal", "lognormal"]
    mu: Number
    sigma: Number


class QNormal(Normal):
    """The same in steps of ``q``."""

    type: Literal["qnormal", "qlognormal"]  # type: ignore[assignment]  # other words, same fields
    q: Number


class Randint(Spec):
    """A whole number below ``upper``."""

    type: Literal["randint"]
    upper: int


_SPACES = {"choice": "choice", "randint": "randint"} | {
    word: tag
    for tag in ("uniform", "quniform", "normal", "qnormal")
    for word in (tag, tag.replace("uniform", "loguniform").replace("normal", "lognormal"))
}
Space = Annotated[
    Annotated[Choice, Tag("choice")]
    | Annotated[Uniform, Tag("uniform")]
    | Annotated[QUniform, Tag("quniform")]
    | Annotated[Normal, Tag("normal")]
    | Annotated[QNormal, Tag("qnormal")]
    | Annotated[Randint, Tag("randint")],
    by_type("choice", "uniform", "quniform", "normal", "qnormal", "randint", aliases=_SPACES),
]
"""Where one parameter comes from."""
_SPACE: TypeAdapter[Any] = TypeAdapter(Space, config={"defer_build": True})


def read_space(said: Any) -> Any:
    """A space inside a choice's mapping as its model; raises ``Invalid``."""
    try:
        return _SPACE.validate_python(said)
    except ValidationError as error:
        found = problems.problems_of(error, said, None, lambda path: [])
        raise Invalid([Problem(each.message, "") for each in found]) from None


_ARGUMENTS = {
    "choice": ("values",),
    "randint": ("upper",),
    "uniform": ("min_value", "max_value"),
    "quniform": ("min_value", "max_value", "q"),
    "normal": ("mu", "sigma"),
    "qnormal": ("mu", "sigma", "q"),
}


@dataclass(frozen=True, slots=True)
class _Spaces:
    """``{type: uniform, min_value: 0, max_value: 1}`` in YAML, ``["uniform", [0, 1]]`` in ARM."""

    def out(self, value: Any, scope: Scope) -> Any:
        return {name: _space_out(space.to_yaml()) for name, space in value.items()}

    def back(self, value: Any, scope: Scope | None) -> Any:
        return {name: _space_back(space) for name, space in value.items()}


def _space_out(space: Any) -> Any:
    """Spaces inside a choice's mappings are written the same way."""
    if not is_dict(space) or "type" not in space:
        return {key: _space_out(item) for key, item in space.items()} if is_dict(space) else space
    given = [space[name] for name in _ARGUMENTS[_SPACES[space["type"]]]]
    if space["type"] == "choice":
        given = [[_space_out(item) for item in given[0]]]
    return [space["type"], given]


def _space_back(space: Any) -> Any:
    if is_dict(space):
        return {key: _space_back(item) for key, item in space.items()}
    if not (is_list(space) and len(space) == _PAIR and space[0] in _SPACES and is_list(space[1])):
        return space
    found: dict[str, Any] = dict(zip(_ARGUMENTS[_SPACES[space[0]]], space[1], strict=False))
    if space[0] == "choice":
        found["values"] = [_space_back(item) for item in found.get("values", [])]
    return {"type": space[0], **found}


_PAIR = 2
SearchSpace = Annotated[dict[str, Space], _Spaces()]
"""Where each parameter comes from."""
_SAMPLER = Arm("samplingAlgorithmType")
_POLICY = Arm("policyType")


class Random(Spec):
    """Drawn by chance, or along a Sobol sequence."""

    type: Annotated[Literal["random"], _SAMPLER, renamed({"random": "Random"})]
    seed: int | None = None
    logbase: Number | str | None = None
    rule: Annotated[Literal["random", "sobol"] | None, renamed({"random": "Random", "sobol": "Sobol"})] = None


class Grid(Spec):
    """Every combination."""

    type: Annotated[Literal["grid"], _SAMPLER, renamed({"grid": "Grid"})]


class Bayesian(Spec):
    """Where the trials before promise most."""

    type: Annotated[Literal["bayesian"], _SAMPLER, renamed({"bayesian": "Bayesian"})]
    seed: Annotated[int | None, Arm()] = None


class Learning(Spec):
    """Beyond Azure: samplers that learn from the trials before, by their own names."""

    type: Annotated[
        Literal["tpe", "gp", "cmaes", "nsga2"],
        _SAMPLER,
        renamed({"tpe": "Tpe", "gp": "Gp", "cmaes": "CmaEs", "nsga2": "Nsga2"}),
    ]
    seed: int | None = None
    startup_trials: Annotated[int | None, Field(ge=1)] = None
    """Drawn by chance before anything is learned (tpe, gp)."""
    population: Annotated[int | None, Field(ge=4)] = None
    """Trials of one generation (cmaes, nsga2)."""


def _sampler(value: Any) -> Any:
    """``random`` is short for ``{type: random}``."""
    return {"type": value} if isinstance(value, str) else value


Sampler = Annotated[
    Annotated[Random, Tag("random")]
    | Annotated[Grid, Tag("grid")]
    | Annotated[Bayesian, Tag("bayesian")]
    | Annotated[Learning, Tag("tpe")],
    by_type("random", "grid", "bayesian", "tpe", aliases={"gp": "tpe", "cmaes": "tpe", "nsga2": "tpe"}),
    BeforeValidator(_sampler),
]
_SAMPLERS: TypeAdapter[Any] = TypeAdapter(Sampler, config={"defer_build": True})


def read_sampler(said: Any) -> Any:
    """A sampler that was checked before, as its model."""
    return _SAMPLERS.validate_python(said)


class EarlyTermination(Spec):
    """When trials are looked at."""

    arm_always: ClassVar[dict[str, Any]] = {"evaluationInterval": 0, "delayEvaluation": 0}

    evaluation_interval: int | None = None
    delay_evaluation: int | None = None


class Bandit(EarlyTermination):
    """Stop what is worse than the best by more than the slack."""

    arm_always: ClassVar[dict[str, Any]] = EarlyTermination.arm_always | {"slackFactor": 0, "slackAmount": 0}

    type: Annotated[Literal["bandit"], _POLICY, renamed({"bandit": "Bandit"})]
    slack_factor: float | None = None
    slack_amount: float | None = None


class MedianStopping(EarlyTermination):
    """Stop what is worse than the median of the running averages."""

    type: Annotated[Literal["median_stopping"], _POLICY, renamed({"median_stopping": "MedianStopping"})]


class Truncation(EarlyTermination):
    """Stop the worst part."""

    type: Annotated[Literal["truncation_selection"], _POLICY, renamed({"truncation_selection": "TruncationSelection"})]
    truncation_percentage: Annotated[int, Field(ge=1, le=99)]
    exclude_finished_jobs: bool | None = None
    """Compare with trials that still run only."""


class Halving(Spec):
    """Beyond Azure: at intervals that grow by a factor, let the best part go on (ASHA), in several brackets (hyperband)."""

    type: Annotated[Literal["asha", "hyperband"], _POLICY, renamed({"asha": "Asha", "hyperband": "Hyperband"})]
    reduction_factor: Annotated[int | None, Field(ge=2)] = None
    min_intervals: Annotated[int | None, Field(ge=1)] = None
    """When a trial is looked at first."""
    max_intervals: Annotated[int | None, Field(ge=1)] = None
    """How often a trial that is never stopped logs; hyperband counts its brackets from it."""


EarlyStop = Annotated[
    Annotated[Bandit, Tag("bandit")]
    | Annotated[MedianStopping, Tag("median_stopping")]
    | Annotated[Truncation, Tag("truncation_selection")]
    | Annotated[Halving, Tag("asha")],
    by_type("bandit", "median_stopping", "truncation_selection", "asha", aliases={"hyperband": "asha"}),
]


class Objective(Spec):
    """Which metric is to become small or large."""

    goal: Annotated[Literal["minimize", "maximize"], renamed({"minimize": "minimize", "maximize": "maximize"})]
    primary_metric: str


Objectives = Annotated[
    Annotated[Objective, Tag("object")] | Annotated[list[Objective], Field(min_length=1), Tag("text")], BY_SHAPE
]
"""One, or (beyond Azure) several; of several the first decides what is called best."""


class SweepLimits(Spec):
    """How many trials, how many at once, how long; times in seconds."""

    arm_always: ClassVar[dict[str, Any]] = {"jobLimitsType": "Sweep"}

    max_total_trials: int | None = None
    max_concurrent_trials: int | None = None
    timeout: Seconds | None = None
    trial_timeout: Seconds | None = None


_OF_COMPONENTS = frozenset({"inputs", "outputs", "version", "type", "is_deterministic"})


def is_component(trial: Mapping[str, Any]) -> bool:
    """Whether a trial written out is a component, with inputs for what is searched for; else its command names that."""
    return not _OF_COMPONENTS.isdisjoint(trial)
