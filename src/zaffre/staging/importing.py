"""An import: what a database answers, as parquet files; what a bucket holds, as copies. And what the asset says of it."""

from __future__ import annotations

import json
import re
import tempfile
import time
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from zaffre.staging.bringing import Bringing
from zaffre.staging.cache import Cache
from zaffre.staging.egress import Egress
from zaffre.staging.order import Input, Query
from zaffre.staging.policy import Policy
from zaffre.staging.progress import EVERY, Progress, size_of
from zaffre.staging.store import Store

if TYPE_CHECKING:
    from zaffre.staging.databases.reader import Reader

Facts = dict[str, str | int]
_MLTABLE = """\
# Written by an import; read_parquet knows the columns from the files.
type: mltable
paths:
  - pattern: ./*.parquet
transformations:
  - read_parquet:
      include_path_column: false
"""
_EVERYTHING = re.compile(r"(^|/)\*{1,2}$")
"""``folder/*``, as Azure's documents write a folder of a bucket."""
_MOST_SCHEMA = 8000
"""Characters; a wider table says only how many columns it has."""


def queried(query: Query, policy: Policy) -> Facts:
    """Ask, and write what is answered."""
    from zaffre.staging.databases.writing import Writer, Written  # noqa: PLC0415 - pyarrow, for those who need it

    progress = Progress("import", "wrote")
    who = f" as {query.username}" if query.username else ""
    progress.say(f"{query.database.shown}{who}: {query.statement or query.table or query.procedure}")
    folder = Path(query.folder)
    folder.mkdir(parents=True, exist_ok=True)
    begun = told_at = time.monotonic()

    def tell(done: Written) -> None:
        nonlocal told_at
        if time.monotonic() - told_at >= EVERY:
            told_at = time.monotonic()
            progress.say(f"{done.rows} rows so far")

    with _opened(query, Egress(policy)) as reader:
        columns = {name: str(kind) for name, kind in reader.columns}
        progress.say(f"columns: {', '.join(f'{name} {kind}' for name, kind in columns.items())}")
        done = Writer(folder, reader, tell).write()
    if query.type == "mltable":
        (folder / "MLTable").write_text(_MLTABLE, encoding="utf-8")
    seconds = time.monotonic() - begun
    progress.say(f"wrote {done.rows} rows, {size_of(done.bytes)} in {done.files} files, {seconds:.1f} s")
    schema = json.dumps(columns)
    shown = schema if len(schema) <= _MOST_SCHEMA else f"{len(columns)} columns"
    return {
        "source": query.database.shown,
        "rows": done.rows,
        "bytes": done.bytes,
        "files": done.files,
        "schema": shown,
    }


def copied(one: Input, store: Store) -> Facts:
    """Bring a file, or all that is below a folder, as files that no other job's input shares: the cache is this copy's own."""
    folder, path = Path(one.target), one.path.strip("/")
    if path and store.look(path) is not None:
        one = replace(one, type="uri_file", target=str(folder / PurePosixPath(path).name))
    else:
        one = replace(one, path=_EVERYTHING.sub("", path))
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".bringing-", dir=folder.parent) as own:
        Bringing(one, store, Cache(Path(own), 0)).bring()
    files = [file for file in folder.rglob("*") if file.is_file()]
    for file in files:
        file.chmod(0o644)
    size = sum(file.stat().st_size for file in files)
    return {"source": f"{store.shown}, {path or 'all of it'}", "files": len(files), "bytes": size}


def _opened(query: Query, egress: Egress) -> AbstractContextManager[Reader]:
    """The database that is meant; what a driver needs is loaded for it alone."""
    match query.database.dialect:
        case "postgresql":
            from zaffre.staging.databases import postgres  # noqa: PLC0415

            return postgres.opened(query, egress)
        case "sqlite":
            from zaffre.staging.databases import sqlite  # noqa: PLC0415

            return sqlite.opened(query)
        case dialect:
            from zaffre.staging.databases import others  # noqa: PLC0415

            return {"mysql": others.mysql, "mssql": others.mssql, "snowflake": others.snowflake}[dialect](query, egress)
