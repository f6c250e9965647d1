"""A scoring script that is no Python is refused where it stands, before anything is uploaded."""

from __future__ import annotations

import pytest

from zaffre.core.errors import Invalid
from zaffre.sdk import scripts

DOCUMENT = {"code_configuration": {"code": "src", "scoring_script": "score.py"}}


@pytest.fixture
def script(tmp_path):
    (tmp_path / "src").mkdir()
    return tmp_path / "src/score.py"


def test_a_mistake_is_told_at_its_line_with_the_way_around(tmp_path, script):
    script.write_text("def init(): pass\ndef run(data)\n    return 1\n")
    with pytest.raises(Invalid) as caught:
        scripts.check(DOCUMENT, tmp_path)
    told = str(caught.value)
    assert f"{script}:2:14: code_configuration.scoring_script: expected ':': def run(data)" in told
    assert "--skip-script-validation" in told


def test_what_is_no_text_at_all_is_told_too(tmp_path, script):
    script.write_bytes(b"x = '\x00'\n")
    with pytest.raises(Invalid, match="null"):
        scripts.check(DOCUMENT, tmp_path)


@pytest.mark.parametrize(
    "said",
    [
        {"code": "azureml:code:1", "scoring_script": "score.py"},
        {"code": "src", "scoring_script": "other.py"},
        {"code": "src", "scoring_script": "score.R"},
        {"code": "src"},
    ],
)
def test_what_is_not_here_or_no_python_is_the_servers_to_judge(tmp_path, script, said):
    script.write_text("def run(")
    script.with_suffix(".R").write_text("run <- function(")
    scripts.check({"code_configuration": said}, tmp_path)
    scripts.check({}, tmp_path)
