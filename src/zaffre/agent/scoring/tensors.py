"""Tensors of the inference protocol: JSON lists and raw bytes to numpy arrays and back."""

from __future__ import annotations

import importlib
import struct
from typing import Any, Dict, List

NUMPY = {
    "BOOL": "bool", "UINT8": "uint8", "UINT16": "uint16", "UINT32": "uint32", "UINT64": "uint64", "INT8": "int8",
    "INT16": "int16", "INT32": "int32", "INT64": "int64", "FP16": "float16", "FP32": "float32", "FP64": "float64",
    "BYTES": "object",
}  # fmt: skip
"""The protocol's names and numpy's."""
_NAMES = {name: datatype for datatype, name in NUMPY.items()}
_LENGTH = struct.Struct("<I")


class BadTensor(ValueError):
    """A tensor that is not what it says; the message is for the caller."""


def numpy() -> Any:
    """Numpy, loaded on first need: the host itself does without."""
    return importlib.import_module("numpy")


def datatype_of(array: Any) -> str:
    """The protocol's name of an array's type."""
    return "BYTES" if array.dtype.kind in "OSU" else _NAMES.get(str(array.dtype), str(array.dtype))


def of_json(name: str, datatype: str, shape: List[int], data: Any) -> Any:
    """An array of a list, nested or flat."""
    try:
        if datatype == "BYTES":
            flat = [_bytes(one) for one in _flat(data)]
            found = numpy().empty(len(flat), dtype=object)
            found[:] = flat
        else:
            found = numpy().array(data, dtype=_type(name, datatype))
        return found.reshape(shape)
    except (ValueError, TypeError, OverflowError) as error:
        raise BadTensor("input {!r}: its data is not {} of shape {}: {}".format(name, datatype, shape, error)) from None


def of_bytes(name: str, datatype: str, shape: List[int], raw: bytes) -> Any:
    """An array of raw little-endian bytes; BYTES has each element's length before it."""
    try:
        if datatype == "BYTES":
            flat = _split(raw)
            found = numpy().empty(len(flat), dtype=object)
            found[:] = flat
        else:
            found = numpy().frombuffer(raw, dtype=numpy().dtype(_type(name, datatype)).newbyteorder("<"))
        return found.reshape(shape)
    except (ValueError, struct.error) as error:
        told = "input {!r}: its {} bytes are not {} of shape {}: {}"
        raise BadTensor(told.format(name, len(raw), datatype, shape, error)) from None


def to_json(array: Any) -> List[Any]:
    """A flat list."""
    if datatype_of(array) == "BYTES":
        return [one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in array.reshape(-1)]
    return array.reshape(-1).tolist()


def to_bytes(array: Any) -> bytes:
    """Raw little-endian bytes."""
    if datatype_of(array) == "BYTES":
        pieces = [_bytes(one) for one in array.reshape(-1)]
        return b"".join(_LENGTH.pack(len(one)) + one for one in pieces)
    return numpy().ascontiguousarray(array, dtype=array.dtype.newbyteorder("<")).tobytes()


def classified(array: Any, count: int, labels: Any, batched: bool) -> Any:
    """The classification extension: of each row the ``count`` highest values as ``value:index[:label]``."""
    rows = array.reshape(array.shape[0], -1) if batched else array.reshape(1, -1)
    kept = min(max(1, count), rows.shape[1])
    found = numpy().empty((rows.shape[0], kept), dtype=object)
    for number, row in enumerate(rows):
        for place, index in enumerate(numpy().argsort(-row, kind="stable")[:kept]):
            label = ":" + labels[index] if index < len(labels) else ""
            found[number, place] = "{:f}:{}{}".format(float(row[index]), int(index), label).encode()
    return found if batched else found[0]


def _type(name: str, datatype: str) -> str:
    if datatype not in NUMPY:
        raise BadTensor("input {!r}: the datatype {!r} is not known here".format(name, datatype))
    return NUMPY[datatype]


def _flat(data: Any) -> List[Any]:
    if not _is_list(data):
        return [data]
    return [one for each in data for one in _flat(each)]


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def _split(raw: bytes) -> List[bytes]:
    found: List[bytes] = []
    place = 0
    while place < len(raw):
        (length,) = _LENGTH.unpack_from(raw, place)
        place += _LENGTH.size
        if place + length > len(raw):
            raise ValueError("an element ends after the data does")
        found.append(raw[place : place + length])
        place += length
    return found


Arrays = Dict[str, Any]
"""Name → array."""
