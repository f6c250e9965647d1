"""docs/coverage.md says what this server answers, and no request of the client's is answered by nothing."""

from __future__ import annotations

import azure_coverage as coverage


def test_the_ledger_is_true(here):
    verdicts = {one: coverage.ask(here.rig, one) for one in coverage.operations()}
    assert [one for one, said in verdicts.items() if said == coverage.MISSING] == []
    assert coverage.PAGE.read_text("utf-8") == coverage.page(verdicts.items()), "run tools/azure_coverage.py"
