"""Models of a Triton repository behind Triton's own protocol over HTTP (KServe v2): health, metadata, inference.

Bodies are JSON, or JSON followed by raw tensors (the binary extension). What needs Triton itself (shared memory,
sequences, traces, loading and unloading) is answered as not there.
"""

from __future__ import annotations

import json
import traceback
import zlib
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from zaffre.agent.scoring import backends, repository, swagger, tensors
from zaffre.agent.scoring.answers import JSON, Answer
from zaffre.agent.scoring.backends import Backend, ModelFailed
from zaffre.agent.scoring.config import Config
from zaffre.agent.scoring.repository import Entry, Tensor
from zaffre.agent.scoring.script import FAILED, SUCCEEDED, BadScript
from zaffre.agent.scoring.tensors import Arrays, BadTensor
from zaffre.agent.scoring.wire import Request

BINARY = "application/octet-stream"
HEADER_LENGTH = "inference-header-content-length"
EXTENSIONS = ["classification", "model_configuration", "binary_tensor_data"]
_MOST = 512 * 1024 * 1024
"""Bytes that a compressed body may become."""


class Refused(Exception):
    """The caller's mistake; ``status`` and the message are the answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class _Below:
    """Every path of the protocol."""

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and (path == "/v2" or path.startswith("/v2/"))


class _Asked(NamedTuple):
    name: str
    version: str
    verb: str


class _Wish(NamedTuple):
    """An output that the caller names."""

    name: str
    binary: bool
    classes: int


class Triton:
    """Every version of every model in the repository, ready."""

    def __init__(self, config: Config) -> None:
        entries = repository.read(config.model_dir)
        if not entries:
            raise BadScript("the model repository holds no model")
        self._models: Dict[str, Dict[str, Backend]] = {one.config.name: _loaded(one) for one in entries}
        self._swagger = swagger.Description(None, {})
        self.routes = _Below()

    def swagger(self, version: str) -> bytes:
        """An open description: the protocol describes itself at ``/v2/models/<name>``."""
        return self._swagger.get(version)

    def answer(self, request: Request) -> Answer:
        """One request of the protocol."""
        try:
            return self._answer(request)
        except Refused as refused:
            return _error(refused.status, str(refused), SUCCEEDED)
        except BadTensor as bad:
            return _error(400, str(bad), SUCCEEDED)
        except ModelFailed as failed:
            traceback.print_exc()
            return _error(500, str(failed), FAILED)
        except TimeoutError:
            raise
        except Exception:  # noqa: BLE001 - whatever a user's model raises is an answer, not our end
            traceback.print_exc()
            return _error(500, "The model failed; its traceback is in the deployment's log.", FAILED)

    def _answer(self, request: Request) -> Answer:
        parts = [part for part in request.path.split("/") if part][1:]
        if request.method == "GET" and not parts:
            return _json({"name": "zaffre", "version": "2", "extensions": EXTENSIONS})
        if request.method == "GET" and parts in (["health", "live"], ["health", "ready"]):
            return Answer(200, b"", "", SUCCEEDED)
        if request.method == "POST" and parts == ["repository", "index"]:
            return self._index()
        asked = _asked(parts)
        if asked is None:
            raise Refused(404, "There is no {} {} in this protocol here.".format(request.method, request.path))
        backend, version = self._find(asked)
        if asked.verb == "infer":
            if request.method != "POST":
                raise Refused(405, "Ask for inference with POST.")
            return _infer(backend, version, request)
        return self._told(asked, backend)

    def _told(self, asked: _Asked, backend: Backend) -> Answer:
        if asked.verb == "ready":
            return Answer(200, b"", "", SUCCEEDED)
        if asked.verb == "config":
            return _json(backends.described(backend.config))
        config = backend.config
        versions = list(self._models[asked.name])
        return _json(
            {
                "name": config.name,
                "versions": versions,
                "platform": "onnxruntime_onnx" if config.backend == repository.ONNX else config.backend,
                "inputs": [_shown(one, config.max_batch) for one in config.inputs],
                "outputs": [_shown(one, config.max_batch) for one in config.outputs],
            }
        )

    def _find(self, asked: _Asked) -> Tuple[Backend, str]:
        versions = self._models.get(asked.name)
        if versions is None:
            told = "Request for unknown model: {!r} is not found; there is {}."
            raise Refused(404, told.format(asked.name, ", ".join(self._models)))
        version = asked.version or list(versions)[-1]
        if version not in versions:
            told = "Request for unknown model: {!r} version {} is not found; there is {}."
            raise Refused(404, told.format(asked.name, version, ", ".join(versions)))
        return versions[version], version

    def _index(self) -> Answer:
        found = [
            {"name": name, "version": version, "state": "READY"}
            for name, versions in self._models.items()
            for version in versions
        ]
        return Answer(200, json.dumps(found).encode(), JSON, SUCCEEDED)


def _loaded(entry: Entry) -> Dict[str, Backend]:
    return {version: backends.load(entry, version) for version in entry.versions}


def _asked(parts: List[str]) -> Optional[_Asked]:
    """``models/<name>[/versions/<version>][/<verb>]``."""
    if len(parts) < 2 or parts[0] != "models":
        return None
    name, rest, version = parts[1], parts[2:], ""
    if len(rest) >= 2 and rest[0] == "versions":
        version, rest = rest[1], rest[2:]
    verb = rest[0] if rest else ""
    known = len(rest) <= 1 and verb in ("", "ready", "config", "infer")
    return _Asked(name, version, verb) if known else None


def _infer(backend: Backend, version: str, request: Request) -> Answer:
    document, raw = _document(request)
    inputs = _inputs(document, raw, backend)
    wishes = _wishes(document, backend)
    parameters = _mapping(document.get("parameters"))
    if document.get("id"):
        parameters = dict(parameters, id=str(document["id"]))
    found = backend.run(inputs, [wish.name for wish in wishes], parameters)
    return _encoded(backend, version, document, [(wish, _output(backend, wish, found)) for wish in wishes])


def _document(request: Request) -> Tuple[Dict[str, Any], bytes]:
    """The JSON part of a body and the raw tensors after it."""
    body = _plain_body(request)
    length = request.header(HEADER_LENGTH)
    if length and (not length.isdigit() or int(length) > len(body)):
        raise Refused(400, "Inference-Header-Content-Length is {}, the body has {} bytes.".format(length, len(body)))
    end = int(length) if length else len(body)
    try:
        document: Any = json.loads(body[:end].decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Refused(400, "The request is not JSON: {}".format(error)) from None
    if not _is_object(document):
        raise Refused(400, "The request must be an object with inputs.")
    return document, body[end:]


def _plain_body(request: Request) -> bytes:
    encoding = request.header("content-encoding").strip().lower()
    if encoding in ("", "identity"):
        return request.body
    windows = {"gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}
    if encoding not in windows:
        raise Refused(415, "Content-Encoding must be gzip or deflate, found {}.".format(encoding))
    reader = zlib.decompressobj(windows[encoding])
    try:
        found = reader.decompress(request.body, _MOST)
    except zlib.error as error:
        raise Refused(400, "The body is not {}: {}".format(encoding, error)) from None
    if reader.unconsumed_tail:
        raise Refused(413, "The body is larger than {} bytes when it is unpacked.".format(_MOST))
    return found


def _inputs(document: Dict[str, Any], raw: bytes, backend: Backend) -> Arrays:
    config = backend.config
    known = {one.name: one for one in config.inputs}
    found: Arrays = {}
    place = 0
    for given in _objects(document.get("inputs"), "inputs"):
        name = str(given.get("name", ""))
        if known and name not in known:
            told = "unexpected inference input {!r} for model {!r}; it takes {}"
            raise Refused(400, told.format(name, config.name, ", ".join(known)))
        size = _mapping(given.get("parameters")).get("binary_data_size")
        datatype, shape = str(given.get("datatype", "")), _shape(given, name)
        if name in known:
            _check(known[name], datatype, shape, config.max_batch)
        if size is None:
            found[name] = tensors.of_json(name, datatype, shape, given.get("data"))
            continue
        if not isinstance(size, int) or size < 0 or place + size > len(raw):
            raise Refused(
                400, "input {!r}: binary_data_size is {!r}, {} bytes are left".format(name, size, len(raw) - place)
            )
        found[name] = tensors.of_bytes(name, datatype, shape, raw[place : place + size])
        place += size
    missing = [name for name, one in known.items() if name not in found and not one.optional]
    if missing:
        told = "expected {} inputs but got {} for model {!r}; missing: {}"
        raise Refused(400, told.format(len(known), len(found), config.name, ", ".join(missing)))
    return found


def _shape(given: Dict[str, Any], name: str) -> List[int]:
    shape: Any = given.get("shape")
    wrong = "input {!r}: expected a shape of whole numbers, found {!r}".format(name, shape)
    if not _is_list(shape) or not all(_is_size(one) for one in shape):
        raise Refused(400, wrong)
    return [int(one) for one in shape]


def _check(tensor: Tensor, datatype: str, shape: List[int], batch: int) -> None:
    """Triton's own checks, in its words as far as they help."""
    if datatype != tensor.datatype:
        told = "inference input {!r} data-type is {!r}, but the model expects {!r}"
        raise Refused(400, told.format(tensor.name, datatype, tensor.datatype))
    wanted = [-1, *tensor.dims] if batch else list(tensor.dims)
    fits = len(shape) == len(wanted) and all(one in (-1, shape[place]) for place, one in enumerate(wanted))
    if not fits or (batch and shape[0] > batch):
        most = " (at most {} at once)".format(batch) if batch else ""
        told = "unexpected shape for input {!r}: expected {}{}, got {}"
        raise Refused(400, told.format(tensor.name, wanted, most, shape))


