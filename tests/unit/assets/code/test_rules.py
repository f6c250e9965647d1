"""Code is what was uploaded."""

import pytest

from zaffre.assets.code import rules
from zaffre.assets.code.spec import Code
from zaffre.core.draft import Draft
from zaffre.core.errors import Invalid
from zaffre.core.resource import Key, Resource

FILES = [["main.py", "d" * 64, 14, False], ["run.sh", "e" * 64, 6, True]]
KEPT = Resource(Key("w", "code", "kept", "", "1"), {}, "", {"files": FILES}, 1, False, 0.0, "me", 0.0, "me")


class Kept:
    def asset(self, key, label=""):
        return KEPT if (key.name, key.version, label) in (("kept", "1", ""), ("kept", "", "latest")) else None


def prepare(path):
    return rules.prepare(
        Draft(Key("w", "code", "mine", "", "1"), Code(name="mine", path=path), None, "me", 0.0), Kept()
    )


@pytest.mark.parametrize("path", ["azureml:kept:1", "azureml:kept@latest"])
def test_another_name_for_uploaded_code(path):
    assert prepare(path).state == {"files": FILES}


@pytest.mark.parametrize(
    "path",
    [
        None,
        "./src",
        "/etc",
        "azureml:none:1",
        "azureml://datastores/workspaceblobstore/paths/x",
        "https://example.com/x",
    ],
)
def test_anything_else_was_not_uploaded(path):
    with pytest.raises(Invalid) as caught:
        prepare(path)
    assert caught.value.problems[0].field == "path"


def test_shown_by_its_size():
    assert rules.describe(KEPT, Kept()) == {"files": 2, "bytes": 20}
