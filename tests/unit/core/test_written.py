"""The lines of a conda file on their way to the server."""

import pytest

from zaffre.core import document, written

CONDA = "name: x\ndependencies:\n  - python=3.11\n  - pip:\n      # a comment\n      - six\n"


def test_there_and_back():
    told = written.told("conda.yml", document.load(CONDA))
    found = written.places({written.PROPERTY: told, "own": "1"})
    assert found["dependencies[0]"] == "conda.yml:3"
    assert found["dependencies[1].pip[0]"] == "conda.yml:6"


@pytest.mark.parametrize(
    "value", [None, 1, "", "{", "[]", '{"file": "x"}', '{"lines": {"a": 1}}', '{"file": "x", "lines": {"a": "b"}}']
)
def test_nonsense_tells_nothing(value):
    assert written.places({written.PROPERTY: value}) == {}
    assert written.places(None) == {}


def test_the_users_own_properties_stay():
    assert written.without({written.PROPERTY: "x", "own": "1"}) == {"own": "1"}
    assert written.without({written.PROPERTY: "x"}) is None
