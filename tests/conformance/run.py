"""Azure's own examples as a measure: reads, runs and checks the YAML that a list names, and prints passed/total.

    python tests/conformance/run.py --examples <clone of Azure/azureml-examples> [--level L2] [--only 'cli/jobs/*']

L0 reads every listed document, and those that must be refused (N0), beside azure-ai-ml. L1 also starts a Zaffre of its
own and runs what asks for L1 or L2; L2 looks at what those runs left as well. ``--all`` reads every document of the clone.
With ``--client azure`` the official client reads and submits all of it, to a Zaffre that it finds by its environment.
"""

from __future__ import annotations

import argparse
import fnmatch
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
import sending  # noqa: E402
from clients import Azure, Client, Native  # noqa: E402
from installation import Installation  # noqa: E402
from official import Official  # noqa: E402
from preparing import Preparer, written  # noqa: E402
from reporting import Remarks, Told  # noqa: E402

LIST = HERE / "open.json"
PAGE = HERE.parents[1] / "docs/conformance.md"
LEVELS = ("L0", "L1", "L2")
CLIENTS = {"zaffre": "Zaffre", "azure": "azure-ai-ml"}
"""What is said on the command line → how the page has it."""
NOWHERE = "http://127.0.0.1:9/simple/"
"""A package index for environments that are never used: what is sent to be taken is not run."""
_TITLES = {
    "documents": ("Documents of the list", "LEVEL=L0"),
    "runs": ("Examples that were run", "LEVEL=L2"),
    "all": ("Every document of the clone", "ALL=1"),
}
"""Part of the page → its title, and what makes it."""


def main(words: Sequence[str] | None = None) -> int:
    """The exit status: 1 where something failed, 2 where the list cannot be read."""
    asked = _arguments(words)
    try:
        entries = [] if asked.all else listing.only(listing.read(asked.list), asked.only)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    if absent := [entry["path"] for entry in entries if not (asked.examples / entry["path"]).is_file()]:
        print(f"{asked.examples} lacks {len(absent)} files of the list, {absent[0]} first", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="zaffre-conformance-", ignore_cleanup_errors=True) as named:
        folder = Path(named)
        parts = _told_before(entries, asked.verdicts) if asked.verdicts else _judged(entries, asked, folder)
        places = (folder, asked.home or folder, asked.examples, HERE.parents[1])
        _report(parts, asked, tuple(str(place) for place in places))
    return 1 if any(one.word == "failed" for told in parts.values() for one in told) else 0


def _judged(entries: list[listing.Entry], asked: argparse.Namespace, folder: Path) -> dict[str, list[Told]]:
    """The verdicts, by the part of the page that they belong to."""
    if asked.all:
        return {"all": _everything(asked.examples, asked.only, not asked.alone, folder)}
    parts = {
        "documents": _sent(entries, asked, folder) if asked.client == "azure" else _documents(entries, asked, folder)
    }
    ran = [entry for entry in entries if entry["level"] in ("L1", "L2")]
    if asked.level != "L0" and ran:
        site = Installation((asked.home or folder).resolve())
        parts["runs"] = _runs([entry | {"level": min(entry["level"], asked.level)} for entry in ran], site, asked)
    return parts


def _told_before(entries: list[listing.Entry], files: Sequence[Path]) -> dict[str, list[Told]]:
    """What runs of parts of the list have come to, in the order of the list; a later file goes before an earlier one."""
    every = [Told(**one) for file in files for one in json.loads(file.read_text(encoding="utf-8"))]
    known = {(one.level in ("L1", "L2"), one.path): one for one in every}
    wanted = {
        "documents": [(False, entry["path"]) for entry in entries],
        "runs": [(True, entry["path"]) for entry in entries if entry["level"] in ("L1", "L2")],
    }
    absent = [path for names in wanted.values() for ran, path in names if (ran, path) not in known]
    if absent:
        print(f"{len(absent)} verdicts of the list are in none of the files, {absent[0]} first", file=sys.stderr)
    found = {part: [known[name] for name in names if name in known] for part, names in wanted.items()}
    return {part: told for part, told in found.items() if len(told) == len(wanted[part])}


