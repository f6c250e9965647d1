"""Where imported data comes from, as documents write it: a database asked, or a folder of a bucket."""

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
        return sum(each is not None for each in (self.query, self.table_name, self.stored_procedure)) != 1


class FileSystem(Spec):
    """A file or folder of a bucket."""

    type: Annotated[Literal["file_system"], renamed({"file_system": "FileSystem"})]
    connection: str
    path: str | None = None

    made: ClassVar[str] = "uri_folder"


Source = Annotated[
    Annotated[Database, Tag("database")] | Annotated[FileSystem, Tag("file_system")], by_type("database", "file_system")
]


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
    name, path = str(document["name"]), str(document["path"]).rstrip("/")
    output: dict[str, Any] = {
        "type": Database.made if database else FileSystem.made,
        "path": path if "${{name}}" in path else f"{path}/${{{{name}}}}",
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
