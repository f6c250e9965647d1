"""Writes src/zaffre/cli/table.json from the registry of kinds; ``--check`` only says whether it is current."""

from __future__ import annotations

import json
import sys
from typing import Any

from zaffre.cli import table, verbs
from zaffre.core.registry import Kind, job_types, kinds
from zaffre.core.wire import Spec
from zaffre.sdk import locals as local_paths

TOP = frozenset({"workspace", "registry"})
"""Kinds that lie in no workspace."""


def build() -> dict[str, Any]:
    """The table as it should be."""
    return {
        "groups": {name: _group(kind) for name, kind in kinds().items()},
        "job_types": {name: {"paths": _paths(job.model()) if job.built else []} for name, job in job_types().items()},
        "component_types": {
            name: {"paths": _paths(job.component_model())} for name, job in job_types().items() if job.component
        },
    }


def text() -> str:
    """The file's content."""
    return json.dumps(build(), indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    """Write, or with ``--check`` compare."""
    wanted = text()
    if "--check" in sys.argv[1:]:
        current = table.FILE.exists() and table.FILE.read_text(encoding="utf-8") == wanted
        sys.stdout.write("" if current else f"{table.FILE.name} is not current; run python tools/command_table.py\n")
        return 0 if current else 1
    table.FILE.write_text(wanted, encoding="utf-8")
    return 0


def _group(kind: Kind) -> dict[str, Any]:
    unknown = [verb for verb in kind.verbs if verbs.verb_of(kind.name, verb, kind.versioned) is None]
    if unknown:
        raise SystemExit(f"{kind.name} declares verbs that zaffre.cli.verbs does not have: {', '.join(unknown)}")
    return {
        "summary": kind.summary,
        "collection": kind.collection,
        "parent": kinds()[kind.parent].collection if kind.parent else "",
        "versioned": kind.versioned,
        "top": kind.name in TOP,
        "verbs": list(kind.verbs),
        "paths": _paths(kind.model()) if kind.built else [],
    }


def _paths(model: Any) -> list[list[str]]:
    return [list(pair) for pair in local_paths.fields(model)] if issubclass(model, Spec) else []


if __name__ == "__main__":
    sys.exit(main())
