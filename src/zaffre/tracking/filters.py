"""MLflow's filter and order-by language, read without a SQL parser: clauses joined by AND, at most fifty.

A filter is text from outside: it becomes a list of clauses whose keys are checked against a profile, and only then SQL,
where every key and value is a parameter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from zaffre.tracking.errors import Refusal

MAX_CLAUSES = 50
MAX_LENGTH = 100_000
MAX_PAGE = 50_000
NULLNESS = frozenset({"IS NULL", "IS NOT NULL"})

_NUMERIC = frozenset({">", ">=", "!=", "=", "<", "<="})
_TEXT = frozenset({"!=", "=", "LIKE", "ILIKE"})
_LISTED = _TEXT | {"IN", "NOT IN"}

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<operator>!=|>=|<=|=|>|<)
    | (?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w.]))
    | (?P<string>'(?:''|\\'|[^'])*')
    | (?P<list>\((?:[^()'"]|'[^']*'|"[^"]*")*\))
    | (?P<name>(?:[^\W\d]\w*|`[^`]*`|"[^"]*")(?:\.(?:\w+|`[^`]*`|"[^"]*"))*)
    | (?P<other>\S+)
    )""",
    re.VERBOSE,
)
_LIST_ITEM = re.compile(r"""\s*(?:'([^']*)'|"([^"]*)")\s*(?:,|$)""")
_ORDER = re.compile(r"\s*(?P<name>.+?)(?:\s+(?P<direction>[A-Za-z]+))?\s*")


@dataclass(frozen=True, slots=True)
class Profile:
    """What one kind of search allows."""

    text: frozenset[str]
    """Attributes with text values."""
    numbers: frozenset[str]
    entities: dict[str, str]
    """Prefix → entity: attribute, metric, parameter, tag or dataset."""
    listed: frozenset[str] = frozenset()
    """Attributes that take IN."""
    order: frozenset[str] = frozenset()
    aliases: dict[str, str] = field(default_factory=dict[str, str])
    nullness: tuple[str, ...] = ()
    """Entities that take IS NULL."""
    quoted_numbers: bool = False

    @property
    def attributes(self) -> set[str]:
        """Every attribute that a filter may name."""
        return set(self.text | self.numbers | set(self.aliases))


_ATTRIBUTES = {"attribute": "attribute", "attributes": "attribute", "attr": "attribute", "run": "attribute"}
_TAGS = {"tag": "tag", "tags": "tag"}
_METRICS = {"metric": "metric", "metrics": "metric"}
_PARAMS = dict.fromkeys(("parameter", "parameters", "param", "params"), "parameter")
_DATASETS = {"dataset": "dataset", "datasets": "dataset"}
_RUN_TEXT = frozenset({"artifact_uri", "run_id", "run_name", "status", "user_id"})
_RUN_ALIASES = {
    "created": "start_time",
    "Created": "start_time",
    "run name": "run_name",
    "Run name": "run_name",
    "Run Name": "run_name",
}
DATASET_KEYS = frozenset({"name", "digest", "context"})

