"""What a step is made of: equal for equal, and every difference told where its user can change it."""

from __future__ import annotations

from zaffre.core.draft import NewRun, Prepared
from zaffre.jobs.command.spec import CommandJob
from zaffre.kinds.job.parts import fingerprint, telling
from zaffre.kinds.job.parts.fingerprint import Made

CONTENTS = {"data": {"uri": "azureml://d/1", "stamp": "s", "digest": "sha256:" + "ab" * 32}}
PLACE = "azureml://datastores/workspaceblobstore/paths/x"


def made(contents=None, facts=None, **said):
    document = {
        "name": "one",
        "command": "python a.py ${{inputs.n}} ${{inputs.data}} ${{outputs.o}}",
        "environment": "azureml:e:1",
        "inputs": {"n": 1, "data": {"type": "uri_file", "path": PLACE}},
        "outputs": {"o": {"type": "uri_folder"}},
        **said,
    }
    told = {"code": "azureml:c:1", "environment": {"fingerprint": "f1", "name": "e:1"}, **(facts or {})}
    new = NewRun("one", "ws", "job", "user:a", facts=told)
    return fingerprint.made(Prepared(CommandJob.from_yaml(document), run=new), contents or CONTENTS)


def kept(one: Made):
    return {"parts": one.parts, "contents": one.contents}


def test_names_places_and_limits_are_no_part_of_it():
    other = made(display_name="x", compute="azureml:other", limits={"timeout": 5}, tags={"a": "b"}, name="two")
    assert other.hash == made().hash


def test_every_part_counts():
    changes = [
        {"command": "python b.py ${{inputs.n}} ${{inputs.data}} ${{outputs.o}}"},
        {"environment_variables": {"A": "1"}},
        {"inputs": {"n": 2, "data": {"type": "uri_file", "path": PLACE}}},
        {"outputs": {"o": {"type": "uri_folder", "name": "registered"}}},
        {"resources": {"instance_count": 2}},
        {"facts": {"code": "azureml:c:2"}},
        {"facts": {"environment": {"fingerprint": "f2", "name": "e:1"}}},
        {"contents": {"data": {**CONTENTS["data"], "digest": "sha256:" + "cd" * 32}}},
    ]
    assert len({made(**change).hash for change in changes} | {made().hash}) == len(changes) + 1


def test_the_same_content_at_another_place_is_the_same():
    moved = {"data": {"uri": "azureml://d/2", "stamp": "t", "digest": CONTENTS["data"]["digest"]}}
    assert made(contents=moved).hash == made().hash


def test_a_difference_names_the_field_and_both_values():
    other = {"data": {"uri": "azureml://d/2", "stamp": "t", "digest": "sha256:" + "cd" * 32}}
    now = made(contents=other, inputs={"n": 2, "data": {"type": "uri_file", "path": PLACE}})
    found = fingerprint.differences(kept(made()), now)
    assert [(one.field, one.before, one.after) for one in found] == [
        ("inputs.data", "azureml://d/1 (abababababab)", "azureml://d/2 (cdcdcdcdcdcd)"),
        ("inputs.n", "1", "2"),
    ]
    told = telling.differing(fingerprint.compared("before", found))
    assert told.endswith("; inputs.n: 1 → 2 (compared with job before)")


def test_of_a_long_text_the_part_that_differs():
    long = "x" * 1000
    now = made(command=f"echo {long}B")
    (found,) = fingerprint.differences(kept(made(command=f"echo {long}A")), now)
    assert found.before.endswith("xA")
    assert found.after.endswith("xB")
    assert found.before.startswith("…")
    assert len(found.before) < 250


def test_of_code_the_files():
    before = {"a.py": "1", "b.py": "1", "c.py": "1"}
    assert fingerprint.changed(before, {"a.py": "2", "b.py": "1", "d.py": "1"}) == (
        "a.py changed", "c.py is gone", "d.py is new",
    )  # fmt: skip
    many = fingerprint.changed({}, {f"{number:02}.py": "1" for number in range(30)})
    assert many[-1] == "and 10 more"
    assert telling.one_difference({"field": "code", "before": "x", "after": "y", "files": ["a.py changed"]}) == (
        "code: a.py changed"
    )


def test_of_environments_their_names():
    found = fingerprint.environments({"name": "e:1", "fingerprint": "f" * 32}, {"name": "e:2", "fingerprint": "0" * 32})
    assert (found.before, found.after) == ("e:1 (ffffffffffff)", "e:2 (000000000000)")


def test_in_words():
    assert telling.differing({}) == "it has not completed before"
    assert telling.differing({"with": "a", "differences": [], "gone": "what a left is not there any more"}) == (
        "what a left is not there any more"
    )
    assert telling.one_difference({"field": "f", "before": None, "after": "1"}) == "f is new: 1"
    assert telling.one_difference({"field": "f", "before": "1", "after": None}) == "f is gone, it was 1"
    many = [{"field": str(number), "before": "1", "after": "2"} for number in range(5)]
    assert telling.differing({"with": "a", "differences": many}).endswith("; and 2 more (compared with job a)")


def test_a_registered_components_step_is_the_same_in_any_pipeline_and_another_one_is_its_experiments():
    assert fingerprint.subject("e", "train", "azureml:fit:3") == fingerprint.subject("f", "train", "azureml:fit:4")
    assert fingerprint.subject("e", "train", None) != fingerprint.subject("f", "train", None)
    assert fingerprint.subject("e", "train", "azureml:azureml_anonymous:12") == fingerprint.subject("e", "train", None)
