"""Build contexts and private indexes, built for real: what a Dockerfile asks for is there, and no login is left anywhere."""

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
import uv

from zaffre.builder import BUILT, CONFLICT, UNREACHABLE, Builder, BuilderSettings, layer
from zaffre.builder.parts.logins import Login
from zaffre.builder.parts.recipe import NeedsEngine
from zaffre.core.errors import Invalid
from zaffre.core.ports import BuildPhase, EnvironmentDefinition
from zaffre.testing.index import Index, Wheel

MINOR = sys.version_info.minor
SECRET = "s3cr3t-t0ken"
WHEELS = (
    Wheel("alpha", "1.0"),
    Wheel("alpha", "2.0"),
    Wheel("beta", "1.0", requires=("alpha<2",)),
    Wheel("gamma", "1.0"),
)


@pytest.fixture
def index():
    with Index(*WHEELS) as index:
        yield index


@pytest.fixture
def settings(tmp_path, index):
    (tmp_path / f"home/environments/tools-3.{MINOR}").mkdir(parents=True)
    return BuilderSettings(
        uv=uv.find_uv_bin(),
        interpreters=(str(Path(sys.base_prefix) / "bin"),),
        index_url=index.url,
        engine="none",
        allowed=("127.0.0.1",),
        environ={
            "PATH": "/usr/bin:/bin",
            "HOME": str(tmp_path),
            "UV_CACHE_DIR": str(tmp_path / "cache"),
            "UV_HTTP_RETRIES": "0",
        },
    )


@pytest.fixture
def builder(tmp_path, settings):
    return Builder(tmp_path / "home", settings)


def context(tmp_path, dockerfile, name="context", **files):
    folder = tmp_path / name
    folder.mkdir(exist_ok=True)
    (folder / "Dockerfile").write_text(dockerfile)
    for file, text in files.items():
        (folder / file.replace("__", ".")).write_text(text)
    return EnvironmentDefinition(dockerfile="Dockerfile", context=str(folder))


def build(builder, definition, attempt=1):
    task = builder.task(definition, builder.fingerprint(definition), attempt)
    Path(task.directory).mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        task.argv, env=task.environ, cwd=task.cwd, capture_output=True, text=True, timeout=100, check=False
    )
    return done.returncode, done.stdout + done.stderr


def ready(builder, definition):
    code, words = build(builder, definition)
    assert code == BUILT, words
    state = builder.look(builder.fingerprint(definition))
    assert state.phase is BuildPhase.READY
    return state.interpreter


