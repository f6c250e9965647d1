"""The built-in registries stay; one's own are made with a place for files, and go when they hold nothing."""

import pytest

from zaffre.core.draft import Draft
from zaffre.core.errors import Conflict
from zaffre.core.resource import Key, Resource
from zaffre.kinds.registry import rules
from zaffre.kinds.registry.spec import Registry


def stored(key, spec=None):
    return Resource(key, spec or {}, "", {}, 1, False, 0.0, "me", 0.0, "me")


class Shelf:
    def __init__(self, *held):
        self.held = held

    def children(self, workspace, kind, parent):
        return [stored(key) for key in self.held if (key.workspace, key.kind) == (workspace, kind)]


@pytest.mark.parametrize("name", ["azureml", "zaffre"])
def test_the_built_in_one_stays_as_it_is(name):
    with pytest.raises(Conflict, match=name):
        rules.prepare(Draft(Key("", "registry", name), Registry(name=name), None, "me", 0.0), None)
    found = stored(Key("", "registry", name))
    assert rules.describe(found, None) == {"provisioning_state": "Succeeded"}
    with pytest.raises(Conflict):
        rules.remove(found, Shelf())


def test_one_of_ones_own_is_ready_with_a_place_for_files():
    made = rules.prepare(Draft(Key("", "registry", "mine"), Registry(name="mine"), None, "me", 0.0), None)
    assert made.state == {"provisioning_state": "Succeeded"}
    assert [key for key, _ in made.furnish] == [Key("registry.mine", "datastore", "workspaceblobstore")]


def test_it_goes_with_what_it_was_born_with():
    code = Key("registry.mine", "code", "abc", "", "1")
    gone = rules.remove(stored(Key("", "registry", "mine")), Shelf(code))
    assert gone.along == (
        Key("registry.mine", "code", "abc"),
        Key("registry.mine", "datastore", "workspaceblobstore"),
    )


@pytest.mark.parametrize("kind", ["model", "data", "component", "environment"])
def test_one_that_holds_something_stays(kind):
    with pytest.raises(Conflict, match=f"still has the {kind} 'held'"):
        rules.remove(stored(Key("", "registry", "mine")), Shelf(Key("registry.mine", kind, "held", "", "1")))
