"""Every file of azureml-examples that names one of our kinds: the same verdict and the same body as azure-ai-ml 1.35.2.

Needs the ``guests`` dependencies and a copy of the examples in ``ZAFFRE_EXAMPLES``: ``make test-wire EXAMPLES=…``.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import wire_ours as ours

from zaffre.core.errors import Invalid

ROOT = Path(os.environ["ZAFFRE_EXAMPLES"])
pytestmark = pytest.mark.filterwarnings("ignore")
SETTLED = {
    "a mistyped setting": "cli/jobs/pipelines-with-components/basics/3a_basic_pipeline/pipeline.yml",
}
"""Where we refuse what the client lets pass for the server to refuse, and why."""


@pytest.fixture(scope="module")
def official() -> Any:
    import wire_official

    return wire_official


@pytest.fixture(scope="module")
def outcome(official: Any) -> tuple[Counter[str], Counter[str], list[str]]:
    """Per kind: files, and those with the same body or refused by both; and every difference in words."""
    compared: Counter[str] = Counter()
    same: Counter[str] = Counter()
    different: list[str] = []
    for path in sorted(ROOT.rglob("*.y*ml")):
        kind = ours.kind_of(path)
        if not kind or str(path.relative_to(ROOT)) in SETTLED.values():
            continue
        compared[kind] += 1
        told = difference(official, kind, path)
        same[kind] += not told
        if told:
            different.append(f"{path.relative_to(ROOT)}: {told}")
    return compared, same, different


def difference(official: Any, kind: str, path: Path) -> str:
    """How our answer to a file differs from the client's; empty when it does not."""
    needs_endpoint = kind in ("online-deployment", "batch-deployment") and "endpoint_name" not in path.read_text(
        "utf-8"
    )
    overrides = [{"endpoint_name": "ep-x"}] if needs_endpoint else []
    try:
        theirs: Any = official.body(kind, path, overrides)
    except Exception as error:  # noqa: BLE001 - whatever the client raises is its verdict
        theirs = error
    try:
        mine: Any = ours.body(kind, path, overrides)
    except Invalid as error:
        mine = error
    if isinstance(theirs, Exception) or isinstance(mine, Exception):
        both = isinstance(theirs, Exception) and isinstance(mine, Exception)
        return "" if both else f"client: {str(theirs)[:200]} / we: {str(mine)[:200]}"
    if (
        not theirs
    ):  # wrapped in templates, resolved in a workspace, or not run yet: the verdict is all there is to compare
        return ""
    return "" if mine == theirs else f"client: {json.dumps(theirs)[:800]} / we: {json.dumps(mine)[:800]}"


def test_bodies_and_verdicts_are_the_clients(
    outcome: tuple[Counter[str], Counter[str], list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    compared, same, different = outcome
    with capsys.disabled():
        for kind in sorted(compared):
            print(f"\n{kind}: {same[kind]}/{compared[kind]} files with the same body or refused by both", end="")
    assert not different, "\n".join(different)
    assert sum(compared.values()) > 100


def open_files() -> list[dict[str, Any]]:
    place = os.environ.get("ZAFFRE_OPEN", "")
    found: list[dict[str, Any]] = json.loads(Path(place).read_text("utf-8")) if place else []
    return found


@pytest.mark.parametrize(
    "entry",
    [item for item in open_files() if item["level"] == "N0" and ours.kind_of(ROOT / item["path"])],
    ids=lambda item: item["path"],
)
def test_what_must_be_refused_is_refused_by_field_and_line(entry: dict[str, Any]) -> None:
    path = ROOT / entry["path"]
    with pytest.raises(Invalid) as caught:
        ours.body(ours.kind_of(path), path)
    assert all(problem.field and problem.line and problem.file for problem in caught.value.problems)
