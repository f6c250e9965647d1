"""Inputs that already lie on this machine, put where the command expects them."""

from __future__ import annotations

import os

from zaffre.agent import copying, failpoint
from zaffre.agent.failure import INPUT_FAILED, INPUT_MISSING, Failure, words
from zaffre.agent.order import Intake


def place(intakes: list[Intake], beat: copying.Beat) -> None:
    """All of them, in order; the first that cannot be placed ends the task with a ``Failure``."""
    for intake in intakes:
        if not os.path.exists(intake.source):
            if intake.required:
                raise Failure(INPUT_MISSING, name=intake.name, path=intake.source)
            continue
        try:
            _place(intake, beat)
        except OSError as error:
            raise Failure(INPUT_FAILED, name=intake.name, message=words(error)) from error
        failpoint.hit("intake")


def _place(intake: Intake, beat: copying.Beat) -> None:
    os.makedirs(os.path.dirname(intake.target), exist_ok=True)
    if intake.copy:
        copying.tree(intake.source, intake.target, beat)
        return
    try:
        os.symlink(intake.source, intake.target)
    except FileExistsError:
        if not os.path.islink(intake.target) or os.readlink(intake.target) != intake.source:
            raise