def _wishes(document: Dict[str, Any], backend: Backend) -> List[_Wish]:
    """The outputs asked for; without any, all of them."""
    usual = _mapping(document.get("parameters")).get("binary_data_output") is True
    known = [one.name for one in backend.config.outputs]
    named = document.get("outputs")
    if not named:
        return [_Wish(name, usual, 0) for name in known]
    found: List[_Wish] = []
    for one in _objects(named, "outputs"):
        name, said = str(one.get("name", "")), _mapping(one.get("parameters"))
        if name not in known:
            told = "unexpected inference output {!r} for model {!r}; it has {}"
            raise Refused(400, told.format(name, backend.config.name, ", ".join(known)))
        classes = said.get("classification", 0)
        found.append(_Wish(name, said.get("binary_data", usual) is True, classes if isinstance(classes, int) else 0))
    return found


def _output(backend: Backend, wish: _Wish, found: Arrays) -> Any:
    if wish.name not in found:
        raise ModelFailed("the model gave no output {!r}".format(wish.name))
    array = tensors.numpy().asarray(found[wish.name])
    if not wish.classes:
        return array
    labels = next(one.labels for one in backend.config.outputs if one.name == wish.name)
    return tensors.classified(array, wish.classes, labels, backend.config.max_batch > 0)


