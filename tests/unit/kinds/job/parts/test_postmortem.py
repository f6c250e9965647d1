"""The card of a failure: the user's own line is found, and no log whatever is too odd."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaffre.kinds.job.parts import postmortem

WORK = "/home/me/.zaffre/runs/p_train/1/work"
PYTHON = f"""\
epoch 1
Traceback (most recent call last):
  File "{WORK}/train.py", line 9, in <module>
    main()
  File "{WORK}/lib/model.py", line 40, in fit
    return numpy.linalg.solve(a, b)
           ^^^^^^^^^^^^^^^^^^^^^^^^
  File "/env/lib/python3.11/site-packages/numpy/linalg.py", line 409, in solve
    r = gufunc(a, b)
numpy.linalg.LinAlgError: Singular matrix
"""


def card(text: str) -> dict:
    return postmortem.read(text).to_json()


def test_the_last_frame_that_is_the_users_own():
    assert card(PYTHON) | {"log": []} == {
        "error": "numpy.linalg.LinAlgError: Singular matrix",
        "at": "lib/model.py:40",
        "source": "return numpy.linalg.solve(a, b)",
        "log": [],
    }


def test_of_several_tracebacks_the_last():
    text = PYTHON + "\nDuring handling of the above exception, another exception occurred:\n\n"
    text += f'Traceback (most recent call last):\n  File "{WORK}/train.py", line 12, in <module>\n'
    text += "    raise SystemError\nSystemError\n"
    assert (card(text)["at"], card(text)["error"]) == ("train.py:12", "SystemError")


def test_a_line_that_python_cannot_read():
    text = f'Traceback (most recent call last):\n  File "{WORK}/a.py", line 1, in <module>\n    import b\n'
    text += f'  File "{WORK}/b.py", line 3\n    def f(:\n          ^\nSyntaxError: invalid syntax\n'
    assert (card(text)["at"], card(text)["source"]) == ("b.py:3", "def f(:")


def test_in_colours_with_windows_ends_and_in_a_group():
    colourful = (
        PYTHON.replace("Traceback", "\x1b[31mTraceback").replace("matrix", "matrix\x1b[0m").replace("\n", "\r\n")
    )
    assert card(colourful)["at"] == "lib/model.py:40"
    bordered = "  + Exception Group Traceback (most recent call last):\n" + "".join(
        f"  | {line}\n" for line in PYTHON.splitlines()[1:]
    )
    assert card(bordered)["error"] == "numpy.linalg.LinAlgError: Singular matrix"


def test_what_the_shell_says():
    told = card("hello\n/bin/bash: line 1: pyhton: command not found\n")
    assert told == {
        "error": "pyhton: command not found",
        "log": ["hello", "/bin/bash: line 1: pyhton: command not found"],
    }


@pytest.mark.parametrize(
    "text",
    ["", "\0\0", "Traceback (most recent call last):", 'Traceback (most recent call last):\n  File "', "  File\n" * 9],
)
def test_nothing_to_be_found(text):
    assert "at" not in card(text)
    assert card(text)["error"] == ""


def test_a_few_last_lines_none_of_them_endless():
    told = card("x" * 10_000 + "\n" + "".join(f"{number}\n" for number in range(100)) + "\n\n")
    assert told["log"] == [str(number) for number in range(80, 100)]
    assert len(card("x" * 10_000)["log"][0]) < 500


@given(st.text(), st.permutations(PYTHON.splitlines()))
def test_never_a_mistake_of_its_own(text, lines):
    postmortem.read(text).to_json()
    postmortem.read("\n".join(lines)).to_json()


def test_what_to_do_next():
    exit_code = {"code": "ExitCode"}
    assert postmortem.commands("j", exit_code, []) == ["zaffre job stream -n j", "zaffre job replay j"]
    assert postmortem.commands("p_a_b", exit_code, [("p", "a"), ("p_a", "b")]) == [
        "zaffre job stream -n p_a_b", "zaffre job replay p --step a/b", "zaffre job resume -n p",
    ]  # fmt: skip
    assert postmortem.commands("j", {"code": "EnvironmentFailed"}, []) == ["zaffre job stream -n j"]