RUNS = Profile(
    text=_RUN_TEXT,
    numbers=frozenset({"start_time", "end_time"}),
    entities={**_ATTRIBUTES, **_TAGS, **_METRICS, **_PARAMS, **_DATASETS},
    listed=frozenset({"run_id"}),
    order=_RUN_TEXT | {"start_time", "end_time", "created", "Created"},
    aliases=_RUN_ALIASES,
    nullness=("tag", "parameter"),
)
EXPERIMENTS = Profile(
    text=frozenset({"name", "experiment_id"}),
    numbers=frozenset({"creation_time", "last_update_time"}),
    entities={"attribute": "attribute", **_TAGS},
    listed=frozenset({"experiment_id"}),
    order=frozenset({"name", "experiment_id", "creation_time", "last_update_time"}),
    nullness=("tag",),
)
MODELS = Profile(
    text=frozenset({"name"}),
    numbers=frozenset(),
    entities={"attribute": "attribute", **_TAGS},
    listed=frozenset({"name"}),
    order=frozenset({"name", "timestamp", "last_updated_timestamp"}),
)
VERSIONS = Profile(
    text=frozenset({"name", "run_id", "source_path"}),
    numbers=frozenset({"version_number"}),
    entities={"attribute": "attribute", **_TAGS},
    listed=frozenset({"name", "run_id"}),
    order=frozenset({"name", "version_number", "creation_timestamp", "last_updated_timestamp"}),
    quoted_numbers=True,
)
_MODEL_TIMES = {
    "creation_time": "creation_timestamp_ms",
    "creation_timestamp": "creation_timestamp_ms",
    "last_updated_timestamp": "last_updated_timestamp_ms",
}
LOGGED_MODELS = Profile(
    text=frozenset({"model_id", "name", "model_type", "source_run_id", "status", "artifact_location"}),
    numbers=frozenset({"creation_timestamp_ms", "last_updated_timestamp_ms"}),
    entities={"attributes": "attribute", "metrics": "metric", "params": "parameter", "tags": "tag"},
    listed=frozenset({"model_id", "name", "model_type", "source_run_id", "status"}),
    order=frozenset(
        {"model_id", "name", "model_type", "status", "source_run_id", *_MODEL_TIMES, *_MODEL_TIMES.values()}
    ),
    aliases=_MODEL_TIMES,
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One comparison of a filter."""

    entity: str
    key: str
    operator: str
    value: Any

    @property
    def lists(self) -> bool:
        """True for IN and NOT IN, whose value is a tuple."""
        return self.operator in ("IN", "NOT IN")

    @property
    def values(self) -> tuple[Any, ...]:
        """The value, or the values of a list."""
        return self.value if self.lists else (self.value,)


@dataclass(frozen=True, slots=True)
class Order:
    """One term of an order-by."""

    entity: str
    key: str
    ascending: bool


def check_limit(limit: int, most: int = MAX_PAGE) -> int:
    """A page size, in MLflow's range."""
    if limit < 1:
        raise Refusal(f"Invalid value {limit} for parameter 'max_results' supplied. It must be a positive integer")
    if limit > most:
        raise Refusal(f"Invalid value {limit} for parameter 'max_results' supplied. It must be at most {most}")
    return limit


def parse(text: str | None, profile: Profile) -> list[Clause]:
    """The clauses of a filter; all of them must hold."""
    if not text or not text.strip():
        return []
    if len(text) > MAX_LENGTH:
        raise Refusal(f"A filter may have at most {MAX_LENGTH} characters; this one has {len(text)}.")
    clauses: list[Clause] = []
    tokens = _Tokens(text)
    while True:
        clauses.append(_clause(tokens, profile))
        if len(clauses) > MAX_CLAUSES:
            raise Refusal(f"A filter may have at most {MAX_CLAUSES} clauses.")
        kind, word = tokens.take()
        if not kind:
            return clauses
        if word.upper() != "AND":
            raise Refusal(f"Invalid clause(s) in filter string: '{word}'")


class _Tokens:
    """A filter's words, one behind the other."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._tokens = _split(text)

    def take(self) -> tuple[str, str]:
        """The next word and its kind; two empty strings at the end."""
        return next(self._tokens, ("", ""))


def _split(text: str) -> Iterator[tuple[str, str]]:
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        yield kind, match.group(kind)


def _clause(tokens: _Tokens, profile: Profile) -> Clause:
    kind, name = tokens.take()
    if kind != "name":
        raise Refusal(f"Invalid clause(s) in filter string: '{name or tokens.text}'")
    entity, key = _identify(name, profile)
    operator = _operator(tokens, name)
    if operator in NULLNESS:
        if entity not in profile.nullness:
            kinds = " and ".join(f"{entity}s" for entity in profile.nullness).replace("parameters", "params")
            raise Refusal(
                f"IS NULL / IS NOT NULL is only supported for {kinds or 'nothing'}, not for '{entity}' '{key}'"
            )
        return Clause(entity, key, operator, None)
    value = _value(tokens.take(), entity, key, profile)
    _check_operator(entity, key, operator, profile)
    if isinstance(value, tuple) != (operator in ("IN", "NOT IN")):
        raise Refusal(f"Invalid comparator '{operator}' for a value like {value!r}")
    return Clause(entity, key, operator, value)


def _operator(tokens: _Tokens, name: str) -> str:
    kind, word = tokens.take()
    upper = word.upper()
    if kind == "operator" or upper in ("LIKE", "ILIKE", "IN"):
        return upper
    if upper == "NOT" and tokens.take()[1].upper() == "IN":
        return "NOT IN"
    if upper == "IS":
        following = tokens.take()[1].upper()
        if following == "NULL":
            return "IS NULL"
        if following == "NOT" and tokens.take()[1].upper() == "NULL":
            return "IS NOT NULL"
    raise Refusal(f"Invalid clause(s) in filter string: '{name} {word}'")


def _identify(name: str, profile: Profile) -> tuple[str, str]:
    prefix, dot, rest = name.partition(".") if name[0] not in '`"' else ("", "", name)
    if not dot:
        entity, key = "attribute", _bare(rest or prefix)
    else:
        entity, key = profile.entities.get(prefix, ""), _bare(rest)
        if not entity:
            known = ("attribute", "tag", "tags") if profile.entities.get("run") is None else tuple(profile.entities)
            raise Refusal(f"Invalid entity type '{prefix}'. Valid entity types are {known}")
    if entity == "attribute" and key not in profile.attributes:
        raise Refusal(f"Invalid attribute key '{key}' specified. Valid keys are '{profile.attributes}'")
    if entity == "dataset" and key not in DATASET_KEYS:
        raise Refusal(f"Invalid dataset key '{key}' specified. Valid keys are '{set(DATASET_KEYS)}'")
    return entity, profile.aliases.get(key, key) if entity == "attribute" else key


def _bare(word: str) -> str:
    word = word.strip()
    return word[1:-1] if len(word) >= 2 and word[0] == word[-1] and word[0] in '`"' else word


def _is_number(entity: str, key: str, profile: Profile) -> bool:
    return entity == "metric" or (entity == "attribute" and key in profile.numbers)


def _value(token: tuple[str, str], entity: str, key: str, profile: Profile) -> Any:
    kind, word = token
    if _is_number(entity, key, profile):
        return _number(kind, word, entity, key, profile)
    if kind == "list":
        return _list(word, entity, key, profile)
    if kind == "string" or (kind == "name" and word[0] == word[-1] == '"' and len(word) >= 2):
        return word[1:-1]
    raise Refusal(
        f"Expected a quoted string value for {'attributes' if entity == 'attribute' else entity}"
        f" (e.g. 'my-value'). Got value {word}"
    )


def _number(kind: str, word: str, entity: str, key: str, profile: Profile) -> float | int:
    if kind == "string" and profile.quoted_numbers:
        kind, word = "number", word[1:-1]
    if kind == "number":
        if entity == "metric":
            return float(word)
        if re.fullmatch(r"[-+]?\d{1,18}", word):
            return int(word)
        if profile is RUNS:
            return float(word)
        raise Refusal(f"Invalid value for numeric attribute '{key}': {word!r}")
    what = "metric" if entity == "metric" else f"numeric attribute: {key}"
    raise Refusal(f"Expected numeric value type for {what}. Found {word}")


def _list(word: str, entity: str, key: str, profile: Profile) -> tuple[str, ...]:
    if entity == "attribute" and key not in profile.listed:
        raise Refusal(
            f"Only {sorted(profile.listed)} attributes support comparison with a list of quoted string values."
        )
    if entity not in ("attribute", "dataset"):
        raise Refusal(f"Expected a quoted string value for {entity} (e.g. 'my-value'). Got value {word}")
    inside, found, place = word[1:-1].strip(), list[str](), 0
    while place < len(inside):
        match = _LIST_ITEM.match(inside, place)
        if match is None:
            raise Refusal(
                "While parsing a list in the query, expected string value, punctuation, or whitespace, but got"
                f" different type in list: {word}"
            )
        found.append(match.group(1) if match.group(1) is not None else match.group(2))
        place = match.end()
    if not found:
        raise Refusal(
            "While parsing a list in the query, expected a non-empty list of string values, but got empty list"
        )
    return tuple(found)


def _check_operator(entity: str, key: str, operator: str, profile: Profile) -> None:
    if _is_number(entity, key, profile):
        allowed = _NUMERIC
    elif entity == "dataset" or (entity == "attribute" and key in profile.listed):
        allowed = _LISTED
    else:
        allowed = _TEXT
    if operator not in allowed:
        raise Refusal(f"Invalid comparator '{operator}' not one of '{set(allowed)}'")


def parse_order(text: str, profile: Profile) -> Order:
    """One order-by term: a key and, optionally, ASC or DESC."""
    match = _ORDER.fullmatch(text)
    if match is None or len(text) > MAX_LENGTH:
        raise Refusal(f"Invalid order_by clause '{text[:200]}'. Could not be parsed.")
    name, direction = match.group("name"), (match.group("direction") or "").lower()
    if direction and direction not in ("asc", "desc"):
        name, direction = f"{name} {match.group('direction')}", ""
    tokens = list(_split(name))
    if len(tokens) != 1 or tokens[0][0] != "name":
        if name.split()[-1:] and re.fullmatch(r"[\w.]+ \w+", name):
            raise Refusal(f"Invalid ordering key in order_by clause '{text}'.")
        raise Refusal(f"Invalid order_by clause '{text}'. Could not be parsed.")
    prefix, dot, rest = name.partition(".") if name[0] not in '`"' else ("", "", name)
    entity = profile.entities.get(prefix, "") if dot else "attribute"
    key = _bare(rest if dot else (prefix or rest))
    if not entity:
        raise Refusal(f"Invalid entity type '{prefix}'. Valid values are {sorted(set(profile.entities.values()))}")
    if entity == "attribute" and key not in profile.order:
        if profile is MODELS:
            raise Refusal(f"Invalid order by key '{key}' specified. Valid keys are '{{'name', 'timestamp'}}'")
        raise Refusal(f"Invalid attribute key '{key}' specified. Valid keys are '{set(profile.order)}'")
    return Order(entity, profile.aliases.get(key, key) if entity == "attribute" else key, direction != "desc")
