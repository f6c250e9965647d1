"""The specifications of a command job and of a command component."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Tag

from zaffre.assets.environment.spec import EnvironmentField
from zaffre.core import names, signature
from zaffre.core.commanded import CommandLineComponent
from zaffre.core.errors import Problem
from zaffre.core.expr import check as check_command
from zaffre.core.expr import modern
from zaffre.core.io import JobInputs, JobOutputs
from zaffre.core.joblike import ComputeRef, Dask, Distribution, JobResources, JobService, Queue
from zaffre.core.plain import mapping_of
from zaffre.core.refs import Scope
from zaffre.core.shapes import SERVER_FACTS, JobIdentity, Resource
from zaffre.core.spelling import Arm, LocalPath, Ref, Seconds, renamed
from zaffre.core.wire import BY_SHAPE, Spec


class CommandComponent(CommandLineComponent):
    """The command component of users' documents."""

    environment: EnvironmentField


LOCAL = "local"
"""The compute name that means: wherever the server itself runs."""


class CommandLimits(Spec):
    """When to give up."""

    arm_always: ClassVar[dict[str, Any]] = {"jobLimitsType": "Command"}

    timeout: Seconds | None = None


OWN_DISTRIBUTION = "ZaffreDistribution"
"""The property that holds a distribution which only Zaffre has."""
_OF_SERVER = ("tracking", "studio")
"""Services that every job's answer has, and no job asks for."""


def _modern(command: str | None) -> str | None:
    return modern(command) if command else command


_ComponentField = Annotated[
    Annotated[CommandComponent, Tag("object")] | Annotated[str, LocalPath("component"), Tag("text")], BY_SHAPE
]


class CommandJob(Resource):
    """One command line, run to its end."""

    ignored: ClassVar[frozenset[str]] = SERVER_FACTS | {"status", "log_files", "parameters"}
    arm_always: ClassVar[dict[str, Any]] = {
        "properties.isArchived": False,
        "properties.inputs": {},
        "properties.outputs": {},
        "properties.tags": {},
        "properties.properties": {},
        "properties.environmentVariables": {},
    }

    type: Annotated[Literal["command"], Arm("jobType"), renamed({"command": "Command"})] = "command"
    component: Annotated[_ComponentField | None, Arm()] = None
    """A command component that gives what is not said here: a reference, a file, or written out."""
    command: Annotated[str | None, AfterValidator(_modern)] = None
    environment: Annotated[EnvironmentField | None, Arm("environmentId")] = None
    code: Annotated[str | None, Arm("codeId"), Ref("codes"), LocalPath("code")] = None
    inputs: JobInputs | None = None
    outputs: JobOutputs | None = None
    compute: Annotated[str | None, Arm("computeId"), ComputeRef()] = None
    resources: JobResources | None = None
    distribution: Distribution | None = None
    limits: CommandLimits | None = None
    environment_variables: dict[str, Any] | None = None
    display_name: str | None = None
    experiment_name: str | None = None
    tags: dict[str, str | None] | None = None
    properties: dict[str, str | None] | None = None
    services: dict[str, JobService] | None = None
    identity: JobIdentity | None = None
    queue_settings: Queue | None = None
    parent_job_name: str | None = None
    secrets: Annotated[dict[str, str] | None, Arm()] = None
    """Name → connection that the job may read, with its secrets, while it runs."""

    def check(self) -> list[Problem]:
        """Names, expressions and what the command reads: what would fail later, said now."""
        found = super().check()
        if self.name and (why := names.problem("job", self.name)):
            found.append(Problem(why, "name"))
        for field, keys in (("inputs", self.inputs), ("outputs", self.outputs)):
            found += [Problem(why, f"{field}.{key}") for key in keys or {} if (why := names.problem("input", key))]
        component = vars(self).get("component")  # in the SDK, a command without one still answers with one
        if isinstance(component, CommandComponent):
            wrong = [each for each in component.check() if each.field != "name"]  # in here it needs none
            return found + [replace(each, field=f"component.{each.field}") for each in wrong]
        if component is not None:  # what its command reads is known when the component is
            return found
        found += [Problem("required, but missing", f) for f in ("command", "environment") if not getattr(self, f)]
        return found + check_command(self.command or "", self.signature())

    def signature(self) -> signature.Signature:
        """The names and types its command may use."""
        return signature.of_job(self.inputs or {}, self.outputs or {})

    def to_arm(self, scope: Scope) -> dict[str, Any]:
        """On compute ``local``, ARM has a marker among the resource properties instead of a compute id.

        A distribution that Azure's clients do not know, and would not read on from, stands there too.
        """
        body = super().to_arm(scope)
        marks: dict[str, Any] = {"IsLocal": {"IsLocal": True}} if self.compute == LOCAL else {}
        if self.distribution is not None and self.distribution.type == "dask":
            marks[OWN_DISTRIBUTION] = body["properties"].pop("distribution")
        if marks:
            body["properties"].setdefault("resources", {}).setdefault("properties", {}).update(marks)
        return body

    @classmethod
    def arm_to_yaml(cls, body: Mapping[str, Any], scope: Scope | None) -> dict[str, Any]:
        """The marker of local compute becomes ``compute: local`` again; services that a server added are left out."""
        data = super().arm_to_yaml(body, scope)
        services = mapping_of(data.get("services"))
        data["services"] = {key: its for key, its in services.items() if mapping_of(its).get("type") not in _OF_SERVER}
        data["services"] = data["services"] or None
        resources = data.get("resources")
        marks = dict(mapping_of(mapping_of(resources).get("properties")))
        own = marks.pop(OWN_DISTRIBUTION, None)
        if own is not None:
            data["distribution"] = Dask.arm_to_yaml(mapping_of(own), scope)
        is_local = marks.pop("IsLocal", None) or marks.pop("isLocal", None)
        if is_local:
            data["compute"] = LOCAL
        if resources is not None and (is_local or own is not None):
            left = {**resources, "properties": marks}
            data["resources"] = {key: value for key, value in left.items() if value != {}} or None
        return data
