"""Program arguments as words: values stay whole, whatever is in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaffre.jobs.parallel.parts import amounts, arguments


@given(st.text(alphabet=st.characters(blacklist_characters="\ue000\ue001", blacklist_categories=("Cs",))))
def test_a_value_is_one_word(value):
    values = {"inputs.a": value}
    assert arguments.words("--a ${{inputs.a}} --b='x ${{ inputs.a }}'", values) == ["--a", value, f"--b=x {value}"]


def test_blocks_quotes_and_nothing():
    values = {"inputs.a": "1", "outputs.o": "/p q"}
    assert arguments.words("$[[--no ${{inputs.no}}]] $[[--a ${{inputs.a}}]] 'two words'", values) == [
        "--a",
        "1",
        "two words",
    ]
    assert arguments.words("--o ${{outputs.o.path}}/x", values) == ["--o", "/p q/x"]
    assert arguments.words(None, values) == []


def test_an_open_quote():
    with pytest.raises(ValueError, match="quotation"):
        arguments.check("--a 'b ${{inputs.a}}")


@pytest.mark.parametrize(
    ("given", "said"),
    [(["--error_threshold", "5"], "5"), (["--error_threshold=6", "x"], "6"), (["--error_threshold"], None), ([], None)],
)
def test_azures_own_options(given, said):
    assert amounts.predefined(given, "error_threshold") == said
