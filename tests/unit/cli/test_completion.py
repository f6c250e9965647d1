"""Completion: from the table, from the server, and in a real shell."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from zaffre.cli import completion, main, table

GROUPS = table.load()["groups"]
BIN = Path(sys.executable).parent


def found(*words: str) -> list[str]:
    return completion.candidates(list(words), GROUPS)


def test_groups_verbs_and_flags():
    assert found("onl") == ["online-deployment", "online-endpoint"]
    assert found("ml", "onl") == found("onl")
    assert "up" in found("")
    assert found("job", "cr") == ["create"]
    assert found("job", "create", "--fi") == ["--file"]
    assert "--file" not in found("job", "create", "-f", "job.yml", "")
    assert found("nonsense", "") == found("job", "nonsense", "") == []


def test_values_of_flags(home):
    assert found("job", "list", "-o", "ya") == ["yaml", "yamlc"]
    assert found("job", "create", "-f", "") == [completion.FILES]
    assert found("completion", "z") == ["zsh"]
    assert found("schema", "commandJ") == ["commandJob"]
    assert found("schema", "commandJob", "--fo") == ["--folder"]
    assert found("job", "show", "-n", "") == [], "no server, no names"
    assert not home.exists(), "no server is started for a completion"


def test_names_come_from_the_server(fake, home):
    assert main.main(["compute", "create", "-n", "big", "--type", "amlcompute"]) == 0
    assert found("compute", "show", "-n", "") == ["big"]
    assert found("compute", "show", "-n", "x") == []


@pytest.mark.parametrize("words", ["job cre", "job create --fi"])
def test_a_real_bash_completes(words, tmp_path, home):
    line = words.split(" ")
    program = f"""
        eval "$(zaffre completion bash)"
        COMP_WORDS=(zaffre {words}) COMP_CWORD={len(line)}
        _zaffre
        printf '%s\\n' "${{COMPREPLY[@]}}"
        complete -p zaffre
    """
    environ = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "ZAFFRE_HOME": str(home)}
    done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, env=environ, check=True, timeout=60)
    *words_found, registered = done.stdout.splitlines()
    assert words_found == found(*line)
    assert registered == "complete -F _zaffre zaffre"


def test_bash_completes_files_where_a_path_is_meant(home):
    program = """
        eval "$(zaffre completion bash)"
        COMP_WORDS=(zaffre job create -f '') COMP_CWORD=4
        _zaffre
        echo ${#COMPREPLY[@]}
    """
    environ = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "ZAFFRE_HOME": str(home)}
    done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, env=environ, check=True, timeout=60)
    assert done.stdout == "0\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_has_a_script(shell, zaffre):
    ran = zaffre("completion", shell)
    assert (ran.code, ran.error) == (0, "")
    assert "zaffre __complete" in ran.out
    assert zaffre("completion", "tcsh").code == 2
    assert zaffre("completion").code == 2
