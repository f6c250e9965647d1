"""conda's names and the index's."""

import pytest

from zaffre.builder.parts.conda_names import to_pypi


@pytest.mark.parametrize(
    ("conda", "pypi"),
    [
        ("numpy", "numpy"),
        ("pytorch", "torch"),
        ("PyTorch", "torch"),
        ("matplotlib-base", "matplotlib"),
        ("ray-default", "ray[default]"),
        ("librosa", "librosa"),
        ("libclang", "libclang"),
        ("pytables", "tables"),
    ],
)
def test_python_packages(conda, pypi):
    assert to_pypi(conda) == pypi


@pytest.mark.parametrize(
    "conda",
    [
        "cudatoolkit",
        "libgcc-ng",
        "libstdcxx-ng",
        "gcc_linux-64",
        "openmpi",
        "nodejs",
        "r-ggplot2",
        "_libgcc_mutex",
        "mkl",
        "cuda-nvcc",
        "ld_impl_linux-64",
        "cpuonly",
        "ffmpeg",
    ],
)
def test_no_python_packages(conda):
    assert to_pypi(conda) is None
