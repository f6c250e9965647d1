"""Datastores: four that come with the workspace, folders of this machine, and stores elsewhere, whose secrets are sealed."""

import pytest

from zaffre.core.draft import Draft
from zaffre.core.errors import Conflict, Invalid
from zaffre.core.resource import Key, Resource
from zaffre.kinds.datastore import rules
from zaffre.kinds.datastore.spec import Datastore

BLOB = {"type": "azure_blob", "account_name": "a", "container_name": "c"}


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


def test_a_folder_needs_no_credentials():
    with pytest.raises(Invalid) as caught:
        prepare(root="/srv/data", credentials={"account_key": "secret"})
    assert caught.value.problems[0].field == "credentials"


def test_secrets_are_taken_out_of_the_document():
    prepared = prepare(**BLOB, credentials={"account_key": "hunter2"})
    assert prepared.sealed == {"account_key": "hunter2"}
    assert prepared.spec.to_stored()["credentials"] == {"type": "account_key"}
    assert prepare(**BLOB).sealed == {}


def test_a_document_as_it_was_shown_keeps_what_is_kept():
    before = stored("d", **BLOB, credentials={"type": "account_key"})
    assert prepare(existing=before, **BLOB, credentials={"type": "account_key"}).sealed is None
    assert prepare(existing=before, **BLOB).sealed == {}
    with pytest.raises(Invalid, match="expected the sas_token itself, since what is kept is account_key"):
        prepare(existing=before, **BLOB, credentials={"type": "sas_token"})
    with pytest.raises(Invalid, match="since nothing is kept"):
        prepare(**BLOB, credentials={"type": "account_key"})


S3, SFTP = (
    {"type": "s3", "bucket": "rain"},
    {"type": "sftp", "host": "h", "username": "u", "host_key": "ssh-ed25519 AAAA"},
)


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        ({**BLOB, "account_name": "attacker.com"}, "account_name"),
        ({**BLOB, "account_name": "x.y@evil"}, "account_name"),
        ({**BLOB, "account_name": "a/b"}, "account_name"),
        ({**BLOB, "container_name": "../x"}, "container_name"),
        ({**BLOB, "endpoint": "http://good@evil/"}, "endpoint"),
        ({**BLOB, "endpoint": "http://good\\@evil/"}, "endpoint"),
        ({**BLOB, "endpoint": "evil#.core.windows.net"}, "endpoint"),
        ({**BLOB, "endpoint": "file:///etc"}, "endpoint"),
        ({**S3, "region": "eu.attacker.com"}, "region"),
        ({**S3, "bucket": "a/b"}, "bucket"),
        ({**S3, "endpoint_url": "ftp://x"}, "endpoint_url"),
        ({**S3, "endpoint_url": "http://h:0"}, "endpoint_url"),
        ({**S3, "endpoint_url": "http://h\r\nX: y"}, "endpoint_url"),
        ({**S3, "endpoint_url": "http://h:x"}, "endpoint_url"),
        ({**SFTP, "host": "-oProxyCommand=x"}, "host"),
        ({**SFTP, "port": 70000}, "port"),
        ({"type": "http", "url": "http://u:p@h/"}, "url"),
    ],
)
def test_no_field_can_lead_to_another_host(spec, field):
    with pytest.raises(Invalid) as caught:
        prepare(**spec)
    assert [problem.field for problem in caught.value.problems] == [field]


@pytest.mark.parametrize(
    "spec",
    [
        {**BLOB, "endpoint": "core.windows.net/", "protocol": "https"},
        {**BLOB, "endpoint": "http://127.0.0.1:10000/devstoreaccount1"},
        {"type": "one_lake", "one_lake_workspace_name": "My workspace", "endpoint": "onelake.dfs.fabric.microsoft.com"},
        {**S3, "endpoint_url": "https://[::1]:9000/minio"},
        {**SFTP, "port": 2222, "path": "/srv"},
        {"type": "http", "url": "https://data.example/x"},
        {"type": "gcs", "bucket": "a.b_c-d"},
    ],
)
def test_what_is_as_it_should_be(spec):
    assert prepare(**spec).sealed == {}


@pytest.mark.parametrize("name", rules.DEFAULTS)
def test_the_four_stay_as_they_are(name):
    with pytest.raises(Conflict):
        prepare(name, stored(name, type="azure_file"), account_name="other", container_name="c")
    with pytest.raises(Conflict):
        rules.remove(stored(name), Folders())
    assert rules.describe(stored(name), Folders()) == {"is_default": name == "workspaceblobstore"}
