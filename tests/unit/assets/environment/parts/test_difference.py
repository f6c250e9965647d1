"""Locks compared package by package."""

from zaffre.assets.environment.parts import difference
from zaffre.core.ports import BuildDetails

LEFT = BuildDetails(
    "six==1.15 \\\n    --hash=sha256:0\nalpha[extra]==1.0\ngone==3 ; python_version > '3'\n",
    {"six": "conda.yml:5: six"},
    {"tinyr": "1.0"},
)
RIGHT = BuildDetails(
    "six==1.16 \\\n    --hash=sha256:1\nalpha==1.0\nnew @ https://x.example/new-1.whl\n", {"six": "conda.yml:7: six"}
)


def test_between():
    found = difference.between(LEFT, RIGHT)
    assert found["changed"] == [{"name": "six", "from": "1.15", "to": "1.16", "asked_by": "conda.yml:7: six"}]
    assert [each["name"] for each in found["removed"]] == ["R:tinyr", "gone"]
    assert found["added"] == [
        {"name": "new", "version": "https://x.example/new-1.whl", "asked_by": "what other packages need"}
    ]


def test_the_same():
    assert difference.between(LEFT, LEFT) == {"added": [], "removed": [], "changed": []}


def test_listed():
    assert [each["name"] for each in difference.listed(LEFT)] == ["R:tinyr", "alpha", "gone", "six"]
