"""What a compute must be, and when it may go."""

import pytest

from zaffre.core.draft import Draft
from zaffre.core.errors import Conflict, Invalid, NotBuilt
from zaffre.core.resource import Key, Resource
from zaffre.kinds.compute import rules
from zaffre.kinds.compute.spec import Compute


class Runs:
    def __init__(self, run=None):
        self.run = run

    def open_run(self, workspace, compute):
        return self.run

    def nodes(self, compute):
        return [("j", "Running", 2)], 1


def prepare(name="c", existing=None, **spec):
    model = Compute.from_yaml({"name": name, "type": "amlcompute", **spec})
    return rules.prepare(Draft(Key("w", "compute", name), model, existing, "me", 0.0), Runs())


def stored(name="c", **spec):
    return Resource(Key("w", "compute", name), spec, "", {}, 1, False, 0.0, "me", 0.0, "me")


def test_cluster_is_ready_at_once():
    assert prepare(max_instances=3).state == {"provisioning_state": "Succeeded", "notes": []}


def test_who_waits_is_told_of_a_change():
    assert prepare().work == ()
    assert prepare(existing=stored(type="amlcompute")).work == ("compute:w/c",)


def test_an_instance_runs_from_the_start_and_stays_as_it_was():
    assert prepare(type="computeinstance").state["state"] == "Running"
    assert "state" not in prepare(type="computeinstance", existing=stored(type="computeinstance")).state


def test_an_unknown_size_is_taken_with_a_note():
    assert "Standard_DS3_v2" in prepare(size="STANDARD_DS3_V9").state["notes"][0]
    assert prepare(size="standard_ds3_v2").state["notes"] == []


def test_what_is_shown_counts_nodes_and_keeps_the_engines_notes_to_itself():
    compute = stored(type="amlcompute", max_instances=4)
    compute.state.update(idle_nodes=[[0.0, 1]], provisioning_state="Succeeded")
    shown = rules.describe(compute, Runs())
    assert "idle_nodes" not in shown
    assert (shown["current_node_count"], shown["node_state_counts"]["running_node_count"]) == (3, 2)


VM = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm"
AKS = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks"


@pytest.mark.parametrize(("type_", "resource"), [("virtualmachine", VM), ("kubernetes", AKS)])
def test_what_is_attached_is_kept(type_, resource):
    assert prepare(type=type_, resource_id=resource).state["is_attached"]
    for wrong in (None, "vm", VM if resource is AKS else AKS):
        with pytest.raises(Invalid) as caught:
            prepare(type=type_, resource_id=wrong)
        assert caught.value.problems[0].field == "resource_id"


def test_the_password_of_what_is_attached_is_not_kept():
    made = prepare(
        type="virtualmachine", resource_id=VM, ssh_settings={"admin_username": "a", "admin_password": "secret"}
    )
    assert "secret" not in str(made.spec.to_stored())
    assert "not kept" in made.state["notes"][1]


@pytest.mark.parametrize("name", ["local", "serverless"])
def test_built_in_names_are_taken(name):
    with pytest.raises(Invalid, match="built in"):
        prepare(name)


@pytest.mark.parametrize("type_", ["synapsespark"])
def test_other_types_are_not_built(type_):
    with pytest.raises(NotBuilt, match=type_):
        prepare(type=type_)


def test_no_password_is_kept():
    with pytest.raises(Invalid) as caught:
        prepare(ssh_settings={"admin_username": "a", "admin_password": "secret"})
    assert caught.value.problems[0].field == "ssh_settings"
    assert "secret" not in str(caught.value)


def test_type_stays():
    with pytest.raises(Conflict):
        prepare(existing=stored(type="kubernetes"))


def test_in_use_stays():
    with pytest.raises(Conflict, match="job 'j'"):
        rules.remove(stored(), Runs("j"))
    assert rules.remove(stored(), Runs()).at_once
    with pytest.raises(Conflict, match="built in"):
        rules.remove(stored("local"), Runs())
