"""How the steps of a pipeline hang together: what each expression names must be there."""

import re
from collections.abc import Mapping
from typing import Any

from zaffre.core import problems
from zaffre.core.errors import Problem
from zaffre.core.plain import texts
from zaffre.jobs.pipeline.parts.binding import own_words

_BINDING = re.compile(r"\$\{\{\s*parent\.(?P<where>inputs|outputs|jobs)\.(?P<name>[\w-]+)")
_NAME = re.compile(r"[a-z_][a-z0-9_]*")


def step_names(steps: Mapping[str, Any]) -> list[Problem]:
    """Steps are named as Python names things, in lower case."""
    return [
        Problem(
            f"expected lower-case letters, digits and underscores, the first no digit; found {name!r}", f"jobs.{name}"
        )
        for name in steps
        if not _NAME.fullmatch(name)
    ]


def bindings(steps: Mapping[str, Any], inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> list[Problem]:
    """``${{parent.inputs.x}}``, ``${{parent.outputs.y}}`` and ``${{parent.jobs.z…}}`` name something."""
    known = {"inputs": inputs, "outputs": outputs, "jobs": steps}
    found: list[Problem] = []
    for step, said in steps.items():
        for field, text in texts(own_words(said), f"jobs.{step}"):
            for match in _BINDING.finditer(text):
                where, name = match["where"], match["name"]
                if name not in known[where]:
                    hint = problems.closest(name, known[where])
                    found.append(Problem(f"the pipeline has no {where[:-1]} {name!r}", field, hint=hint))
    return found
