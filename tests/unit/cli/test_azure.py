"""Variables as each shell reads them."""

import json
import subprocess

import pytest

from zaffre.cli.azure import lines

STRANGE = {"PLAIN": "https://localhost:8443/", "QUOTED": 'it\'s $HOME `id` \\ "x"', "PATH": "/home/a b/bin:/bin"}


def test_a_shell_reads_back_what_was_meant():
    script = lines(STRANGE, "sh") + 'printf "%s\\0" "$PLAIN" "$QUOTED" "$PATH"'
    done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split("\0")[:-1] == list(STRANGE.values())


@pytest.mark.parametrize(("form", "expected"), [
    ("fish", "set -gx QUOTED 'it\\'s $HOME `id` \\\\ \"x\"'"),
    ("powershell", "$env:QUOTED = 'it''s $HOME `id` \\ \"x\"'"),
])  # fmt: skip
def test_other_shells_have_their_own_quotes(form, expected):
    assert expected in lines(STRANGE, form).splitlines()


def test_fish_keeps_path_a_list():
    assert "set -gx --path PATH '/home/a b/bin:/bin'" in lines(STRANGE, "fish").splitlines()


def test_json_is_for_programs():
    assert json.loads(lines(STRANGE, "json")) == STRANGE
