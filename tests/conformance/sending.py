"""L0 and N0 by the official client: it reads a document and sends it, and the server takes it or refuses it by name.

What is sent would run; a job is stopped and a deployment deleted as soon as the server has taken it.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
from pathlib import Path
from typing import Any

import filled
import yaml
from listing import Entry
from loading import Verdict, kind_of
from official import Official, Told
from preparing import Preparer

from zaffre.core.registry import job_types

FILLER = "placeholder"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_NOT_BUILT = 501
_TAKEN = 409
_ABSENT = re.compile(
    r"[Tt]here is no |nothing is at |No such file or directory: |One or more files or folders do not exist"
    r"|Asset \S+ does not exist in workspace|needs a container engine"
    r"|an image without a build context does not say what to start"
)
"""What client and server say where something that the document names is not there, and no document of the clone makes it."""


def sent(entry: Entry, preparer: Preparer, official: Official) -> Verdict:
    """What becomes of one document of the list."""
    kind = kind_of(entry)
    if kind is None:
        return Verdict("not built", f"{entry['kind']}: submitting it answers 501")
    refused = entry["level"] == "N0"
    file = preparer.examples / entry["path"] if refused else _filled(entry, preparer)
    asked: dict[str, Any] = {"kind": kind.name, "path": str(file), "overrides": list(entry.get("cli_override") or [])}
    try:
        if not refused:
            asked["overrides"] += _prepared(entry, file, preparer)
        told = official.ask("send", **asked)
        if told.status == _TAKEN and kind.built:  # a version never changes, and two documents say the same one
            own = {"version": f"of-{hashlib.sha256(entry['path'].encode()).hexdigest()[:8]}"}
            told = official.ask("send", **asked | {"overrides": [*asked["overrides"], own]})
    except (RuntimeError, subprocess.TimeoutExpired) as error:
        return Verdict("failed", str(error))
    if told.unknown:
        return Verdict("not built", f"azure-ai-ml sends no {kind.name}")
    return _must_refuse(told) if refused else _must_take(told, kind.built and not _needs_unbuilt(file))


def _needs_unbuilt(file: Path) -> bool:
    """Whether it asks for a monitor, or a step of it has a type that is not built."""
    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    jobs = document.get("jobs")
    steps = jobs.values() if isinstance(jobs, dict) else ()
    types = [job_types().get(str(step.get("type"))) for step in steps if isinstance(step, dict)]
    return "create_monitor" in document or any(found is not None and not found.built for found in types)


def _filled(entry: Entry, preparer: Preparer) -> Path:
    """The document with every placeholder filled in: what is sent needs names."""
    path = preparer.examples / entry["path"]
    text = path.read_text(encoding="utf-8")
    values = preparer.particular(entry["path"]).get("fill", {})
    if not values and not filled.placeholders(text):
        return path
    text = filled.filled(text, values, FILLER)
    return filled.beside(path, preparer.examples, text, preparer.site.home.with_name("sent"))


def _prepared(entry: Entry, file: Path, preparer: Preparer) -> list[dict[str, Any]]:
    """Makes what can be made of what the document names; what is given beside it, as its scripts give a model."""
    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    given = dict(pair for pairs in entry.get("cli_override") or [] for pair in pairs.items())
    preparer.prepare_what_can_be(entry["path"], {**document, **given})
    said = [{field: value} for field, value in preparer.settings(entry["path"]).items()]
    is_bare = not ({"model", "code_configuration", "environment"} & document.keys())
    if entry["kind"] in ("deployment.online.managed", "deployment.online.kubernetes", "deployment.batch") and is_bare:
        said.append({"model": preparer.given_model()})
    return said


def _must_take(told: Told, built: bool) -> Verdict:
    if not told.refused and built:
        return Verdict("passed")
    if not built and told.status == _NOT_BUILT:
        return Verdict("passed", "refused by name: not built yet")
    if found := _ABSENT.search(told.refused):
        return Verdict("not prepared", _sentence(told.refused[found.start() :]))
    return Verdict("failed", told.refused[:600] or "it was taken, though Zaffre has no such kind yet")


def _must_refuse(told: Told) -> Verdict:
    if not told.refused:
        return Verdict("failed", "it was taken; it must be refused")
    server_failed = told.status >= 500
    return Verdict("failed", told.refused[:600]) if server_failed else Verdict("passed")


def _sentence(text: str) -> str:
    """What a message begins with, without colours and without what it adds for everybody."""
    return re.split(r"; | ?Code: | ?Resolutions: |\.\s", " ".join(_COLOUR.sub("", text).split()))[0][:200]
