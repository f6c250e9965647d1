"""The specifications of a prompt flow and of its batch run, as the promptflow tools write them."""

from typing import Any, ClassVar

from zaffre.core.errors import Problem
from zaffre.core.shapes import Resource
from zaffre.core.wire import Spec


class FlowInput(Spec):
    """What is given to the flow."""

    type: str
    default: Any = None
    description: str | None = None
    is_chat_input: bool | None = None
    is_chat_history: bool | None = None


class FlowOutput(Spec):
    """What it answers: a node's output."""

    type: str
    reference: str | None = None
    description: str | None = None
    is_chat_output: bool | None = None
    evaluation_only: bool | None = None


class NodeSource(Spec):
    """Where a node's code or prompt lies."""

    type: str
    path: str | None = None
    tool: str | None = None


class FlowNode(Spec):
    """One prompt or function."""

    name: str
    type: str
    source: NodeSource | None = None
    inputs: dict[str, Any] | None = None
    api: str | None = None
    connection: str | None = None
    provider: str | None = None
    module: str | None = None
    aggregation: bool | None = None
    use_variants: bool | None = None
    activate: dict[str, Any] | None = None
    skip: dict[str, Any] | None = None
    comment: str | None = None


class FlowEnvironment(Spec):
    """What it runs in."""

    python_requirements_txt: str | None = None
    image: str | None = None


class Flow(Resource):
    """Prompts and functions that feed each other."""

    inputs: dict[str, FlowInput] | None = None
    outputs: dict[str, FlowOutput] | None = None
    nodes: list[FlowNode]
    node_variants: dict[str, Any] | None = None
    environment: FlowEnvironment | None = None
    environment_variables: dict[str, Any] | None = None
    display_name: str | None = None
    type: str | None = None
    language: str | None = None
    tags: dict[str, Any] | None = None
    additional_includes: list[str] | None = None

    def check(self) -> list[Problem]:
        """Nodes are told apart by their names."""
        names = [node.name for node in self.nodes]
        twice = [index for index, name in enumerate(names) if name in names[:index]]
        return [*super().check(), *(Problem(f"two nodes are named {names[i]!r}", f"nodes[{i}].name") for i in twice)]


class FlowRun(Resource):
    """A flow over many rows."""

    needs: ClassVar[tuple[str, ...]] = ("flow",)

    flow: str | None = None
    data: str | None = None
    run: str | None = None
    column_mapping: dict[str, Any] | None = None
    variant: str | None = None
    connections: dict[str, Any] | None = None
    environment_variables: dict[str, Any] | None = None
    display_name: str | None = None
    tags: dict[str, Any] | None = None
    resources: dict[str, Any] | None = None
    properties: dict[str, Any] | None = None
