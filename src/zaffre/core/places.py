"""Whether something is where a specification says it is: one check for data, models and the inputs of jobs."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace

from zaffre.core import refs
from zaffre.core.draft import Lookup
from zaffre.core.errors import Invalid, Problem

FILE_TYPES = frozenset({"uri_file"})
EITHER = "path"
EITHER_TYPES = frozenset({"custom_model", EITHER})


def check(workspace: str, uri: str, type_: str, lookup: Lookup, field: str) -> str | None:
    """The absolute path behind ``uri``, None where it lies outside; refuses a place where nothing, or the wrong thing, is."""
    if isinstance(refs.parse(uri), refs.Local):
        told = f"{uri!r} is a path on the client's machine; the zaffre client uploads it, the server cannot read it"
        raise Invalid([Problem(told, field=field)])
    path = locate(workspace, uri, lookup, field)
    if path is None:
        return None
    found = lookup.path_kind(path)
    if found is None:
        raise Invalid([Problem(f"nothing is at {uri}", field=field, hint=_where_to_look(uri))])
    wanted = "file" if type_ in FILE_TYPES else None if type_ in EITHER_TYPES else "folder"
    if wanted is not None and found != wanted:
        told = f"type {type_} needs a {wanted}, and {uri} is a {found}"
        other = "uri_file" if found == "file" else "uri_folder"
        raise Invalid([Problem(told, field=field, hint=f"say type: {other}" if type_.startswith("uri_") else "")])
    return path


def locate(workspace: str, uri: str, lookup: Lookup, field: str) -> str | None:
    """The absolute path behind ``uri``, whether or not something is there; a mistake is named at ``field``."""
    try:
        return lookup.local_path(workspace, uri)
    except Invalid as error:
        raise Invalid([replace(problem, field=field) for problem in error.problems]) from error


@contextmanager
def named(field: str) -> Generator[None]:
    """A mistake found inside is one of ``field``."""
    try:
        yield
    except Invalid as error:
        raise Invalid([replace(problem, field=field) for problem in error.problems]) from error


def _where_to_look(uri: str) -> str:
    match refs.parse(uri):
        case refs.JobOutput(job, output, _):
            return f"zaffre job show -n {job} says whether output {output!r} was saved"
        case refs.DatastorePath(datastore, _, _):
            return f"zaffre datastore show -n {datastore} says where its files lie"
        case _:
            return "check the spelling"
