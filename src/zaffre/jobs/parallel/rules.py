"""What a parallel job must be before it is accepted: with its component's word filled in, it says everything."""

from __future__ import annotations

from zaffre.core.draft import Draft, Lookup
from zaffre.core.errors import Invalid, Problem
from zaffre.jobs.parallel.parts import amounts, arguments


def check(draft: Draft, lookup: Lookup) -> None:
    """Raise ``Invalid`` with everything that would fail later."""
    del lookup
    wrong = draft.spec.problems()
    if not draft.ahead:
        wrong += amounts.unfilled(draft.spec)
    task = draft.spec.task
    if task is not None and not wrong:
        try:
            arguments.check(task.program_arguments)
        except ValueError as error:
            wrong.append(Problem(f"cannot be taken apart into words: {error}", "task.program_arguments"))
    if wrong:
        raise Invalid(wrong)
