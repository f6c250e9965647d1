"""A parallel job's driver that a signal ended has another attempt; one that gave its verdict has none."""

from __future__ import annotations

import pytest

from zaffre.core.intents import Finish, Retry, RunFacts
from zaffre.core.ports import BuildPhase
from zaffre.core.reasons import Cause
from zaffre.core.status import RunStatus
from zaffre.core.tasks import Exit, Observation, Phase
from zaffre.jobs.parallel.plan import plan


def ended(retries=1, cancel_by=None, **more):
    exit_ = Exit(**{"exit_code": None, "signal": None, "started_at": 1.0, "ended_at": 2.0, **more})
    facts = RunFacts(
        RunStatus.RUNNING, 1, cancel_by, BuildPhase.READY, "", "e", Observation(Phase.EXITED, exit=exit_), 3.0, retries
    )
    (intent,) = plan(None, facts)
    return intent


def test_a_killed_driver_goes_on():
    intent = ended(signal=9, error="MiniBatchesFailed", error_facts={"message": "its process ended with signal 9"})
    assert isinstance(intent, Retry)
    assert "The driver of the mini-batches was killed by SIGKILL" in intent.reason.sentence


@pytest.mark.parametrize(
    ("more", "cause"),
    [
        ({"signal": 9, "retries": 0, "error": "MiniBatchesFailed"}, Cause.MINI_BATCHES_FAILED),
        (
            {"exit_code": 1, "error": "MiniBatchesFailed", "error_facts": {"message": "3 failed"}},
            Cause.MINI_BATCHES_FAILED,
        ),
        ({"exit_code": 0}, Cause.SUCCEEDED),
        ({"signal": 9, "out_of_memory": True}, Cause.OUT_OF_MEMORY),
        ({"signal": 15, "stopped": True, "cancel_by": "me"}, Cause.CANCELED),
    ],
)
def test_everything_else_is_the_end(more, cause):
    intent = ended(**more)
    assert isinstance(intent, Finish)
    assert intent.reason.cause is cause
