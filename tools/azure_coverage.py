"""Writes docs/coverage.md: every request that the official Azure client's REST layer can make, and what Zaffre answers.

The requests are read from the client's generated code; the answers are those of a server in an empty home, asked with names
of nothing. ``.venv/bin/python tools/azure_coverage.py`` writes the page, ``--check`` fails where it is out of date.
"""

from __future__ import annotations

import argparse
import ast
import importlib.metadata
import importlib.util
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from zaffre.testing.server import Installation, installation

PAGE = Path(__file__).parent.parent / "docs" / "coverage.md"
IMPLEMENTED, REFUSED, MISSING = "implemented", "refused", "missing"
_NAMES = {
    "subscriptionid": "00000000-0000-0000-0000-000000000000",
    "resourcegroupname": "local",
    "workspacename": "default",
    "location": "local",
    "version": "1",
}
"""What stands for a path parameter; ``nothing`` for any other."""
_API_VERSION = "2025-12-01"
_SUBJECT = re.compile(r"build_(\w+)_request")
_HEAD = """# Coverage of Azure's REST API

Every request that the REST layer of `azure-ai-ml` {version} can make, and what Zaffre answers. `tools/azure_coverage.py` made
this page from the client's generated code and a running server; do not edit. Far from all of them are made by the client's
public methods: its history and data planes have many that nothing calls.

- **implemented**: the request is understood; the server answers it, or says what is wrong with it.
- **refused**: 501 with the operation's name: Azure has it, Zaffre does not (yet).
- **missing**: anything else; there must be none.

| part of the client | implemented | refused | missing |
|---|---|---|---|
"""


@dataclass(frozen=True, slots=True, order=True)
class Operation:
    """One request of the client."""

    part: str
    name: str
    method: str
    path: str

    @property
    def asked(self) -> str:
        """The path with names in it."""
        return re.sub(r"{(\w+)}", lambda found: _NAMES.get(found[1].lower(), "nothing"), self.path)


def operations() -> list[Operation]:
    """What the installed client can ask for, each request once."""
    found = importlib.util.find_spec("azure.ai.ml")
    assert found is not None and found.submodule_search_locations, "azure-ai-ml is not installed"
    root = Path(next(iter(found.submodule_search_locations))) / "_restclient"
    files = sorted(file for file in root.rglob("*operations*.py") if "aio" not in file.parts)
    every = [one for file in files for one in read(file.relative_to(root).parts[0], file.read_text("utf-8"))]
    unique = {(one.part, one.method, one.path.lower()): one for one in reversed(sorted(every))}
    return sorted(unique.values())


def read(part: str, source: str) -> Iterator[Operation]:
    """The requests that a file of generated code builds."""
    for node in ast.walk(ast.parse(source)):
        subject = _SUBJECT.fullmatch(node.name) if isinstance(node, ast.FunctionDef) else None
        if subject is None:
            continue
        paths = [text for text in _texts(node) if text.startswith("/") and len(text) > 1]
        method = next((_method(call) for call in ast.walk(node) if isinstance(call, ast.Call) and _method(call)), "")
        if paths and method:
            yield Operation(part, subject[1], method, paths[0])


def ask(rig: Installation, operation: Operation) -> str:
    """What the server makes of a request."""
    body: dict[str, str] | None = {} if operation.method in ("PUT", "POST", "PATCH") else None
    answer = rig.call(operation.method, operation.asked, body, params={"api-version": _API_VERSION})
    return verdict(operation, answer)


def verdict(operation: Operation, answer: httpx.Response) -> str:
    """The word for an answer. Raises for one that no request may get."""
    if answer.status_code in (401, 403) or (answer.status_code >= 500 and answer.status_code != 501):
        raise AssertionError(f"{operation.method} {operation.asked}: {answer.status_code} {answer.text[:300]}")
    if answer.status_code == 501:
        return REFUSED if '"NotImplemented"' in answer.text else MISSING
    named = answer.status_code < 400 or '"error"' in answer.text
    return IMPLEMENTED if named and answer.status_code != 405 else MISSING


def page(verdicts: Iterable[tuple[Operation, str]]) -> str:
    """The whole document."""
    every = sorted(verdicts)
    parts = sorted({one.part for one, _ in every})
    text = _HEAD.format(version=importlib.metadata.version("azure-ai-ml"))
    for part in [*parts, ""]:
        counted = Counter(said for one, said in every if one.part == part or not part)
        text += f"| {part or '**all**'} | {counted[IMPLEMENTED]} | {counted[REFUSED]} | {counted[MISSING]} |\n"
    for part in parts:
        text += f"\n## {part}\n\n| operation | request | Zaffre |\n|---|---|---|\n"
        text += "".join(
            f"| `{one.name}` | `{one.method} {_short(one.path)}` | {said} |\n"
            for one, said in every
            if one.part == part
        )
    return text


def ledger(rig: Installation) -> str:
    """The page as this server makes it."""
    return page([(one, ask(rig, one)) for one in operations()])


def _texts(node: ast.AST) -> list[str]:
    return [one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def _method(call: ast.Call) -> str:
    said = next((word.value for word in call.keywords if word.arg == "method"), None)
    return said.value if isinstance(said, ast.Constant) and isinstance(said.value, str) else ""


def _short(path: str) -> str:
    """Without the part that is the same everywhere."""
    workspace = (
        r"/subscriptions/{\w+}/resourceGroups/{\w+}/providers/Microsoft\.MachineLearningServices/workspaces/{\w+}"
    )
    return re.sub(workspace, "{WS}", path, flags=re.IGNORECASE)


def main(argv: list[str]) -> int:
    """Write the page, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail when the page is out of date")
    options = parser.parse_args(argv)
    with installation() as rig:
        made = ledger(rig)
    if options.check:
        return 0 if PAGE.read_text("utf-8") == made else 1
    PAGE.write_text(made, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
