"""What runs a model of a repository: ONNX Runtime, or the model's own Python class as Triton's python backend calls it."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import sys
from types import ModuleType
from typing import Any, Dict, List, Optional, Tuple

from zaffre.agent.scoring import pb_utils
from zaffre.agent.scoring.repository import ONNX, Config, Entry, Tensor
from zaffre.agent.scoring.script import BadScript
from zaffre.agent.scoring.tensors import Arrays, numpy

if sys.version_info >= (3, 8):
    from typing import Protocol
else:
    Protocol = object

_ONNX_TYPES = {
    "float": "FP32", "double": "FP64", "float16": "FP16", "int64": "INT64", "int32": "INT32", "int16": "INT16",
    "int8": "INT8", "uint64": "UINT64", "uint32": "UINT32", "uint16": "UINT16", "uint8": "UINT8", "bool": "BOOL",
    "string": "BYTES",
}  # fmt: skip


class ModelFailed(RuntimeError):
    """The model itself refused or failed; the message is for the caller."""


class Backend(Protocol):
    """One version of one model, loaded."""

    config: Config

    def run(self, inputs: Arrays, wanted: List[str], parameters: Dict[str, Any]) -> Arrays:
        """The outputs by name: those wanted, or all."""
        ...

    def close(self) -> None:
        """The host stops."""
        ...


def load(entry: Entry, version: str) -> Backend:
    """A version, ready; raises ``BadScript`` where it cannot be."""
    return Onnx(entry, version) if entry.config.backend == ONNX else Python(entry, version)


class Onnx:
    """A model in ONNX Runtime, on the processors."""

    def __init__(self, entry: Entry, version: str) -> None:
        try:
            runtime: Any = importlib.import_module("onnxruntime")
        except ImportError:
            raise BadScript(
                "the environment has no package onnxruntime, which a model with that backend needs"
            ) from None
        path = os.path.join(entry.folder, version, entry.config.file)
        self._session: Any = runtime.InferenceSession(path, providers=["CPUExecutionProvider"])
        self.config = _completed(entry.config, self._session)
        self._inputs = {one.name: one for one in self.config.inputs}
        self._outputs = {one.name: one for one in self.config.outputs}

    def run(self, inputs: Arrays, wanted: List[str], parameters: Dict[str, Any]) -> Arrays:
        """One call of the session."""
        del parameters
        names = wanted or list(self._outputs)
        given = {name: _plain(_inner(self._inputs[name], array, self.config)) for name, array in inputs.items()}
        try:
            found = self._session.run(names, given)
        except TimeoutError:
            raise
        except Exception as error:  # ONNX Runtime's exceptions have no common class of their own
            raise ModelFailed(str(error)) from error
        return {name: _outer(self._outputs[name], found[place], self.config) for place, name in enumerate(names)}

    def close(self) -> None:
        """Nothing to do."""


class Python:
    """``class TritonPythonModel`` of ``model.py``."""

    def __init__(self, entry: Entry, version: str) -> None:
        self.config = entry.config
        if not self.config.outputs:
            raise BadScript("model {}: a python model needs its outputs in config.pbtxt".format(self.config.name))
        sys.modules.setdefault("triton_python_backend_utils", pb_utils)
        folder = os.path.join(entry.folder, version)
        module = _module(folder, self.config)
        made: Any = getattr(module, "TritonPythonModel", None)
        if made is None:
            raise BadScript("model {}: model.py has no class TritonPythonModel".format(self.config.name))
        self._model: Any = made()
        if hasattr(self._model, "initialize"):
            self._model.initialize(
                {
                    "model_config": json.dumps(described(self.config)),
                    "model_instance_kind": "CPU",
                    "model_instance_name": self.config.name + "_0",
                    "model_instance_device_id": "0",
                    "model_repository": entry.folder,
                    "model_version": version,
                    "model_name": self.config.name,
                }
            )

    def run(self, inputs: Arrays, wanted: List[str], parameters: Dict[str, Any]) -> Arrays:
        """One request in a list of one."""
        names = wanted or [one.name for one in self.config.outputs]
        tensors = [pb_utils.Tensor(name, array) for name, array in inputs.items()]
        request = pb_utils.InferenceRequest(self.config.name, tensors, names, parameters)
        answers: Any = self._model.execute([request])
        if not answers or answers[0] is None:
            raise ModelFailed("execute() returned no response; decoupled models need NVIDIA's Triton server")
        answer = answers[0]
        if answer.has_error():
            raise ModelFailed(answer.error().message())
        return {one.name(): one.as_numpy() for one in answer.output_tensors()}

    def close(self) -> None:
        """``finalize()``, where there is one."""
        if hasattr(self._model, "finalize"):
            self._model.finalize()


def described(config: Config) -> Dict[str, Any]:
    """The configuration as Triton shows it."""

    def tensor(one: Tensor) -> Dict[str, Any]:
        kind = "STRING" if one.datatype == "BYTES" else one.datatype
        return {"name": one.name, "data_type": "TYPE_" + kind, "dims": list(one.dims)}

    return {
        "name": config.name,
        "backend": config.backend,
        "max_batch_size": config.max_batch,
        "input": [tensor(one) for one in config.inputs],
        "output": [tensor(one) for one in config.outputs],
        "default_model_filename": config.file,
        "parameters": {name: {"string_value": value} for name, value in config.parameters.items()},
    }


def _completed(config: Config, session: Any) -> Config:
    """What ``config.pbtxt`` leaves out, taken from the model; names that the model does not have are refused."""
    found: List[Tuple[Tensor, ...]] = []
    for said, nodes in ((config.inputs, session.get_inputs()), (config.outputs, session.get_outputs())):
        known = {str(node.name): node for node in nodes}
        for one in said:
            if one.name not in known:
                told = "model {}: config.pbtxt names {}, the model has {}"
                raise BadScript(told.format(config.name, one.name, ", ".join(known)))
        found.append(said or tuple(_of_node(node, config) for node in nodes))
    return config._replace(inputs=found[0], outputs=found[1])


def _of_node(node: Any, config: Config) -> Tensor:
    dims = tuple(one if isinstance(one, int) and one > 0 else -1 for one in node.shape)
    kind = str(node.type).replace("tensor(", "").rstrip(")")
    return Tensor(str(node.name), _ONNX_TYPES.get(kind, kind.upper()), dims[1:] if config.max_batch else dims)


def _inner(tensor: Tensor, array: Any, config: Config) -> Any:
    """An input in the shape the model itself wants."""
    if not tensor.reshaped:
        return array
    return array.reshape((*array.shape[:1], *tensor.reshape) if config.max_batch else tensor.reshape)


def _outer(tensor: Tensor, array: Any, config: Config) -> Any:
    if not tensor.reshaped:
        return array
    return array.reshape((*array.shape[:1], *tensor.dims) if config.max_batch else tensor.dims)


def _plain(array: Any) -> Any:
    """ONNX Runtime takes texts as ``str``."""
    if array.dtype.kind != "O":
        return array
    texts = [one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in array.reshape(-1)]
    return numpy().array(texts, dtype=object).reshape(array.shape)


def _module(folder: str, config: Config) -> ModuleType:
    if folder not in sys.path:
        sys.path.insert(0, folder)
    name = "triton_model_{}".format("".join(one if one.isalnum() else "_" for one in config.name + folder[-4:]))
    spec: Optional[Any] = importlib.util.spec_from_file_location(name, os.path.join(folder, config.file))
    if spec is None or spec.loader is None:
        raise BadScript("model {}: {} is not a Python file".format(config.name, config.file))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
