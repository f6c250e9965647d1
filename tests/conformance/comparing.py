"""L0 and N0 beside the official client: what both take has the same body, what must be refused both refuse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import filled
import oracle
import wire_ours
from listing import Entry
from loading import Verdict, judge, kind_of
from oracle import Answer, Question

from zaffre.core.errors import NotBuilt, ZaffreError

FILLER = "placeholder"
BODY, WORD, ALONE = "body", "verdict", "alone"
"""What was compared: the request's body, only whether it is taken, nothing (azure-ai-ml has no such kind)."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of one document, and how much of it azure-ai-ml was asked about."""

    path: str
    kind: str
    verdict: Verdict
    compared: str = ALONE


def listed(entries: Sequence[Entry], examples: Path, folder: Path, *, beside: bool = True) -> list[Judged]:
    """Each entry of a list, by its level; ``folder`` is for documents whose placeholders are filled in.

    ``beside``: azure-ai-ml is asked as well.
    """
    first = [Judged(entry["path"], entry["kind"], judge(entry, examples)) for entry in entries]
    asked = {
        number: _question(entries[number], examples, folder) for number in range(len(first)) if _known(entries[number])
    }
    answers = dict(zip(asked, _answers(list(asked.values()), beside), strict=True))
    for number, answer in answers.items():
        if not answer.unknown and first[number].verdict.word == "passed":
            first[number] = _beside(first[number], entries[number]["level"], asked[number], answer)
    return first


def every(documents: Sequence[tuple[Path, str]], examples: Path, folder: Path, *, beside: bool = True) -> list[Judged]:
    """Every document of a clone: both take it, with the same body, or both refuse it.

    Where the two disagree over a placeholder, something is put in its place and they are asked again.
    """
    told = _asked(documents, examples, beside)
    again: dict[int, tuple[Path, str]] = {}
    for number, (path, kind) in enumerate(documents):
        text = path.read_text(encoding="utf-8")
        if told[number].verdict.word == "failed" and filled.placeholders(text):
            again[number] = (filled.beside(path, examples, filled.filled(text, {}, FILLER), folder), kind)
    for number, judged in zip(again, _asked(list(again.values()), folder, beside), strict=True):
        told[number] = judged
    return told


def _asked(documents: Sequence[tuple[Path, str]], root: Path, beside: bool) -> list[Judged]:
    asked = [Question(kind, str(path), _endpoint(kind, path)) for path, kind in documents]
    first = [Judged(str(path.relative_to(root)), kind, Verdict("passed")) for path, kind in documents]
    return [_both(*each) for each in zip(first, asked, _answers(asked, beside), strict=True)]


def _answers(questions: list[Question], beside: bool) -> list[Answer]:
    return oracle.ask(questions) if beside else [Answer(unknown=True) for _ in questions]


def _known(entry: Entry) -> bool:
    return kind_of(entry) is not None


def _question(entry: Entry, examples: Path, folder: Path) -> Question:
    path = examples / entry["path"]
    if entry.get("how") == "after_template_substitution":
        text = filled.filled(path.read_text(encoding="utf-8"), {}, FILLER)
        path = filled.beside(path, examples, text, folder)
    kind = kind_of(entry)
    assert kind is not None
    return Question(kind.name, str(path), tuple(entry.get("cli_override") or ()))


def _endpoint(kind: str, path: Path) -> tuple[dict[str, Any], ...]:
    """Deployments whose endpoint is named on the command line, as their scripts do."""
    deploys = kind in ("online-deployment", "batch-deployment")
    return ({"endpoint_name": "ep-x"},) if deploys and "endpoint_name" not in path.read_text("utf-8") else ()


def _beside(told: Judged, level: str, question: Question, answer: Answer) -> Judged:
    if level == "N0":
        wrong = "" if answer.refused else "azure-ai-ml takes it"
        return replace(told, compared=WORD, verdict=Verdict("failed", wrong) if wrong else told.verdict)
    return _both(told, question, answer)


def _both(told: Judged, question: Question, answer: Answer) -> Judged:
    """The verdict beside azure-ai-ml's."""
    mine, refused = _ours(question)
    if answer.unknown:
        return replace(told, verdict=Verdict("failed", refused)) if refused else told
    if refused or answer.refused:
        why = "" if refused and answer.refused else _disagree(refused, answer.refused)
        return replace(told, compared=WORD, verdict=Verdict("failed", why) if why else told.verdict)
    if answer.body is None:
        return replace(told, compared=WORD)
    why = first_difference(mine, answer.body)
    return replace(told, compared=BODY, verdict=Verdict("failed", f"differs at {why}") if why else told.verdict)


def _ours(question: Question) -> tuple[dict[str, Any] | None, str]:
    try:
        return wire_ours.body(question.kind, Path(question.path), list(question.overrides)), ""
    except NotBuilt:
        return None, ""
    except ZaffreError as error:
        return None, error.message


def _disagree(refused: str, theirs: str) -> str:
    return f"azure-ai-ml takes it, Zaffre: {refused}" if refused else f"Zaffre takes it, azure-ai-ml: {_line(theirs)}"


def _line(text: str) -> str:
    return " ".join(text.split())[:300]


def first_difference(ours: Any, theirs: Any, at: str = "") -> str:
    """The first field at which two bodies differ, and both values; empty where they are equal."""
    if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
        for key in sorted({*ours, *theirs}, key=str):
            place = f"{at}.{key}" if at else str(key)
            if key not in ours or key not in theirs:
                who = "azure-ai-ml" if key in theirs else "Zaffre"
                return f"{place}: only {who} says {_short((theirs if key in theirs else ours)[key])}"
            if found := first_difference(ours[key], theirs[key], place):
                return found
        return ""
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        found = (
            first_difference(one, other, f"{at}[{n}]") for n, (one, other) in enumerate(zip(ours, theirs, strict=True))
        )
        return next(filter(None, found), "")
    if ours == theirs and isinstance(ours, bool) == isinstance(theirs, bool):
        return ""
    return f"{at}: Zaffre says {_short(ours)}, azure-ai-ml {_short(theirs)}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:20]} … {text[-55:]}"
