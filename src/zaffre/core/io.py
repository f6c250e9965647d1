"""What goes into a job and what comes out, as documents and ARM bodies write it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BeforeValidator, Tag, model_validator

from zaffre.core import refs
from zaffre.core.plain import is_dict
from zaffre.core.refs import Scope
from zaffre.core.spelling import Arm, LocalPath, Ref, Version, renamed
from zaffre.core.wire import BY_SHAPE, Spec

DataType = Literal["uri_file", "uri_folder", "mltable", "custom_model", "mlflow_model", "triton_model"]
MODELS = ("custom_model", "mlflow_model", "triton_model")
_TYPES = renamed({word: word for word in ("uri_file", "uri_folder", "mltable", *MODELS)})

_INPUT_MODES = renamed(
    {
        "ro_mount": "ReadOnlyMount",
        "download": "Download",
        "direct": "Direct",
        "eval_mount": "EvalMount",
        "eval_download": "EvalDownload",
    }
)
TABLE_MODES = ("eval_mount", "eval_download")
"""Modes of an mltable alone."""
_OUTPUT_MODES = renamed({"rw_mount": "ReadWriteMount", "upload": "Upload", "direct": "Direct"}, mount="rw_mount")


class JobInput(Spec):
    """Data or a model that a job reads."""

    type: Annotated[DataType, Arm("jobInputType"), _TYPES] = "uri_folder"
    path: Annotated[str | None, Arm("uri"), LocalPath("data")] = None
    mode: Annotated[Literal["ro_mount", "download", "direct", "eval_mount", "eval_download"] | None, _INPUT_MODES] = (
        None
    )
    path_on_compute: Annotated[str | None, Arm()] = None
    datastore: Annotated[str | None, Arm()] = None
    """Where a local path is uploaded to."""

    @model_validator(mode="after")
    def _mode_fits(self) -> Self:
        if self.mode in TABLE_MODES and self.type != "mltable":
            raise ValueError(f"the mode {self.mode} is for type mltable; expected ro_mount, download or direct")
        return self

    def to_arm(self, scope: Scope) -> dict[str, Any]:
        """A registered asset lies in the collection its type says."""
        body = super().to_arm(scope)
        if self.path is not None:
            body["uri"] = Ref("models" if self.type in MODELS else "data").out(self.path, scope)
        return body

    @classmethod
    def arm_to_yaml(cls, body: Mapping[str, Any], scope: Scope | None) -> dict[str, Any]:
        """A resource id becomes a short reference."""
        data = super().arm_to_yaml(body, scope)
        if isinstance(data.get("path"), str):
            data["path"] = refs.from_arm(data["path"], scope)
        return data


class JobOutput(Spec):
    """A place that a job writes to, and the asset it becomes."""

    type: Annotated[DataType, Arm("jobOutputType"), _TYPES] = "uri_folder"
    path: Annotated[str | None, Arm("uri")] = None
    mode: Annotated[Literal["rw_mount", "upload", "direct"] | None, _OUTPUT_MODES] = None
    name: Annotated[str | None, Arm("assetName")] = None
    """Register the output under this name."""
    version: Annotated[Version | None, Arm("assetVersion")] = None


Scalar = bool | int | float | str
LiteralType = Literal["string", "number", "integer", "boolean"]
_LITERALS = get_args(LiteralType)


class WrittenInput(JobInput):
    """An input as Python code writes it: data or a model, or a literal with its type and ``default``."""

    type: Annotated[  # pyright: ignore[reportIncompatibleVariableOverride] - more than a document may say
        Literal[DataType, LiteralType], Arm("jobInputType"), _TYPES
    ] = "uri_folder"
    default: Scalar | None = None
    description: str | None = None
    optional: bool | None = None
    min: float | None = None
    max: float | None = None
    enum: list[Any] | None = None

    @property
    def literal(self) -> Scalar | None:
        """Its value, where it is one."""
        return self.default if self.type in _LITERALS else None

    @model_validator(mode="after")
    def _default_fits(self) -> Self:
        if self.type in _LITERALS and self.path is not None:
            raise ValueError(f"a {self.type} has no path; expected default=…, its value")
        return self


@dataclass(frozen=True, slots=True)
class _Inputs:
    """Literals are texts in ARM, whatever they were in YAML."""

    def out(self, value: Any, scope: Scope) -> Any:
        return {name: _input_out(item, scope) for name, item in value.items()}

    def back(self, value: Any, scope: Scope | None) -> Any:
        return {name: _input_back(item, scope) for name, item in value.items() if item is not None}


def _input_out(item: Any, scope: Scope) -> dict[str, Any]:
    if not isinstance(item, JobInput):
        return {"jobInputType": "literal", "value": str(item)}
    if item.path is not None and item.path.startswith("${{"):
        return {"jobInputType": "literal", "value": item.path}
    return item.to_arm(scope)


def _input_back(item: Any, scope: Scope | None) -> Any:
    if str(item.get("jobInputType", "")).lower() == "literal":
        return item.get("value")
    return JobInput.arm_to_yaml(item, scope)


def _unwrapped(value: Any) -> Any:
    """``{value: 3}`` is 3, and so is ``Input(type="integer", default=3)``."""
    if isinstance(value, WrittenInput) and value.literal is not None:
        return value.literal
    return value["value"] if is_dict(value) and set(value) == {"value"} else value


def _output(value: Any) -> Any:
    return {} if value is None else value


InputField = Annotated[
    Annotated[JobInput, Tag("object")] | Annotated[Scalar, Tag("text")], BY_SHAPE, BeforeValidator(_unwrapped)
]
JobInputs = Annotated[dict[str, InputField], _Inputs()]
JobOutputs = dict[str, Annotated[JobOutput, BeforeValidator(_output)]]
