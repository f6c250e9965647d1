"""Sweeps written in Python, as azure.ai.ml's users write them."""

from __future__ import annotations

import pytest

from zaffre import command
from zaffre.core.refs import Scope
from zaffre.entities import CommandJob
from zaffre.jobs.sweep.spec import SweepJob
from zaffre.sweep import (
    BanditPolicy,
    BayesianSamplingAlgorithm,
    Choice,
    LogUniform,
    Normal,
    Objective,
    QLogUniform,
    Randint,
    SamplingAlgorithm,
    SweepJobLimits,
    Uniform,
)
from zaffre.sweep import SweepJob as Sweep


def job(**more):
    return command(
        command="python main.py --lr ${{inputs.lr}} --kernel ${{inputs.kernel}} --data ${{inputs.data}}",
        environment="azureml:e:1",
        inputs={"lr": 0.1, "kernel": "rbf", "data": "a.csv"},
        compute="cpu-cluster",
        **more,
    )


def test_a_command_is_called_with_spaces_and_swept():
    made = job()(lr=Uniform(min_value=0.1, max_value=0.9), kernel=Choice(["rbf", "linear"])).sweep(
        primary_metric="accuracy",
        goal="Maximize",
        sampling_algorithm="random",
        early_termination_policy=BanditPolicy(slack_factor=0.15, evaluation_interval=1, delay_evaluation=10),
        max_total_trials=8,
        timeout=60,
    )
    made.set_limits(max_concurrent_trials=4)
    assert made.to_yaml() == {
        "type": "sweep",
        "compute": "cpu-cluster",
        "inputs": {"data": "a.csv"},
        "trial": {
            "command": "python main.py --lr ${{search_space.lr}} --kernel ${{search_space.kernel}} --data ${{inputs.data}}",
            "environment": "azureml:e:1",
        },
        "sampling_algorithm": {"type": "random"},
        "search_space": {
            "lr": {"type": "uniform", "min_value": 0.1, "max_value": 0.9},
            "kernel": {"type": "choice", "values": ["rbf", "linear"]},
        },
        "objective": {"goal": "maximize", "primary_metric": "accuracy"},
        "early_termination": {"type": "bandit", "slack_factor": 0.15, "evaluation_interval": 1, "delay_evaluation": 10},
        "limits": {"max_total_trials": 8, "max_concurrent_trials": 4, "timeout": 60},
    }
    assert SweepJob.from_yaml(made.to_yaml()).check() == []
    assert SweepJob.from_arm(made.to_arm(Scope())).check() == []


def test_calling_a_command_leaves_it_as_it_was():
    first = job()
    second = first(lr=0.5)
    assert isinstance(second, CommandJob)
    assert (first.inputs["lr"], second.inputs["lr"], second.inputs["kernel"]) == (0.1, 0.5, "rbf")


def test_a_sweep_may_be_written_out():
    made = Sweep(
        trial={"command": "x ${{search_space.depth}}", "environment": "azureml:e:1"},
        search_space={"depth": Choice(values=[{"n": Randint(3), "rate": QLogUniform(-3, -1, 0.1)}, 2])},
        sampling_algorithm=BayesianSamplingAlgorithm(),
        objective=Objective("minimize", "loss"),
        limits=SweepJobLimits(max_total_trials=2),
    )
    made.set_objective(goal="maximize")
    assert isinstance(made.sampling_algorithm, SamplingAlgorithm)
    assert made.to_yaml()["objective"] == {"goal": "maximize", "primary_metric": "loss"}
    assert made.to_yaml()["search_space"]["depth"]["values"][0]["n"] == {"type": "randint", "upper": 3}
    told = [problem.message for problem in made.check()]
    wants = "bayesian sampling takes choice, uniform, quniform; found"
    assert told == [f"{wants} randint", f"{wants} qloguniform"]


def test_a_component_is_swept_by_its_inputs():
    from zaffre.entities import CommandJob as Plain

    made = command(command="x", environment="azureml:e:1", inputs={"a": 1})
    made.component, made.command, made.environment = "azureml:train:1", None, None
    swept = made(a=Normal(0, 1)).sweep(primary_metric="m", goal="minimize", max_total_trials=1)
    assert (swept.trial, swept.inputs) == ("azureml:train:1", None)
    assert isinstance(made, Plain)


def test_what_is_given_wrongly_is_told():
    with pytest.raises(ValueError, match="max_value"):
        LogUniform(1)
