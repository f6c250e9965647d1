"""The specifications of a Spark job and of a Spark component."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Tag, model_validator

from zaffre.assets.environment.spec import EnvironmentField
from zaffre.core import signature
from zaffre.core.declared import ComponentSpec
from zaffre.core.errors import Problem
from zaffre.core.expr import check as check_command
from zaffre.core.expr import modern
from zaffre.core.jobspec import JobSpec
from zaffre.core.plain import is_dict
from zaffre.core.refs import Scope
from zaffre.core.spelling import Arm, LocalPath, Ref, Version, renamed
from zaffre.core.wire import BY_SHAPE, Spec

_LISTS = ("py_files", "jars", "files", "archives")
_CONF = {
    "driver_cores": "spark.driver.cores",
    "driver_memory": "spark.driver.memory",
    "executor_cores": "spark.executor.cores",
    "executor_memory": "spark.executor.memory",
    "executor_instances": "spark.executor.instances",
    "dynamic_allocation_enabled": "spark.dynamicAllocation.enabled",
    "dynamic_allocation_min_executors": "spark.dynamicAllocation.minExecutors",
    "dynamic_allocation_max_executors": "spark.dynamicAllocation.maxExecutors",
}
"""Short names of settings → Spark's own."""
_MEMORY = re.compile(r"\d+[kKmMgGtTpP]")


_USUAL_VERSION = "3.5"
_FOUR = 4
"""The first version of Spark that needs another environment."""


def _modern(text: str | None) -> str | None:
    return modern(text) if text else text


class Entry(Spec):
    """What is started: a Python file of the code folder, or a class of one of the jars."""

    file: str | None = None
    class_name: str | None = None

    @model_validator(mode="after")
    def _one(self) -> "Entry":
        if (self.file is None) == (self.class_name is None):
            raise ValueError("expected either file or class_name")
        return self

    def to_arm(self, scope: Scope) -> dict[str, Any]:
        """Named by what it is."""
        kind = "SparkJobPythonEntry" if self.file is not None else "SparkJobScalaEntry"
        return {"sparkJobEntryType": kind, **super().to_arm(scope)}


class SparkParameters(Spec):
    """A script on a Spark session."""

    entry: Entry | None = None
    code: Annotated[str | None, LocalPath("code")] = None
    args: Annotated[str | None, AfterValidator(_modern)] = None
    py_files: list[str] | None = None
    jars: list[str] | None = None
    files: list[str] | None = None
    archives: list[str] | None = None
    conf: dict[str, Any] | None = None
    environment: EnvironmentField | None = None

    @model_validator(mode="before")
    @classmethod
    def _short_settings(cls, data: Any) -> Any:
        """Short names of settings mean Spark's own."""
        if is_dict(data) and is_dict(data.get("conf")):
            return {**data, "conf": {_CONF.get(name, name): value for name, value in data["conf"].items()}}
        return data

    def parameter_problems(self) -> list[Problem]:
        """Lists that name something twice, sizes that Spark does not read."""
        found = [
            Problem("expected each entry once, found one twice", field)
            for field in _LISTS
            if len(set(getattr(self, field) or ())) != len(getattr(self, field) or ())
        ]
        if self.entry is not None and self.entry.class_name and not self.jars:
            found.append(Problem("entry.class_name needs the jar it is in, the first of jars", "jars"))
        conf: Mapping[str, Any] = self.conf or {}
        for name in ("spark.driver.memory", "spark.executor.memory"):
            value = conf.get(name)
            if isinstance(value, str) and "${{" not in value and not _MEMORY.fullmatch(value):
                found.append(Problem(f"expected a size such as 2g, found {value!r}", "conf"))
        return found


class SparkResources(Spec):
    """The size of a node and Spark's version."""

    instance_type: str | None = None
    runtime_version: Version | None = None


class SparkComponent(ComponentSpec, SparkParameters):
    """A script on a Spark session, to be used again."""

    type: Annotated[Literal["spark"], renamed({"spark": "Spark"})]
    additional_includes: list[str] | None = None

    def check(self) -> list[Problem]:
        """Its settings and expressions too."""
        found = super().check() + self.parameter_problems()
        if self.entry is None:
            found.append(Problem("required, but missing", "entry"))
        return found + check_command(self.args or "", self.signature(), "args")

    def arm_spec(self, scope: Scope) -> dict[str, Any]:
        """Counts of the settings are numbers there."""
        spec = super().arm_spec(scope)
        if self.conf is not None:
            spec["conf"] = {
                name: int(value) if isinstance(value, str) and value.isdigit() else value
                for name, value in self.conf.items()
            }
        return spec


_ComponentField = Annotated[
    Annotated[SparkComponent, Tag("object")] | Annotated[str, LocalPath("component"), Tag("text")], BY_SHAPE
]


class SparkJob(JobSpec, SparkParameters):
    """A script on a Spark session."""

    takes_parts: ClassVar[bool] = True
    """An input that is a file may be a folder of parts, which is what Spark makes of a file."""

    type: Annotated[Literal["spark"], Arm("jobType"), renamed({"spark": "Spark"})]
    code: Annotated[str | None, Arm("codeId"), Ref("codes"), LocalPath("code")] = None
    environment: Annotated[EnvironmentField | None, Arm("environmentId")] = None
    component: Annotated[_ComponentField | None, Arm()] = None
    """A Spark component that gives what is not said here: a reference, a file, or written out."""
    resources: SparkResources | None = None

    @property
    def usual_environment(self) -> str:
        """Where it names none: one with PySpark and Java, by the version of Spark that it asks for."""
        major = str(getattr(self.resources, "runtime_version", None) or _USUAL_VERSION).partition(".")[0]
        name = "spark-4" if major.isdecimal() and int(major) >= _FOUR else "spark-3.5"
        return f"azureml://registries/zaffre/environments/{name}/labels/latest"

    def signature(self) -> signature.Signature:
        """The names and types its arguments may use."""
        return signature.of_job(self.inputs or {}, self.outputs or {})

    def check(self) -> list[Problem]:
        """Its settings and expressions too; those of a component that is written out here are said at their place."""
        found = super().check() + self.parameter_problems()
        if isinstance(self.component, SparkComponent):
            wrong = [each for each in self.component.check() if each.field != "name"]
            return found + [replace(each, field=f"component.{each.field}") for each in wrong]
        if self.component is not None:
            return found
        if self.entry is None:
            found.append(Problem("required, but missing", "entry"))
        return found + check_command(self.args or "", self.signature(), "args")
