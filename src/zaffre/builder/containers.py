"""Environments that are images: built by an engine from a context, entered by jobs through ``entering``."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zaffre.builder.engines import PREFIX, Engine
from zaffre.builder.resolving import Unreachable
from zaffre.builder.settings import BuilderSettings
from zaffre.builder.store import write
from zaffre.core.ports import Interpreter

SETTINGS = "engine.json"
PYTHON = "python"
"""The name of the interpreter inside an image."""


@dataclass(frozen=True, slots=True)
class Image:
    """An image to build: a context's, or one that is taken as it is."""

    engine: Engine
    context: str = ""
    dockerfile: str = ""
    """Path in the context."""
    image: str = ""
    """Without a context: the image's name."""

    def to_json(self) -> dict[str, Any]:
        """The stored form."""
        told = {"context": self.context, "dockerfile": self.dockerfile, "image": self.image}
        return {"engine": self.engine.to_json(), **told}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Image:
        """The inverse of ``to_json``."""
        engine = Engine.from_json(stored["engine"])
        return cls(engine, stored["context"], stored["dockerfile"], stored["image"])


def tag(fingerprint: str) -> str:
    """The name an environment's image has in the engine's storage."""
    return f"localhost/{PREFIX}{fingerprint}:1"


def build(
    image: Image, fingerprint: str, settings: BuilderSettings, say: Callable[[str], None], final: Path
) -> Interpreter:
    """Build an image; its words go to the log as they come. Raises ``Unreachable``: what a line of a Dockerfile does is
    not known to fail again."""
    engine = image.engine
    say(f"Building with {engine.name}.")
    with tempfile.TemporaryDirectory(prefix="zaffre-build-") as folder:
        context = image.context or folder
        dockerfile = Path(context) / image.dockerfile
        if not image.context:
            dockerfile = Path(folder) / "Dockerfile"
            dockerfile.write_text(f"FROM {image.image}\n", encoding="utf-8")
        argv = engine.build(tag(fingerprint), str(dockerfile), context)
        environ = {**settings.environ, **dict(engine.environ)}
        done = subprocess.run(argv, env=environ, stderr=subprocess.STDOUT, check=False)
    if done.returncode != 0:
        raise Unreachable(f"{engine.name} ended with exit code {done.returncode}; its words are above.")
    enter = (settings.python, "-I", "-m", "zaffre.builder", "enter", f"{final}/{SETTINGS}")
    return Interpreter(str(final), PYTHON, (), {}, (f"The image was built by {engine.name}.",), enter)


def save(building: Path, image: Image, fingerprint: str, settings: BuilderSettings) -> None:
    """What ``entering`` reads."""
    environ = {**settings.environ, **dict(image.engine.environ)}
    told = {"engine": image.engine.to_json(), "image": tag(fingerprint), "environ": environ}
    write(building / SETTINGS, json.dumps(told))
