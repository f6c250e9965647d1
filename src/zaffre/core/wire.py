"""One model per resource that is the YAML schema, the ARM body, the SDK object and the stored JSON at once.

A ``Spec``'s fields are named and validated in the YAML spelling. What ARM calls or writes differently stands in a
field's annotation (``core.spelling``), so that both directions follow from one declaration (``core.dialect``). Writers
are held to it strictly: an unknown key is an error with a suggestion. Readers of stored and foreign documents are
lenient: unknown keys are ignored.

Modules that only declare models do without ``from __future__ import annotations``: pydantic would evaluate every
annotation again, which a command line feels at its start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Literal, Self, get_args, get_origin

from pydantic import BaseModel, Discriminator, PrivateAttr, ValidationError, model_validator

from zaffre.core import problems, refs
from zaffre.core.dialect import Bilingual, entries, get, members
from zaffre.core.errors import Invalid, Problem
from zaffre.core.plain import is_dict, is_list, is_mapping, mapping_of
from zaffre.core.problems import Source, step
from zaffre.core.refs import Scope


class Spec(Bilingual):
    """A part of a document: every nested mapping of a resource is one."""

    ignored: ClassVar[frozenset[str]] = frozenset()
    """Keys a document may carry and nobody reads: what a server adds when it shows the resource."""
    needs: ClassVar[tuple[str, ...]] = ()
    """Keys a document of its own must have; written inside another one it may lack them."""

    _base: Path | None = PrivateAttr(default=None)
    _source: Source | None = PrivateAttr(default=None)

    __hash__ = None  # type: ignore[assignment]  # it can be changed, as any pydantic model

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Spec) and type(self) is type(other) and vars(self) == vars(other)

    @model_validator(mode="before")
    @classmethod
    def _forget(cls, data: Any) -> Any:
        if is_dict(data) and ("$schema" in data or not cls.ignored.isdisjoint(data)):
            return {key: value for key, value in data.items() if key != "$schema" and key not in cls.ignored}
        return data

    @classmethod
    def from_yaml(cls, document: Source | Mapping[str, Any], *, base: Path | None = None) -> Self:
        """Read what a user wrote; raises ``Invalid`` with one problem a mistake. Relative paths lie below ``base``."""
        source = document if isinstance(document, Source) else None
        data: Mapping[str, Any] = source.data if source else document if is_mapping(document) else {}
        spec = cls._validated(data, source)
        if wrong := spec.check():
            raise Invalid([_placed(item, source) for item in wrong])
        if base is None and source is not None and source.file:
            base = Path(source.file).parent
        spec._base = base
        spec._source = source
        return spec

    @classmethod
    def from_stored(cls, data: Mapping[str, Any]) -> Self:
        """Read what ``to_stored`` wrote, by this version or another: unknown keys are ignored."""
        return cls._validated(data, extra="ignore")

    @classmethod
    def from_arm(cls, body: Mapping[str, Any], *, scope: Scope | None = None, lenient: bool = True) -> Self:
        """Read an ARM body. Ids of ``scope`` become short references; others stay complete.

        Strict, it also refuses properties it does not know, at the top level.
        """
        if not lenient and (strange := _strangers(cls, body)):
            raise Invalid(strange)
        return cls._validated(cls.arm_to_yaml(body, scope), extra="ignore" if lenient else None)

    @classmethod
    def _validated(
        cls, data: Mapping[str, Any], source: Source | None = None, extra: Literal["ignore"] | None = None
    ) -> Self:
        try:
            return cls.model_validate(data, extra=extra)
        except ValidationError as error:
            if source is not None and source.retype(problems.texts_expected(error, data)):
                return cls._validated(data, source, extra)
            found = problems.problems_of(error, data, source, lambda path: known(cls, path, data))
            raise Invalid(found) from None

    def check(self) -> list[Problem]:
        """What is wrong with it beyond the types of its fields; models add to this."""
        return [Problem("required, but missing", name) for name in self.needs if getattr(self, name, None) is None]

    def sealed(self) -> dict[str, str]:
        """Secrets it brings along; they are kept sealed, never in ``to_stored``."""
        return {}

    def to_stored(self) -> dict[str, Any]:
        """What the store keeps: the YAML spelling."""
        return self.to_yaml()

    def local_files(self, base: Path | None = None) -> Iterator[LocalFile]:
        """Every local path of the document with its field, resolved against the file it was read from."""
        root = base or self._base or Path()
        return _local_files(self, root, "")

    def missing_files(self, exists: Callable[[Path], bool]) -> list[Problem]:
        """A problem for each local path where ``exists`` finds nothing."""
        return [
            _placed(Problem(f"nothing is at {file.path}; expected a file or folder", file.field), self._source)
            for file in self.local_files()
            if not exists(file.path)
        ]

    def inline(self, read: Callable[[Path], Any], base: Path | None = None) -> Self:
        """Put files that are part of the document (``conda_file: env.yml``) into it; ``read`` parses one."""
        for file in self.local_files(base):
            if file.purpose == "yaml":
                file.put(read(file.path))
        return self


@dataclass(frozen=True, slots=True)
class LocalFile:
    """One local path of a document."""

    field: str
    """Where it stands, e.g. ``inputs.data.path``."""
    path: Path
    """Absolute when the document's place is known."""
    purpose: str
    """See ``spelling.LocalPath``."""
    owner: Spec
    """The part of the document that holds it, e.g. the input."""
    attribute: str

    def put(self, value: Any) -> None:
        """Write what replaces it: a reference, or the content."""
        setattr(self.owner, self.attribute, value)


