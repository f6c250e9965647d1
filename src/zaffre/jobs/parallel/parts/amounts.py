"""How much a mini-batch holds, how often it is tried and how many may fail: read, with Azure's defaults. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zaffre.core.errors import Problem
from zaffre.core.io import JobInput
from zaffre.core.problems import found
from zaffre.jobs.parallel.parts.naming import input_of

_AMOUNT = re.compile(r"(\d+)\s*([kmg]b|rows?)?", re.IGNORECASE)
_UNITS = {"": 1, "kb": 1024, "mb": 1024**2, "gb": 1024**3}
_FILES = 10
"""Files of a mini-batch where nothing is said."""
_BYTES = 1024**2
"""And of a table's rows."""
RETRIES = 2
TIMEOUT = 60.0
OVERHEAD = 600.0
FIRST = 600.0
LONGEST = 259200
_EVALUATED = ("eval_mount", "eval_download")
_COUNTS = (("max_concurrency_per_instance", 1), ("error_threshold", -1), ("mini_batch_error_threshold", -1))


@dataclass(frozen=True, slots=True)
class Amount:
    """Of a mini-batch; one of the three is set, or none where partition keys decide."""

    files: int = 0
    size: int = 0
    rows: int = 0


def is_table(given: Any) -> bool:
    """Whether an input's content is rows: an MLTable that is not laid out as the files it names."""
    return isinstance(given, JobInput) and given.type == "mltable" and given.mode not in _EVALUATED


def amount(text: str | None, *, table: bool) -> Amount:
    """What ``mini_batch_size`` means; raises ``ValueError`` saying what was expected.

    A bare number counts files, and bytes of a table, as in Azure (whose clients write ``10kb`` as 10240).
    """
    if text is None:
        return Amount(size=_BYTES) if table else Amount(files=_FILES)
    read = _AMOUNT.fullmatch(text.strip())
    if read is None or not int(read[1]):
        raise ValueError(f"expected a number of files such as 10, a size such as 10kb, or 100rows, found {found(text)}")
    number, unit = int(read[1]), (read[2] or "").lower()
    if unit.startswith("row"):
        if not table:
            raise ValueError(f"{text} counts rows, and the input is files; write a number of files, or a size")
        return Amount(rows=number)
    return Amount(size=number * _UNITS[unit]) if table or unit else Amount(files=number)


def files_of_table(text: str | None) -> int:
    """The same bare number where the table turns out to be a list of files; 0 for a size."""
    return _FILES if text is None else int(text) if text.strip().isdigit() else 0


def whole(value: Any, default: int) -> int:
    """A number that a document may have as text."""
    return default if value is None else int(str(value))


def unfilled(spec: Any) -> list[Problem]:
    """Amounts that are still expressions: those of a pipeline's step, which the pipeline fills in before the step begins."""
    retries = spec.retry_settings
    said = {field: getattr(spec, field) for field in (*(field for field, _ in _COUNTS), "mini_batch_size")}
    said |= {f"retry_settings.{field}": getattr(retries, field, None) for field in ("max_retries", "timeout")}
    told = "expected a number; only a pipeline fills in an expression here"
    return [Problem(told, field) for field, value in said.items() if "${{" in str(value)]


def problems(spec: Any) -> list[Problem]:
    """Every amount that cannot be meant. Expressions are left alone (``unfilled``)."""
    wrong: list[Problem] = []
    for field, least in _COUNTS:
        wrong += _count(field, getattr(spec, field), least)
    retries = spec.retry_settings
    if retries is not None:
        wrong += _count("retry_settings.max_retries", retries.max_retries, 0)
        wrong += _count("retry_settings.timeout", retries.timeout, 1, LONGEST)
    if spec.mini_batch_size is not None and "${{" not in spec.mini_batch_size:
        try:
            amount(spec.mini_batch_size, table=_iterates_a_table(spec))
        except ValueError as error:
            wrong.append(Problem(str(error), "mini_batch_size"))
    if spec.partition_keys is not None and not spec.partition_keys:
        wrong.append(Problem("expected at least one column's name", "partition_keys"))
    return wrong


def _iterates_a_table(spec: Any) -> bool:
    """Whether it is a table, or may turn out to be one: what a pipeline's step is given is known when it begins."""
    given: dict[str, Any] = spec.inputs or {}
    value = given.get(input_of(str(spec.input_data)) or "")
    return is_table(value) or (isinstance(value, str) and "${{" in value)


def _count(field: str, value: Any, least: int, most: int | None = None) -> list[Problem]:
    if value is None or "${{" in str(value):
        return []
    try:
        number = int(str(value))
    except ValueError:
        return [Problem(f"expected a whole number, found {found(value)}", field)]
    if number < least or (most is not None and number > most):
        bounds = f"at least {least}" if most is None else f"{least} to {most}"
        return [Problem(f"expected {bounds}, found {number}", field)]
    return []


def input_problems(name: str, given: Any) -> list[Problem]:
    """What is wrong with the input that is shared out."""
    field = f"inputs.{name}"
    if not isinstance(given, JobInput):
        if isinstance(given, str) and "${{" in given:
            return []  # an earlier step makes it
        return [Problem(f"input_data names it, so data is expected, found {found(given)}", field)]
    if given.mode == "direct" and given.type != "mltable":
        told = f"expected ro_mount or download, found direct: the files of a {given.type} are shared out by their paths"
        return [Problem(told, f"{field}.mode")]
    return []


def model_problems(name: str, given: Any, type_: str) -> list[Problem]:
    """What is wrong with the input that is the model."""
    field = f"inputs.{name}"
    if not isinstance(given, JobInput):
        if isinstance(given, str) and "${{" in given:
            return []  # an earlier step makes it
        return [Problem(f"task.model names it, so a model is expected, found {found(given)}", field)]
    if given.mode == "direct":
        return [Problem("expected ro_mount or download, found direct: a model is loaded by its path", f"{field}.mode")]
    if type_ == "model" and given.type not in ("mlflow_model", "uri_folder"):
        told = f"only an MLflow model is run without a script (task.type: model), and this is a {given.type}"
        return [Problem(told, f"{field}.type", hint="say type: mlflow_model, or write an entry_script")]
    return []


def predefined(arguments: Sequence[str], name: str) -> str | None:
    """What ``program_arguments`` say for one of Azure's own options, as ``--name value`` or ``--name=value``."""
    option = f"--{name}"
    said: str | None = None
    for index, word in enumerate(arguments):
        if word == option and index + 1 < len(arguments):
            said = arguments[index + 1]
        elif word.startswith(f"{option}="):
            said = word.removeprefix(f"{option}=")
    return said
