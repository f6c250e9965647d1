"""The specification of a data import: a document that becomes an import job (``zaffre data import``)."""

from typing import Annotated, Any, ClassVar, Literal

from zaffre.core.errors import Problem
from zaffre.core.imports import Database, Source
from zaffre.core.shapes import SERVER_FACTS, AutoDelete, VersionedAsset
from zaffre.core.spelling import renamed


class DataImport(VersionedAsset):
    """Where data comes from, and the asset it becomes."""

    needs: ClassVar[tuple[str, ...]] = ("name", "path")
    ignored: ClassVar[frozenset[str]] = SERVER_FACTS

    type: Annotated[
        Literal["uri_file", "uri_folder", "mltable"], renamed({w: w for w in ("uri_file", "uri_folder", "mltable")})
    ] = "uri_folder"
    path: str | None = None
    source: Source
    datastore: str | None = None
    auto_delete_setting: AutoDelete | None = None
    referenced_uris: list[Any] | None = None

    def check(self) -> list[Problem]:
        """A database is asked for one thing."""
        found = super().check()
        if isinstance(self.source, Database) and self.source.unclear():
            found.append(Problem("expected one of query, table_name and stored_procedure", "source"))
        return found
