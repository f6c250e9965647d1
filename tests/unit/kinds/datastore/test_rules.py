"""Datastores: four that come with the workspace, folders of this machine, and a precise no to the cloud's."""

import pytest

from zaffre.core.draft import Draft
from zaffre.core.errors import Conflict, Invalid, NotBuilt
from zaffre.core.resource import Key, Resource
from zaffre.kinds.datastore import rules
from zaffre.kinds.datastore.spec import Datastore


class Folders:
    def path_kind(self, path):
        return {"/srv/data": "folder", "/srv/file": "file"}.get(path)


def prepare(name="d", existing=None, **spec):
    model = Datastore.from_yaml({"name": name, "type": "azure_blob", **spec})
    return rules.prepare(Draft(Key("w", "datastore", name), model, existing, "me", 0.0), Folders())


def stored(name, **spec):
    return Resource(Key("w", "datastore", name), spec, "", {}, 1, False, 0.0, "me", 0.0, "me")


def test_folder_of_this_machine():
    assert prepare(root="/srv/data").spec.root == "/srv/data"


@pytest.mark.parametrize("root", ["/none", "/srv/file", "srv/data", "../x", ""])
def test_root_must_be_a_folder(root):
    with pytest.raises(Invalid) as caught:
        prepare(root=root)
    assert caught.value.problems[0].field == "root"


def test_no_credentials_are_kept():
    with pytest.raises(Invalid) as caught:
        prepare(root="/srv/data", credentials={"account_key": "secret"})
    assert caught.value.problems[0].field == "credentials"


def test_cloud_stores_are_not_built():
    with pytest.raises(NotBuilt, match="azure_blob"):
        prepare(account_name="a", container_name="c")


@pytest.mark.parametrize("name", rules.DEFAULTS)
def test_the_four_stay_as_they_are(name):
    with pytest.raises(Conflict):
        prepare(name, stored(name, type="azure_file"), account_name="other", container_name="c")
    with pytest.raises(Conflict):
        rules.remove(stored(name), Folders())
    assert rules.describe(stored(name), Folders()) == {"is_default": name == "workspaceblobstore"}
