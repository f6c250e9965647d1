"""What the agent starts without a shell is what bash would have started, to the byte."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from zaffre.agent.commands import direct

SHOW = "import json,os,sys; print(json.dumps([sys.argv, dict(os.environ), sys.executable, os.getcwd()]))"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """With a folder on the path that has the program not, and one that has it."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python").symlink_to(sys.executable)
    return {"PATH": f"{tmp_path}/nowhere:{tmp_path}/bin:/usr/bin:/bin", "HOME": "/x", "A": "b = 'c'"}


@pytest.mark.parametrize(
    "rest",
    [
        "",
        "a b",
        "'a b' \"c  d\"",
        "x='1'\"2\"3 --lr=0.1",
        "''",
        "a\n",
        "--path=/a/b:c,d @e f+g h%i",
        '"it\'s # no > comment"',
    ],
)
def test_a_plain_command(tmp_path: Path, environ: dict[str, str], rest: str) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    argv = ["/bin/bash", "-c", f"python -c {shlex.quote(SHOW)} {rest}"]
    found = direct(argv, environ, str(link))
    assert found is not None
    program = found.environ["_"]
    by_bash = subprocess.run(argv, env=environ, cwd=link, capture_output=True, check=True)
    by_us = subprocess.run(
        found.words, executable=program, env=found.environ, cwd=link, capture_output=True, check=True
    )
    assert json.loads(by_us.stdout) == json.loads(by_bash.stdout)


@pytest.mark.parametrize(
    "line",
    [
        "python a.py $HOME", "python a.py *", "python a.py ~", "python a.py; true", "python a.py # x", "python a\\ b",
        "python {a,b}", "python a > b", "python a | cat", "python a &", "python a && true", "python 'a", 'python "$A"',
        "python a\npython b", "A=1 python a", "echo a", "cd x", "python3.99 a", "", "python `id`", "python é", "exec python",
    ],
)  # fmt: skip
def test_what_is_left_to_the_shell(environ: dict[str, str], line: str) -> None:
    assert direct(["/bin/bash", "-c", line], environ, "/") is None


@pytest.mark.parametrize("name", ["BASH_ENV", "BASH_FUNC_python%%", "PWD", "SHLVL", "OLDPWD", "SHELLOPTS"])
def test_a_setting_of_the_shells_own_is_the_shells(environ: dict[str, str], name: str) -> None:
    line = ["/bin/bash", "-c", "python a"]
    assert direct(line, environ, "/") is not None
    assert direct(line, {**environ, name: "x"}, "/") is None


def test_other_commands_are_as_they_are(environ: dict[str, str]) -> None:
    assert direct(["python", "a"], environ, "/") is None
    assert direct(["/bin/bash", "-c", "python $0", "a"], environ, "/") is None
    assert direct(["/bin/bash", "-c", "python a"], {"A": "b"}, os.sep) is None


def test_a_program_that_bash_would_read_itself_is_bashs(tmp_path: Path) -> None:
    (tmp_path / "python").write_text("echo by bash")
    (tmp_path / "python").chmod(0o755)
    assert direct(["/bin/bash", "-c", "python a"], {"PATH": str(tmp_path)}, "/") is None


def test_a_folder_of_the_path_that_depends_on_where_one_is_leaves_it_to_bash(environ: dict[str, str]) -> None:
    line = ["/bin/bash", "-c", "python a"]
    assert direct(line, {**environ, "PATH": f"bin:{environ['PATH']}"}, "/") is None
    assert direct(line, {**environ, "PATH": f":{environ['PATH']}"}, "/") is None
