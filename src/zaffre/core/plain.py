"""What parsed YAML and JSON are made of, told to the type checker: a mapping's keys are texts, its values anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard


def is_mapping(value: Any) -> TypeGuard[Mapping[str, Any]]:
    """Whether it is a mapping of any sort."""
    return isinstance(value, Mapping)


def is_dict(value: Any) -> TypeGuard[dict[str, Any]]:
    """Whether it is a mapping as parsers build them."""
    return isinstance(value, dict)


def is_list(value: Any) -> TypeGuard[list[Any]]:
    """Whether it is a list as parsers build them."""
    return isinstance(value, list)


def mapping_of(value: Any) -> Mapping[str, Any]:
    """The mapping it is, or an empty one."""
    return value if is_mapping(value) else {}


def texts(value: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a document, with where it stands: ``jobs.train.inputs.data``, ``jobs.train.args[2]``."""
    if isinstance(value, str):
        yield at, value
    elif is_mapping(value):
        for key, item in value.items():
            yield from texts(item, f"{at}.{key}")
    elif is_list(value):
        for index, item in enumerate(value):
            yield from texts(item, f"{at}[{index}]")