def _placed(problem: Problem, source: Source | None) -> Problem:
    if source is None:
        return problem
    line, column = source.place(tuple(problem.field.split(".")), value=True)
    return replace(problem, file=source.file, line=line, column=column)


def by_type(*words: str, default: str = "", aliases: Mapping[str, str] | None = None) -> Discriminator:
    """Choose a union's member by the word under ``type``; case and underscores do not matter."""
    folded = {word.replace("_", "").lower(): word for word in words}
    folded |= {word.replace("_", "").lower(): meant for word, meant in (aliases or {}).items()}

    def choose(value: Any) -> str | None:
        said = value.get("type") if is_mapping(value) else getattr(value, "type", None)
        if said is None:
            return default or None
        return folded.get(str(said).replace("_", "").lower(), str(said))

    return Discriminator(choose)


def _shape(value: Any) -> str:
    return "object" if isinstance(value, Mapping | BaseModel) else "text"


BY_SHAPE = Discriminator(_shape)
"""Choose between ``Tag("object")``, a mapping, and ``Tag("text")``, anything else."""


def known(model: type[Spec], path: tuple[str | int, ...], data: Any) -> list[str]:
    """The keys a document may have at ``path``; for suggestions, so unions answer with the member that fits best."""
    here: list[Any] = [model]
    for part in path:
        data = step(data, part)
        here = [inner for annotation in here for inner in _inside(annotation, part)]
    names = [found for annotation in here for found in _models(annotation)]
    said = set(data) if is_mapping(data) else set[str]()
    best = max(names, key=lambda item: (_is_meant(item, data), len(said & set(item.model_fields))), default=None)
    return list(best.model_fields) if best else []


def _is_meant(model: type[Spec], data: Any) -> bool:
    """Whether the document itself says that it is this member of a union."""
    words = mapping_of(data)
    return any(entry.tag and str(words.get(entry.name, "")).lower() == entry.tag for entry in entries(model))


def _inside(annotation: Any, part: str | int) -> list[Any]:
    if isinstance(annotation, type) and issubclass(annotation, Spec):
        field = annotation.model_fields.get(str(part))
        return members(field.annotation) if field else []
    arguments = get_args(annotation)
    return members(arguments[-1]) if get_origin(annotation) in (dict, list) and arguments else []


def _models(annotation: Any) -> list[type[Spec]]:
    return [annotation] if isinstance(annotation, type) and issubclass(annotation, Spec) else []


def _local_files(spec: Spec, root: Path, at: str) -> Iterator[LocalFile]:
    for entry in entries(type(spec)):
        value = vars(spec).get(entry.name)
        field = f"{at}.{entry.name}" if at else entry.name
        if entry.local and isinstance(value, str):
            if refs.is_local(value):
                yield LocalFile(field, root / refs.local_path(value), entry.local, spec, entry.name)
        else:
            yield from _below(value, root, field)


def _below(value: Any, root: Path, field: str) -> Iterator[LocalFile]:
    if isinstance(value, Spec):
        yield from _local_files(value, root, field)
    elif is_dict(value):
        for key, item in value.items():
            yield from _below(item, root, f"{field}.{key}")
    elif is_list(value):
        for index, item in enumerate(value):
            yield from _below(item, root, f"{field}[{index}]")


def _strangers(model: type[Spec], body: Mapping[str, Any]) -> list[Problem]:
    root = tuple(model.arm_root.split(".")) if model.arm_root else ()
    places = [entry.path for entry in entries(model)] + [tuple(path.split(".")) for path in model.arm_always]
    names = {path[len(root)] for path in places if path and path[: len(root)] == root}
    said: Any = get(body, root)
    at = f"{model.arm_root}." if model.arm_root else ""
    return [
        Problem("unknown property", f"{at}{key}", hint=problems.closest(key, names))
        for key in mapping_of(said)
        if key not in names
    ]
