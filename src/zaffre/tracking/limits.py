"""What MLflow allows in names and values, with its own sentences; every route's checks are here, once."""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache

from zaffre.tracking.errors import Refusal
from zaffre.tracking.wire import invalid_value, missing_value

MAX_KEY = 250
MAX_PARAM_VALUE = 6000
MAX_TAG_VALUE = 8000
MAX_EXPERIMENT_NAME = 500
MAX_EXPERIMENT_TAG_VALUE = 20_000
MAX_REGISTRY_TAG_VALUE = 100_000
MAX_BATCH_METRICS = 1000
MAX_BATCH_PAIRS = 100
MAX_BATCH_ALL = 1000
MAX_ALIAS = 255
MAX_LOCATION = 2048
RESERVED_TAGS = "zaffre."
"""Tags under this prefix are the platform's own; no client writes them."""

_NAME = re.compile(r"[/\w.\- :]*")
_RUN_ID = re.compile(r"[a-zA-Z0-9][\w\-]{0,255}")
_ALIAS = re.compile(r"[\w\-]*")
_VERSION_ALIAS = re.compile(r"[vV]\d+")
_BAD_CHARACTERS = (
    "Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and"
    " slashes (/)."
)
_ALIAS_CHARACTERS = "Names may only contain alphanumerics, underscores (_), and dashes (-)."
_LOGGED_MODEL_BAD = ("/", ":", ".", "%", '"', "'")


def _resolves_elsewhere(name: str) -> bool:
    plain = posixpath.normpath(name)
    return plain != name or plain == "." or plain.startswith(("..", "/"))


@lru_cache(maxsize=4096)
def _name_problem(name: str) -> str:
    if not _NAME.fullmatch(name):
        return _BAD_CHARACTERS
    if _resolves_elsewhere(name):
        return (
            "Names may be treated as files in certain cases, and must not resolve to other names when treated as"
            f" such. This name would resolve to {posixpath.normpath(name)!r}"
        )
    return ""


def check_length(entity: str, limit: int, value: str) -> str:
    """``value``, refused when longer than ``limit``."""
    if len(value) > limit:
        raise Refusal(f"'{entity}' exceeds the maximum length of {limit} characters")
    return value


def check_name(name: str | None, path: str = "key") -> str:
    """A metric's, param's or tag's key, its characters only."""
    if name is None:
        raise missing_value(path, "")
    problem = _name_problem(name)
    if problem:
        raise invalid_value(path, name, problem)
    return name


@lru_cache(maxsize=4096)
def check_metric_key(key: str, path: str = "name") -> str:
    """A metric's key, characters and length; cached, as training loops repeat it."""
    check_name(key, path)
    return check_length("Metric name", MAX_KEY, key)


def check_param(key: str, value: str, path: str = "key") -> tuple[str, str]:
    """A param, its value cut to MLflow's limit."""
    check_length("Param key", MAX_KEY, check_name(key, path))
    return key, value[:MAX_PARAM_VALUE]


def check_tag(key: str, value: str, path: str = "") -> tuple[str, str]:
    """A run's tag, its value cut to MLflow's limit."""
    where = f"{path}.key" if path else "key"
    check_length(where, MAX_KEY, check_name(key, where))
    refuse_reserved(key)
    return key, value[:MAX_TAG_VALUE]


def refuse_reserved(key: str) -> None:
    """Keep the platform's own tags out of clients' hands."""
    if key.startswith(RESERVED_TAGS):
        raise Refusal(f"Tag '{key}' is reserved: keys that start with '{RESERVED_TAGS}' are written by Zaffre only.")


def check_experiment_tag(key: str, value: str) -> None:
    """An experiment's tag; too long is refused, not cut."""
    check_length("key", MAX_KEY, check_name(key))
    check_length("value", MAX_EXPERIMENT_TAG_VALUE, value)


def check_registry_tag(key: str, value: str) -> None:
    """A registered model's or version's tag."""
    check_length("key", MAX_KEY, check_name(key))
    if key == "mlflow.prompt.text" and len(value) > MAX_REGISTRY_TAG_VALUE:
        raise Refusal(f"Prompt text exceeds max length of {MAX_REGISTRY_TAG_VALUE} characters.")
    check_length("value", MAX_REGISTRY_TAG_VALUE, value)


def check_run_id(run: str) -> str:
    """A run id's characters."""
    if not _RUN_ID.fullmatch(run):
        raise invalid_value("run_id", run)
    return run


def check_experiment_name(name: str) -> str:
    """An experiment's name."""
    if len(name) > MAX_EXPERIMENT_NAME:
        raise Refusal(f"'name' exceeds the maximum length of {MAX_EXPERIMENT_NAME} characters")
    return name


def experiment_number(text: str) -> int:
    """An experiment id as the integer it is kept as."""
    if not re.fullmatch(r"-?[0-9]{1,18}", text):
        raise Refusal(f"Invalid experiment ID '{text}'. Experiment ID must be a valid integer.")
    return int(text)


def check_model_name(name: str, path: str = "name") -> str:
    """A registered model's name."""
    if not name.strip():
        raise missing_value(path, "")
    if "/" in name or ":" in name:
        raise Refusal(f"Invalid model name '{name}'. Names cannot contain '/' or ':'.")
    if _resolves_elsewhere(name):
        raise invalid_value("name", name, _name_problem(name))
    return name


def model_version(text: str) -> int:
    """A model version's number."""
    if not re.fullmatch(r"-?[0-9]{1,18}", text):
        raise Refusal(f"Parameter 'version' must be an integer, got '{text}'.")
    return int(text)


def check_alias(alias: str) -> str:
    """A registered model's alias."""
    if not _ALIAS.fullmatch(alias):
        raise Refusal(f"Invalid alias name: '{alias}'. {_ALIAS_CHARACTERS}")
    return check_length("Registered model alias name", MAX_ALIAS, alias)


def check_new_alias(alias: str) -> str:
    """An alias to be set: not one that is computed."""
    check_alias(alias)
    if alias.lower() == "latest":
        raise Refusal("'latest' alias name (case insensitive) is reserved.")
    if _VERSION_ALIAS.fullmatch(alias):
        raise Refusal(f"Version alias name '{alias}' is reserved.")
    return alias


def check_logged_model_name(name: str) -> str:
    """A logged model's name."""
    if not name or any(bad in name for bad in _LOGGED_MODEL_BAD):
        raise Refusal(
            f"Invalid model name ({name!r}) provided. Model name must be a non-empty string and cannot contain the"
            f" following characters: {_LOGGED_MODEL_BAD}"
        )
    return name


def check_batch(metrics: int, params: int, tags: int) -> None:
    """The sizes of one log-batch request."""
    for entity, limit, found in (
        ("metrics", MAX_BATCH_METRICS, metrics),
        ("params", MAX_BATCH_PAIRS, params),
        ("tags", MAX_BATCH_PAIRS, tags),
        ("metrics, params, and tags", MAX_BATCH_ALL, metrics + params + tags),
    ):
        if found > limit:
            raise Refusal(
                f"A batch logging request can contain at most {limit} {entity}. Got {found} {entity}. Please split"
                f" up {entity} across multiple requests and try again."
            )