def out(interpreter, code):
    environ = {**interpreter.environ, "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [interpreter.python, "-c", code], env=environ, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_dockerfile_becomes_an_environment(builder, tmp_path):
    definition = context(
        tmp_path,
        f"FROM python:3.{MINOR} AS base\nENV MODE=fast\nCOPY requirements.txt /r/\nRUN pip install -r /r/requirements.txt\n"
        "FROM base\nRUN apt-get update && apt-get install -y bash && echo done\nENV AGAIN=$MODE\n",
        requirements__txt="beta\ngamma==1.0\n",
    )
    interpreter = ready(builder, definition)
    assert out(interpreter, "import alpha, beta, gamma, os; print(alpha.VERSION, os.environ['AGAIN'])") == "1.0 fast"
    assert any("bash" in note and "this machine's own" in note for note in interpreter.notes)
    assert layer(interpreter, str(tmp_path / "layer")).environ["MODE"] == "fast"


def test_only_what_is_read_decides_which_environment_it_is(builder, tmp_path):
    one = context(tmp_path, "FROM python\nCOPY . .\nRUN pip install -r r.txt\n", r__txt="alpha\n", readme__md="one\n")
    two = context(
        tmp_path,
        "FROM python\n# other\nCOPY . .\nRUN pip install -r r.txt\n",
        "two",
        r__txt="alpha\n",
        readme__md="2\n",
    )
    assert builder.fingerprint(one) == builder.fingerprint(two)
    (tmp_path / "two/r.txt").write_text("alpha<2\n")
    assert builder.fingerprint(one) != builder.fingerprint(two)


def test_from_another_environment_adds_to_it(builder, tmp_path):
    inner = EnvironmentDefinition(conda={"dependencies": [f"python=3.{MINOR}", {"pip": ["alpha==1.0"]}]})
    definition = context(tmp_path, "FROM azureml:mine:1\nRUN pip install gamma\n")
    definition = replace(definition, bases={"azureml:mine:1": inner})
    assert out(ready(builder, definition), "import alpha, gamma; print(alpha.VERSION)") == "1.0"
    assert builder.fingerprint(definition) != builder.fingerprint(
        replace(definition, bases={"azureml:mine:1": replace(inner, conda={"dependencies": [{"pip": ["alpha==2.0"]}]})})
    )


def test_a_debian_package_that_is_missing_names_its_line(builder, tmp_path):
    definition = context(tmp_path, "FROM python\nRUN apt-get install -y bash no-such-package-here\n")
    with pytest.raises(NeedsEngine) as refused:
        builder.fingerprint(definition)
    [problem] = refused.value.problems
    assert problem.field == "Dockerfile:2"
    assert "no-such-package-here" in problem.message
    assert "apt-get install no-such-package-here" in problem.hint


def test_a_context_cannot_read_what_lies_outside(builder, tmp_path):
    (tmp_path / "secret.txt").write_text("alpha\n")
    for line in ("RUN pip install -r ../secret.txt", "COPY ../secret.txt .\nRUN pip install -r secret.txt"):
        with pytest.raises(Invalid):
            builder.fingerprint(context(tmp_path, f"FROM python\nCOPY . .\n{line}\n"))
    (tmp_path / "context/link.txt").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(Invalid):
        builder.fingerprint(context(tmp_path, "FROM python\nCOPY . .\nRUN pip install -r link.txt\n"))


def test_a_conflict_names_the_lines_of_the_files(builder, tmp_path):
    definition = context(
        tmp_path,
        "FROM continuumio/miniconda3\nCOPY conda.yml .\nRUN conda env create -f conda.yml\nRUN pip install beta\n",
        conda__yml=f"dependencies:\n  - python=3.{MINOR}\n  - pip\n  - pip:\n      - alpha==2.0\n",
    )
    code, words = build(builder, definition)
    assert code == CONFLICT, words
    message = builder.look(builder.fingerprint(definition)).message
    assert "conda.yml:5: alpha==2.0" in message
    assert "Dockerfile:4: beta" in message
    assert "zaffre environment forget" in message


def test_places_of_an_inline_conda_file_are_quoted(builder):
    definition = EnvironmentDefinition(
        conda={"dependencies": [f"python=3.{MINOR}", {"pip": ["beta", "alpha==2.0"]}]},
        places={"dependencies[1].pip[1]": "conda.yml:9"},
    )
    assert build(builder, definition)[0] == CONFLICT
    assert "conda.yml:9: alpha==2.0" in builder.look(builder.fingerprint(definition)).message
    assert builder.fingerprint(definition) == builder.fingerprint(replace(definition, places={}))


@pytest.mark.parametrize("way", ["file", "settings", "connection", "dockerfile"])
def test_a_private_index(way, builder, settings, index, tmp_path):
    with Index(Wheel("hidden", "1.0")) as private:
        private.login = ("me@corp", SECRET)
        whole = private.url.replace("://", f"://me%40corp:{SECRET}@")
        lines = ["hidden", f"--extra-index-url {private.url}"]
        if way == "file":
            lines[1] = f"--extra-index-url {whole}"
        if way == "settings":
            lines = ["hidden"]
            login = Login(private.url, "me@corp", SECRET)
            builder = Builder(tmp_path / "home", replace(settings, extra_index_urls=(private.url,), logins=(login,)))
        definition = EnvironmentDefinition(
            conda={"dependencies": [f"python=3.{MINOR}", {"pip": lines}]}, workspace="default"
        )
        if way == "dockerfile":
            definition = context(tmp_path, f"FROM python:3.{MINOR}\nRUN pip install hidden --extra-index-url {whole}\n")
        if way == "connection":
            assert build(builder, definition)[0] == UNREACHABLE, "without a login it must fail, and not for good"
            builder.feeds = lambda ws, urls: [Login(url, "me@corp", SECRET) for url in urls if ws == "default"]
        seen = watched(lambda: ready(builder, definition))
        interpreter = builder.look(builder.fingerprint(definition)).interpreter
        assert out(interpreter, "import hidden; print(hidden.VERSION)") == "1.0"
    assert SECRET not in seen, "anyone can list the arguments of processes"
    kept = [path for path in (tmp_path / "home").rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    assert [path.name for path in kept] == (["pip.conf"] if way == "settings" else [])
    assert all(path.stat().st_mode & 0o077 == 0 for path in kept)
    assert SECRET not in json.dumps(interpreter.environ)


def test_a_wrong_login_is_told_without_itself_and_never_remembered(builder, tmp_path):
    with Index(Wheel("hidden", "1.0")) as private:
        private.login = ("me", SECRET)
        wrong = private.url.replace("://", "://me:not-the-right-one@")
        definition = EnvironmentDefinition(pip=("hidden", f"--extra-index-url {wrong}"))
        code, words = build(builder, definition)
        assert code == UNREACHABLE, words
        assert "not-the-right-one" not in words
        assert builder.look(builder.fingerprint(definition)).phase is BuildPhase.MISSING


def test_a_failure_says_how_to_try_again_and_forgetting_it_does(builder, tmp_path):
    definition = EnvironmentDefinition(pip=("alpha==9.9",))
    fingerprint = builder.fingerprint(definition)
    code, words = build(builder, definition)
    assert code == CONFLICT
    assert f"zaffre environment forget --fingerprint {fingerprint}" in words
    builder.forget(fingerprint)
    assert builder.look(fingerprint).phase is BuildPhase.MISSING


def test_a_build_of_a_context_killed_midway_is_begun_again(builder, index, tmp_path):
    definition = context(tmp_path, f"FROM python:3.{MINOR}\nRUN pip install alpha\n")
    index.open.clear()
    task = builder.task(definition, builder.fingerprint(definition), 1)
    Path(task.directory).mkdir(parents=True)
    process = subprocess.Popen(task.argv, env=task.environ, cwd=task.cwd, start_new_session=True)
    assert index.asked.wait(30)
    os.killpg(process.pid, 9)
    process.wait(30)
    assert builder.look(builder.fingerprint(definition)).phase is BuildPhase.MISSING
    index.open.set()
    assert out(ready(builder, definition), "import alpha; print(1)") == "1"


def watched(call):
    """The arguments of every process that was seen while ``call`` ran."""
    seen = set()
    over = threading.Event()

    def look():
        while not over.is_set():
            for folder in Path("/proc").iterdir():
                if folder.name.isdigit():
                    try:
                        seen.add((folder / "cmdline").read_bytes())
                    except OSError:
                        continue
            time.sleep(0.002)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        call()
    finally:
        over.set()
        thread.join()
    assert any(b"zaffre.builder" in words for words in seen)
    return b"\n".join(seen).decode(errors="replace")
