"""What ``import triton_python_backend_utils`` finds in a python model served without Triton."""

from __future__ import annotations

import json
import logging
from typing import Any, Dict, List, Optional

from zaffre.agent.scoring.tensors import NUMPY, datatype_of, numpy

TRITONSERVER_REQUEST_FLAG_SEQUENCE_START = 1
TRITONSERVER_REQUEST_FLAG_SEQUENCE_END = 2


class TritonModelException(Exception):
    """Raised by a model to refuse a request."""


class TritonError:
    """An error that a model answers instead of tensors."""

    INTERNAL, INVALID_ARG, NOT_FOUND, UNAVAILABLE, UNSUPPORTED, UNKNOWN = range(6)

    def __init__(self, message: str, code: int = 0) -> None:
        self._message = message
        self._code = code

    def message(self) -> str:
        """What it says."""
        return self._message

    def code(self) -> int:
        """Of which sort it is."""
        return self._code


class Tensor:
    """A named array."""

    def __init__(self, name: str, data: Any) -> None:
        self._name = name
        self._array = numpy().asarray(data)

    def name(self) -> str:
        """Its name."""
        return self._name

    def as_numpy(self) -> Any:
        """Its values."""
        return self._array

    def shape(self) -> List[int]:
        """Its shape."""
        return list(self._array.shape)

    def triton_dtype(self) -> str:
        """Its type in the protocol's word."""
        return datatype_of(self._array)

    def is_cpu(self) -> bool:
        """Always: nothing here runs on a GPU."""
        return True


class InferenceRequest:
    """What a caller asked."""

    def __init__(
        self, model_name: str, inputs: List[Tensor], requested_output_names: List[str], parameters: Dict[str, Any]
    ) -> None:
        self._model = model_name
        self._inputs = inputs
        self._wanted = requested_output_names
        self._parameters = parameters

    def inputs(self) -> List[Tensor]:
        """All inputs."""
        return self._inputs

    def model_name(self) -> str:
        """Of whom it is asked."""
        return self._model

    def requested_output_names(self) -> List[str]:
        """Which outputs the caller wants."""
        return self._wanted

    def request_id(self) -> str:
        """The caller's own id."""
        return str(self._parameters.get("id", ""))

    def correlation_id(self) -> int:
        """No sequences here."""
        return 0

    def parameters(self) -> str:
        """The request's parameters as JSON."""
        return json.dumps(self._parameters)


class InferenceResponse:
    """What a model answers."""

    def __init__(self, output_tensors: Optional[List[Tensor]] = None, error: Optional[TritonError] = None) -> None:
        self._tensors = list(output_tensors or [])
        self._error = error

    def output_tensors(self) -> List[Tensor]:
        """The outputs."""
        return self._tensors

    def has_error(self) -> bool:
        """True where it is an error."""
        return self._error is not None

    def error(self) -> Any:
        """The error, or None."""
        return self._error


class Logger:
    """Lines of the replica's log."""

    @staticmethod
    def log_info(text: str) -> None:
        """For whoever is curious."""
        logging.getLogger("model").info(text)

    @staticmethod
    def log_warn(text: str) -> None:
        """For whoever cares."""
        logging.getLogger("model").warning(text)

    @staticmethod
    def log_error(text: str) -> None:
        """For whoever must act."""
        logging.getLogger("model").error(text)

    @staticmethod
    def log_verbose(text: str) -> None:
        """For whoever looks for something."""
        logging.getLogger("model").debug(text)


def get_input_tensor_by_name(request: InferenceRequest, name: str) -> Optional[Tensor]:
    """An input, or None where the caller sent none of that name."""
    return next((one for one in request.inputs() if one.name() == name), None)


def get_output_tensor_by_name(response: InferenceResponse, name: str) -> Optional[Tensor]:
    """An output, or None."""
    return next((one for one in response.output_tensors() if one.name() == name), None)


def get_input_config_by_name(model_config: Dict[str, Any], name: str) -> Optional[Dict[str, Any]]:
    """What the configuration says of an input."""
    return next((one for one in model_config.get("input", []) if one["name"] == name), None)


def get_output_config_by_name(model_config: Dict[str, Any], name: str) -> Optional[Dict[str, Any]]:
    """What the configuration says of an output."""
    return next((one for one in model_config.get("output", []) if one["name"] == name), None)


def triton_string_to_numpy(name: str) -> Any:
    """``TYPE_FP32`` → ``numpy.float32``."""
    found = name[len("TYPE_") :] if name.startswith("TYPE_") else name
    found = NUMPY["BYTES" if found == "STRING" else found]
    return numpy().bool_ if found == "bool" else numpy().object_ if found == "object" else getattr(numpy(), found)
