"""azureml:// URIs taken apart."""

import pytest

from zaffre.inside.spots import Finder
from zaffre.inside.surroundings import Surroundings


class Told:
    """A line that knows where assets lie and counts how often it was asked."""

    surroundings = Surroundings("http://x", "t", "home", "s", "g", "")

    def __init__(self, uri="azureml://datastores/d/paths/a/b/"):
        self.uri, self.asked = uri, []

    def json(self, method, path, content=None, query=None):
        self.asked.append((method, path, query["uri"]))
        return {"uri": self.uri}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("datastores/d/paths/a/b.csv", ("home", "d", "a/b.csv")),
        ("datastores/d/paths/", ("home", "d", "")),
        ("datastores/d", ("home", "d", "")),
        ("subscriptions/1/resourceGroups/g/workspaces/WS/datastores/d/paths/x y", ("ws", "d", "x y")),
        ("subscriptions/1/resourcegroups/g/providers/P/workspaces/ws/datastores/d/paths/x", ("ws", "d", "x")),
    ],
)
def test_datastore_paths_are_understood_without_asking(path, expected):
    line = Told()
    spot = Finder(line).find(path)
    assert (spot.workspace, spot.datastore, spot.path) == expected
    assert spot.spell(spot.path) == path.strip("/")
    assert line.asked == []


@pytest.mark.parametrize(
    "path",
    [
        "data/n/versions/1/x/y.csv",
        "jobs/j/outputs/o/paths/x/y.csv",
        "subscriptions/1/resourcegroups/g/workspaces/ws/data/n/versions/1/x/y.csv",
    ],
)
def test_assets_and_outputs_are_led_to_their_datastore_once(path):
    line = Told()
    finder = Finder(line)
    spot = finder.find(path)
    assert (spot.datastore, spot.path) == ("d", "a/b/x/y.csv")
    assert spot.spell("a/b/x/z.csv") == path.replace("y.csv", "z.csv")
    finder.find(path)
    assert len(line.asked) == 1


def test_what_lies_elsewhere_is_said():
    with pytest.raises(OSError, match="outside this installation"):
        Finder(Told("https://example.org/x")).find("data/n/versions/1")
    with pytest.raises(FileNotFoundError, match="expected datastores/NAME"):
        Finder(Told()).find("nothing/of/the/kind")
