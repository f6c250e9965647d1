from __future__ import annotations

import pytest

from zaffre.core import problems


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "nothing"),
        (True, "true"),
        (3, "the number 3"),
        ("x", 'the text "x"'),
        ("y" * 70, 'the text "' + "y" * 60 + '"…'),
        ({}, "a mapping"),
        ([], "a list"),
    ],
)
def test_values_are_shown_for_what_they_are(value: object, words: str) -> None:
    assert problems.found(value) == words


def test_paths_are_dotted() -> None:
    assert problems.dotted(("a", "b", 2, "c")) == "a.b[2].c"


def test_only_near_words_are_suggested() -> None:
    assert problems.closest("envronment", ["environment", "compute"]) == 'did you mean "environment"?'
    assert problems.closest("xyz", ["environment", "compute"]) == ""
