"""An import as a task: Zaffre's own process, and one output that appears whole."""

from __future__ import annotations

from pathlib import Path

from zaffre.core.ports import Interpreter
from zaffre.core.site import PlacedOutput, Site
from zaffre.core.tasks import Step
from zaffre.jobs.imports.parts.task import task
from zaffre.jobs.imports.spec import ImportJob

SPEC = ImportJob.from_yaml(
    {
        "type": "import",
        "source": {"type": "database", "connection": "c", "query": "select 1"},
        "outputs": {"sink": {"type": "mltable", "name": "orders"}},
        "limits": {"timeout": 60},
    }
)


def test_the_process_is_the_platforms_and_its_secrets_are_nowhere_in_the_task():
    own = Step("query", ("python", "-I", "-m", "zaffre.staging"), {"LANG": "C"}, "/log", "ImportFailed", "/r", "/order")
    site = Site(
        "one", 2, "token", Path("/runs/one/2"), Path("/artifacts"), Interpreter("/p", "/p/python", ()), {"SECRET": "x"},
        outputs={"sink": PlacedOutput("/data/imported/one")}, own=own,
    )  # fmt: skip
    made = task(SPEC, site)
    assert (made.argv, dict(made.environ), made.timeout) == (own.argv, {"LANG": "C"}, 60.0)
    (deposit,) = made.deposits
    assert (deposit.staging, deposit.final) == ("/runs/one/2/out/sink", "/data/imported/one")
    assert (deposit.merge, deposit.always, made.own) == (False, False, own)
