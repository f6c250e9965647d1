"""Verdicts as tables: on the terminal with seconds, and in docs/conformance.md without what differs from day to day. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

NOT = ("not built", "not prepared")
_LEVELS = ("N0", "L0", "L1", "L2")
HEAD = """# Conformance

How much of the YAML of Azure/azureml-examples this version takes, as the [runner](../tests/conformance/README.md) counted it.
This page is written by that command; the parts of it that were not run stay as they were.

A document of level L0 passes when Zaffre and azure-ai-ml both read it; where azure-ai-ml makes a request of it offline,
when both make the same. N0: both refuse it, Zaffre by file, line and field. L1: it runs to its end (an endpoint answers).
L2: and what the list promises was seen. An example that asks for L1 or L2 is counted at L0 as well.
Not built: its documents are read, submitting one answers 501. Not prepared: the runner cannot make what the example
needs, or cannot see what is promised.

There is a column for each client. What azure-ai-ml reads it also sends, unchanged, over TLS: L0 is that the server takes it
(and a job is stopped, a deployment deleted at once), or refuses a kind that is not built with 501 and its name; N0 that it
is refused, by the client or by the server. Its L1 and L2 are those of our own client, by its own submit, stream, download
and invoke.
"""


@dataclass(frozen=True, slots=True)
class Told:
    """One verdict, as it is counted."""

    path: str
    kind: str
    level: str
    word: str
    why: str = ""
    seconds: float = 0.0
    compared: str = ""


def table(told: Sequence[Told]) -> list[list[str]]:
    """Passed/total by kind and level, a row of sums last; what is not built or prepared stands in a column of its own."""
    levels = [level for level in _LEVELS if any(one.level == level for one in told)]
    without = [word for word in NOT if any(one.word == word for one in told)]
    kinds: dict[str, list[Told]] = defaultdict(list)
    for one in told:
        kinds[one.kind].append(one)
    rows = [["kind", *levels, *without]]
    for kind, ones in (*sorted(kinds.items()), ("all", list(told))):
        words = Counter(one.word for one in ones)
        rows.append([kind, *(_of(ones, level) for level in levels), *(str(words[word] or "") for word in without)])
    return rows


def _of(told: Sequence[Told], level: str) -> str:
    counted = [one for one in told if one.level == level and one.word not in NOT]
    return f"{sum(one.word == 'passed' for one in counted)}/{len(counted)}" if counted else ""


def lines(rows: Sequence[Sequence[str]]) -> list[str]:
    """A table for a terminal."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def markdown(rows: Sequence[Sequence[str]]) -> list[str]:
    """A table for a page."""
    head, *rest = [f"| {' | '.join(row)} |" for row in rows]
    return [head, f"|{'---|' * len(rows[0])}", *rest]


@dataclass(frozen=True, slots=True)
class Remarks:
    """What a page says beside the verdicts, by the path of an example."""

    settled: Mapping[str, str]
    """Why it is refused on purpose."""
    prepared: Mapping[str, str]
    """What was done for it that its document does not ask for, and why."""


@dataclass(frozen=True, slots=True)
class Results:
    """What one client came to."""

    client: str
    command: str
    """What was called."""
    told: Sequence[Told]


def section(results: Results, remarks: Remarks, places: Sequence[str]) -> str:
    """What is told of one client's results beside their table; ``places`` are folders of this machine, which no page names."""
    told = results.told
    said = [f"### By {results.client}", "", f"`{results.command}`", ""]
    if bodies := Counter(one.compared for one in told if one.word == "passed" and one.compared):
        said += [
            f"Beside azure-ai-ml: {bodies['body']} with the same request, {bodies['verdict']} with the same verdict alone"
            f" (refused by both, or nothing that can be compared offline), {bodies['alone']} it has no kind for.",
            "",
        ]
    for word in ("failed", "not prepared"):
        if ones := [one for one in told if one.word == word]:
            said += [f"{word.capitalize()}:", ""]
            said += [f"- `{one.path}`: {plain(one.why, places)}" for one in ones] + [""]
    if met := [one.path for one in told if one.word == "settled"]:
        said += ["Refused on purpose, though azure-ai-ml takes it:", ""]
        said += [f"- `{path}`: {remarks.settled[path]}" for path in met] + [""]
    if met := [one.path for one in told if one.level in ("L1", "L2") and one.path in remarks.prepared]:
        said += ["Passed or failed with help that their documents do not ask for:", ""]
        said += [f"- `{path}`: {remarks.prepared[path]}" for path in met] + [""]
    return "\n".join(said).rstrip()


def plain(text: str, places: Sequence[str]) -> str:
    """One line without folders of a machine, addresses, and names made by chance."""
    for place in sorted(filter(None, places), key=len, reverse=True):
        text = text.replace(f"{place.rstrip('/')}/", "")
    text = re.sub(r"https?://(?:127\.0\.0\.1|localhost)(?::\d+)?", "http://…", text)
    text = re.sub(r"(?<![\w./])/(?:tmp|home|root|work|var|Users)/\S*", "…", text)
    return " ".join(text.split())[:400]


def page(before: str, name: str, title: str, results: Results, remarks: Remarks, places: Sequence[str]) -> str:
    """The page with one client's results in one part: its columns and its remarks. What others came to stays."""
    parts = dict(_PART.findall(before))
    others = {who: text for who, text in _SECTION.findall(parts.get(name, "")) if who != results.client}
    rows = _beside(_read(parts.get(name, "")), table(results.told), results.client)
    sections = others | {results.client: section(results, remarks, places)}
    bodies = [sections[who] for who in sorted(sections, key=str.lower, reverse=True)]
    marked = [f"<!-- by {_who(body)} -->\n{body}\n<!-- end -->" for body in bodies]
    parts[name] = "\n".join([f"## {title}", "", *markdown(rows), "", *marked])
    known = [one for one in ("documents", "runs", "all") if one in parts]
    return HEAD + "".join(f"\n<!-- {one} -->\n{parts[one]}\n<!-- /{one} -->\n" for one in known)


def _who(body: str) -> str:
    return body.partition("\n")[0].removeprefix("### By ")


def _read(part: str) -> list[list[str]]:
    """The table of a part, as it was written."""
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def _beside(before: Sequence[Sequence[str]], rows: Sequence[Sequence[str]], client: str) -> list[list[str]]:
    """A client's columns beside those of the others; kinds by name, their sum last."""
    columns: dict[str, dict[str, str]] = {}
    for head, *cells in zip(*before, strict=True) if before else ():
        if head != "kind" and not head.endswith(f", {client}"):
            columns[head] = dict(zip((row[0] for row in before[1:]), cells, strict=True))
    for head, *cells in list(zip(*rows, strict=True))[1:]:
        columns[f"{head}, {client}"] = dict(zip((row[0] for row in rows[1:]), cells, strict=True))
    order = (*_LEVELS, *NOT)
    heads = sorted(
        columns, key=lambda head: (order.index(head.partition(",")[0]), head.partition(", ")[2] == "azure-ai-ml")
    )
    kinds = sorted({kind for column in columns.values() for kind in column} - {"all"})
    return [["kind", *heads], *([kind, *(columns[head].get(kind, "") for head in heads)] for kind in (*kinds, "all"))]


_PART = re.compile(r"<!-- (documents|runs|all) -->\n(.*?)\n<!-- /\1 -->", re.DOTALL)
_SECTION = re.compile(r"<!-- by ([\w-]+) -->\n(.*?)\n<!-- end -->", re.DOTALL)
