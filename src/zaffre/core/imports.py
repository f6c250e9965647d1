"""Where imported data comes from, as documents write it: a database asked, or a folder of a bucket."""

import re
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Tag

from zaffre.core.spelling import renamed
from zaffre.core.wire import Spec, by_type


class Parameter(Spec):
    """One value given to a stored procedure."""

    name: str
    value: str
    type: str


class Database(Spec):
    """What a query, a table or a stored procedure of a database answers."""

    type: Annotated[Literal["database"], renamed({"database": "Database"})]
    connection: str
    query: str | None = None
    table_name: str | None = None
    stored_procedure: str | None = None
    stored_procedure_params: list[Parameter] | None = None

    made: ClassVar[str] = "mltable"
    """The type of data it becomes."""

    def unclear(self) -> bool:
        """Whether it says none, or several, of the three."""
        return sum(bool(each and each.strip()) for each in (self.query, self.table_name, self.stored_procedure)) != 1


class FileSystem(Spec):
    """A file or folder of a bucket."""

    type: Annotated[Literal["file_system"], renamed({"file_system": "FileSystem"})]
    connection: str
    path: str | None = None

    made: ClassVar[str] = "uri_folder"


_NAME = re.compile(r"\$\{\{\s*name\s*\}\}")
Source = Annotated[
    Annotated[Database, Tag("database")] | Annotated[FileSystem, Tag("file_system")], by_type("database", "file_system")
]


def is_own(path: str) -> bool:
    """Whether each run has this path for itself. An import's output replaces what lies there, so that it has to."""
    return _NAME.search(path) is not None


def connection_name(reference: str) -> str:
    """The name that ``azureml:my_connection`` (or the bare name) means."""
    return reference.removeprefix("azureml:").removeprefix("//connections/")


def experiment_of(asset: str) -> str:
    """The experiment that all imports of an asset are in."""
    return f"data_import_{asset}"


def settled(document: dict[str, Any]) -> dict[str, Any]:
    """A data import's document as the job that does it: a path of each run's own, the type that its source becomes."""
    source: dict[str, Any] = document.get("source") or {}
    database = str(source.get("type") or "").lower() == "database"
    name = str(document["name"])
    output: dict[str, Any] = {
        "type": Database.made if database else FileSystem.made,
        "path": _own_path(str(document["path"]).rstrip("/")),
        "name": name,
        "version": document.get("version"),
    }
    title = experiment_of(name)
    told: dict[str, Any] = {
        "type": "import",
        "description": document.get("description") or title,
        "display_name": title,
        "experiment_name": title,
        "tags": document.get("tags"),
        "properties": {**(document.get("properties") or {}), "azureml.materializationAssetName": name},
        "source": source,
        "outputs": {"sink": {key: value for key, value in output.items() if value is not None}},
    }
    return {key: value for key, value in told.items() if value is not None}


def _own_path(path: str) -> str:
    """A folder of each run's own; a datastore alone means its root."""
    if is_own(path):
        return path
    root = path.startswith("azureml://") and "/datastores/" in f"/{path.partition('//')[2]}" and "/paths" not in path
    return f"{path}/paths/${{{{name}}}}" if root else f"{path}/${{{{name}}}}"
