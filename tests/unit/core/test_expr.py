from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaffre.core import expr
from zaffre.core.errors import Invalid
from zaffre.core.signature import Port, Signature

TAKES = Signature(
    {"data": Port("uri_file"), "rate": Port("number"), "maybe": Port("string", optional=True)},
    {"model": Port("uri_folder")},
)


def messages(command: str) -> list[str]:
    return [str(problem) for problem in expr.check(command, TAKES)]


def test_a_command_without_mistakes() -> None:
    text = "p ${{inputs.data}} ${{ inputs.rate }} ${{outputs.model}} ${{name}} $HOME ${HOME} [[ -f x ]]"
    assert messages(text + " $[[--m ${{inputs.maybe}}]]") == []


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("x ${{inputs.datta}}", 'names an unknown input; did you mean "data"?'),
        ("x ${{inputs.zzz}}", "declared inputs are: data, rate, maybe"),
        ("x ${{outputs.modell}}", 'names an unknown output; did you mean "model"?'),
        ("x ${{input.data}}", 'unknown expression ${{input.data}} (at character 3); did you mean "inputs.data"?'),
        ("x ${{}}", "is no expression"),
        ("x ${{inputs.maybe}}", "uses an optional input outside an optional block"),
        ("a\nbb ${{inputs.zzz}}", "(in its line 2, character 4)"),
        ("x $[[--a", "is not closed"),
        ("x $[[ $[[a]] ]]", "do not nest"),
    ],
)
def test_mistakes_say_where_and_what_was_meant(command: str, message: str) -> None:
    found = messages(command)
    assert len(found) == 1
    assert message in found[0]


def test_an_optional_block_may_name_what_does_not_exist() -> None:
    assert messages("x $[[--z ${{inputs.zzz}}]]") == []


VALUES = {"inputs.data": "/a b/c.csv", "inputs.rate": "0.1", "outputs.model": "/out", "inputs.group.x": "1"}


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("p ${{inputs.data}} --r ${{ inputs.rate }}", "p /a b/c.csv --r 0.1"),
        ('p "${{inputs.data}}"', 'p "/a b/c.csv"'),
        ("p $[[--m ${{inputs.maybe}}]] end", "p  end"),
        ("p $[[--r ${{inputs.rate}}]] end", "p --r 0.1 end"),
        ("p $[[--r ${{inputs.rate}} --m ${{inputs.maybe}}]]", "p "),
        ("p ${{inputs.data.path}} ${{inputs.group.x}}", "p /a b/c.csv 1"),
        ("$AZUREML_RUN_ID ${X} {y} [[ a ]]", "$AZUREML_RUN_ID ${X} {y} [[ a ]]"),
        ("$[[static]]", "static"),
    ],
)
def test_values_are_put_in_verbatim(command: str, expected: str) -> None:
    assert expr.render(command, VALUES) == expected


def test_values_are_not_read_again() -> None:
    assert expr.render("${{inputs.a}}", {"inputs.a": "${{inputs.b}}", "inputs.b": "no"}) == "${{inputs.b}}"


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(Invalid, match=r"\$\{\{inputs.no\}\} has no value"):
        expr.render("x ${{inputs.no}}", VALUES)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("p {inputs.a} {outputs.b} {x} ${{inputs.c}}", "p ${{inputs.a}} ${{outputs.b}} {x} ${{inputs.c}}"),
        ("{search_space.lr}", "${{search_space.lr}}"),
        ("awk '{print $1}'", "awk '{print $1}'"),
    ],
)
def test_older_braces_are_understood(old: str, new: str) -> None:
    assert expr.modern(old) == new


def test_paths_of_outputs_know_places() -> None:
    assert expr.check_path("azureml://datastores/${{default_datastore}}/paths/${{name}}/${{output_name}}", "p") == []
    assert 'did you mean "name"?' in str(expr.check_path("a/${{nam}}", "outputs.o.path")[0])


@given(st.text(alphabet="ab{}[]$ x.\n", max_size=40))
def test_text_without_expressions_is_unchanged(text: str) -> None:
    if "${{" not in text and "$[[" not in text:
        assert expr.render(text, {}) == text


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("a ${{search_space.x}} ${{ inputs.y }}", "a 1 ${{inputs.y}}"),
        ("$[[--z ${{search_space.z}}]] b", " b"),
        ("$[[--x ${{search_space.x}}]]", "--x 1"),
        ("$[[--x ${{search_space.x}} ${{inputs.y}}]]", "$[[--x 1 ${{inputs.y}}]]"),
        ("$[[--z ${{search_space.z}} ${{inputs.y}}]]", ""),
        ("$[[--y ${{inputs.y}}]] ${{search_space.z}}.", "$[[--y ${{inputs.y}}]] ."),
    ],
)
def test_some_expressions_are_put_in_and_the_others_stay(command: str, expected: str) -> None:
    assert expr.fill(command, {"search_space.x": "1"}, "search_space") == expected
