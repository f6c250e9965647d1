"""Dockerfiles as syntax: lines, continuations, here-documents, variables."""

import pytest

from zaffre.builder.parts import dockerfile


def test_instructions_have_the_line_they_begin_at():
    text = "# syntax=docker/dockerfile:1\n\nARG V=1\nFROM python:3.${V} AS one\nrun a \\\n  # between\n\n  && b\nCOPY x y\n"
    found = dockerfile.parse(text)
    assert [(one.line, one.keyword) for one in found] == [(3, "ARG"), (4, "FROM"), (5, "RUN"), (9, "COPY")]
    assert found[2].value.split() == ["a", "&&", "b"]


def test_the_escape_directive():
    [_, run] = dockerfile.parse("# escape=`\nFROM x\nRUN a `\n  b\\\n")
    assert run.value.split() == ["a", "b\\"]


def test_here_documents():
    [_, run, copy, last] = dockerfile.parse(
        "FROM x\nRUN <<EOF\npip install a\npip install b\nEOF\nCOPY <<-'F' /x/r.txt\n\tsix\n\tF\nRUN c\n"
    )
    assert run.documents == ("pip install a\npip install b\n",)
    assert copy.documents == ("six\n",)
    assert last.line == 9


def test_flags_are_taken_off():
    [_, copy] = dockerfile.parse("FROM x\nCOPY --from=one --chown=a:b x y\n")
    assert copy.flags == {"from": "one", "chown": "a:b"}
    assert copy.value == "x y"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("$A", "1"),
        ("${A}2", "12"),
        ("${X:-y}", "y"),
        ("${X-$A}", "1"),
        ("${A:+y}", "y"),
        ("${X:+y}", ""),
        ("\\$A", "$A"),
        ("$X", ""),
        ("a\\ b", "a\\ b"),
    ],
)
def test_substitution(text, wanted):
    assert dockerfile.substitute(text, {"A": "1"}) == wanted


def test_single_quotes_keep_a_dollar_in_shell_text():
    assert dockerfile.substitute("'$A' $A", {"A": "1"}, quotes=True) == "'$A' 1"


def test_a_variable_that_only_the_image_knows_stays_in_shell_text():
    assert dockerfile.substitute("$X ${Y} ${Z:-z}", {}, quotes=True) == "$X ${Y} z"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('A=1 B="two words" C=x\\ y', [("A", "1"), ("B", "two words"), ("C", "x y")]),
        ("OLD two words", [("OLD", "two words")]),
        ("P='a b'", [("P", "a b")]),
    ],
)
def test_assignments(text, wanted):
    assert list(dockerfile.assignments(text)) == wanted
