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


def prepare(name="c", existing=None, **spec):
    model = Compute.from_yaml({"name": name, "type": "amlcompute", **spec})
    return rules.prepare(Draft(Key("w", "compute", name), model, existing, "me", 0.0), Runs())


def stored(name="c", **spec):
    return Resource(Key("w", "compute", name), spec, "", {}, 1, False, 0.0, "me", 0.0, "me")


def test_cluster_is_ready_at_once():
    assert prepare(max_instances=3).state == {"provisioning_state": "Succeeded"}


@pytest.mark.parametrize("name", ["local", "serverless"])
def test_built_in_names_are_taken(name):
    with pytest.raises(Invalid, match="built in"):
        prepare(name)


@pytest.mark.parametrize("type_", ["computeinstance", "kubernetes", "virtualmachine", "synapsespark"])
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
