"""An import and the place it is to run at, made into the task a backend launches: pure.

Its one process is Zaffre's own (``site.own``), which writes into the attempt's directory; the agent moves what is there to
the output's place by one rename.
"""

from __future__ import annotations

from typing import Any

from zaffre.core.site import Site
from zaffre.core.tasks import Deposit, Rank, Task


def task(spec: Any, site: Site) -> Task:
    """The task of one attempt of an import."""
    assert site.own is not None
    timeout = getattr(spec.limits, "timeout", None)
    return Task(
        run=site.run,
        attempt=site.attempt,
        token=site.token,
        directory=str(site.directory),
        argv=site.own.argv,
        cwd=str(site.work),
        environ=site.own.environ,
        ranks=(Rank(site.own.log),),
        deposits=tuple(
            Deposit(name, str(site.directory / "out" / name), placed.final) for name, placed in site.outputs.items()
        ),
        timeout=float(timeout) if timeout is not None else None,
        grace=site.grace,
        memory=site.limits.memory,
        cpus=site.limits.cpus,
        pids=site.limits.pids,
        own=site.own,
    )
