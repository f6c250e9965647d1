"""What the loops of a pipeline say: the items to run a body for, what goes back into it, where its outputs gather. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from zaffre.core.errors import Invalid, Problem
from zaffre.core.plain import is_dict, is_list, is_mapping, mapping_of

MOST_ITEMS = 10_000
_LABEL = re.compile(r"[^A-Za-z0-9_-]+")
_OUTPUT = re.compile(r"\$\{\{\s*parent\.jobs\.\w+\.outputs\.([\w-]+)\s*\}\}")


def items(said: Any, field: str) -> dict[str, dict[str, Any]]:
    """Label → the inputs of one turn; ``said`` is a list or a mapping of mappings, or the JSON text of one."""
    if isinstance(said, str):
        try:
            said = json.loads(said)
        except ValueError as error:
            told = f"expected a JSON list of objects (input → value), found {said[:80]!r}"
            raise Invalid([Problem(told, field)]) from error
    labelled: Mapping[str, Any] | None = None
    if is_list(said):
        labelled = {str(index): item for index, item in enumerate(said)}
    elif is_mapping(said):
        labelled = {_LABEL.sub("-", str(key)): item for key, item in said.items()}
    if labelled is None or len(labelled) > MOST_ITEMS or not all(is_dict(item) for item in labelled.values()):
        told = f"expected a list of at most {MOST_ITEMS} objects (input → value), or a mapping of such"
        raise Invalid([Problem(told, field)])
    return dict(labelled)


def gathered(parent: str, loop: str, output: str) -> str:
    """The folder in which an output of all turns lies, each under its label."""
    return f"azureml://datastores/workspaceblobstore/paths/azureml/{parent}/{loop}/{output}"


def fed_back(mapping: Mapping[str, Any]) -> dict[str, str]:
    """Input of the next turn → output of the last."""
    found: dict[str, str] = {}
    for output, inputs in mapping.items():
        for name in inputs if is_list(inputs) else [inputs]:
            text = str(name)
            found[text.rpartition(".")[2].rstrip("} ") if "inputs." in text else text] = output
    return found


def output_named(condition: Any) -> str:
    """The body's output that a condition reads: ``${{parent.jobs.body.outputs.x}}`` or ``x``; nothing where there is none."""
    if condition is None:
        return ""
    match = _OUTPUT.fullmatch(str(condition).strip())
    return match[1] if match else str(condition)


def most_turns(said: Mapping[str, Any]) -> int:
    """How often a ``do_while`` runs its body at most."""
    return int(mapping_of(said.get("limits")).get("max_iteration_count") or 1)
