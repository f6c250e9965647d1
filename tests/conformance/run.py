"""Azure's own examples as a measure: reads, runs and checks the YAML that a list names, and prints passed/total.

    python tests/conformance/run.py --examples <clone of Azure/azureml-examples> [--level L2] [--only 'cli/jobs/*']

L0 reads every listed document, and those that must be refused (N0), beside azure-ai-ml. L1 and L2 start a Zaffre of their
own and run what asks for that level; ``all`` does both. ``--all`` reads every document of the clone instead of a list.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "wire")]

import comparing  # noqa: E402
import listing  # noqa: E402
import reporting  # noqa: E402
import running  # noqa: E402
from installation import Installation  # noqa: E402
from preparing import PREPARATIONS, Preparer  # noqa: E402
from reporting import Told  # noqa: E402

LIST = HERE / "open.json"
PAGE = HERE.parents[1] / "docs/conformance.md"
RUNS = {"L1": ("L1", "L2"), "L2": ("L2",), "all": ("L1", "L2")}
"""The levels that are run, by what was asked for."""
_TITLES = {
    "documents": "Documents of the list",
    "runs": "Examples that were run",
    "all": "Every document of the clone",
}


def main(words: Sequence[str] | None = None) -> int:
    """The exit status: 1 where something failed, 2 where the list cannot be read."""
    asked = _arguments(words)
    try:
        entries = [] if asked.all else listing.only(listing.read(asked.list), asked.only)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    examples = asked.examples.resolve()
    settled = json.loads(PREPARATIONS.read_text()).get("settled", {})
    with tempfile.TemporaryDirectory(prefix="zaffre-conformance-", ignore_cleanup_errors=True) as named:
        folder = Path(named)
        parts: dict[str, list[Told]] = {}
        if asked.all:
            parts["all"] = _everything(examples, asked.only, settled, folder)
        elif asked.level in ("L0", "all"):
            parts["documents"] = _documents(entries, examples, folder)
        if not asked.all and asked.level in RUNS:
            run = [entry for entry in entries if entry["level"] in RUNS[asked.level]]
            parts["runs"] = _runs(run, Preparer(Installation(folder), examples))
        for name, told in parts.items():
            _print(told)
            if asked.write and asked.only == "*" and (asked.all or asked.list == LIST):
                _write(name, told, asked, (settled, (str(folder), str(examples), str(HERE.parents[1]))))
    every = [one for told in parts.values() for one in told]
    if asked.json:
        asked.json.write_text(
            json.dumps([{key: getattr(one, key) for key in Told.__slots__} for one in every], indent=1)
        )
    return 1 if any(one.word == "failed" for one in every) else 0


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=Path, required=True, help="a clone of Azure/azureml-examples")
    parser.add_argument("--list", type=Path, default=LIST, help="a list like open.json")
    parser.add_argument("--only", default="*", help="paths of examples, as a glob")
    parser.add_argument("--level", choices=("L0", *RUNS), default="L0")
    parser.add_argument("--all", action="store_true", help="every document of the clone, read beside azure-ai-ml")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/conformance.md, if all was run")
    parser.add_argument("--json", type=Path, help="write every verdict here too")
    return parser.parse_args(words)


def _documents(entries: list[listing.Entry], examples: Path, folder: Path) -> list[Told]:
    """L0 for all that must load, whatever more is asked of it; N0 for the rest."""
    started = time.monotonic()
    judged = comparing.listed(entries, examples, folder)
    each = (time.monotonic() - started) / max(1, len(judged))
    levels = ["N0" if entry["level"] == "N0" else "L0" for entry in entries]
    return [
        Told(one.path, one.kind, level, one.verdict.word, one.verdict.why, each, one.compared)
        for one, level in zip(judged, levels, strict=True)
    ]


def _everything(examples: Path, only: str, settled: dict[str, str], folder: Path) -> list[Told]:
    started = time.monotonic()
    found = [each for each in listing.every(examples) if Path(each[0].relative_to(examples)).match(only) or only == "*"]
    judged = comparing.every(found, examples, folder)
    each = (time.monotonic() - started) / max(1, len(judged))
    told = [Told(one.path, one.kind, "L0", one.verdict.word, one.verdict.why, each, one.compared) for one in judged]
    return [one if one.word == "passed" or one.path not in settled else _settled(one) for one in told]


def _settled(one: Told) -> Told:
    return Told(one.path, one.kind, one.level, "settled", one.why, one.seconds, one.compared)


def _runs(entries: list[listing.Entry], preparer: Preparer) -> list[Told]:
    preparer.mirror([entry["path"] for entry in entries if _can_run(entry)])
    preparer.site.start()
    try:
        return [_timed(entry, lambda entry=entry: running.run(entry, preparer)) for entry in entries]
    finally:
        preparer.site.stop()


def _can_run(entry: listing.Entry) -> bool:
    kind = running.kind_of(entry)
    return kind is not None and kind.built


def _timed(entry: listing.Entry, judge: Callable[[], running.Verdict]) -> Told:
    started = time.monotonic()
    verdict = judge()
    seconds = time.monotonic() - started
    print(f"{seconds:7.1f} s  {verdict.word:12}  {entry['path']}", file=sys.stderr, flush=True)
    return Told(entry["path"], entry["kind"], entry["level"], verdict.word, verdict.why, seconds)


def _print(told: list[Told]) -> None:
    for one in told:
        if one.word != "passed":
            print(f"{one.word:12}  {one.level}  {one.path}\n              {one.why}")
    print("\n" + "\n".join(reporting.lines(reporting.table(told))))
    print(f"\n{len(told)} examples in {sum(one.seconds for one in told):.1f} s\n")


def _write(
    name: str, told: list[Told], asked: argparse.Namespace, beside: tuple[dict[str, str], tuple[str, ...]]
) -> None:
    what = "ALL=1" if asked.all else f"LEVEL={asked.level}"
    command = f"make conformance EXAMPLES=<clone of Azure/azureml-examples> {what}"
    body = reporting.section(told, command, *beside)
    before = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
    PAGE.write_text(reporting.page(before, name, _TITLES[name], body), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
