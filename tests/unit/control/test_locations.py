"""Names and URIs become paths in one place, and paths find their way back."""

from pathlib import Path

import pytest

from zaffre.control.locations import Locations
from zaffre.control.lookup import Places
from zaffre.core.errors import Invalid

HOME = Path("/home/z")
BLOB = HOME / "data/default/workspaceblobstore"


@pytest.fixture
def places():
    locations = Locations(HOME)
    locations.mount("default", "mine", "/srv/mine")
    return Places(locations, lambda run, name: None)


@pytest.mark.parametrize(("uri", "path"), [
    ("azureml://datastores/workspaceblobstore/paths/a/b.csv", BLOB / "a/b.csv"),
    ("azureml://datastores/workspaceblobstore/paths/", BLOB),
    ("azureml://datastores/mine/paths/x", Path("/srv/mine/x")), ("azureml://jobs/j/outputs/o", BLOB / "azureml/j/o"),
    ("azureml://jobs/j/outputs/o/paths/p", BLOB / "azureml/j/o/p"),
    ("runs:/j/model", HOME / "data/default/workspaceartifactstore/ExperimentRun/dcid.j/model"),
    ("azureml://subscriptions/s/resourcegroups/g/workspaces/OTHER/datastores/workspaceblobstore/paths/x",
    HOME / "data/other/workspaceblobstore/x"),
])  # fmt: skip
def test_uri_to_path_and_place(places, uri, path):
    assert Path(places.path("default", uri)) == path
    place = places.place("default", uri)
    assert place.root / place.path == path
    assert place.root.name in ("workspaceblobstore", "workspaceartifactstore", "mine")


@pytest.mark.parametrize("uri", ["https://example.com/x", "s3://bucket/x", "./local"])
def test_elsewhere(places, uri):
    assert places.path("default", uri) is None
    assert places.place("default", uri) is None


@pytest.mark.parametrize(
    "uri",
    [
        "azureml://datastores/workspaceblobstore/paths/../x",
        "azureml://datastores/workspaceblobstore/paths/a\x00",
        "azureml://jobs/j/outputs/o/paths/../../x",
    ],
)
def test_ways_out(places, uri):
    with pytest.raises(Invalid):
        places.path("default", uri)
