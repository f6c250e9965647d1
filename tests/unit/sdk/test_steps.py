"""A pipeline's stream: what is new of each step, once, whatever the order in which it becomes known."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from zaffre.sdk import steps
from zaffre.sdk.resources import Group, Resources, Which
from zaffre.sdk.transport import Broken


class Line:
    """Answers with one state of the pipeline after another; logs come in pieces, and the line breaks between them."""

    def __init__(self, states: list[dict[str, Any]], logs: dict[str, list[str]]) -> None:
        self.states = states
        self.logs = logs
        self.inner: dict[str, dict[str, Any]] = {}

    def call(self, method: str, path: str, **more: Any) -> Any:
        del method, more
        job = path.split("/")[-2]
        if job in self.inner:
            return self.inner[job]
        return self.states.pop(0) if len(self.states) > 1 else self.states[0]

    def lines(self, path: str, **more: Any) -> Iterator[bytes]:
        job, after = path.split("/jobs/")[1].split("/", maxsplit=1)[0], more["query"]["after"]
        whole = "".join(self.logs.get(job, []))
        at = 0
        for piece in self.logs.get(job, []):
            if at == after:
                yield from _event("log", {"data": piece}, at + len(piece))
                if at + len(piece) < len(whole):
                    raise Broken("nothing came")
                break
            at += len(piece)
        yield from _event("end", {}, len(whole))


def _event(name: str, data: Any, identity: int) -> Iterator[bytes]:
    yield from (
        f"id: {identity}\n".encode(),
        f"event: {name}\n".encode(),
        f"data: {json.dumps(data)}\n".encode(),
        b"\n",
    )


def row(step: str, status: str = "", **more: Any) -> dict[str, Any]:
    state = {"Completed": "done", "Failed": "failed", "": "waiting"}.get(status, "running")
    job = f"p_{step}" if status else ""
    told = {
        "type": "command",
        "state": state,
        "job": job,
        "status": status,
        "seconds": None,
        "reused": "",
        "message": "",
    }
    return {"step": step, **told, **more}


def told(line: Line) -> list[str]:
    said: list[str] = []
    resources = Resources(line, "default", Group("job", "jobs"))  # type: ignore[arg-type]
    steps.Steps(resources, Which("p"), said.append).run()
    return "".join(said).splitlines()


def test_steps_begin_log_and_end_once() -> None:
    states = [
        {"status": "Running", "steps": [row("a", "Running"), row("b")]},
        {"status": "Running", "steps": [row("a", "Running"), row("b")]},
        {"status": "Running", "steps": [row("a", "Completed", seconds=2.04), row("b", "Completed", reused="old_b")]},
        {"status": "Completed", "steps": [row("a", "Completed", seconds=2.04), row("b", "Completed", reused="old_b")]},
    ]
    line = Line(states, {"p_a": ["one\ntw", "o\nthree"]})
    assert told(line) == [
        "a: started, job p_a",
        "a | one",
        "a | two",
        "a | three",
        "a: completed after 2.0 s",
        "b: HIT, it has what old_b left",
        "",
        "Step  Status     Time   Job",
        "----  ---------  -----  ---",
        "a     Completed  2.0 s  p_a",
        "b     HIT               p_b",
    ]


def test_steps_within_turns_of_loops_and_what_is_left_out() -> None:
    inner = {"status": "Completed", "steps": [row("say", "Completed", job="p_deep_say")]}
    turns = [
        {"key": f"each.{n}", "job": f"p_each_{n}", "status": "Completed", "state": "", "message": "", "reused": ""}
        for n in (0, 1)
    ]
    rows = [
        row("deep", "Completed", type="pipeline"),
        row("all", type="parallel_for", state="done", jobs=turns),
        row("never", state="skipped", message="left out: deep failed"),
        row("ok", state="running", message="waits for approval: Ship it?"),
        row("prep", "Preparing", message="Environment e is being built by b"),
        row("later", "Queued", message="of no interest to who follows"),
    ]
    line = Line([{"status": "Failed", "steps": rows}], {})
    line.inner = {"p_deep": inner}
    said = told(line)
    assert said[:6] == [
        "deep/say: completed", "each.0: completed", "each.1: completed", "never: left out: deep failed",
        "ok: waits for approval: Ship it?", "prep: Environment e is being built by b",
    ]  # fmt: skip


def test_a_pipeline_inside_is_its_own_steps_in_the_table() -> None:
    waiting = {"status": "Running", "steps": [row("deep", type="pipeline", state="running")]}
    over = {"status": "Completed", "steps": [row("deep", "Completed", type="pipeline")]}
    line = Line([waiting, over], {})
    line.inner = {"p_deep": {"status": "Completed", "steps": [row("say", "Completed", job="p_deep_say")]}}
    table = told(line)[-3:]
    assert [line.split()[0] for line in table] == [
        "Step",
        "---------------------"[: len(table[1].split()[0])],
        "deep/say",
    ]


def test_a_failure_says_why_and_its_card_what_to_do() -> None:
    line = Line([{"status": "Failed", "steps": [row("a", "Failed", seconds=1.0, message="exited with code 3")]}], {})
    assert "a: failed after 1.0 s: exited with code 3" in told(line)
    failure = {
        "step": "a",
        "job": "p_a",
        "error": "E: x",
        "at": "a.py:3",
        "source": "f()",
        "log": ["l"],
        "do": ["zaffre …"],
    }
    shown = steps.card(failure)
    assert shown == [
        "Step: a (job p_a)", "Error: E: x", "At: a.py:3   f()", "Last lines of the log:", "  l", "What to do:", "  zaffre …",
    ]  # fmt: skip
    assert "  l" not in steps.card(failure, log=False)
    assert steps.card({}) == []
    assert steps.failure_of({"state": {"failure": failure}}) == failure
