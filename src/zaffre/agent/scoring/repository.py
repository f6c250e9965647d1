"""A model repository as Triton lays it out: ``<model>/config.pbtxt`` and ``<model>/<version>/<files>``."""

from __future__ import annotations

import os
from typing import Any, Dict, List, NamedTuple, Tuple

from zaffre.agent.scoring import pbtxt
from zaffre.agent.scoring.pbtxt import Message, first
from zaffre.agent.scoring.script import BadScript

ONNX = "onnxruntime"
PYTHON = "python"
FILES = {ONNX: "model.onnx", PYTHON: "model.py"}
_PLATFORMS = {"onnxruntime_onnx": ONNX}
_UNABLE = ("sequence_batching", "ensemble_scheduling")
_DEEPEST = 3


class Tensor(NamedTuple):
    """An input or an output, as the configuration describes it."""

    name: str
    datatype: str
    """Of the protocol: ``FP32``, ``BYTES``."""
    dims: Tuple[int, ...]
    """Without the batch; -1 for any."""
    reshape: Tuple[int, ...] = ()
    """What the model itself wants or gives in place of ``dims``."""
    reshaped: bool = False
    optional: bool = False
    labels: Tuple[str, ...] = ()


class Config(NamedTuple):
    """What ``config.pbtxt`` says of one model."""

    name: str
    backend: str
    max_batch: int
    inputs: Tuple[Tensor, ...]
    outputs: Tuple[Tensor, ...]
    parameters: Dict[str, str]
    file: str


class Entry(NamedTuple):
    """One model of the repository with the versions that are served."""

    config: Config
    folder: str
    versions: Tuple[str, ...]
    """The newest last."""


def read(root: str) -> List[Entry]:
    """Every model below ``root``; raises ``BadScript`` for what cannot be served, by name."""
    folder = _find(root)
    names = [name for name in sorted(os.listdir(folder)) if not name.startswith(".")]
    return [_entry(os.path.join(folder, name)) for name in names if os.path.isdir(os.path.join(folder, name))]


def _find(root: str) -> str:
    """The repository in AZUREML_MODEL_DIR: the folder whose folders have versions."""
    for folder, folders, _ in os.walk(root, followlinks=True):
        folders.sort()
        if any(_numbers(os.path.join(folder, name)) for name in folders):
            return folder
        if folder.count(os.sep) - root.count(os.sep) >= _DEEPEST:
            folders[:] = []
    told = "no model repository: expected <model>/config.pbtxt and <model>/1/model.onnx (or model.py) below the model's folder"
    raise BadScript(told)


def _numbers(folder: str) -> List[str]:
    """The version folders, in their order; zero and names with a leading zero are none, as with Triton."""
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    found = [name for name in names if name.isdigit() and not name.startswith("0")]
    return sorted((name for name in found if os.path.isdir(os.path.join(folder, name))), key=int)


def _entry(folder: str) -> Entry:
    name = os.path.basename(folder)
    path = os.path.join(folder, "config.pbtxt")
    message: Message = {}
    if os.path.isfile(path):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        try:
            message = pbtxt.parse(text)
        except pbtxt.Malformed as error:
            raise BadScript("model {}: config.pbtxt: {}".format(name, error)) from None
    versions = _wanted(_numbers(folder), first(message, "version_policy", {}), name)
    config = _config(name, folder, versions, message)
    for version in versions:
        if not os.path.isfile(os.path.join(folder, version, config.file)):
            raise BadScript("model {}: version {} has no file {}".format(name, version, config.file))
    return Entry(config, folder, tuple(versions))


def _wanted(there: List[str], policy: Message, name: str) -> List[str]:
    if "all" in policy:
        found = there
    elif "specific" in policy:
        asked = [str(one) for one in policy["specific"][-1].get("versions", [])]
        found = [one for one in there if one in asked]
    else:
        latest: Message = first(policy, "latest", {})
        found = there[-int(first(latest, "num_versions", 1)) :]
    if not found:
        raise BadScript("model {}: no version to serve: expected a folder 1 with the model's file".format(name))
    return found


def _config(name: str, folder: str, versions: List[str], message: Message) -> Config:
    told = first(message, "name", "") or name
    if told != name:
        raise BadScript("model {}: config.pbtxt is for a model named {}".format(name, told))
    for field in _UNABLE:
        if field in message:
            raise BadScript("model {}: {} needs NVIDIA's Triton server itself".format(name, field))
    backend = _backend(name, os.path.join(folder, versions[-1]), message)
    return Config(
        name,
        backend,
        int(first(message, "max_batch_size", 0)),
        tuple(_tensor(one, folder) for one in message.get("input", [])),
        tuple(_tensor(one, folder) for one in message.get("output", [])),
        _parameters(message.get("parameters", [])),
        str(first(message, "default_model_filename", "") or FILES[backend]),
    )


def _backend(name: str, version: str, message: Message) -> str:
    said = str(first(message, "backend", "") or first(message, "platform", ""))
    if not said:
        there = [backend for backend, file in FILES.items() if os.path.exists(os.path.join(version, file))]
        if there:
            return there[0]
    found = _PLATFORMS.get(said, said)
    if found not in FILES:
        what = "backend {}".format(said) if said else "backend unknown: config.pbtxt names none"
        told = "model {}: {}; without NVIDIA's Triton server only onnxruntime and python can be served here"
        raise BadScript(told.format(name, what))
    return found


def _tensor(message: Message, folder: str) -> Tensor:
    reshape: Message = first(message, "reshape", {})
    file = str(first(message, "label_filename", ""))
    return Tensor(
        str(first(message, "name", "")),
        _datatype(str(first(message, "data_type", ""))),
        tuple(int(one) for one in message.get("dims", [])),
        tuple(int(one) for one in reshape.get("shape", [])),
        "reshape" in message,
        bool(first(message, "optional", False)),
        _labels(os.path.join(folder, os.path.basename(file))) if file else (),
    )


def _datatype(word: str) -> str:
    found = word[len("TYPE_") :] if word.startswith("TYPE_") else word
    return "BYTES" if found == "STRING" else found


def _labels(path: str) -> Tuple[str, ...]:
    try:
        with open(path, encoding="utf-8") as file:
            return tuple(file.read().splitlines())
    except OSError:
        return ()


def _parameters(entries: List[Any]) -> Dict[str, str]:
    found: Dict[str, str] = {}
    for one in entries:
        found[str(first(one, "key", ""))] = str(first(first(one, "value", {}), "string_value", ""))
    return found
