"""The table of what commands mean without an image."""

import pytest

from zaffre.builder.parts import run_table
from zaffre.builder.parts.run_table import Meaning


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("echo hi", Meaning.SILENT),
        ("ldconfig", Meaning.SILENT),
        ("apt-get update -qq", Meaning.SILENT),
        ("apt-get -y upgrade", Meaning.SILENT),
        ("apt-get install -y curl", Meaning.UNKNOWN),
        ("conda clean -a -y", Meaning.SILENT),
        ("pip freeze", Meaning.SILENT),
        ("pip install six", Meaning.UNKNOWN),
        ("/opt/x/bin/pip3.8 cache purge", Meaning.SILENT),
        ("python3 --version", Meaning.SILENT),
        ("python -m venv /v", Meaning.SILENT),
        ("python setup.py install", Meaning.UNKNOWN),
        ("mkdir -p /x", Meaning.FILES),
        ("rm -rf /var/lib/apt/lists/*", Meaning.FILES),
        ("curl -O https://x", Meaning.UNKNOWN),
        ("make install", Meaning.UNKNOWN),
        ("bash /usr/venv/bin/activate", Meaning.SILENT),
        ("bash install.sh", Meaning.UNKNOWN),
    ],
)
def test_meaning(words, wanted):
    assert run_table.meaning(tuple(words.split())) is wanted


@pytest.mark.parametrize(("package", "wanted"), [("python3-pip", True), ("python3.10-venv", True), ("curl", False)])
def test_what_an_environment_brings_itself(package, wanted):
    assert run_table.is_brought(package) is wanted
