"""Processes of the platform's own around the command: remote inputs are brought before it, outputs are sent after it.

What a step needs to know may be secret. Its order is opened and removed before anything is started, and handed to the step
as standard input, so that no process of the user ever finds it; this process cannot be looked into while it holds it.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence

from zaffre.agent import copying, deposits, files, procs
from zaffre.agent.bell import Bell
from zaffre.agent.failure import Failure, Interrupted, words
from zaffre.agent.order import Order, Rank, Step
from zaffre.agent.supervisor import Supervisor


def clear(order: Order) -> None:
    """Remove what steps leave, and orders that were never taken."""
    for step in _all(order):
        for left in (step.order, step.litter):
            with contextlib.suppress(OSError):
                if left:
                    deposits.discard(left)


def _all(order: Order) -> tuple[Step, ...]:
    return (*order.before, *order.after, *([order.own] if order.own else []))


class Steps:
    """All steps of a task, from the taking of their orders to the removal of what they leave."""

    def __init__(self, order: Order, bell: Bell) -> None:
        self._order = order
        self._bell = bell
        self._held: dict[str, int] = {}
        if _all(order):
            procs.keep_to_ourselves()

    def take(self) -> None:
        """Open every order and remove it."""
        for step in _all(self._order):
            if not step.order:
                continue
            try:
                self._held[step.order] = os.open(step.order, os.O_RDONLY | os.O_CLOEXEC)
                os.unlink(step.order)
            except OSError as error:
                raise Failure(step.cause, name=step.name, message=words(error)) from error

    def run(self, steps: Sequence[Step], beat: copying.Beat, timeout: float | None) -> bool:
        """One after the other; False where the time was up. A stop or a failure raises."""
        for step in steps:
            beat()
            supervisor = Supervisor(self._meant(step, timeout), self._bell)
            supervisor.start()
            try:
                supervisor.watch()
            finally:
                supervisor.close()
            if supervisor.why.timed_out:
                return False
            beat()
            if supervisor.why.stopped:
                raise Interrupted
            if not supervisor.succeeded:
                raise self.failure(step, supervisor)
        return True

    def given(self, step: Step) -> int | None:
        """The descriptor of a step's order."""
        return self._held.get(step.order)

    def clear(self) -> None:
        """Nothing of the steps stays but their logs and reports."""
        for held in self._held.values():
            os.close(held)
        self._held = {}
        clear(self._order)

    def _meant(self, step: Step, timeout: float | None) -> Order:
        """The step as a task of one process, outside the limits that the user set for the command."""
        return self._order._replace(
            argv=step.argv,
            cwd=self._order.directory,
            environ=step.environ,
            ranks=[Rank(step.log, {})],
            timeout=timeout,
            memory=None,
            cpus=None,
            pids=None,
            stdin=self.given(step),
        )

    def failure(self, step: Step, supervisor: Supervisor) -> Failure:
        """What a step's report says of its failure, or how its process ended."""
        end = supervisor.first_failed()
        told = files.read(self._order.directory, os.path.relpath(step.report, self._order.directory)) or {}
        how = "signal %s" % end.signal if end.signal is not None else "code %s" % end.exit_code
        message = told.get("message") or "its process ended with %s; its log is %s" % (how, os.path.basename(step.log))
        return Failure(step.cause, name=str(told.get("name") or step.name), message=str(message))
