"""The process that knows samplers: asked, killed, let go."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import signal
import sys
import time

import pytest

from zaffre.core.errors import Invalid, Unavailable
from zaffre.core.sweeping import read_sampler, read_space
from zaffre.search.__main__ import main
from zaffre.search.process import Patience, SearchProcess
from zaffre.search.suggesting import suggest
from zaffre.search.trial import COMPLETED, Search, Trial

SPACE = {"x": read_space({"type": "uniform", "min_value": 0, "max_value": 1})}


def search(sampler="tpe"):
    return Search(SPACE, read_sampler({"type": sampler, "seed": 1}), ("minimize",), 1)


def history(count):
    return [Trial(number, {"x": number / 20}, COMPLETED, (float(number % 7),)) for number in range(count)]


@pytest.mark.asyncio
async def test_it_answers_what_the_function_answers_and_a_killed_one_costs_time_only():
    process = SearchProcess()
    try:
        assert process.pid is None
        assert await process.suggest(search(), history(12), 2) == suggest(search(), history(12), 2)
        first = process.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        assert await process.suggest(search(), history(13), 1) == suggest(search(), history(13), 1)
        assert process.pid != first
    finally:
        await process.close()
    assert process.pid is None


@pytest.mark.asyncio
async def test_what_cannot_be_had_is_said(monkeypatch):
    process = SearchProcess()
    try:
        spaces = {**SPACE, "y": SPACE["x"]}
        broken = Search(spaces, read_sampler({"type": "tpe"}), ("minimize", "sideways"), 1)
        with pytest.raises(Unavailable, match="no values could be suggested: KeyError"):
            await process.suggest(broken, [], 1)
        assert len(await process.suggest(search(), [], 1)) == 1  # it lives on
        with contextlib.suppress(ImportError):
            import torch  # noqa: F401 - where it is, gp can be had

            return
        with pytest.raises(Invalid, match="gp needs torch"):
            await process.suggest(search("gp"), [], 1)
    finally:
        await process.close()


@pytest.mark.asyncio
async def test_nobody_asks_and_it_ends():
    process = SearchProcess(Patience(idle=0.05))
    await process.suggest(search(), [], 1)
    deadline = time.monotonic() + 30
    while process.pid is not None and time.monotonic() < deadline:
        await asyncio.sleep(0.02)
    assert process.pid is None
    assert len(await process.suggest(search(), [], 1)) == 1
    await process.close()


@pytest.mark.asyncio
async def test_one_that_never_answers_is_given_up(tmp_path):
    silent = tmp_path / "python"
    silent.write_text(f"#!{sys.executable}\nimport time\ntime.sleep(60)\n")
    silent.chmod(0o755)
    process = SearchProcess(Patience(answer=0.3), str(silent))
    with pytest.raises(Unavailable, match=r"no values were suggested in 0\.3 seconds"):
        await process.suggest(search(), [], 1)
    assert process.pid is None


@pytest.mark.asyncio
async def test_one_that_ends_at_once_is_tried_twice(tmp_path):
    count = tmp_path / "count"
    ending = tmp_path / "python"
    ending.write_text(f"#!/bin/sh\necho x >> {count}\n")
    ending.chmod(0o755)
    process = SearchProcess(python=str(ending))
    with pytest.raises(Unavailable, match="ended twice"):
        await process.suggest(search(), [], 1)
    assert count.read_text() == "x\nx\n"


SEARCH = {
    "spaces": {"x": {"type": "uniform", "min_value": 0, "max_value": 1}},
    "sampler": {"type": "tpe"},
    "goals": ["minimize"],
    "seed": 1,
    "before": [],
}


def told(*questions):
    answers = io.StringIO()
    assert main(io.StringIO("".join(json.dumps(one) + "\n" for one in questions)), answers) == 0
    return [json.loads(line) for line in answers.getvalue().splitlines()]


def test_the_same_question_has_the_same_answer_whatever_was_asked_between():
    question = {"search": SEARCH, "history": [[0, {"x": 0.5}, "completed", [1.0]]], "count": 2}
    others = [{"search": {**SEARCH, "seed": seed}, "history": [], "count": 1} for seed in range(2, 12)]
    first, *_, last = told(question, *others, question)
    assert first == last
    assert len(first["parameters"]) == 2


def test_a_question_that_fails_is_said_and_the_next_one_is_answered():
    broken = {"search": {**SEARCH, "goals": ["sideways"]}, "history": [], "count": 1}
    failed, fine = told(broken, {"search": SEARCH, "history": [], "count": 1})
    assert failed == {"failed": "KeyError: 'sideways'"}
    assert len(fine["parameters"]) == 1
