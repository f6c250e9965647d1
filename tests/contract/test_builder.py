"""Definition → fingerprint → build → look: the port the engine knows, held by builds of small packages."""

import hashlib
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import uv

from zaffre.builder import BUILT, CONFLICT, Builder, BuilderSettings, from_environ, layer
from zaffre.builder.build import Request
from zaffre.builder.build import build as run_build
from zaffre.builder.parts.recipe import Recipe
from zaffre.core.ports import BuildPhase, EnvironmentDefinition
from zaffre.testing.index import Index, Wheel

MINOR = sys.version_info.minor
AZURE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04"
WHEELS = (
    Wheel("alpha", "1.0", script="say-alpha"),
    Wheel("alpha", "2.0", script="say-alpha"),
    Wheel("beta", "1.0", requires=("alpha",), extra={"beta/part.py": "X = 1\n", "beta/tests/test_x.py": "X = 2\n"}),
    Wheel("strict", "1.0", requires=("alpha<2",)),
    Wheel("other", "1.0", script="say-other"),
)


def conda(*requirements, python=f"3.{MINOR}"):
    return EnvironmentDefinition(image=AZURE, conda={"dependencies": [f"python={python}", {"pip": list(requirements)}]})


def build(builder, definition, attempt=1):
    task = builder.task(definition, builder.fingerprint(definition), attempt)
    Path(task.directory).mkdir(parents=True)
    return subprocess.run(
        task.argv, env=task.environ, cwd=task.cwd, capture_output=True, text=True, timeout=100, check=False
    )


def ready(builder, definition):
    done = build(builder, definition)
    assert done.returncode == BUILT, done.stdout + done.stderr
    state = builder.look(builder.fingerprint(definition))
    assert state.phase is BuildPhase.READY
    return state.interpreter


def run(interpreter, *argv, **extra):
    path = ":".join([*interpreter.path, "/usr/bin", "/bin"])
    environ = {**interpreter.environ, "PATH": path, "HOME": "/nonexistent", "PIP_CONFIG_FILE": os.devnull, **extra}
    return subprocess.run(argv, env=environ, capture_output=True, text=True, timeout=100, check=False)


def out(interpreter, *argv):
    done = run(interpreter, *argv)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


def digest(folder):
    """Every name, mode, link and byte of a folder."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        stat = path.lstat()
        content = str(path.readlink()).encode() if path.is_symlink() else path.read_bytes() if path.is_file() else b""
        found.update(repr((str(path), stat.st_mode, stat.st_mtime_ns, content)).encode())
    return found.hexdigest()


@pytest.fixture(scope="session")
def tools(tmp_path_factory):
    """pip and setuptools as a first build fetches them, from the machine's index."""
    home = tmp_path_factory.mktemp("tools")
    with Index(*WHEELS) as index:
        recipe = Recipe(python=f"==3.{MINOR}.*", requirements=("alpha",), index_url=index.url)
        request = Request(str(home), "f" * 32, 1, recipe, from_environ(os.environ, uv=uv.find_uv_bin()))
        said = []
        assert run_build(request, said.append) == BUILT, said
    return home / "environments" / f"tools-3.{MINOR}"


@pytest.fixture
def index():
    with Index(*WHEELS) as index:
        yield index


@pytest.fixture
def builder(tmp_path, index, tools):
    return make_builder(tmp_path, index, tools)


@pytest.fixture(scope="module")
def shared(tmp_path_factory, tools):
    """One environment for all tests of layers; each of them leaves it byte for byte as it was."""
    with Index(*WHEELS) as index:
        interpreter = ready(make_builder(tmp_path_factory.mktemp("shared"), index, tools), conda("alpha==1.0", "beta"))
        before = digest(Path(interpreter.prefix))
        yield interpreter
        assert digest(Path(interpreter.prefix)) == before


def make_builder(tmp_path, index, tools):
    (tmp_path / "home/environments").mkdir(parents=True)
    (tmp_path / "home/environments" / tools.name).symlink_to(tools)
    settings = BuilderSettings(
        uv=uv.find_uv_bin(),
        interpreters=(str(Path(sys.base_prefix) / "bin"),),
        index_url=index.url,
        environ={
            "PATH": "/usr/bin:/bin",
            "HOME": str(tmp_path),
            "UV_CACHE_DIR": str(tmp_path / "cache"),
            "UV_HTTP_RETRIES": "0",
        },
    )
    return Builder(tmp_path / "home", settings)


