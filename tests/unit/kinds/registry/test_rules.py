"""The built-in registries are there; others cannot be made yet."""

import pytest

from zaffre.core.draft import Draft
from zaffre.core.errors import Conflict, NotBuilt
from zaffre.core.resource import Key, Resource
from zaffre.kinds.registry import rules
from zaffre.kinds.registry.spec import Registry


@pytest.mark.parametrize(("name", "error"), [("azureml", Conflict), ("zaffre", Conflict), ("mine", NotBuilt)])
def test_none_can_be_made(name, error):
    with pytest.raises(error, match=name):
        rules.prepare(Draft(Key("", "registry", name), Registry(name=name), None, "me", 0.0), None)


def test_none_can_go_and_all_are_ready():
    found = Resource(Key("", "registry", "azureml"), {}, "", {}, 1, False, 0.0, "me", 0.0, "me")
    assert rules.describe(found, None) == {"provisioning_state": "Succeeded"}
    with pytest.raises(Conflict):
        rules.remove(found, None)
