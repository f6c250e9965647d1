"""Azure's own examples as a measure: loads, runs and checks the YAML that ``open.json`` lists, and prints passed/total.

    python tests/conformance/run.py --examples <clone of Azure/azureml-examples> [--level L2] [--only 'cli/jobs/*']

L0 reads documents only. L1 and L2 start a Zaffre of their own and submit what asks for that level.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from loading import Verdict, judge, kind_of
from submitting import Site

LIST = Path(__file__).with_name("open.json")
LEVELS = {"L0": ("L0", "N0", "L1", "L2"), "L1": ("L1", "L2"), "L2": ("L2",)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=Path, required=True, help="a clone of Azure/azureml-examples")
    parser.add_argument("--only", default="*", help="paths of examples, as a glob")
    parser.add_argument("--level", choices=LEVELS, default="L0")
    parser.add_argument("--json", type=Path, help="write every verdict here too")
    arguments = parser.parse_args()
    entries = [
        entry
        for entry in json.loads(LIST.read_text())
        if fnmatch.fnmatch(entry["path"], arguments.only) and entry["level"] in LEVELS[arguments.level]
    ]
    told: list[dict[str, Any]] = []
    for entry, verdict in _verdicts(entries, arguments.examples.resolve(), arguments.level):
        told.append({"path": entry["path"], "kind": entry["kind"], "verdict": verdict.word, "why": verdict.why})
        if verdict.word in {"failed", "not prepared"}:
            print(f"{verdict.word:12} {entry['path']}\n             {verdict.why}")
    if arguments.json:
        arguments.json.write_text(json.dumps(told, indent=1))
    return _summary(told)


def _verdicts(entries: list[dict[str, Any]], examples: Path, level: str) -> Iterator[tuple[dict[str, Any], Verdict]]:
    if level == "L0":
        yield from ((entry, judge(entry, examples)) for entry in entries)
        return
    with tempfile.TemporaryDirectory(prefix="zaffre-conformance-", ignore_cleanup_errors=True) as folder:
        site = Site(Path(folder), examples)
        site.start()
        try:
            for entry in entries:
                started = time.monotonic()
                if kind_of(entry) is None or entry["kind"] != "job.command":
                    verdict = Verdict("not built" if kind_of(entry) is None else "not prepared", entry["kind"])
                else:
                    verdict = site.judge(entry)
                print(f"{time.monotonic() - started:6.1f} s  {verdict.word:12} {entry['path']}", file=sys.stderr)
                yield entry, verdict
        finally:
            site.stop()


def _summary(told: list[dict[str, Any]]) -> int:
    by_kind: dict[str, Counter[str]] = defaultdict(Counter)
    for item in told:
        by_kind[item["kind"]][item["verdict"]] += 1
    print(f"\n{'kind':42} passed   of   not built")
    for kind, counts in sorted(by_kind.items()):
        built = counts.total() - counts["not built"]
        print(f"{kind:42} {counts['passed']:6} {built:4}   {counts['not built'] or ''}")
    total = Counter(item["verdict"] for item in told)
    print(f"\n{total['passed']} passed, {total['failed']} failed, {total['not prepared'] + total['not built']} skipped")
    return 1 if total["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