def test_build_then_look_then_run(builder):
    definition = conda("beta", "alpha<2")
    assert builder.look(builder.fingerprint(definition)).phase is BuildPhase.MISSING
    interpreter = ready(builder, definition)
    assert out(interpreter, interpreter.python, "-c", "import alpha, beta; print(alpha.VERSION)") == "1.0"
    assert interpreter.prefix in out(interpreter, "say-alpha")
    assert [note for note in interpreter.notes if "mlflow-skinny" in note], (
        "this index has no mlflow, which must be told"
    )


def test_the_second_build_finds_it_ready(builder):
    definition = conda("alpha")
    ready(builder, definition)
    assert "another job built it" in build(builder, definition, attempt=2).stdout


def test_equal_definitions_share_and_others_do_not(builder):
    one = builder.fingerprint(conda("alpha", "beta"))
    assert one == builder.fingerprint(conda("beta", "Alpha"))
    named = EnvironmentDefinition(
        image=f"{AZURE}:latest",
        registered="azureml:x:1",
        conda={
            "name": "x",
            "channels": ["a"],
            "dependencies": ["pip", {"pip": ["beta", "alpha"]}, f"python=3.{MINOR}"],
        },
    )
    assert one == builder.fingerprint(named)
    assert one != builder.fingerprint(conda("alpha", "beta<2"))
    assert one != builder.fingerprint(conda("alpha", "beta", "--pre"))


def test_a_conflict_names_the_requirement_and_the_files_words_and_is_remembered(builder, index):
    definition = conda("strict", "alpha==2.0")
    done = build(builder, definition)
    assert done.returncode == CONFLICT, done.stdout + done.stderr
    state = builder.look(builder.fingerprint(definition))
    assert state.phase is BuildPhase.FAILED
    assert "strict" in state.message
    assert "alpha<2" in state.message
    assert "conda_file.dependencies[1].pip[1]: alpha==2.0" in state.message
    assert "mlflow" not in state.message, "what we added is not the user's conflict"
    builder.forget(builder.fingerprint(definition))
    assert builder.look(builder.fingerprint(definition)).phase is BuildPhase.MISSING


def test_a_failure_is_asked_again_when_the_machine_has_another_python(builder, tmp_path):
    definition = conda("missing-package")
    assert build(builder, definition).returncode == CONFLICT
    fingerprint = builder.fingerprint(definition)
    assert builder.look(fingerprint).phase is BuildPhase.FAILED
    other = Builder(tmp_path / "home", BuilderSettings(interpreters=()))
    assert other.look(fingerprint).phase is BuildPhase.MISSING


def test_a_python_that_vanished_means_missing(builder, tmp_path):
    definition = conda("alpha")
    interpreter = ready(builder, definition)
    link = Path(interpreter.prefix) / "bin/python"
    link.parent.chmod(0o755)
    link.unlink()
    assert builder.look(builder.fingerprint(definition)).phase is BuildPhase.MISSING


def test_a_relaxed_python_is_told_on_the_interpreter(builder):
    interpreter = ready(builder, conda("alpha", python="3.7"))
    assert any("Python 3.7 is not available here" in note for note in interpreter.notes)


def test_everything_is_compiled_and_compiled_files_are_shared(builder, tmp_path):
    one = ready(builder, conda("beta"))
    two = ready(builder, conda("beta", "other"))
    cached = f"lib/python3.{MINOR}/site-packages/beta/__pycache__/part.cpython-3{MINOR}.pyc"
    assert (Path(one.prefix) / cached).samefile(Path(two.prefix) / cached)
    assert not list(Path(one.prefix).rglob("test_x.*.pyc")), "nobody imports a package's tests"


def test_packages_that_overwrite_one_another_run_what_lies_there(tmp_path, tools):
    def space(text):
        return {"space/__init__.py": f"SAID = {text!r}\n"}

    wheels = [Wheel("one", "1.0", extra=space("one")), Wheel("two", "1.0", extra=space("two"))]
    with Index(*wheels) as index:
        builder = make_builder(tmp_path, index, tools)
        ready(builder, conda("one"))
        ready(builder, conda("two"))
        both = ready(builder, conda("one", "two"))
    [source] = Path(both.prefix).rglob("space/__init__.py")
    assert out(both, both.python, "-c", "import space; print(f'SAID = {space.SAID!r}')") == source.read_text().strip()
    assert list(source.parent.glob("__pycache__/__init__.*.pyc"))


