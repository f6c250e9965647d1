"""The filter language: what is read, what is refused and where, and that nothing is lost on the way."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zaffre.core import predicate
from zaffre.core.errors import Invalid
from zaffre.core.predicate import Among, Ask, Binary, Column, Literal, Node, Unary

_LITERALS = st.one_of(
    st.booleans(),
    st.integers(min_value=-(10**15), max_value=10**15),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
    st.none(),
    st.datetimes(min_value=datetime(1000, 1, 1)).map(lambda moment: moment.replace(microsecond=0)),  # noqa: DTZ001 - as tables have them
).map(Literal)
_COLUMNS = st.text(min_size=1, max_size=8).map(Column)


def _larger(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    signs = st.sampled_from(["and", "or", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%"])
    return st.one_of(
        st.builds(Binary, signs, inner, inner),
        st.builds(Unary, st.just("not"), inner),
        st.builds(lambda name: Unary("-", Column(name)), st.text(min_size=1, max_size=4)),
        st.builds(Among, inner, st.lists(_LITERALS, min_size=1, max_size=3).map(tuple)),
        st.builds(Ask, st.just("is_null"), inner),
        st.builds(Ask, st.sampled_from(["contains", "startswith", "endswith"]), inner, st.text(max_size=5)),
    )


@settings(max_examples=300, deadline=None)
@given(st.recursive(st.one_of(_LITERALS, _COLUMNS), _larger, max_leaves=12))
def test_what_is_written_is_read_back(node: Node) -> None:
    assert predicate.parse(predicate.written(node)) == node


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet="col(\"a') <>=!andortin.+-*/%[]1,\\\n\t é_", max_size=40))
def test_any_text_is_an_expression_or_refused_with_words(text: str) -> None:
    try:
        predicate.parse(text)
    except Invalid as error:
        assert error.problems[0].message


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ('a > 1 and b == "x" or not c', '((col("a") > 1 and col("b") == "x") or (not col("c")))'),
        ("1 + 2 * 3 - 4 == -3", "((1 + (2 * 3)) - 4) == -3"),
        ("not a == 1", "not (a == 1)"),
        ("a in ('x', 'y')", 'col("a") in ["x", "y",]'),
        ("a not in (1)", "not (a in (1,))"),
        ("a is None", "a.is_null()"),
        ("a is not None", "not a.is_null()"),
        ("a >= datetime(2026, 1, 31)", 'col("a") >= datetime(2026,1,31,0,0,0)'),
        ("col('it\\'s') == True", 'col("it\'s") == true'),
    ],
)
def test_spellings_of_the_same(text: str, same: str) -> None:
    assert predicate.parse(text) == predicate.parse(same)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "expected a value or a column, found the end"),
        ("a >", "at character 4"),
        ("a > 1 b", "expected and, or, or the end, found 'b'"),
        ("1 < a < 3", "join two with and"),
        ('col("a" > 3', "expected ) to end col("),
        ("__import__('os')", "there is no function __import__"),
        ("a.b()", "there is no .b()"),
        ('a.startwith("x")', 'did you mean "startswith"?'),
        ("a == 'open", "is not understood"),
        ("datetime(2026, 13, 1) > a", "is no moment"),
        ("a in 3", "expected a list of values"),
        ("a in (b)", "expected plain values"),
        ("a == 1e999", "too large"),
        ("(" * 100 + "a" + ")" * 100, "nested deeper"),
        ("a" * 20_000, "at most 10000 characters"),
        ("a; b", "';"),
    ],
)
def test_what_is_no_expression(text: str, told: str) -> None:
    with pytest.raises(Invalid) as caught:
        predicate.parse(text)
    assert told in str(caught.value)


def test_columns_of_an_expression() -> None:
    assert predicate.columns(predicate.parse('a + b > 1 and c in (1) or d.contains("x") and not (-e == 1)')) == set(
        "abcde"
    )
