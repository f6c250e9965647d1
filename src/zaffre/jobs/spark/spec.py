"""The specifications of a Spark job and of a Spark component."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import model_validator

from zaffre.assets.environment.spec import EnvironmentField
from zaffre.core.declared import ComponentSpec
from zaffre.core.errors import Problem
from zaffre.core.jobspec import JobSpec
from zaffre.core.plain import is_dict
from zaffre.core.refs import Scope
from zaffre.core.spelling import Arm, LocalPath, Version, renamed
from zaffre.core.wire import Spec

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


class Entry(Spec):
    """What is started: a Python file of the code folder, or a class of one of the jars."""

    file: str | None = None
    class_name: str | None = None

    @model_validator(mode="after")
    def _one(self) -> "Entry":
        if (self.file is None) == (self.class_name is None):
            raise ValueError("expected either file or class_name")
        return self


class SparkParameters(Spec):
    """A script on a Spark session."""

    entry: Entry
    code: Annotated[str | None, LocalPath("code")] = None
    args: str | None = None
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


class SparkJob(JobSpec, SparkParameters):
    """A script on a Spark session."""

    type: Annotated[Literal["spark"], Arm("jobType"), renamed({"spark": "Spark"})]
    resources: SparkResources | None = None

    def check(self) -> list[Problem]:
        """Its settings too."""
        return super().check() + self.parameter_problems()


class SparkComponent(ComponentSpec, SparkParameters):
    """A script on a Spark session, to be used again."""

    type: Annotated[Literal["spark"], renamed({"spark": "Spark"})]
    additional_includes: list[str] | None = None

    def check(self) -> list[Problem]:
        """Its settings too."""
        return super().check() + self.parameter_problems()

    def arm_spec(self, scope: Scope) -> dict[str, Any]:
        """Counts of the settings are numbers there."""
        spec = super().arm_spec(scope)
        if self.conf is not None:
            spec["conf"] = {
                name: int(value) if isinstance(value, str) and value.isdigit() else value
                for name, value in self.conf.items()
            }
        return spec
