"""Who answers where an environment has routes: the image's own server, our host, or nobody."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from zaffre.core.draft import Draft
from zaffre.core.errors import Invalid
from zaffre.core.resource import Key
from zaffre.kinds.online.parts import environed

ROUTE = {"path": "/go", "port": 8000}
ROUTES = {"scoring_route": ROUTE, "liveness_route": {**ROUTE, "path": "/live"}, "readiness_route": {"path": "/ready"}}
KEY = Key("ws", "online-deployment", "blue", "e")


class _Files:
    def __init__(self, **files: str) -> None:
        self._files = files

    def text(self, path: str) -> str | None:
        return self._files.get(path.rpartition("/")[2])


def _draft(config=ROUTES, script="", mount=None):
    environment = SimpleNamespace(model_dump=lambda **_: {"inference_config": config})
    code = SimpleNamespace(scoring_script=script) if script else None
    spec = SimpleNamespace(environment=environment, code_configuration=code, model_mount_path=mount)
    return Draft(KEY, spec, None, "user", 0.0)


def _server(draft, dockerfile=None, context="/context", *, served=False):
    wanted = {"definition": {"context": context, "dockerfile": None}}
    files = _Files(Dockerfile=dockerfile) if dockerfile is not None else _Files()
    return environed.server(draft, wanted, files, served=served)


def test_the_images_server_with_its_routes_and_ports():
    found = _server(_draft(mount="/mnt"), 'FROM x\nCMD ["run"]')
    assert (found["argv"], found["context"], found["mount"]) == (["run"], "/context", "/mnt")
    assert found["routes"]["scoring"] == {"path": "/go", "port": 8000}
    assert found["routes"]["readiness"] == {"path": "/ready", "port": environed.USUAL_PORT}


@pytest.mark.parametrize(
    ("draft", "dockerfile", "served"),
    [
        (_draft(script="score.py"), 'FROM x\nCMD ["run"]', False),
        (_draft(config=None), 'FROM x\nCMD ["run"]', False),
        (_draft(), 'FROM x\nCMD ["runsvdir", "/var/runit"]', True),
        (_draft(), "FROM x", True),
    ],
)
def test_where_our_host_answers(draft, dockerfile, served):
    assert _server(draft, dockerfile, served=served) == {}


def test_a_script_in_another_language_is_the_images_affair():
    assert _server(_draft(script="plumber.R"), 'FROM x\nCMD ["Rscript", "a.R"]')["argv"] == ["Rscript", "a.R"]


@pytest.mark.parametrize(
    ("dockerfile", "context", "said"),
    [("FROM x", "/context", "neither CMD nor ENTRYPOINT"), (None, None, "an image without a build context")],
)
def test_an_image_that_starts_nothing_known_is_refused(dockerfile, context, said):
    with pytest.raises(Invalid, match=said):
        _server(_draft(), dockerfile, context)


@pytest.mark.parametrize("port", [0, 70000, "8000", True])
def test_a_port_that_is_none_is_refused_by_its_field(port):
    config = {**ROUTES, "scoring_route": {**ROUTE, "port": port}}
    with pytest.raises(Invalid) as refused:
        _server(_draft(config), 'FROM x\nCMD ["run"]')
    assert [one.field for one in refused.value.problems] == ["environment.inference_config.scoring_route.port"]
