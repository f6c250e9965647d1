"""The job that a schedule starts: its document, with what is known only then filled in.

``${{name}}`` is the job's name and ``${{creation_context.trigger_time}}`` the time it was due, as in Azure;
``${{trigger.…}}`` is what an event trigger knows of its event. All other expressions stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from zaffre.core import problems
from zaffre.core.errors import Invalid, Problem
from zaffre.core.parents import PENDING
from zaffre.core.plain import is_dict, is_list, mapping_of
from zaffre.core.resource import Resource

TIME = "creation_context.trigger_time"
TRIGGER = "trigger."
SCHEDULE = "zaffre.schedule"
"""The property by which a job names the schedule that started it."""
DUE = "zaffre.scheduled_time"
CHAIN = "zaffre.trigger_chain"
"""The schedules that led to a job, by events: none of them is triggered by it."""
PROVENANCE = frozenset({SCHEDULE, DUE, CHAIN})
REFERENCE = "job"
"""In ``create_job``: the job or file that the other fields are laid over."""
_EXPRESSION = re.compile(r"\$\{\{\s*([A-Za-z_]\w{0,63}(?:\.\w{1,64}){0,4})\s*\}\}")
_NAMED_LATER = ("outputs", "jobs")
_PINNED = ("name", "display_name", "id", "creation_context")


def reference(created: Any) -> str:
    """The name of the existing job that ``create_job`` names; empty where it is written out, or in a file."""
    said = mapping_of(created).get(REFERENCE) if not isinstance(created, str) else created
    if not isinstance(said, str) or not said.startswith(("azureml:", "/subscriptions/")):
        return ""
    return said.removeprefix("azureml:").rstrip("/").rpartition("/")[2]


def overrides(created: Any) -> dict[str, Any]:
    """What ``create_job`` says beside the job it names."""
    return {key: value for key, value in mapping_of(created).items() if key != REFERENCE}


def of_job(job: Resource) -> dict[str, Any]:
    """An existing job as a document to be submitted again: with what was pinned when it was, and no name."""
    kept = {key: value for key, value in job.spec.items() if key not in _PINNED}
    properties = {key: value for key, value in mapping_of(kept.get("properties")).items() if key not in PROVENANCE}
    return {**kept, "properties": properties} if properties else {k: v for k, v in kept.items() if k != "properties"}


def laid_over(document: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """``document`` with ``over`` in its place where both say something; mappings are laid over one another."""
    made = dict(document)
    for key, value in over.items():
        before = made.get(key)
        made[key] = laid_over(before, value) if is_dict(before) and is_dict(value) else value
    return made


def filled(document: Any, values: Mapping[str, str]) -> Any:
    """Every text in ``document`` with the expressions in ``values`` replaced."""
    if isinstance(document, str):
        return (
            _EXPRESSION.sub(lambda found: values.get(found[1], found[0]), document) if "${{" in document else document
        )
    if is_dict(document):
        return {key: filled(value, values) for key, value in document.items()}
    return [filled(item, values) for item in document] if is_list(document) else document


def rendered(document: dict[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    """``filled``, but for ``${{name}}`` where the job itself puts its name: in where outputs go, its steps' among them."""
    rest = {key: value for key, value in values.items() if key != "name"}
    return {key: filled(value, rest if key in _NAMED_LATER else values) for key, value in document.items()}


def asked(document: Any) -> set[str]:
    """The names of ``${{trigger.…}}`` in a document."""
    if isinstance(document, str):
        return {name for name in _EXPRESSION.findall(document) if name.startswith(TRIGGER)}
    inner = document.values() if is_dict(document) else document if is_list(document) else ()
    return {name for item in inner for name in asked(item)}


def pending(document: dict[str, Any], later: str) -> dict[str, Any]:
    """The same, with data whose place is known later (``later`` stands in its place now) as what a step has yet to make."""
    inputs = mapping_of(document.get("inputs"))
    told = {
        name: {"type": "uri_folder", **mapping_of(value), "path": f"{PENDING}{name}}}}}"}
        if later in str(mapping_of(value).get("path", value))
        else value
        for name, value in inputs.items()
    }
    return {**document, "inputs": told} if told else document


def require_known(document: Any, known: frozenset[str], field: str = "create_job") -> None:
    """Refuse an expression that this trigger will never have a value for."""
    for name in sorted(asked(document)):
        if name not in known:
            told = f"this trigger has no ${{{{{name}}}}}; it has {', '.join(sorted(known)) or 'none'}"
            raise Invalid([Problem(told, field, hint=problems.closest(name, known))])


def ahead(document: dict[str, Any]) -> dict[str, Any]:
    """The document as far as it can be checked before its event: inputs that the event names are texts there."""
    inputs = mapping_of(document.get("inputs"))
    told = {name: "known when the event happens" if asked(value) else value for name, value in inputs.items()}
    return {**document, "inputs": told} if told else document
