"""``command(…).component``: a command as the component that it could be."""

from __future__ import annotations

from zaffre import DaskDistribution, Input, Output, command
from zaffre.entities import CommandComponent
from zaffre.jobs.command.spec import CommandComponent as Model


def job(**more):
    return command(
        name="prep",
        display_name="Prepare",
        command="python p.py ${{inputs.data}} --rate ${{inputs.rate}} --deep ${{inputs.deep}} ${{outputs.out}}",
        code="./src",
        environment="azureml:e:1",
        inputs={"data": Input(type="uri_folder", path="./d", mode="download"), "rate": 0.1, "deep": True},
        outputs={"out": Output(type="uri_file")},
        **more,
    )


def test_a_command_as_a_component():
    made = job(is_deterministic=False).component
    assert isinstance(made, CommandComponent)
    assert made.check() == []
    said = made.to_yaml()
    assert said["inputs"] == {
        "data": {"type": "uri_folder", "mode": "download"},
        "rate": {"type": "number", "default": 0.1},
        "deep": {"type": "boolean", "default": True},
    }
    assert said["outputs"] == {"out": {"type": "uri_file"}}
    assert (said["name"], said["display_name"], said["code"]) == ("prep", "Prepare", "./src")
    assert (said["is_deterministic"], said["environment"]) == (False, "azureml:e:1")
    Model.from_yaml(said)


def test_the_command_itself_stays_a_job():
    made = job()
    before = made.to_yaml()
    assert made.component is not None
    assert made.to_yaml() == before
    assert "component" not in before
    assert made.check() == []
    swept = made(rate=0.2).sweep(primary_metric="auc", goal="maximize", max_total_trials=2)
    assert swept.to_yaml()["trial"]["command"] == before["command"]


def test_dask_has_a_class_beside_the_others():
    made = job(distribution=DaskDistribution(process_count_per_instance=2))
    assert made.to_yaml()["distribution"] == {"type": "dask", "process_count_per_instance": 2}
    assert made.component.distribution.type == "dask"
