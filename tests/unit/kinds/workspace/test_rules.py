"""What a workspace is born with, and when it may go."""

import pytest

from zaffre.core.draft import Draft
from zaffre.core.errors import Conflict
from zaffre.core.resource import Key, Resource
from zaffre.kinds.workspace import rules
from zaffre.kinds.workspace.spec import Workspace


def resource(key):
    return Resource(key, {}, "", {}, 1, False, 0.0, "me", 0.0, "me")


class Held:
    """A lookup that holds these keys."""

    def __init__(self, *keys):
        self.keys = keys

    def children(self, workspace, kind, parent):
        return [
            resource(key) for key in self.keys if (key.workspace, key.kind, key.parent) == (workspace, kind, parent)
        ]

    def resource(self, key):
        return resource(key) if key in self.keys else None


def born(name="w"):
    prepared = rules.prepare(Draft(Key("", "workspace", name), Workspace(name=name), None, "me", 0.0), Held())
    return [key for key, _ in prepared.furnish]


def test_furniture():
    names = [(key.kind, key.name) for key in born()]
    assert names == [
        ("datastore", "workspaceblobstore"), ("datastore", "workspaceartifactstore"), ("datastore",
        "workspacefilestore"),
        ("datastore", "workspaceworkingdirectory"), ("compute", "local"),
    ]  # fmt: skip
    assert {key.workspace for key in born()} == {"w"}


@pytest.mark.parametrize("kind", rules.HOLDING)
def test_what_somebody_made_keeps_it(kind):
    held = Held(*born(), Key("w", kind, "mine"))
    with pytest.raises(Conflict, match="'mine'"):
        rules.remove(resource(Key("", "workspace", "w")), held)


def test_an_empty_one_goes_with_its_furniture_and_code():
    code = Key("w", "code", "c", "", "1")
    removal = rules.remove(resource(Key("", "workspace", "w")), Held(*born()[:3], code))
    assert removal.at_once
    assert set(removal.along) == {*born()[:3], Key("w", "code", "c")}


def test_default_stays():
    with pytest.raises(Conflict):
        rules.remove(resource(Key("", "workspace", "default")), Held())