def test_the_shared_environment_never_changes(shared, tmp_path):
    before = digest(Path(shared.prefix))
    mine = layer(shared, str(tmp_path / "run one"))
    assert out(mine, "python", "-c", "import alpha; print(alpha.VERSION)") == "1.0"
    out(mine, "pip", "install", "alpha==2.0", "other")
    assert out(mine, "python", "-c", "import alpha; print(alpha.VERSION)") == "2.0"
    assert out(mine, "say-other") == f"1.0 {mine.prefix}"
    out(mine, "python", "-m", "pip", "uninstall", "-y", "beta", "alpha")
    assert out(mine, "python", "-c", "import alpha, beta; print(alpha.VERSION)") == "1.0"
    assert digest(Path(shared.prefix)) == before


@pytest.mark.parametrize(
    "install",
    [
        "pip install alpha==2.0",
        "pip3 install alpha==2.0",
        "python -m pip install alpha==2.0",
        "python3 -m pip install alpha==2.0",
        "echo alpha==2.0 > r.txt && pip install -r r.txt",
        "python -c 'import subprocess, sys; subprocess.check_call([sys.executable, *sys.argv[1:]])' "
        "-m pip install alpha==2.0",
        "python -c 'import os; os.system(\"pip install alpha==2.0\")'",
        f"{shlex.quote(uv.find_uv_bin())} pip install --cache-dir cache --index-url $PIP_INDEX_URL alpha==2.0",
    ],
)
def test_every_way_to_install_stays_in_the_run(shared, tmp_path, install):
    before = digest(Path(shared.prefix))
    mine = layer(shared, str(tmp_path / "layer"))
    show = "python -c 'import alpha, beta; print(alpha.VERSION)' && say-alpha"
    last, said = out(mine, "bash", "-c", f"cd {shlex.quote(str(tmp_path))} && {install} && {show}").splitlines()[-2:]
    assert last == "2.0"
    assert said == f"2.0 {mine.prefix}"
    assert digest(Path(shared.prefix)) == before


def test_what_a_process_installs_it_can_import_itself(shared, tmp_path):
    mine = layer(shared, str(tmp_path / "layer"))
    program = (
        "import subprocess, sys, beta\n"
        "subprocess.check_call([sys.executable, '-m', 'pip', 'install', '-q', 'other'])\n"
        "import other; print(other.VERSION)\n"
    )
    assert out(mine, "python", "-c", program) == "1.0"


def test_a_program_of_the_shared_environment_runs_in_the_layer(shared, tmp_path):
    mine = layer(shared, str(tmp_path / "layer"))
    assert out(mine, "say-alpha") == f"1.0 {mine.prefix}"
    assert out(shared, "say-alpha") == f"1.0 {shared.prefix}"


def test_two_runs_install_different_versions_at_once(shared, tmp_path):
    versions = ["1.0", "2.0"]
    running = []
    for version in versions:
        mine = layer(shared, str(tmp_path / f"layer {version}"))
        environ = {**mine.environ, "PATH": ":".join([*mine.path, "/usr/bin", "/bin"]), "PIP_CONFIG_FILE": os.devnull}
        command = f"pip install -q alpha=={version} && python -c 'import alpha; print(alpha.VERSION)'"
        running.append(subprocess.Popen(["bash", "-c", command], env=environ, stdout=subprocess.PIPE, text=True))
    assert [process.communicate(timeout=100)[0].strip() for process in running] == versions


def test_a_layer_made_again_keeps_what_was_installed(shared, tmp_path):
    mine = layer(shared, str(tmp_path / "layer"))
    out(mine, "pip", "install", "other")
    again = layer(shared, str(tmp_path / "layer"))
    assert again == mine
    assert out(again, "python", "-c", "import other; print(other.VERSION)") == "1.0"


def test_setuptools_is_there_for_packages_that_do_not_declare_it(shared, tmp_path):
    mine = layer(shared, str(tmp_path / "layer"))
    out(mine, "python", "-W", "ignore", "-c", "import pkg_resources, distutils.version")


def test_the_task_inherits_nothing_but_its_settings(builder):
    task = builder.task(conda("alpha"), "f" * 32, 3)
    assert set(task.environ) == {"PATH", "HOME", "UV_CACHE_DIR", "UV_HTTP_RETRIES"}
    assert (task.run, task.attempt) == (f"env-{'f' * 32}", 3)
    assert task.ranks[0].log.startswith(task.directory)


def test_a_request_is_what_was_asked(tmp_path):
    request = Request(str(tmp_path), "f", 1, Recipe(requirements=("six",)), BuilderSettings(find_links=("/x",)))
    assert Request.from_json(request.to_json()) == request
