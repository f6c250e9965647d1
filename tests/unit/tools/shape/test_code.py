"""Planted: a model, a broad except, an async, an import and a class where they do not belong."""

import pytest

from shape import code

PLANTED = {
    "model": (code.stray_models, "api/native.py", "class Body(BaseModel): ..."),
    "model by our name": (code.stray_models, "kinds/x/rules.py", "class X(wire.Spec): ..."),
    "generic model": (code.stray_models, "server/settings.py", "class X(RootModel[int]): ..."),
    "except": (code.broad_excepts, "store/sqlite.py", "try: ...\nexcept Exception: ..."),
    "bare except": (code.broad_excepts, "store/sqlite.py", "try: ...\nexcept: ..."),
    "except in a tuple": (code.broad_excepts, "api/native.py", "try: ...\nexcept (OSError, BaseException): ..."),
    "async core": (code.coloured, "core/refs.py", "async def f(): ..."),
    "async plan": (code.coloured, "jobs/x/plan.py", "async def f(): ..."),
    "async parts": (code.coloured, "kinds/x/parts/y.py", "async def f(): ..."),
    "async cli": (code.coloured, "cli/main.py", "async def f(): ..."),
    "agent": (code.agent_imports, "agent/host.py", "import requests"),
    "agent from": (code.agent_imports, "agent/host.py", "def f():\n    from yaml import safe_load"),
    "class": (code.banned_classes, "store/blobs.py", "class BlobManager: ..."),
}
ALLOWED = {
    "model in core": (code.stray_models, "core/wire.py", "class Spec(BaseModel): ..."),
    "model in spec": (code.stray_models, "kinds/x/spec.py", "class X(Spec): ..."),
    "narrow": (code.broad_excepts, "store/sqlite.py", "try: ...\nexcept OSError: ..."),
    "the loop": (code.broad_excepts, "control/loop.py", "try: ...\nexcept Exception: ..."),
    "the mapper": (code.broad_excepts, "api/errors.py", "try: ...\nexcept Exception: ..."),
    "a main": (code.broad_excepts, "server/__main__.py", "try: ...\nexcept Exception: ..."),
    "async server": (code.coloured, "server/app.py", "async def f(): ..."),
    "ports": (code.coloured, "core/ports.py", "class P:\n    async def f(self): ..."),
    "agent stdlib": (code.agent_imports, "agent/host.py", "import json\nfrom .files import read"),
    "class name": (code.banned_classes, "store/blobs.py", "class Blobs: ..."),
}


def plant(tmp_path, name, text):
    path = tmp_path / "src/zaffre" / name
    path.parent.mkdir(parents=True)
    path.write_text(text)


@pytest.mark.parametrize("planted", PLANTED)
def test_caught(tmp_path, planted):
    rule, name, text = PLANTED[planted]
    plant(tmp_path, name, text)
    (finding,) = rule(tmp_path)
    assert finding.startswith(f"src/zaffre/{name}:")


@pytest.mark.parametrize("allowed", ALLOWED)
def test_let_through(tmp_path, allowed):
    rule, name, text = ALLOWED[allowed]
    plant(tmp_path, name, text)
    assert rule(tmp_path) == []
