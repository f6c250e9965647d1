"""A parent as it goes: each news once."""

from __future__ import annotations

from zaffre.sdk.family import Family, is_parent
from zaffre.sdk.resources import Which


def child(name, status, **tags):
    reason = {"code": "ExitCode", "message": "it broke"} if status == "Failed" else None
    return {"name": name, "state": {"status": status, "reason": reason}, "spec": {"tags": tags}}


class Jobs:
    """Answers with one look after the other, newest children first."""

    def __init__(self, *looks):
        self.looks = list(looks)

    def get(self, which):
        status, best, _ = self.looks[0]
        return {"name": which.name, "state": {"status": status, "best": best}}

    def list(self, filters, limit):
        assert (filters, limit) == ({"parent_job_name": "s"}, 200)
        return reversed(self.looks.pop(0)[2])


def test_children_are_told_as_they_begin_and_end_and_the_best_when_it_changes(monkeypatch):
    monkeypatch.setattr("zaffre.sdk.family.time.sleep", lambda seconds: None)
    begun = child("s_0", "Running", hyperparameters='{"x": 1}')
    best = {"job": "s_0", "loss": 0.123456789}
    jobs = Jobs(
        ("Running", None, [begun, child("s_1", "Queued")]),
        ("Running", best, [child("s_0", "Completed"), child("s_1", "Failed")]),
        ("Completed", best, [child("s_0", "Completed"), child("s_1", "Failed")]),
    )
    said = []
    Family(jobs, Which("s"), said.append).run()
    assert said == [
        's_0: Running {"x": 1}\n',
        "s_0: Completed\n",
        "s_1: Failed (ExitCode: it broke)\n",
        "best so far: s_0, loss = 0.123457\n",
    ]


def test_who_has_children():
    assert is_parent({"spec": {"type": "sweep"}})
    assert not is_parent({"spec": {"type": "command"}})