def _encoded(backend: Backend, version: str, document: Dict[str, Any], outputs: List[Tuple[_Wish, Any]]) -> Answer:
    shown: List[Dict[str, Any]] = []
    raw: List[bytes] = []
    for wish, array in outputs:
        one: Dict[str, Any] = {
            "name": wish.name,
            "datatype": tensors.datatype_of(array),
            "shape": list(array.shape),
        }
        if wish.binary:
            raw.append(tensors.to_bytes(array))
            one["parameters"] = {"binary_data_size": len(raw[-1])}
        else:
            one["data"] = tensors.to_json(array)
        shown.append(one)
    answer: Dict[str, Any] = {"model_name": backend.config.name, "model_version": version, "outputs": shown}
    if document.get("id"):
        answer["id"] = str(document["id"])
    head = json.dumps(answer).encode()
    if not raw:
        return Answer(200, head, JSON, SUCCEEDED)
    told = ((HEADER_LENGTH.title(), str(len(head))), *SUCCEEDED)
    return Answer(200, head + b"".join(raw), BINARY, told)


def _shown(tensor: Tensor, batch: int) -> Dict[str, Any]:
    shape = [-1, *tensor.dims] if batch else list(tensor.dims)
    return {"name": tensor.name, "datatype": tensor.datatype, "shape": shape}


def _objects(value: Any, field: str) -> List[Dict[str, Any]]:
    if not _is_list(value) or not all(_is_object(one) for one in value):
        raise Refused(400, "The request must have a list {} of objects.".format(field))
    return value


def _mapping(value: Any) -> Dict[str, Any]:
    return value if _is_object(value) else {}


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _is_size(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _json(value: Dict[str, Any]) -> Answer:
    return Answer(200, json.dumps(value).encode(), JSON, SUCCEEDED)


def _error(status: int, text: str, headers: Tuple[Tuple[str, str], ...]) -> Answer:
    return Answer(status, json.dumps({"error": text}).encode(), JSON, headers)
