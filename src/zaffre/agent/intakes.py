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
    folder = os.path.dirname(intake.target)
    if intake.copy:
        os.makedirs(folder, exist_ok=True)
        copying.tree(intake.source, intake.target, beat, intake.hard_links)
    elif _by_parent(intake, folder):
        os.makedirs(os.path.dirname(folder), exist_ok=True)
        _link(os.path.dirname(intake.source), folder)
    else:
        os.makedirs(folder, exist_ok=True)
        _link(intake.source, intake.target)


def _by_parent(intake: Intake, folder: str) -> bool:
    """Whether the folder that holds the source can stand for the one that holds the target (``core.tasks.Intake``)."""
    same_name = os.path.basename(intake.source) == os.path.basename(intake.target)
    free = not os.path.lexists(folder) or os.path.islink(folder)
    return same_name and free and os.path.isdir(intake.source)


def _link(source: str, target: str) -> None:
    try:
        os.symlink(source, target)
    except FileExistsError:
        if not os.path.islink(target) or os.readlink(target) != source:
            raise
