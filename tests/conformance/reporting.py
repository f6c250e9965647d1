"""Verdicts as tables: on the terminal with seconds, and in docs/conformance.md without what differs from day to day. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

NOT = ("not built", "not prepared")
HEAD = """# Conformance

How much of the YAML of Azure/azureml-examples this version takes, as the [runner](../tests/conformance/README.md) counted it.
This page is written by that command; the parts of it that were not run stay as they were.

A document of level L0 passes when Zaffre and azure-ai-ml both read it; where azure-ai-ml makes a request of it offline,
when both make the same. N0: both refuse it, Zaffre by file, line and field. L1: it runs to its end (an endpoint answers).
L2: and what the list promises was seen. An example that asks for L1 or L2 is counted at L0 as well.
Not built: its documents are read, submitting one answers 501. Not prepared: the runner cannot make what the example
needs, or cannot see what is promised.
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
    levels = [level for level in ("N0", "L0", "L1", "L2") if any(one.level == level for one in told)]
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


def section(told: Sequence[Told], command: str, remarks: Remarks, places: Sequence[str]) -> str:
    """One part of the page; ``places`` are folders of this machine, which no page names."""
    said = [f"`{command}`", "", *markdown(table(told)), ""]
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
    return "\n".join(said)


def plain(text: str, places: Sequence[str]) -> str:
    """One line without folders of a machine, addresses, and names made by chance."""
    for place in sorted(filter(None, places), key=len, reverse=True):
        text = text.replace(f"{place.rstrip('/')}/", "")
    text = re.sub(r"https?://(?:127\.0\.0\.1|localhost)(?::\d+)?", "http://…", text)
    text = re.sub(r"(?<![\w./])/(?:tmp|home|root|work|var|Users)/\S*", "…", text)
    return " ".join(text.split())[:400]


def page(before: str, name: str, title: str, body: str) -> str:
    """The page with one part put in, in the place it has or at the end; the head is always the present one."""
    parts = dict(re.findall(r"<!-- (\w+) -->\n(.*?)\n<!-- /\1 -->", before, re.DOTALL))
    parts[name] = f"## {title}\n\n{body.rstrip()}"
    known = [one for one in ("documents", "runs", "all") if one in parts]
    return HEAD + "".join(f"\n<!-- {one} -->\n{parts[one]}\n<!-- /{one} -->\n" for one in known)
