"""``azureml.core.Dataset``: data assets, files and tables of the first SDK, read through ``azureml://``."""

# fsspec and pandas have no types here.
# pyright: reportUnknownVariableType=false, reportUnknownMemberType=false, reportUnknownArgumentType=false

from __future__ import annotations

import os
from typing import Any, Callable, List, Optional, Sequence, Tuple, Union, cast

from zaffre.inside.workspace import Datastore, Workspace

Place = Union[str, Tuple[Datastore, str]]


class FileDataset:
    """Files by their URIs or local paths."""

    def __init__(self, paths: Sequence[str], name: str = "", version: str = "") -> None:
        self.paths = list(paths)
        self.name = name
        self.version = version

    def to_path(self) -> List[str]:
        """Every file below the paths."""
        import fsspec  # noqa: PLC0415 the whole of this package works without it, but for opening files

        found: List[str] = []
        for path in self.paths:
            filesystem, bare = fsspec.core.url_to_fs(path)
            named = cast("List[str]", filesystem.glob(bare) if "*" in bare else filesystem.find(bare))
            found += [filesystem.unstrip_protocol(one) for one in named]
        return found

    def download(self, target_path: str = ".", overwrite: bool = False, **options: Any) -> List[str]:
        """Fetch every file into a folder."""
        import fsspec  # noqa: PLC0415 the whole of this package works without it, but for opening files

        os.makedirs(target_path, exist_ok=True)
        made: List[str] = []
        for path in self.to_path():
            target = os.path.join(target_path, os.path.basename(path))
            if os.path.exists(target) and not overwrite:
                raise FileExistsError("%s is there already; overwrite=True replaces it" % target)
            filesystem, bare = fsspec.core.url_to_fs(path)
            filesystem.get_file(bare, target)
            made.append(target)
        return made


class TabularDataset(FileDataset):
    """Files that are tables of the same columns."""

    def __init__(self, paths: Sequence[str], kind: str = "", name: str = "", version: str = "", **options: Any) -> None:
        super().__init__(paths, name, version)
        self._kind = kind
        self._options = options

    def to_pandas_dataframe(self, **options: Any) -> Any:
        """All rows."""
        import pandas  # noqa: PLC0415 only who asks for a frame needs it

        frames = [self._frame(pandas, path) for path in self.to_path()]
        return frames[0] if len(frames) == 1 else pandas.concat(frames, ignore_index=True)

    def _frame(self, pandas: Any, path: str) -> Any:
        kind = self._kind or os.path.splitext(path)[1].lstrip(".").lower()
        readers = {"parquet": pandas.read_parquet, "json": pandas.read_json, "jsonl": _lines(pandas)}
        return readers.get(kind, pandas.read_csv)(path, **self._options)


class _Tables:
    """``Dataset.Tabular``."""

    @staticmethod
    def from_delimited_files(path: Union[Place, List[Place]], separator: str = ",", **options: Any) -> TabularDataset:
        """Text with a separator."""
        return TabularDataset(_paths(path), "csv", sep=separator)

    @staticmethod
    def from_parquet_files(path: Union[Place, List[Place]], **options: Any) -> TabularDataset:
        """Parquet files."""
        return TabularDataset(_paths(path), "parquet")

    @staticmethod
    def from_json_lines_files(path: Union[Place, List[Place]], **options: Any) -> TabularDataset:
        """A JSON object a line."""
        return TabularDataset(_paths(path), "jsonl")


class _Files:
    """``Dataset.File``."""

    @staticmethod
    def from_files(path: Union[Place, List[Place]], **options: Any) -> FileDataset:
        """Files as they are."""
        return FileDataset(_paths(path))


class Dataset:
    """Data assets by name, and datasets made from paths."""

    Tabular = _Tables
    File = _Files

    @staticmethod
    def get_by_name(workspace: Workspace, name: str, version: Union[str, int] = "latest") -> TabularDataset:
        """A data asset; whoever wants its rows gets them by the files' endings."""
        label = "labels/latest" if str(version) == "latest" else "versions/%s" % version
        return TabularDataset(["azureml://data/%s/%s" % (name, label)], name=name, version=str(version))

    @staticmethod
    def get_by_id(workspace: Workspace, id: str, **options: Any) -> TabularDataset:
        """The same, by ``name:version``."""
        name, _, version = id.partition(":")
        return Dataset.get_by_name(workspace, name, version or "latest")


def _paths(path: Union[Place, List[Place]]) -> List[str]:
    if isinstance(path, list):
        return [one for each in path for one in _paths(each)]
    if isinstance(path, tuple):
        return [path[0].path(path[1])]
    return [os.fspath(path)]


def _lines(pandas: Any) -> Callable[..., Any]:
    def read(path: str, **options: Optional[Any]) -> Any:
        return pandas.read_json(path, lines=True, **options)

    return read
