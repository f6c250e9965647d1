"""Makes what a document names: computes, assets that other documents of the clone declare, endpoints, copies of data.

What is particular to one example is in ``preparations.json``; everything else is found from the documents themselves.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import filled
import listing
import making
import yaml
from installation import Installation
from naming import Wanted, wanted

from zaffre.api import strict_json
from zaffre.core import refs

_FILES = ("component", "trial", "create_job")
PREPARATIONS = Path(__file__).with_name("preparations.json")
_STORE = "azureml://datastores/"
_POINTER = b"version https://git-lfs"
_CLUSTER = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Kubernetes/connectedClusters/"
_PROGRAMS = (
    ("Rscript", re.compile(r"\bRscript\b|\br-base\b"), "r-base (apt-get install r-base-core)"),
    ("java", re.compile(r"\bJRE\b"), "a Java runtime (apt-get install default-jre-headless)"),
)
"""What this machine must have itself, the words by which a document or a list asks for it, and where it comes from."""


class NotPrepared(Exception):
    """An example needs what the runner cannot make; the message says what."""


def written() -> dict[str, Any]:
    """``preparations.json``, in which nothing may stand twice."""
    return strict_json.read(PREPARATIONS.read_bytes())


class Preparer:
    """Prepares examples of one clone, one after the other, on one installation."""

    def __init__(self, site: Installation, examples: Path, said: dict[str, Any] | None = None) -> None:
        self.site = site
        self.examples = examples
        self.said: dict[str, Any] = written() if said is None else said
        self._made: set[Wanted | str] = set()

    def particular(self, path: str) -> dict[str, Any]:
        """What ``preparations.json`` says of an example."""
        return self.said.get("examples", {}).get(path, {})

    def document(self, path: str) -> tuple[Path, dict[str, Any]]:
        """The file to submit, with its placeholders filled in where ``preparations.json`` has values, and its content."""
        file = self.examples / path
        text = file.read_text(encoding="utf-8")
        if values := self.particular(path).get("fill"):
            text = filled.filled(text, values)
            file = filled.beside(file, self.examples, text, self.site.downloads.with_name("filled"))
        return file, yaml.safe_load(text)

    def settings(self, path: str) -> dict[str, str]:
        """What is set at the submission, by field; the files that this speaks of are there afterwards."""
        places = {"here": str(PREPARATIONS.parent), "made": str(self.site.mirror.with_name("made"))}
        particular = self.particular(path)
        for what, name in particular.get("made", {}).items():
            if not (target := Path(places["made"], name)).exists():
                making.write(what, target)
        return {field: value.format(**places) for field, value in particular.get("set", {}).items()}

    def check_machine(self, entry: listing.Entry) -> None:
        """The programs that no Python environment brings are there; raises ``NotPrepared``."""
        text = f"{entry.get('needs', '')}\n{(self.examples / entry['path']).read_text(encoding='utf-8')}"
        for program, asked, origin in _PROGRAMS:
            if asked.search(text) and not shutil.which(program):
                raise NotPrepared(f"needs {origin}")

    def mirror(self, paths: list[str]) -> None:
        """Before the server starts: local copies of every URL that these documents name, where one can be had."""
        for path in paths:
            for near, document in self._documents(path):
                for one in wanted(document):
                    if one.sort == "url":
                        self._copies(one.name, near, self.site.mirror)

    def prepare(self, path: str) -> None:
        """Everything that ``path`` names is there afterwards; raises ``NotPrepared``."""
        if path not in self._made:
            for words in self.particular(path).get("first", []):
                self.site.say(*(word.format(examples=self.examples) for word in words))
            self._made.add(path)
        for near, document in self._documents(path):
            for one in wanted(document):
                if one not in self._made and not _left(document, one):
                    getattr(self, f"_{one.sort.replace('-', '_')}")(one, near)
                    self._made.add(one)

    def _documents(self, path: str) -> Iterator[tuple[Path, dict[str, Any]]]:
        """An example's document, and those of the components and jobs that it names by file, with theirs."""
        file, document = self.document(path)
        waiting = [(self.examples / path, document)]
        seen = {self.examples / path}
        while waiting:
            near, document = waiting.pop(0)
            yield near, document
            for step in (document, *(document.get("jobs") or {}).values()):
                for said in map(step.get, _FILES) if isinstance(step, dict) else ():
                    file = (near.parent / refs.local_path(said)).resolve() if _names_file(said) else None
                    if file is not None and file.is_file() and file not in seen:
                        seen.add(file)
                        waiting.append((file, yaml.safe_load(file.read_text(encoding="utf-8"))))

    def prepare_what_can_be(self, path: str, document: dict[str, Any]) -> None:
        """As ``prepare``, for a document that will be taken or refused but not run: what cannot be made is left out."""
        for words in self.particular(path).get("first", []) if path not in self._made else []:
            self.site.run(*(word.format(examples=self.examples) for word in words))
        self._made.add(path)
        for one in wanted(document):
            if one.sort == "compute" and one not in self._made:
                self.site.run("compute", "create", "-n", one.name, "--type", "amlcompute", "--max-instances", "64")
            elif one not in self._made and one.sort != "url":
                with contextlib.suppress(NotPrepared, RuntimeError):
                    getattr(self, f"_{one.sort.replace('-', '_')}")(one, self.examples / path)
                    self._made.add(one)

    def given_model(self) -> str:
        """A model for deployments that are given one on the command line only."""
        if "given" not in self._made:
            folder = self.site.mirror.with_name("given")
            folder.mkdir(exist_ok=True)
            (folder / "MLmodel").write_text("flavors: {python_function: {loader_module: given}}\nmodel_uuid: '0'\n")
            (folder / "requirements.txt").write_text("mlflow\n")
            self.site.say("model", "create", "-n", "given", "-v", "1", "--type", "mlflow_model", "--path", str(folder))
            self._made.add("given")
        return "azureml:given:1"

    def request(self, path: str) -> Path:
        """The nearest sample request to a deployment's code, or to its document."""
        if said := self.particular(path).get("request"):
            return self.examples / said
        file, document = self.document(path)
        code = (document.get("code_configuration") or {}).get("code") or "."
        near = (self.examples / path).parent / code
        places = [(self.examples / path).parent, *near.resolve().parents]
        for place in places:
            if (place / "sample-request.json").is_file() and self.examples in (place, *place.parents):
                return place / "sample-request.json"
        raise NotPrepared(f"no sample request lies beside {file.name} or its code")

    def _compute(self, one: Wanted, near: Path) -> None:
        self.site.say("compute", "create", "-n", one.name, "--type", "amlcompute", "--max-instances", "2")

    def _environment(self, one: Wanted, near: Path) -> None:
        self._asset(one, near)

    _model = _component = _data = _environment

    def _asset(self, one: Wanted, near: Path) -> None:
        """An asset that is not there yet is made from the nearest document that declares it."""
        if self.site.has(one.sort, one.name, one.version):
            return
        found = self._declared(one.sort, one.name, near)
        if found is None:
            version = f":{one.version}" if one.version else ""
            raise NotPrepared(f"no document of the clone declares the {one.sort} azureml:{one.name}{version}")
        self.site.say(one.sort, "create", "-f", str(found), *(["--version", one.version] if one.version else []))

    def asked(self, path: str) -> tuple[Path | None, dict[str, str]]:
        """What a batch deployment is asked: a document, and fields set in it."""
        said = self.particular(path).get("asked", {})
        document = self.examples / said["document"] if "document" in said else None
        fields = {field: value.format(examples=self.examples) for field, value in said.get("set", {}).items()}
        for what, name in said.get("made", {}).items():
            if not (target := self.site.mirror.with_name("made") / name).exists():
                making.write(what, target)
            fields = {field: value.replace(f"[{name}]", str(target)) for field, value in fields.items()}
        return document, fields

    def _batch_endpoint(self, one: Wanted, near: Path) -> None:
        self.site.say("batch-endpoint", "create", "-n", one.name)

    def _online_endpoint(self, one: Wanted, near: Path) -> None:
        """From the document beside the deployment that declares it, with what that names; else just by its name."""
        declared = self._declared("online-endpoint", one.name, near)
        found = declared if declared and declared.parent == near.parent else None
        kubernetes = False
        if found:
            read = yaml.safe_load(found.read_text(encoding="utf-8"))
            kubernetes = "kubernetes" in str(read.get("$schema", ""))
            for cluster in (each.name for each in wanted(read) if each.sort == "compute"):
                self._attached(cluster) if kubernetes else self._compute(Wanted("compute", cluster), near)
        words = ["-f", str(found)] if found else ["-n", one.name]
        self.site.say("online-endpoint", "create", *words)

    def _attached(self, name: str) -> None:
        self.site.say("compute", "attach", "--type", "kubernetes", "-n", name, "--resource-id", f"{_CLUSTER}{name}")

    def _url(self, one: Wanted, near: Path) -> None:
        parts = urlsplit(one.name)
        if not (self.site.mirror / parts.netloc / unquote(parts.path).strip("/")).exists():
            raise NotPrepared(f"no copy of {one.name}")

    def _stored(self, one: Wanted, near: Path) -> None:
        if not self._copies(one.name, near, self.site.home / "data/default"):
            raise NotPrepared(f"no copy of {one.name}")

    def _copies(self, uri: str, near: Path, root: Path) -> bool:
        """Lays down what is said of a URI, or of what lies under it; else a file of the clone that has its name."""
        under = uri if uri.endswith("/") else f"{uri}/"
        known = {
            place: source
            for place, source in self.said.get("data", {}).items()
            if place == uri or place.startswith(under)
        }
        if not known and not uri.endswith("/") and (twin := self._twin(Path(urlsplit(uri).path).name, near)):
            known = {uri: {"example": str(twin.relative_to(self.examples))}}
        for place, source in known.items():
            target = root / _path(place)
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                self._write(source, target)
        return bool(known)

    def _write(self, source: dict[str, str], target: Path) -> None:
        if "example" in source:
            shutil.copy(self.examples / source["example"], target)
            return
        making.write(source["sklearn"], target)

    def _twin(self, name: str, near: Path) -> Path | None:
        """A file of the clone with this name, the nearest one that is no pointer to a large file."""
        found = [path for path in self._files.get(name, []) if not path.read_bytes().startswith(_POINTER)]
        return _nearest(found, near)

    @cached_property
    def _files(self) -> dict[str, list[Path]]:
        found: dict[str, list[Path]] = {}
        for folder, inner, names in os.walk(self.examples):
            inner[:] = sorted(name for name in inner if not name.startswith("."))
            for name in names:
                found.setdefault(name, []).append(Path(folder, name))
        return found

    def _declared(self, kind: str, name: str, near: Path) -> Path | None:
        return _nearest(self._declarations.get((kind, name), []), near)

    @cached_property
    def _declarations(self) -> dict[tuple[str, str], list[Path]]:
        """Documents of the clone that declare something, by kind and name."""
        found: dict[tuple[str, str], list[Path]] = {}
        for path, kind in listing.every(self.examples):
            try:
                read = yaml.safe_load(path.read_text(encoding="utf-8"))
            except yaml.YAMLError:
                continue
            if isinstance(read, dict) and isinstance(read.get("name"), str):
                found.setdefault((kind, read["name"]), []).append(path)
        return found


def _left(document: dict[str, Any], one: Wanted) -> bool:
    """Whether the example itself writes there, or below there."""
    places = [str(said.get("path")) for said in (document.get("outputs") or {}).values() if isinstance(said, dict)]
    return one.sort == "stored" and any(
        f"{p}/".startswith(f"{one.name}/") or one.name.startswith(f"{p}/") for p in places
    )


def _names_file(said: Any) -> bool:
    return isinstance(said, str) and refs.is_local(said)


def _path(uri: str) -> str:
    """Where a URI lies under a mirror's root (``host/path``), or under a workspace's data (``datastore/path``)."""
    if uri.startswith(_STORE):
        store, _, path = uri.removeprefix(_STORE).partition("/paths/")
        return f"{store}/{path}"
    parts = urlsplit(uri)
    return f"{parts.netloc}{unquote(parts.path)}"


def _nearest(found: list[Path], near: Path) -> Path | None:
    """The one that shares most folders with ``near``; of equals the first by name."""
    return min(found, key=lambda path: (-len(os.path.commonpath((path, near))), str(path)), default=None)
