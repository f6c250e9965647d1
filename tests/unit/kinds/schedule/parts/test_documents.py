"""The job that a schedule starts, from a reference, a file's content or an override."""

import pytest

from zaffre.core.errors import Invalid
from zaffre.core.resource import Key, Resource
from zaffre.kinds.schedule.parts import documents

JOB = {"name": "j", "display_name": "J", "command": "echo ${{inputs.a}}", "inputs": {"a": 1, "b": {"path": "p"}}}


def job(**spec: object) -> Resource:
    return Resource(Key("default", "job", "j"), {**JOB, **spec}, "", {}, 1, False, 0, "", 0, "")


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("azureml:j", "j"),
        ("/subscriptions/s/resourceGroups/g/providers/x/workspaces/w/jobs/j", "j"),
        ({"job": "azureml:j", "inputs": {}}, "j"),
        ("./job.yml", ""),
        ({"job": "./job.yml"}, ""),
        ({"type": "command"}, ""),
        (None, ""),
    ],
)
def test_references(said: object, name: str) -> None:
    assert documents.reference(said) == name


def test_an_existing_job_without_what_is_its_own() -> None:
    properties = {"azureml.git.branch": "main", documents.SCHEDULE: "s", documents.CHAIN: "s"}
    found = documents.of_job(job(properties=properties))
    assert found == {"command": JOB["command"], "inputs": JOB["inputs"], "properties": {"azureml.git.branch": "main"}}
    assert "properties" not in documents.of_job(job(properties={documents.SCHEDULE: "s"}))


def test_what_differs_is_laid_over() -> None:
    over = {"inputs": {"a": 2}, "settings": {"x": True}}
    assert documents.laid_over(JOB, over)["inputs"] == {"a": 2, "b": {"path": "p"}}
    assert documents.laid_over(JOB, over)["settings"] == {"x": True}
    assert JOB["inputs"]["a"] == 1


def test_only_what_is_known_is_filled_in() -> None:
    text = {"a": ["${{name}} ${{ name }} ${{inputs.name}} ${{creation_context.trigger_time}} ${{x}}"], "n": 1}
    values = {"name": "N", documents.TIME: "T"}
    assert documents.filled(text, values) == {"a": ["N N ${{inputs.name}} T ${{x}}"], "n": 1}


def test_where_outputs_go_is_named_by_the_job_itself() -> None:
    document = {
        "inputs": {"a": "${{name}}"},
        "outputs": {"o": {"path": "x/${{name}}/${{creation_context.trigger_time}}"}},
    }
    made = documents.rendered(document, {"name": "N", documents.TIME: "T"})
    assert made == {"inputs": {"a": "N"}, "outputs": {"o": {"path": "x/${{name}}/T"}}}


def test_what_a_trigger_does_not_have_is_refused_with_the_nearest() -> None:
    with pytest.raises(Invalid, match=r"no \$\{\{trigger.aset\}\}.*trigger.asset"):
        documents.require_known({"x": "${{trigger.aset}}"}, frozenset({"trigger.asset"}))
    documents.require_known({"x": "${{trigger.asset}}"}, frozenset({"trigger.asset"}))


def test_inputs_of_the_event_are_texts_until_then() -> None:
    document = {"inputs": {"a": {"path": "${{trigger.asset}}"}, "b": 1}}
    assert documents.ahead(document)["inputs"] == {"a": "known when the event happens", "b": 1}


def test_long_texts_are_read_in_one_go() -> None:
    documents.filled("${{" * 100_000 + "a." * 100_000, {"name": "x"})
