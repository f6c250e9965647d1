"""What every component that is one command line says; whoever can read environments adds its ``environment``."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator

from zaffre.core.declared import ComponentSpec
from zaffre.core.errors import Problem
from zaffre.core.expr import check as check_command
from zaffre.core.expr import modern
from zaffre.core.joblike import Distribution, JobResources
from zaffre.core.spelling import LocalPath, renamed


class CommandLineComponent(ComponentSpec):
    """One command line that jobs give inputs to."""

    type: Annotated[Literal["command"], renamed({"command": "Command"})] = "command"
    command: Annotated[str, AfterValidator(modern)]
    code: Annotated[str | None, LocalPath("code")] = None
    resources: JobResources | None = None
    distribution: Distribution | None = None
    additional_includes: list[str] | None = None
    """Further files and folders, relative to the document, that are copied beside the code."""
    environment_variables: dict[str, Any] | None = None

    def check(self) -> list[Problem]:
        """Its expressions as well."""
        return super().check() + check_command(self.command, self.signature())
