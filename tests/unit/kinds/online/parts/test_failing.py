"""The reason of a deployment that did not become ready: the user's line, how the process ended, what to do."""

from __future__ import annotations

import pytest

from zaffre.core.ports import BuildPhase
from zaffre.core.tasks import Exit, Phase
from zaffre.kinds.online.parts.failing import reason
from zaffre.kinds.online.parts.intents import Facts, Replica
from zaffre.kinds.online.parts.wish import Content, Place, Wish

NOW = 1000.0
HOST = "/home/agent/score-1.pyz/zaffre/agent/scoring"
CODE = "/home/endpoints/ws/iris/green/2-7/code"
LOG = f"""\
loading
Traceback (most recent call last):
  File "{HOST}/host.py", line 79, in load
    self._model = _load(config)
                  ^^^^^^^^^^^^^
  File "{CODE}/score.py", line 3, in init
    model = joblib.load(path)
ModuleNotFoundError: No module named 'sklearn'
The model could not be loaded; the traceback above says why.
"""


def told(exit_=None, words="", phase=Phase.EXITED, started_at=NOW - 5):
    place = Place(2, 7, "t", "/s", "/d", "/l", "starting", started_at)
    facts = Facts(
        now=NOW, wish=Wish(2, Content("score", {"name": "env"})), serving=None, deleting=False, settled=False,
        environment=BuildPhase.READY, environment_name="env", environment_message="", replicas=(),
        published=frozenset(), logs="zaffre online-deployment get-logs -n green -e iris",
    )  # fmt: skip
    return reason(Replica(place, phase, False if phase is Phase.RUNNING else None, exit_, words), facts)


def test_the_users_own_line_the_traceback_and_what_to_do():
    found = told(Exit(1, None, 0, 1, peak_memory=64 * 1024**2), LOG)
    assert found.cause.value == "NotReady"
    sentence = found.sentence
    assert "ended with exit code 1" in sentence
    assert "64 MiB" in sentence
    assert "(score.py, line 3): ModuleNotFoundError: No module named 'sklearn'." in sentence
    assert "Add the package to the deployment's environment." in sentence
    assert "get-logs -n green -e iris" in sentence
    assert "model = joblib.load(path)" in sentence
    assert "pyz/zaffre" not in sentence
    assert found.facts["at"] == "score.py:3"
    assert found.facts["exit_code"] == 1
    assert found.facts["peak_memory_bytes"] == 64 * 1024**2
    assert found.facts["traceback"].endswith("No module named 'sklearn'")
    assert found.facts["log"][0] == "loading"


@pytest.mark.parametrize(
    ("ended", "words"),
    [
        (Exit(None, 9, 0, 1), "by signal 9 (SIGKILL)"),
        (Exit(137, None, 0, 1), "by signal 9 (SIGKILL)"),
        (Exit(None, 11, 0, 1), "Native code of a library crashed"),
        (Exit(0, None, 0, 1), "init() must return"),
        (Exit(3, None, 0, 1), "with exit code 3"),
        (None, "without a trace"),
    ],
)
def test_how_it_ended_in_words(ended, words):
    assert words in told(ended, "a\nb\n").sentence
    assert "The last lines of its log:\na\nb" in told(ended, "a\nb\n").sentence


def test_memory_that_ran_out_says_how_much_was_used():
    found = told(Exit(None, 9, 0, 1, out_of_memory=True, peak_memory=2 * 1024**3), "loading\n")
    assert found.cause.value == "OutOfMemory"
    assert "2048 MiB" in found.sentence
    assert found.sentence.startswith("The scoring process was killed because memory ran out")


def test_one_that_hangs_shows_how_far_it_came_and_which_setting_counts():
    found = told(words="loading\n", phase=Phase.RUNNING, started_at=NOW - 400)
    assert "readiness_probe allows 310 s" in found.sentence
    assert "raise readiness_probe.initial_delay" in found.sentence
    assert "loading" in found.sentence
    assert told(words="", phase=Phase.RUNNING, started_at=NOW - 300) is None


def test_braces_in_a_log_are_no_placeholders():
    assert "{who} {x!r}" in told(Exit(1, None, 0, 1), "{who} {x!r}\n").sentence
