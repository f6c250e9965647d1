"""What is asked of the resolver, in which order, and what its answers mean."""

import pytest

from zaffre.builder.parts.recipe import Recipe
from zaffre.builder.resolving import Verdict, as_written, index_options, judge, relaxed
from zaffre.builder.settings import BuilderSettings


def asked(*requirements):
    recipe = Recipe(requirements=requirements)
    return [set(variant.requirements) for variant in (*as_written(recipe), *relaxed(recipe))]


def test_tracking_is_added_and_given_up_first():
    assert asked("numpy") == [{"numpy", "mlflow-skinny>=2.0"}, {"numpy"}]
    told = as_written(Recipe(requirements=("numpy",)))
    assert told[0].notes == ()
    assert "mlflow-skinny was left out" in told[1].notes[0]


@pytest.mark.parametrize(
    "own", ["mlflow", "mlflow==2.10.0", "mlflow-skinny==2.3.1", "mlflow<3,>=2.1", "mlflow[extras]"]
)
def test_tracking_of_the_file_is_kept(own):
    assert asked(own) == [{own}]


def test_azure_packages_are_relaxed_then_left_out_and_told():
    recipe = Recipe(requirements=("azureml-core==1.0", "mlflow", "numpy"))
    found = [*as_written(recipe), *relaxed(recipe)]
    assert [set(variant.requirements) for variant in found] == [
        {"azureml-core==1.0", "mlflow", "numpy"},
        {"azureml-core", "mlflow", "numpy"},
        {"mlflow", "numpy"},
    ]
    assert [len(variant.notes) for variant in found] == [0, 1, 1]
    assert "azureml-core==1.0" in found[1].notes[0]


def test_azure_packages_without_versions_are_not_asked_twice():
    assert asked("azureml-core", "mlflow") == [{"azureml-core", "mlflow"}, {"mlflow"}]


@pytest.mark.parametrize(
    ("code", "words", "verdict"),
    [
        (0, "Resolved 3 packages", Verdict.DONE),
        (1, "error: No solution found when resolving dependencies\n  cause: no version of numpy==99", Verdict.CONFLICT),
        (1, "error: Failed to build `x==1`\n cause: The build backend returned an error", Verdict.CONFLICT),
        (2, "error: Request failed after 3 retries\n cause: Failed to fetch: http://x", Verdict.UNREACHED),
        (1, "No solution found: not found in the cache\nhint: the network was disabled", Verdict.UNREACHED),
        (
            1,
            "No solution found\nhint: an index could not be queried due to a lack of valid credentials (401)",
            Verdict.UNREACHED,
        ),
        (2, "error: failed to write: No space left on device (os error 28)", Verdict.TROUBLE),
        (-9, "", Verdict.TROUBLE),
        (-9, "No solution found", Verdict.TROUBLE),
    ],
)
def test_only_the_resolvers_word_is_a_conflict(code, words, verdict):
    assert judge(code, words) is verdict


def test_the_file_names_the_index_and_the_server_adds_its_own():
    settings = BuilderSettings(index_url="https://a/simple", extra_index_urls=("https://b",), find_links=("/wheels",))
    options = index_options(settings, Recipe(index_url="https://c/simple", extra_index_urls=("https://d",)))
    assert options[:8] == [
        "--default-index",
        "https://c/simple",
        "--index",
        "https://d",
        "--index",
        "https://b",
        "--find-links",
        "/wheels",
    ]
    assert index_options(settings, Recipe())[:2] == ["--default-index", "https://a/simple"]
