"""A parallel job and the place it is to run at, made into the task a backend launches: pure.

Its one process is the driver (``agent.parallel``), under the user's interpreter. What the script writes goes to the kept
folder first, which every attempt finds again; the driver hands it over when all mini-batches are processed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from zaffre.core import programs
from zaffre.core.programs import Program
from zaffre.core.reasons import Cause
from zaffre.core.site import Site
from zaffre.core.tasks import Intake, Rank, Step, Task
from zaffre.jobs.parallel.parts import amounts, arguments
from zaffre.jobs.parallel.parts.amounts import Amount
from zaffre.jobs.parallel.parts.naming import input_of, iterated, output_of

LOG = "std_log.txt"
REPORT = "parallel.json"
PROGRAM = "parallel-{attempt}.pyz"
"""In the kept folder, which is there therefore before a container is started that is to see it."""
MODEL, OUTPUT = "AZUREML_MODEL_DIR", "AZUREML_BI_OUTPUT_PATH"
DEFAULT_FILE = "parallel_run_step.txt"
"""What Azure calls the file of all rows where the output is a folder and no name is given."""


def task(spec: Any, site: Site) -> Task:
    """The task of one attempt of a parallel job."""
    staged = programs.paths(site)
    paths = {name: _kept(site, path) if name.startswith("outputs.") else path for name, path in staged.items()}
    program, log = site.kept / PROGRAM.format(attempt=site.attempt), programs.logs(site) / LOG
    told = json.dumps(_settings(spec, site, paths))
    argv = (site.interpreter.python, str(program), "drive", str(site.kept), told)
    own = {"AZUREML_NODE_COUNT": str(_nodes(spec)), "NODE_RANK": "0", **_places(spec, paths)}
    ranks = (Rank(str(log), own),)
    made = programs.task(spec, site, Program(argv, programs.environ(spec, site, paths), ranks))
    return replace(
        made,
        intakes=(Intake("parallel", site.parallel, str(program), copy=True), *made.intakes),
        before=(site.shared_out,) if site.shared_out else (),
        own=Step("", made.argv, {}, str(log), Cause.MINI_BATCHES_FAILED.value, str(site.directory / REPORT)),
    )


def _places(spec: Any, paths: Mapping[str, str]) -> dict[str, str]:
    """Where a script written for Azure's batch deployments looks for its model, and where it leaves files."""
    found: dict[str, str] = {}
    outputs = [path for name, path in paths.items() if name.startswith("outputs.")]
    if outputs:
        found[OUTPUT] = outputs[0]
    if model := _model(spec, paths):
        found[MODEL] = str(Path(model).parent)
    return found


def _model(spec: Any, paths: Mapping[str, str]) -> str:
    name = input_of(str(spec.task.model or ""))
    return paths.get(f"inputs.{name}", "") if name else ""


def _kept(site: Site, path: str) -> str:
    """Where the script writes an output that is staged at ``path`` at the end."""
    place = Path(path)
    return str(site.kept / place.relative_to(site.directory)) if place.is_relative_to(site.directory) else path


def _settings(spec: Any, site: Site, paths: Mapping[str, str]) -> dict[str, Any]:
    """What the driver is told (``agent.parallel.settings``)."""
    values = {**paths, "name": site.run}
    given = arguments.words(spec.task.program_arguments, values)
    name = iterated(spec)
    table = amounts.is_table(spec.inputs[name])
    amount = Amount() if spec.partition_keys else amounts.amount(spec.mini_batch_size, table=table)
    return {
        "kept": str(site.kept),
        "code": str(site.work),
        "logs": str(site.work / "logs"),
        "report": str(site.directory / REPORT),
        "script": spec.task.entry_script or "",
        "arguments": given,
        "source": "" if table else paths[f"inputs.{name}"],
        "name": name,
        "files": amount.files,
        "size": amount.size,
        "keys": [] if table else list(spec.partition_keys or ()),
        "nodes": _nodes(spec),
        "per_node": amounts.whole(spec.max_concurrency_per_instance, 0),
        "cpus": site.limits.cpus or 0,
        "level": spec.logging_level or "INFO",
        "rows_to": _rows_to(spec.task.append_row_to, site),
        "header": str(amounts.predefined(given, "append_row_dataframe_header")).lower() == "true",
        "outputs": _outputs(site, programs.paths(site)),
        "prefix": amounts.predefined(given, "metrics_name_prefix") or "",
        "model": _model(spec, paths) if spec.task.type == "model" else "",
        **_patience(spec, given),
    }


def _patience(spec: Any, given: Sequence[str]) -> dict[str, Any]:
    """How long, how often, how many: what the job says, else what its arguments say, else Azure's defaults."""
    retries = spec.retry_settings
    items = amounts.whole(spec.error_threshold, int(_number(given, "error_threshold", -1)))
    return {
        "retries": amounts.whole(retries and retries.max_retries, amounts.RETRIES),
        "timeout": float(amounts.whole(retries and retries.timeout, int(amounts.TIMEOUT))),
        "overhead": _number(given, "task_overhead_timeout", amounts.OVERHEAD),
        "first": _number(given, "first_task_creation_timeout", amounts.FIRST),
        "items_allowed": items,
        "batches_allowed": amounts.whole(spec.mini_batch_error_threshold, -1),
        "percent_allowed": _number(given, "allowed_failed_percent", 100.0),
    }


def _number(given: Sequence[str], name: str, default: float) -> float:
    said = amounts.predefined(given, name)
    try:
        return float(said) if said is not None else default
    except ValueError:
        return default


def _outputs(site: Site, staged: Mapping[str, str]) -> list[list[str]]:
    """What each output is, where the script writes it, and where the agent picks it up."""
    return [
        ["file" if placed.is_file else "folder", _kept(site, staged[f"outputs.{name}"]), staged[f"outputs.{name}"]]
        for name, placed in site.outputs.items()
    ]


def _rows_to(text: str | None, site: Site) -> str:
    """The path of the file of all rows in the attempt's staging; empty where the script keeps its results itself."""
    at = output_of(text) if text else None
    if at is None:
        return ""
    name, below = at
    path = programs.paths(site)[f"outputs.{name}"]
    return path if site.outputs[name].is_file else f"{path}{below or f'/{DEFAULT_FILE}'}"


def _nodes(spec: Any) -> int:
    return int(getattr(spec.resources, "instance_count", None) or 1)