def _report(parts: dict[str, list[Told]], asked: argparse.Namespace, places: tuple[str, ...]) -> None:
    whole = asked.only == "*" and not asked.alone and (asked.all or asked.list.resolve() == LIST)
    for name, told in parts.items():
        _print(_TITLES[name][0], told)
        if asked.page or (whole and (name != "runs" or asked.level == "L2" or asked.verdicts)):
            _write(name, told, asked, places)
    if asked.json:
        every = [one for told in parts.values() for one in told]
        asked.json.write_text(
            json.dumps([{key: getattr(one, key) for key in Told.__slots__} for one in every], indent=1)
        )


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=_folder, required=True, help="a clone of Azure/azureml-examples")
    parser.add_argument("--list", type=Path, default=LIST, help="a list like open.json")
    parser.add_argument("--only", default="*", help="paths of examples, as a glob")
    parser.add_argument("--level", choices=LEVELS, default="L0")
    parser.add_argument("--client", choices=CLIENTS, default="zaffre", help="who reads and submits the documents")
    parser.add_argument("--all", action="store_true", help="every document of the clone, read beside azure-ai-ml")
    parser.add_argument("--alone", action="store_true", help="do not ask azure-ai-ml, which needs the network once")
    parser.add_argument("--home", type=Path, help="keep the installation here, for the next run or to look into it")
    parser.add_argument("--page", type=Path, help=f"write the tables here; a whole list goes to {PAGE.name} anyway")
    parser.add_argument(
        "--verdicts",
        type=Path,
        nargs="*",
        help="run nothing: make the page from what --json of earlier runs has written",
    )
    parser.add_argument("--json", type=Path, help="write every verdict here too")
    asked = parser.parse_args(words)
    if asked.all and asked.client != "zaffre":
        parser.error("--all reads beside azure-ai-ml anyway; leave out --client")
    return asked


def _folder(said: str) -> Path:
    if not Path(said).is_dir():
        raise argparse.ArgumentTypeError(f"{said} is no folder; expected a clone of Azure/azureml-examples")
    return Path(said).resolve()


def _documents(entries: list[listing.Entry], asked: argparse.Namespace, folder: Path) -> list[Told]:
    """L0 for all that must load, whatever more is asked of it; N0 for the rest."""
    started = time.monotonic()
    judged = comparing.listed(entries, asked.examples, folder, beside=not asked.alone)
    each = (time.monotonic() - started) / max(1, len(judged))
    return [
        Told(one.path, one.kind, _level(entry), one.verdict.word, one.verdict.why, each, one.compared)
        for one, entry in zip(judged, entries, strict=True)
    ]


def _sent(entries: list[listing.Entry], asked: argparse.Namespace, folder: Path) -> list[Told]:
    """The same by the official client, which sends what it has read; to an installation that nothing else uses."""
    site = Installation(folder / "documents", UV_DEFAULT_INDEX=NOWHERE)
    preparer, official = Preparer(site, asked.examples), Official(site, folder / "official.log")
    preparer.site.start()
    try:
        levelled = [entry | {"level": _level(entry)} for entry in entries]
        return [_timed(entry, lambda entry=entry: sending.sent(entry, preparer, official)) for entry in levelled]
    finally:
        official.stop()
        preparer.site.stop()


def _level(entry: listing.Entry) -> str:
    return "N0" if entry["level"] == "N0" else "L0"


def _everything(examples: Path, only: str, beside: bool, folder: Path) -> list[Told]:
    settled = _remarks().settled
    started = time.monotonic()
    found = [each for each in listing.every(examples) if fnmatch.fnmatch(str(each[0].relative_to(examples)), only)]
    judged = comparing.every(found, examples, folder, beside=beside)
    each = (time.monotonic() - started) / max(1, len(judged))
    told = [Told(one.path, one.kind, "L0", one.verdict.word, one.verdict.why, each, one.compared) for one in judged]
    return [one if one.word == "passed" or one.path not in settled else _settled(one) for one in told]


def _remarks() -> Remarks:
    said = written()
    return Remarks(said["settled"], {path: one["why"] for path, one in said["examples"].items() if "why" in one})


def _settled(one: Told) -> Told:
    return Told(one.path, one.kind, one.level, "settled", one.why, one.seconds, one.compared)


def _runs(entries: list[listing.Entry], site: Installation, asked: argparse.Namespace) -> list[Told]:
    preparer = Preparer(site, asked.examples)
    preparer.mirror([entry["path"] for entry in entries if _can_run(entry)])
    official = Official(site, site.home.with_name("official.log"))
    client: Client = Azure(official) if asked.client == "azure" else Native(site)
    preparer.site.start()
    try:
        return [_timed(entry, lambda entry=entry: running.run(entry, preparer, client)) for entry in entries]
    finally:
        official.stop()
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


def _print(title: str, told: list[Told]) -> None:
    print(f"\n{title}\n")
    for one in told:
        if one.word not in ("passed", "not built"):  # the table counts those: one reason for all of a kind
            print(f"{one.word:12}  {one.level}  {one.path}\n              {one.why}")
    print("\n" + "\n".join(reporting.lines(reporting.table(told))))
    print(f"\n{len(told)} examples in {sum(one.seconds for one in told):.1f} s\n")


def _write(name: str, told: list[Told], asked: argparse.Namespace, places: tuple[str, ...]) -> None:
    title, words = _TITLES[name]
    words += " CLIENT=azure" if asked.client == "azure" else ""
    command = f"make conformance EXAMPLES=<clone of Azure/azureml-examples> {words}"
    results = reporting.Results(CLIENTS[asked.client], command, told)
    page: Path = asked.page or PAGE
    before = page.read_text(encoding="utf-8") if page.is_file() else ""
    page.write_text(reporting.page(before, name, title, results, _remarks(), places), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
