"""The folder that jobs find ours in."""

import subprocess
import sys

from zaffre.builder import inside


def test_the_same_content_is_the_same_folder(tmp_path):
    first = inside.lay_out(tmp_path)
    assert inside.lay_out(tmp_path) == first
    assert len(list((tmp_path / "inside").iterdir())) == 1


def test_an_interpreter_without_zaffre_imports_all_of_it(tmp_path):
    folder = inside.lay_out(tmp_path)
    program = (
        f"import sys; sys.path.append({folder!r})\n"
        "import azureml.core, azureml.core.run, azureml.core.model, azureml.core.dataset, azureml.core.experiment\n"
        "from importlib.metadata import entry_points\n"
        "print(azureml.core.Run.__module__, *[one.value for one in entry_points(group='fsspec.specs')])"
    )
    done = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=False)
    expected = "zaffre.inside.run zaffre.inside.filesystem:AzureMachineLearningFileSystem\n"
    assert done.stdout == expected, done.stderr
